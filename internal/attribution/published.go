package attribution

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// published are the properties that the log is known to tell under their own names. Those of the
// table of attributes are told under others. An entry that tells something and not such a property
// did not write that; of any other property nobody knows whether it would be told.
var published = map[string][]string{
	"users": {
		"accountEnabled", "city", "companyName", "country", "creationType", "department", "displayName", "employeeId", "givenName",
		"jobTitle", "mail", "mailNickname", "postalCode", "preferredDataLocation", "proxyAddresses", "state", "streetAddress", "surname",
		"userPrincipalName", "userType",
	},
	"groups": {
		"classification", "description", "displayName", "isAssignableToRole", "mail", "mailEnabled", "mailNickname", "membershipRule",
		"membershipRuleProcessingState", "proxyAddresses", "securityEnabled",
	},
	"applications":                    {"appId", "displayName", "groupMembershipClaims"},
	"servicePrincipals":               {"accountEnabled", "displayName"},
	"administrativeUnits":             {"description", "displayName"},
	"roleDefinitions":                 {"displayName"},
	"authorizationPolicy":             {"allowUserConsentForRiskyApps"},
	"crossTenantAccessPolicyPartners": {"b2bCollaborationInbound", "b2bCollaborationOutbound", "b2bDirectConnectInbound", "b2bDirectConnectOutbound"},
}

// unlogged are properties whose writing leaves no entry about the object, or one in another log.
var unlogged = map[string][]string{
	"users":             {"customSecurityAttributes", "usageLocation"},
	"servicePrincipals": {"customSecurityAttributes"},
}

// isPublished reports whether the log is known to tell the property that a pointer leads to.
func isPublished(k *kind.Kind, pointer string) bool {
	tokens := jsonpointer.Split(pointer)
	if len(tokens) < 2 || slices.Contains(published[k.Name], tokens[1]) {
		return true
	}
	for _, a := range attributesOf[k.Name] {
		for _, path := range a.About {
			if jsonpointer.Within(pointer, pointerOf(k, path)) {
				return true
			}
		}
	}
	return false
}

// isApart reports whether a pointer leads into what an update of the object does not write: links,
// contained collections with requests of their own, and properties whose writing is not logged.
func isApart(k *kind.Kind, pointer string) bool {
	tokens := jsonpointer.Split(pointer)
	switch {
	case len(tokens) < 2:
		return false
	case tokens[0] == entra.SectionLinks:
		return true
	case tokens[0] != entra.SectionContained:
		return slices.Contains(unlogged[k.Name], tokens[1])
	}
	return !slices.ContainsFunc(k.Contained, func(c kind.Contained) bool { return c.Name == tokens[1] && c.Inline })
}
