package attribution

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// TestActors: whom an entry names, and what is not believed of a name.
func TestActors(t *testing.T) {
	t.Parallel()
	person := func(name, display any, app any) map[string]any {
		return map[string]any{"app": app, "user": map[string]any{"id": "u-ada", "displayName": display, "userPrincipalName": name, "ipAddress": "<null>"}}
	}
	facts := Facts{Object: func(k entra.Key) *entra.Object {
		switch k {
		case entra.Key{Kind: "users", ID: "u-ada"}:
			return &entra.Object{Name: "Ada", Spec: map[string]any{"userPrincipalName": "ada@contoso.com"}}
		case entra.Key{Kind: "servicePrincipals", ID: "sp-own"}:
			return &entra.Object{Name: "Microsoft Approval Management", Status: map[string]any{"appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a"}}
		case entra.Key{Kind: "servicePrincipals", ID: "sp-evil"}:
			return &entra.Object{Name: "Microsoft Approval Management", Status: map[string]any{"appOwnerOrganizationId": "t-1"}}
		}
		return nil
	}}
	tests := map[string]struct {
		by   map[string]any
		want entra.Actor
	}{
		"a person":                        {person("ada@contoso.com", nil, nil), entra.Actor{Type: entra.ActorUser, ID: "u-ada", Name: "ada@contoso.com"}},
		"a person by the id":              {person(nil, nil, nil), entra.Actor{Type: entra.ActorUser, ID: "u-ada", Name: "ada@contoso.com"}},
		"a person with the own name":      {person("ada@contoso.com", "Ada", nil), entra.Actor{Type: entra.ActorUser, ID: "u-ada", Name: "ada@contoso.com"}},
		"a person by a client":            {person("ada@contoso.com", "Graph Explorer", nil), entra.Actor{Type: entra.ActorUser, ID: "u-ada", Name: "ada@contoso.com", Via: "Graph Explorer"}},
		"a person by an application":      {person("ada@contoso.com", nil, application("ADIbizaUX", "sp-1")["app"]), entra.Actor{Type: entra.ActorUser, ID: "u-ada", Name: "ada@contoso.com", Via: "ADIbizaUX"}},
		"an application":                  {application("Robot", "sp-1"), entra.Actor{Type: entra.ActorApplication, ID: "sp-1", Name: "Robot"}},
		"a job of Microsoft's":            {application("Microsoft Approval Management", "sp-own"), entra.Actor{Type: entra.ActorMicrosoft, ID: "sp-own", Name: "dynamic membership"}},
		"what calls itself such":          {application("Microsoft Approval Management", "sp-evil"), entra.Actor{Type: entra.ActorApplication, ID: "sp-evil", Name: "Microsoft Approval Management"}},
		"what is not known to be such":    {application("Microsoft Approval Management", "sp-new"), entra.Actor{Type: entra.ActorApplication, ID: "sp-new", Name: "Microsoft Approval Management"}},
		"nobody":                          {nobody, entra.Actor{Type: entra.ActorMicrosoft, Name: "background job"}},
		"nothing at all":                  {map[string]any{}, entra.Actor{Type: entra.ActorMicrosoft, Name: "background job"}},
		"a person whom nobody knows":      {map[string]any{"user": map[string]any{"id": "u-x", "displayName": "Mallory"}}, entra.Actor{Type: entra.ActorUser, ID: "u-x"}},
		"an application without its name": {map[string]any{"app": map[string]any{"servicePrincipalId": "sp-own"}}, entra.Actor{Type: entra.ActorApplication, ID: "sp-own", Name: "Microsoft Approval Management"}},
	}
	for name, test := range tests {
		e := logged("1", "10:00:00", "Update user", core, test.by, targets(of("User", "u-bob", mod("Mobile", a("1"), a("2")))))
		set := setOf(changed("users", "u-bob", set("/spec/mobilePhone", "1", "2")))
		Attribute(set, logOf(e), facts)
		if got := set.Changes[0].By[0]; got.Actor != test.want || got.Address != "" {
			t.Errorf("%s: %+v from %q, want %+v", name, got.Actor, got.Address, test.want)
		}
	}
}

// TestExpiry: an eligibility or assignment that ended by itself is nobody's act.
func TestExpiry(t *testing.T) {
	t.Parallel()
	gone := roleGiven("roleAssignmentSchedules", "/", entra.Removed)
	byPIM := map[string]any{"app": nil, "user": map[string]any{"id": "u-pim", "displayName": "Azure AD PIM", "userPrincipalName": nil, "ipAddress": nil}}
	ended := pimEvent("2", "11:00:06", "Remove member from role in PIM completed (timebound)", byPIM).with("additionalDetails", details("AuditType", "RemoveRole", "ActionType", "Revoke"))
	attributed(t, setOf(gone), logOf(ended), Facts{}, "microsoft PIM: expiry confirmed 2")
	attributed(t, setOf(roleGiven("roleAssignments", "/", entra.Removed)), logOf(ended, roleEvent("1", "11:00:00", "Remove member from role", msPIM, j("rt-1"), nil)), Facts{},
		"microsoft PIM: expiry confirmed 1,2")
	// A person who bears that name is a person.
	facts := Facts{Object: func(k entra.Key) *entra.Object {
		if k == (entra.Key{Kind: "users", ID: "u-pim"}) {
			return &entra.Object{Name: "Azure AD PIM", Spec: map[string]any{"userPrincipalName": "eve@contoso.com"}}
		}
		return nil
	}}
	attributed(t, setOf(gone), logOf(ended), facts, "user eve@contoso.com confirmed 2")
}

// TestWhere: the address and the client are those of the entry that names the person.
func TestWhere(t *testing.T) {
	t.Parallel()
	e := logged("1", "10:00:00", "Update user", core, user("ada"), targets(of("User", "u-bob", mod("Mobile", a("1"), a("2"))))).
		with("additionalDetails", details("User-Agent", "EvoSTS", "AppId", "x"))
	set := setOf(changed("users", "u-bob", set("/spec/mobilePhone", "1", "2")))
	Attribute(set, logOf(e), Facts{})
	got := set.Changes[0].By[0]
	if got.Address != "203.0.113.7" || !got.Service || got.Client != "EvoSTS" || got.Activity != "Update user" || got.CorrelationID != "corr-1" || !got.When.Equal(at("10:00:00")) {
		t.Errorf("%+v", got)
	}
}

// TestGroupInPIM: a membership that PIM gave is the person's whose request it was, not that of PIM,
// as which the directory logs it.
func TestGroupInPIM(t *testing.T) {
	t.Parallel()
	role := of("Role", "")
	role["displayName"] = "Member"
	asked := logged("1", "10:00:06", "Add member to role in PIM completed (permanent)", "PIM", user("ada"), targets(role, of("Request", "rq"), of("User", "u-bob"), of("Group", "g-1")))
	done := logged("2", "10:00:00", "Add member to group", core, msPIM, targets(of("User", "u-bob", mod("Group.ObjectID", nil, j("g-1"))), of("Group", "g-1")))
	schedule := entra.Change{Key: entra.Key{Kind: "privilegedAccessGroupAssignmentSchedules", ID: "s"}, Type: entra.Added, Properties: []entra.PropertyChange{
		set("/spec/accessId", nil, "member"), set("/spec/groupId", nil, "g-1"), set("/spec/principalId", nil, "u-bob"),
	}}
	attributed(t, setOf(linkOf("groups", "g-1", "members", "u-bob", true), schedule), logOf(asked, done), Facts{},
		"user ada@contoso.com confirmed 1,2", "user ada@contoso.com confirmed 1")
}

// TestRoleSetting: the entry about a rule of PIM names the role; an assignment says whose policy that
// role has.
func TestRoleSetting(t *testing.T) {
	t.Parallel()
	facts := Facts{Object: func(k entra.Key) *entra.Object {
		if k == (entra.Key{Kind: "roleManagementPolicyAssignments", ID: "DirectoryRole_t_1_rt-1"}) {
			return &entra.Object{}
		}
		return nil
	}}
	change := changed("roleManagementPolicies", "DirectoryRole_t_1", items("/contained/rules/Enablement_EndUser_Assignment/enabledRules", nil, []any{"MultiFactorAuthentication"}))
	other := changed("roleManagementPolicies", "DirectoryRole_t_2", items("/contained/rules/Enablement_EndUser_Assignment/enabledRules", nil, []any{"MultiFactorAuthentication"}))
	e := logged("1", "10:00:00", "Update role setting in PIM", "PIM", user("ada"), targets(of("Role", "rt-1"))).with("resultReason", "MFA on activation disabled")
	attributed(t, setOf(change, other), logOf(e), facts, "user ada@contoso.com touched 1", "unknown no-event")
}
