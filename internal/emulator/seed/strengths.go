package seed

// customStrengths yields the authentication strengths that the company defined.
func (c *company) customStrengths(yield func(Record) bool) {
	custom := func(key, name, about string, combinations ...string) Record {
		return Record{Path: strengthsPath, Body: object{
			"id": c.id("strengths", key), "displayName": name, "description": about, "policyType": "custom", "requirementsSatisfied": "mfa",
			"allowedCombinations": list(combinations...), "createdDateTime": day(2050), "modifiedDateTime": day(2300),
		}}
	}
	limit := func(strength, form, combination string, more object) Record {
		body := object{
			"@odata.type": "#microsoft.graph." + form, "id": c.id("combinationConfigurations", strength+combination),
			"appliesToCombinations": list(combination),
		}
		overlay(body, more)
		return Record{Path: strengthsPath + "/" + c.id("strengths", strength) + "/combinationConfigurations", Body: body}
	}
	each(
		custom("keys", "Company keys", "Our own security keys and smart cards.", "fido2", "x509CertificateMultiFactor", "windowsHelloForBusiness"),
		limit("keys", "fido2CombinationConfiguration", "fido2", object{
			"allowedAAGUIDs": list("2fc0579f-8113-47ea-b116-bb5a8db9202a", "ee882879-721c-4913-9775-3dfcce97072a"),
		}),
		limit("keys", "x509CertificateCombinationConfiguration", "x509CertificateMultiFactor", object{
			"allowedIssuerSkis": list("9A4248C6AC8C2931AB2A86537818E92E7B6C97B6"), "allowedPolicyOIDs": list("1.3.6.1.4.1.311.21.8.7246"),
		}),
		custom("guests", "Guests", "What partners have.", "password,microsoftAuthenticatorPush", "password,sms", "federatedMultiFactor"),
	)(yield)
}
