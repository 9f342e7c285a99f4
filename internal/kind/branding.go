package kind

import (
	"maps"
	"slices"
)

// organizationalBranding is absent until somebody sets it.
var organizationalBranding = &Kind{
	Name:    "organizationalBranding",
	Title:   "company branding",
	Shape:   brandingShape("microsoft.graph.organizationalBranding"),
	Place:   Place{Path: "/organization/{tenant}/branding", Singleton: true, Optional: true},
	Reading: Reading{Licence: "Microsoft Entra ID P1"},
	Contained: []Contained{{
		Name:   "localizations",
		Shape:  brandingShape("microsoft.graph.organizationalBrandingLocalization"),
		Key:    []string{"id"}, // the language, such as "fr-FR"
		Itself: "0",            // page "List localizations": including the default branding
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

// brandingShape is the same for the default branding and for one in a language. No page of
// the reference says how a picture would be taken away.
func brandingShape(graphType string) Shape {
	streams := map[string]string{}
	for _, name := range []string{"backgroundImage", "bannerLogo", "customCSS", "favicon", "headerLogo", "squareLogo", "squareLogoDark"} {
		streams[name] = name + "RelativeUrl"
	}
	return Shape{
		Type:     graphType,
		NameFrom: "id",
		Update: append([]string{
			"backgroundColor", "contentCustomization", "customAccountResetCredentialsUrl",
			"customCannotAccessYourAccountText", "customCannotAccessYourAccountUrl",
			"customForgotMyPasswordText", "customPrivacyAndCookiesText", "customPrivacyAndCookiesUrl",
			"customResetItNowText", "customTermsOfUseText", "customTermsOfUseUrl", "headerBackgroundColor",
			"loginPageLayoutConfiguration", "loginPageTextVisibilitySettings", "signInPageText",
			"usernameHintText",
		}, slices.Sorted(maps.Keys(streams))...),
		Drop:         append([]string{"cdnList"}, slices.Sorted(maps.Values(streams))...),
		Streams:      streams,
		NotClearable: slices.Sorted(maps.Keys(streams)),
		Sets: map[string]string{
			"contentCustomization.attributeCollection":  "key",
			"contentCustomization.registrationCampaign": "key",
		},
	}
}
