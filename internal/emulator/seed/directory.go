package seed

import (
	"encoding/base64"
	"fmt"
)

// directory yields domains, licences, devices, settings of groups, and the attributes that
// the company defines.
func (c *company) directory(yield func(Record) bool) {
	concat(c.domains, c.licences, c.devices, c.groupSettings, c.securityAttributeDefinitions)(yield)
}

// domains yields the domains of the tenant, one of them federated.
func (c *company) domains(yield func(Record) bool) {
	domain := func(name, authentication string, more object) Record {
		body := object{
			"id": name, "authenticationType": authentication, "availabilityStatus": nil, "isAdminManaged": true, "isDefault": false,
			"isInitial": false, "isRoot": true, "isVerified": true, "supportedServices": list("Email", "OfficeCommunicationsOnline"),
			"passwordValidityPeriodInDays": num(2147483647), "passwordNotificationWindowInDays": num(14),
			"state": nil, "model": nil, "manufacturer": nil,
		}
		overlay(body, more)
		return Record{Path: "/domains", Body: body}
	}
	each(
		domain(mainDomain, "Managed", object{"isDefault": true, "passwordValidityPeriodInDays": num(90)}),
		domain(initialDomain, "Managed", object{"isInitial": true}),
		domain("eu.contoso.com", "Managed", object{"isRoot": false, "supportedServices": list("Email")}),
		domain("adfs.contoso.com", "Federated", object{"isRoot": false, "supportedServices": list[string]()}),
		Record{Path: "/domains/adfs.contoso.com/federationConfiguration", Body: object{
			"@odata.type": "#microsoft.graph.internalDomainFederation", "id": c.id("federationConfiguration", "adfs"),
			"displayName": "Contoso AD FS", "issuerUri": "http://sts.contoso.com/adfs/services/trust",
			"metadataExchangeUri": "https://sts.contoso.com/adfs/services/trust/mex", "passiveSignInUri": "https://sts.contoso.com/adfs/ls/",
			"activeSignInUri": "https://sts.contoso.com/adfs/services/trust/2005/usernamemixed", "signOutUri": "https://sts.contoso.com/adfs/ls/?wa=wsignout1.0",
			"passwordResetUri": "https://sts.contoso.com/adfs/portal/updatepassword/", "preferredAuthenticationProtocol": "wsFed",
			"promptLoginBehavior": "nativeSupport", "federatedIdpMfaBehavior": "rejectMfaByFederatedIdp", "isSignedAuthenticationRequestRequired": true,
			"signingCertificate": c.certificate("ADFS Signing"), "nextSigningCertificate": c.certificate("ADFS Signing 2"),
			"signingCertificateUpdateStatus": object{"certificateUpdateResult": "Success", "lastRunDateTime": day(2700)},
		}},
	)(yield)
}

// licences yields what the company has bought.
func (c *company) licences(yield func(Record) bool) {
	plan := func(id, name string) object {
		return object{"servicePlanId": id, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"}
	}
	sku := func(id, part string, enabled, consumed int, plans ...object) Record {
		return Record{Path: "/subscribedSkus", Body: object{
			"id": c.tenantID + "_" + id, "accountId": c.tenantID, "accountName": "Contoso", "appliesTo": "User", "capabilityStatus": "Enabled",
			"skuId": id, "skuPartNumber": part, "consumedUnits": num(consumed), "subscriptionIds": list(c.id("subscriptions", part)),
			"prepaidUnits": object{"enabled": num(enabled), "suspended": num(0), "warning": num(0), "lockedOut": num(0)}, "servicePlans": list(plans...),
		}}
	}
	yammer, exchange := plan(planYammer, "YAMMER_ENTERPRISE"), plan("efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE")
	each(
		sku(skuE3, "SPE_E3", 100_000, 240, yammer, exchange, plan("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM")),
		sku(skuE5, "SPE_E5", 50_000, 36, yammer, exchange, plan(planPremium2, "AAD_PREMIUM_P2")),
		sku(skuFlow, "FLOW_FREE", 10_000, 0, plan("50e68c76-46c6-4674-81f9-75456511b170", "FLOW_P2_VIRAL")),
	)(yield)
}

// planPremium2 is the service plan of Microsoft Entra ID P2; skuFlow is a licence that
// nobody has.
const (
	planPremium2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
	skuFlow      = "f30db892-07e9-47e9-837c-80727f46fd3d"
)

// devices yields the company's devices.
func (c *company) devices(yield func(Record) bool) {
	device := func(n int, name, system, version, trust string, more object) Record {
		key := fmt.Sprint("kiosk-", n)
		body := object{
			"id": c.id("devices", key), "deviceId": c.id("deviceId", key), "displayName": name, "accountEnabled": true,
			"operatingSystem": system, "operatingSystemVersion": version, "trustType": trust, "profileType": "RegisteredDevice",
			"deviceVersion": num(2), "deviceOwnership": "Company", "isCompliant": true, "isManaged": true, "isRooted": false,
			"managementType": "MDM", "manufacturer": "Contoso Devices", "model": "CD-14", "mdmAppId": "0000000a-0000-0000-c000-000000000000",
			"enrollmentType": "AzureDomainJoined", "registrationDateTime": day(2200 + n), "approximateLastSignInDateTime": day(2730),
			"alternativeSecurityIds": list(object{"type": num(2), "identityProvider": nil, "key": base64.StdEncoding.EncodeToString([]byte("X509:SHA1:" + key))}),
			"physicalIds":            list("[HWID]:h:" + fmt.Sprint(6825+n)), "systemLabels": list[string](),
		}
		overlay(body, more)
		overlay(body, c.extensionValues("devices/"+key))
		return Record{Path: "/devices", Body: body}
	}
	each(
		device(1, "LOBBY-01", "Windows", "10.0.26100", "AzureAd", object{"isManagementRestricted": true}),
		device(2, "PAW-CISO", "Windows", "10.0.26100", "AzureAd", object{"systemLabels": list("M365Managed")}),
		device(3, "WS-0412", "Windows", "10.0.22631", "ServerAd", object{"onPremisesSyncEnabled": true, "onPremisesSecurityIdentifier": localSID(5001), "onPremisesLastSyncDateTime": day(2737)}),
		device(4, "Helena's iPhone", "IPhone", "19.0", "Workplace", object{"deviceOwnership": "Personal", "isCompliant": false, "accountEnabled": false}),
	)(yield)
}

// groupSettings yields the settings that differ from Microsoft's, and how long groups live.
func (c *company) groupSettings(yield func(Record) bool) {
	setting := func(name, template string, values ...string) Record {
		var pairs []any
		for i := 0; i < len(values); i += 2 {
			pairs = append(pairs, object{"name": values[i], "value": values[i+1]})
		}
		return Record{Path: "/groupSettings", Body: object{
			"id": c.id("groupSettings", name), "displayName": name, "templateId": template, "values": pairs,
		}}
	}
	each(
		setting("Group.Unified", "62375ab9-6b52-47ed-826b-58e47e0e304b",
			"EnableGroupCreation", "false", "GroupCreationAllowedGroupId", c.id("groups", "ca-pilot"), "AllowGuestsToAccessGroups", "true",
			"UsageGuidelinesUrl", "https://portal.contoso.com/groups", "ClassificationList", "Public,Internal,Secret", "DefaultClassification", "Internal",
			"PrefixSuffixNamingRequirement", "GRP_[GroupName]", "CustomBlockedWordsList", "payroll,ceo", "EnableMIPLabels", "false"),
		setting("Password Rule Settings", "5cf42378-d67d-4f36-ba46-e8b86229381d",
			"BannedPasswordCheckOnPremisesMode", "Enforce", "EnableBannedPasswordCheckOnPremises", "true", "EnableBannedPasswordCheck", "true",
			"LockoutDurationInSeconds", "60", "LockoutThreshold", "10", "BannedPasswordList", "contoso\tseattle"),
		setting("Consent Policy Settings", "dffd5d46-495d-40a9-8e21-954ff55e198a",
			"EnableGroupSpecificConsent", "false", "BlockUserConsentForRiskyApps", "true", "EnableAdminConsentRequests", "true"),
		Record{Path: "/groupLifecyclePolicies", Body: object{
			"id": c.id("groupLifecyclePolicies", "all"), "groupLifetimeInDays": num(365), "managedGroupTypes": "All",
			"alternateNotificationEmails": "admin@contoso.com;groups@contoso.com",
		}},
	)(yield)
}

// securityAttributeDefinitions yields the attributes that people and applications carry
// values of.
func (c *company) securityAttributeDefinitions(yield func(Record) bool) {
	set := func(id, about string, limit int) Record {
		return Record{Path: "/directory/attributeSets", Body: object{"id": id, "description": about, "maxAttributesPerSet": num(limit)}}
	}
	attribute := func(set, name, typ, about string, more object) Record {
		body := object{
			"id": set + "_" + name, "attributeSet": set, "name": name, "type": typ, "description": about, "status": "Available",
			"isCollection": false, "isSearchable": true, "usePreDefinedValuesOnly": false,
		}
		overlay(body, more)
		return Record{Path: "/directory/customSecurityAttributeDefinitions", Body: body}
	}
	value := func(attribute, id string, active bool) Record {
		return Record{
			Path: "/directory/customSecurityAttributeDefinitions/" + attribute + "/allowedValues", Body: object{"id": id, "isActive": active},
		}
	}
	each(
		set("Engineering", "Attributes for the engineering division", 25),
		set("Compliance", "Where data may be", 10),
		attribute("Engineering", "Project", "String", "Projects that somebody works on", object{"isCollection": true, "usePreDefinedValuesOnly": true}),
		value("Engineering_Project", "Alpine", false),
		value("Engineering_Project", "Baker", true),
		value("Engineering_Project", "Cascade", true),
		attribute("Engineering", "Level", "Integer", "Grade", nil),
		attribute("Engineering", "Team", "String", "Home team", object{"isSearchable": false}),
		attribute("Engineering", "SecurityClearedTeam", "Boolean", "", nil),
		attribute("Compliance", "Residency", "String", "Country that data stays in", object{"status": "Deprecated", "usePreDefinedValuesOnly": true}),
		value("Compliance_Residency", "DE", true),
	)(yield)
}
