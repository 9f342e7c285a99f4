package kind

// organizationalBranding is absent until somebody sets it. Images and style sheets
// are streams of their own and are not kept.
var organizationalBranding = &Kind{
	Name:    "organizationalBranding",
	Title:   "company branding",
	Shape:   brandingShape("microsoft.graph.organizationalBranding"),
	Place:   Place{Path: "/organization/{tenant}/branding", Singleton: true, Optional: true},
	Reading: Reading{Licence: "Microsoft Entra ID P1"},
	Contained: []Contained{{
		Name:  "localizations",
		Shape: brandingShape("microsoft.graph.organizationalBrandingLocalization"),
		Key:   []string{"id"}, // the language, such as "fr-FR"
	}},
	// Graph deletes it once the branding of every language is deleted.
	Recovery: Recovery{Deletion: Deletion{Kept: []Lock{{
		Reason: "the branding that everybody sees is left to a person to delete",
		Hint:   "delete it in the Entra admin center",
	}}}},
	Guarding: Guarding{
		Risk: 8,
		Permissions: Permissions{
			Read:  []string{"OrganizationalBranding.Read.All"},
			Write: []string{"OrganizationalBranding.ReadWrite.All"},
		},
	},
}

// brandingShape is the same for the default branding and for one in a language.
func brandingShape(graphType string) Shape {
	return Shape{
		Type:     graphType,
		NameFrom: "id",
		Update: []string{
			"backgroundColor", "contentCustomization", "customAccountResetCredentialsUrl",
			"customCannotAccessYourAccountText", "customCannotAccessYourAccountUrl",
			"customForgotMyPasswordText", "customPrivacyAndCookiesText", "customPrivacyAndCookiesUrl",
			"customResetItNowText", "customTermsOfUseText", "customTermsOfUseUrl", "headerBackgroundColor",
			"loginPageLayoutConfiguration", "loginPageTextVisibilitySettings", "signInPageText",
			"usernameHintText",
		},
		Drop: []string{
			"cdnList", "backgroundImage", "bannerLogo", "customCSS", "favicon", "headerLogo", "squareLogo",
			"squareLogoDark", "backgroundImageRelativeUrl", "bannerLogoRelativeUrl", "customCSSRelativeUrl",
			"faviconRelativeUrl", "headerLogoRelativeUrl", "squareLogoRelativeUrl",
			"squareLogoDarkRelativeUrl",
		},
		Sets: map[string]string{
			"contentCustomization.attributeCollection":  "key",
			"contentCustomization.registrationCampaign": "key",
		},
	}
}
