package emulator

import (
	"slices"
	"strings"
	"testing"
)

// Whatever request a client would need, the tenant's rules hold for the administrator too.
func TestAdministrator(t *testing.T) {
	c := serve(t, Options{})
	contoso, admin := seeded(c.server.TenantID()), c.server.Administrator()
	key := "adm-ciso"
	user, group := "/users/"+contoso.user(key), "/groups/"+contoso.id("groups", "lic-e3")
	set := func(path, property string, value any) func() error {
		return func() error { return admin.Set(path, map[string]any{property: value}) }
	}
	if err := admin.Set(user, map[string]any{"usageLocation": "US"}); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		do   func() error
		want string
	}{
		"a property":               {set(user, "city", "Bonn"), ""},
		"a value that is not one":  {set(user, "accountEnabled", "yes"), "Edm.Boolean"},
		"a read-only property":     {set(user, "createdDateTime", "2020-01-01T00:00:00Z"), "cannot be changed"},
		"a property of creation":   {set(group, "isAssignableToRole", true), "cannot be changed"},
		"an object that is not":    {set("/users/nobody", "city", "Bonn"), "Request_ResourceNotFound"},
		"a licence":                {set(user, "assignedLicenses", []any{object{"skuId": skuE5}}), ""},
		"a licence that is not":    {set(user, "assignedLicenses", []any{object{"skuId": zeroID}}), "valid company License"},
		"a member that is not":     {func() error { return admin.Link(group, "members", zeroID) }, "Request_ResourceNotFound"},
		"an owner":                 {func() error { return admin.Link(group, "owners", contoso.user(key)) }, ""},
		"a relationship by rule":   {func() error { return admin.Link(group, "memberOf", contoso.user(key)) }, "cannot be changed"},
		"a schedule without PATCH": {set(roleEligibility.path+"/"+contoso.id("roleEligibilitySchedules", "tier1"), "principalId", zeroID), "cannot be changed"},
		"the tenant":               {func() error { return admin.Remove(tenantPath + "/" + string(contoso)) }, "cannot be changed"},
		"a schedule without DELETE": {func() error {
			return admin.Remove(roleEligibility.path + "/" + contoso.id("roleEligibilitySchedules", "tier0"))
		}, ""},
	} {
		err := test.do()
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	if got := c.get(user + "?$select=city")["city"]; got != "Bonn" {
		t.Errorf("city %v", got)
	}
	if got := c.licences(contoso.user(key)); len(got) != 1 || !slices.Equal(got[skuE5], []string{"direct"}) {
		t.Errorf("licences %v", got)
	}
}

func TestDescribe(t *testing.T) {
	all, err := Describe()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/users": "assignedLicenses", "/policies/authenticationStrengthPolicies": "allowedCombinations",
		"/identityGovernance/lifecycleWorkflows/workflows": "tasks", "/identity/conditionalAccess/policies": "state",
	} {
		i := slices.IndexFunc(all, func(w Writable) bool { return w.Path == path })
		if i < 0 || !slices.Contains(all[i].Properties, want) || slices.Contains(all[i].Properties, "id") {
			t.Errorf("%s: %+v", path, all[max(i, 0)])
		}
	}
}
