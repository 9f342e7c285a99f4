package diff

import (
	"errors"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

func TestSelectionObject(t *testing.T) {
	policy := entra.Key{Kind: "conditionalAccessPolicies", ID: "3f2b"}
	const policyPath, policyName = "tenant/conditionalAccessPolicies/ca001-mfa.3f2b.yaml", "[Prod] CA001 - MFA"
	user := entra.Key{Kind: "users", ID: "77aa"}
	const userPath, userName = "tenant/users/77/77aa.yaml", "Adele Vance"
	tests := []struct {
		arg          string
		policy, user bool
	}{
		{"tenant/**", true, true},
		{"tenant", true, true},
		{"**", true, true},
		{"./tenant/users", false, true},
		{"tenant/conditionalAccessPolicies/**", true, false},
		{"tenant/conditionalAccessPolicies/", true, false},
		{"conditionalAccessPolicies", true, false},
		{"conditionalAccessPolicies/*", true, false},
		{"conditionalAccessPolicies/ca001-*", true, false},
		{"conditionalAccessPolicies/ca002-*", false, false},
		{policyPath, true, false},
		{"conditionalAccessPolicies/3f2b", true, false},
		{"conditionalAccessPolicies/3f2", false, false},
		{"conditionalAccessPolicies/[Prod] CA001 - MFA", true, false},
		{"conditionalAccessPolicies/\\[Prod\\]*", true, false},
		{"users/*", false, true},
		{"users/77", false, true},
		{"users/Adele*", false, true},
		{"users/adele*", false, false},
		{"{users,groups}/**", false, true},
		{"tenant/*Policies/*", true, false},
		{"*", true, true},
		{"tenant/*", true, true},
		{"**/*", true, true},
		{"user*", false, true},
		{"users/**", false, true},
		{"*/Adele*", false, true},
		{"**/Adele*", false, true},
		{"*/*", true, true},
		{"*/77aa", false, true},
		{"users/7", false, false},
		{"users/*/77aa.yaml", false, true},
		{"users/Adele", false, false},
		{"users/Adele?Vance", false, true},
		{"conditionalAccessPolicies/[Prod*", false, false},
	}
	for _, tt := range tests {
		s, err := ParseSelection([]string{tt.arg}, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.arg, err)
			continue
		}
		if got := s.Object(policyPath, policy, policyName); got != tt.policy {
			t.Errorf("%s selects the policy: %v", tt.arg, got)
		}
		if got := s.Object(userPath, user, userName); got != tt.user {
			t.Errorf("%s selects the user: %v", tt.arg, got)
		}
		if tt.user && !s.Kind("users") {
			t.Errorf("%s does not select the kind users", tt.arg)
		}
		if s.Kind("namedLocations") && tt.arg != "tenant" && !strings.HasPrefix(strings.TrimPrefix(tt.arg, "tenant/"), "*") {
			t.Errorf("%s selects the kind namedLocations", tt.arg)
		}
	}
	if !(Selection{}).Object(userPath, user) || !(Selection{}).Kind("users") {
		t.Error("the zero selection does not select everything")
	}
}

func TestSelectionSingleton(t *testing.T) {
	for _, arg := range []string{"authorizationPolicy", "tenant/authorizationPolicy.yaml", "authorizationPolicy/authorizationPolicy", "tenant/auth*.yaml"} {
		s, err := ParseSelection([]string{arg}, nil)
		if err != nil {
			t.Fatalf("%s: %v", arg, err)
		}
		if !s.Object("tenant/authorizationPolicy.yaml", entra.Key{Kind: "authorizationPolicy", ID: "authorizationPolicy"}) {
			t.Errorf("%s does not select the policy", arg)
		}
	}
}

func TestParseSelectionRefuses(t *testing.T) {
	for _, arg := range []string{"", "tenant/user/x", "./user/x", "CA0*", "users.yaml", "us[ers/x", "{users/a,groups/b}"} {
		if _, err := ParseSelection([]string{arg}, nil); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%q: error %v", arg, err)
		}
	}
	for _, arg := range []string{"", "a..b", "/conditions/users", "."} {
		if _, err := ParseSelection(nil, []string{arg}); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("property %q: error %v", arg, err)
		}
	}
}

func TestParseSelectionKnowsProperties(t *testing.T) {
	tests := []struct {
		kind, part string
		ok         bool
	}{
		{"users", "city", true},
		{"users", "citty", false},
		{"users", "membershipRule", false},
		{"groups", "membershipRule", true},
		{"users", "createdDateTime", true},
		{"users", "spec.createdDateTime", false},
		{"users", "status.newInGraph", true},
		{"users", "links", true},
		{"users", "links.members", false},
		{"groups", "links.members", true},
		{"groups", "contained.federatedIdentityCredentials", false},
		{"tenant/*/x", "contained.federatedIdentityCredentials", true},
		{"applications", "contained.federatedIdentityCredentials", true},
		{"applications", "contained.credentials", false},
		{"namedLocations", "/spec/@odata.type", true},
	}
	for _, tt := range tests {
		if _, err := ParseSelection([]string{tt.kind}, []string{tt.part}); (err == nil) != tt.ok {
			t.Errorf("%s of %s: error %v", tt.part, tt.kind, err)
		}
	}
}

func TestSelectionPart(t *testing.T) {
	tests := []struct {
		part, pointer string
		want          bool
	}{
		{"state", "/spec/state", true},
		{"state", "/status/state", true},
		{"state", "", true}, // the whole object
		{"state", "/spec/stateful", false},
		{"spec.state", "/status/state", false},
		{"conditions.users", "/spec/conditions/users/excludeGroups", true},
		{"conditions.users.excludeGroups", "/spec/conditions/users", true},
		{"conditions.users.excludeGroups", "/spec/conditions/users/excludeUsers", false},
		{"links", "/links/members", true},
		{"links.members", "/links/owners", false},
		{"contained.credentials", "/contained/credentials/main/subject", true},
		{"/spec/roles/a~1b", "/spec/roles/a~1b/on", true},
		{"/spec/roles/a~1b", "/spec/roles/a/on", false},
	}
	for _, tt := range tests {
		p, err := ParsePart(tt.part)
		if err != nil {
			t.Fatal(err)
		}
		s := Selection{parts: []Part{p}}
		if got := s.Part(tt.pointer); got != tt.want {
			t.Errorf("%s selects %s: %v", tt.part, tt.pointer, got)
		}
	}
}
