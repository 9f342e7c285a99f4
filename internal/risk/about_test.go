package risk_test

import (
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/risk"
)

// A sentence names whom and what it is about, and nothing that it says itself.
func TestAbout(t *testing.T) {
	for _, tt := range []struct {
		sample
		about []string
	}{
		{sample{kind: "conditionalAccessPolicies", before: on(users(`"excludeUsers":["a"]`)), after: on(users(`"excludeUsers":["a","b","c"]`))}, []string{"b", "c"}},
		{sample{kind: "conditionalAccessPolicies", before: on(grant(`"builtInControls":["block"]`)), after: on("")}, nil},
		{sample{kind: "roleAssignments", after: gives(helpdesk)}, []string{"u", helpdesk}},
		{sample{kind: "applications", before: `{}`, after: spec(`"passwordCredentials":[{"displayName":"for tests","keyId":"k"}]`)}, []string{"for tests"}},
		{sample{kind: "applications", before: `{}`, after: spec(`"keyCredentials":[{"keyId":"k"}]`)}, []string{"k"}},
		{sample{kind: "applications", before: `{}`, after: `{"contained":{"federatedIdentityCredentials":[{"name":"ci","issuer":"i"}]}}`}, []string{"ci"}},
		{sample{kind: "servicePrincipals", before: `{}`, after: appRole(plainID, "ServicePrincipal")}, []string{"p"}},
		{sample{kind: "oauth2PermissionGrants", after: spec(`"consentType":"AllPrincipals","scope":"openid User.Read"`)}, []string{"openid", "User.Read"}},
		{sample{kind: "groups", before: `{"spec":{"isAssignableToRole":true},"links":{"members":["a"]}}`, after: `{"spec":{"isAssignableToRole":true},"links":{"members":["a","b"]}}`},
			[]string{"b"}},
		{sample{kind: "roleDefinitions", before: spec(`"rolePermissions":[{"allowedResourceActions":["a"]}]`), after: spec(`"rolePermissions":[{"allowedResourceActions":["a","b"]}]`)},
			[]string{"b"}},
		{sample{kind: "namedLocations", before: spec(`"isTrusted":true`), after: spec(`"isTrusted":true,"ipRanges":[{"cidrAddress":"1.2.3.4/32"}]`)}, []string{"1.2.3.4/32"}},
	} {
		set, facts := tt.compare(t)
		risks, err := risk.Judge(set, facts)
		if err != nil || len(risks) != 1 || !slices.Equal(risks[0].About, tt.about) {
			t.Errorf("%s %s → %s: %+v %v, want one about %q", tt.kind, tt.before, tt.after, risks, err, tt.about)
		}
	}
}
