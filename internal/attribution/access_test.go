package attribution

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

const certificates = "Update application – Certificates and secrets management "

func keys(ids ...string) string {
	list := []any{}
	for _, id := range ids {
		list = append(list, "[KeyIdentifier="+id+",KeyType=Password,KeyUsage=Verify,DisplayName=ci, nightly]")
	}
	return asJSON(list)
}

// TestCredential: secrets are text in brackets, in any order, under a name with a long dash and a
// blank at its end; a second entry of the same call is empty.
func TestCredential(t *testing.T) {
	t.Parallel()
	full := logged("1", "10:00:00", certificates, core, user("ada"), targets(of("Application", "a-3",
		mod("KeyDescription", keys("k-0", "k-9"), keys("K-1", "k-0")), mod("Included Updated Properties", nil, j("KeyDescription")))))
	stub := logged("2", "10:00:00", "Update application", core, user("ada"), targets(of("Application", "a-3"))).with("correlationId", "corr-1")
	change := changed("applications", "a-3", entra.PropertyChange{
		Pointer: "/status/passwordCredentials", Observed: true,
		AddedItems:   []any{map[string]any{"keyId": "k-1", "displayName": "ci"}},
		RemovedItems: []any{map[string]any{"keyId": "k-9"}},
	})
	attributed(t, setOf(change), logOf(full, stub), Facts{}, "user ada@contoso.com confirmed 1,2")
	// The empty entry of that call did not write what the full one does not tell.
	notes := changed("applications", "a-3", set("/spec/notes", "a", "b"))
	attributed(t, setOf(notes), logOf(full, stub), Facts{}, "unknown no-event")
	// A name that looks like what stands around it tells nothing.
	forged := logged("1", "10:00:00", certificates, core, user("eve"), targets(of("Application", "a-3", mod("KeyDescription", "[]",
		`["[KeyIdentifier=k-2,KeyType=Password,KeyUsage=Verify,DisplayName=x,KeyIdentifier=k-1]"]`))))
	attributed(t, setOf(change), logOf(forged), Facts{}, "user eve@contoso.com touched 1")
}

// TestApplicationAttributes: redirect URIs, permissions and federated credentials have shapes of
// their own.
func TestApplicationAttributes(t *testing.T) {
	t.Parallel()
	update := func(id, clock, who string, m map[string]any) event {
		return logged(id, clock, "Update application", core, user(who), targets(of("Application", "a-3", m)))
	}
	address := func(uri string, place int) map[string]any {
		return map[string]any{"AddressType": 0, "Address": uri, "ReplyAddressClientType": place, "ReplyAddressIndex": nil, "IsReplyAddressDefault": false}
	}
	permission := func(id string, role bool, grants ...int) map[string]any {
		return map[string]any{"EntitlementId": id, "DirectAccessGrant": role, "ImpersonationAccessGrants": grants}
	}
	access := func(permissions ...any) map[string]any {
		return map[string]any{"ResourceAppId": "graph", "RequiredAppPermissions": permissions, "EncodingVersion": 1}
	}
	credential := map[string]any{"Name": "ci", "Issuer": "https://token.example", "Subject": "repo:x", "Id": "1", "Audiences": []string{"api"}, "ClaimsMatchingExpression": nil}
	change := changed("applications", "a-3",
		items("/spec/web/redirectUris", []any{"https://new.example"}, nil),
		items("/spec/spa/redirectUris", nil, []any{"https://old.example"}),
		items("/spec/requiredResourceAccess/graph/resourceAccess", []any{map[string]any{"id": "p-2", "type": "Role"}}, nil),
		set("/contained/federatedIdentityCredentials/ci", nil, map[string]any{"name": "ci", "issuer": "https://token.example"}),
		set("/spec/signInAudience", "AzureADMyOrg", "AzureADMultipleOrgs"),
		set("/spec/isFallbackPublicClient", nil, true))
	attributed(t, setOf(change), logOf(
		update("1", "10:00:00", "ada", mod("AppAddress", a(address("https://old.example", 3)), a(address("https://new.example", 1)))),
		update("2", "11:00:00", "kim", mod("RequiredResourceAccess", a(access(permission("p-1", false, 20))), a(access(permission("p-1", false, 20), permission("p-2", true))))),
		update("3", "12:00:00", "eve", mod("FederatedIdentityCredentials", "[]", a(credential))),
		update("4", "13:00:00", "bob", mod("AvailableToOtherTenants", a(false), a(true))),
		update("5", "14:00:00", "joe", mod("PublicClient", "[]", a(true))),
	), Facts{}, "user joe@contoso.com confirmed /spec/isFallbackPublicClient 5\n"+
		"user bob@contoso.com confirmed /spec/signInAudience 4\n"+
		"user eve@contoso.com confirmed /contained/federatedIdentityCredentials/ci 3\n"+
		"user kim@contoso.com confirmed /spec/requiredResourceAccess/graph/resourceAccess 2\n"+
		"user ada@contoso.com confirmed /spec/spa/redirectUris /spec/web/redirectUris 1")
}

// TestAppRole: the resource is the first target, and the client an attribute.
func TestAppRole(t *testing.T) {
	t.Parallel()
	add := logged("1", "10:00:00", "Add app role assignment to service principal", core, user("ada"), targets(of("ServicePrincipal", "sp-api",
		mod("AppRole.Id", nil, j("r-9")), mod("AppRole.Value", nil, j("Files.Read.All")), mod("ServicePrincipal.ObjectID", nil, j("sp-client"))), of("ServicePrincipal", "sp-client")))
	// The client's id may stay on the new side when the assignment goes.
	remove := logged("2", "11:00:00", "Remove app role assignment from service principal", core, user("eve"), targets(of("ServicePrincipal", "sp-api",
		mod("AppRole.Id", j("r-8"), nil), mod("ServicePrincipal.ObjectID", nil, j("sp-client")))))
	person := logged("3", "12:00:00", "Add app role assignment grant to user", core, user("kim"), targets(of("ServicePrincipal", "sp-api",
		mod("AppRole.Id", nil, j("00000000-0000-0000-0000-000000000000")), mod("User.ObjectID", nil, j("u-bob")))))
	change := changed("servicePrincipals", "sp-api",
		set("/contained/appRoleAssignedTo/sp-client+r-8", map[string]any{"appRoleId": "r-8"}, nil),
		set("/contained/appRoleAssignedTo/sp-client+r-9", nil, map[string]any{"appRoleId": "r-9"}),
		set("/contained/appRoleAssignedTo/u-bob+00000000-0000-0000-0000-000000000000", nil, map[string]any{"principalId": "u-bob"}))
	attributed(t, setOf(change), logOf(add, remove, person), Facts{},
		"user kim@contoso.com confirmed /contained/appRoleAssignedTo/u-bob+00000000-0000-0000-0000-000000000000 3\n"+
			"user eve@contoso.com confirmed /contained/appRoleAssignedTo/sp-client+r-8 2\n"+
			"user ada@contoso.com confirmed /contained/appRoleAssignedTo/sp-client+r-9 1")
}

func grantEvent(id, clock, activity string, by any, old, now any, more ...map[string]any) event {
	mods := append([]map[string]any{mod("DelegatedPermissionGrant.Scope", old, now)}, more...)
	return logged(id, clock, activity, core, by, targets(of("ServicePrincipal", "sp-api", mods...), of("ServicePrincipal", "sp-client")))
}

// TestConsent: an amended consent is logged as a grant that was added, and one that was removed with
// the same scopes on both sides; the address is a service's.
func TestConsent(t *testing.T) {
	t.Parallel()
	by := user("bob")
	by["user"].(map[string]any)["displayName"] = "Azure ESTS Service"
	context := []map[string]any{
		mod("DelegatedPermissionGrant.ConsentType", j("Principal"), j("Principal")),
		mod("DelegatedPermissionGrant.PrincipalId", j("u-bob"), j("u-bob")), mod("ServicePrincipal.ObjectID", nil, j("sp-client")),
	}
	amended := grantEvent("1", "10:00:00", "Add delegated permission grant", by, j(" User.Read"), j(" User.Read Mail.Read"), context...)
	echo := grantEvent("2", "10:00:01", "Remove delegated permission grant", by, j(" User.Read Mail.Read"), j(" User.Read Mail.Read"), context...).with("correlationId", "corr-1")
	consent := logged("3", "10:00:02", "Consent to application", core, by, targets(of("ServicePrincipal", "sp-client",
		mod("ConsentAction.Permissions", nil, j("[[Scope:  User.Read]] => [[Scope:  User.Read]]; "))))).with("correlationId", "corr-1")
	grant := &entra.Object{Key: entra.Key{Kind: "oauth2PermissionGrants", ID: "x"}, Spec: map[string]any{
		"clientId": "sp-client", "resourceId": "sp-api", "consentType": "Principal", "principalId": "u-bob", "scope": "Mail.Read User.Read",
	}}
	facts := Facts{Object: func(k entra.Key) *entra.Object {
		if k == grant.Key {
			return grant
		}
		return nil
	}}
	change := changed("oauth2PermissionGrants", "x", items("/spec/scope", []any{"Mail.Read"}, nil))
	set := setOf(change)
	attributed(t, set, logOf(amended, echo, consent), facts, "user bob@contoso.com confirmed 1,2,3")
	if got := set.Changes[0].By[0]; !got.Service || got.Actor.Via != "Azure ESTS Service" || got.Address != "203.0.113.7" {
		t.Errorf("the address of a service: %+v", got)
	}
	// Whose consent it is, is not known without the grant.
	attributed(t, setOf(change), logOf(amended, echo, consent), Facts{}, "unknown no-event")
	// Nor does somebody else's consent tell.
	grant.Spec["principalId"] = "u-eve"
	attributed(t, setOf(change), logOf(amended, echo, consent), facts, "unknown no-event")
}

// TestGrant: a grant that came was made by whoever gave its first scope.
func TestGrant(t *testing.T) {
	t.Parallel()
	all := []map[string]any{mod("DelegatedPermissionGrant.ConsentType", nil, j("AllPrincipals")), mod("ServicePrincipal.ObjectID", nil, j("sp-client"))}
	first := grantEvent("1", "10:00:00", "Add delegated permission grant", user("ada"), nil, j(" User.Read"), all...)
	second := grantEvent("2", "11:00:00", "Add delegated permission grant", user("eve"), j(" User.Read"), j(" User.Read Mail.Read"), all...)
	properties := []entra.PropertyChange{
		set("/spec/clientId", nil, "sp-client"), set("/spec/consentType", nil, "AllPrincipals"), set("/spec/resourceId", nil, "sp-api"),
		items("/spec/scope", []any{"User.Read", "Mail.Read"}, nil),
	}
	added := entra.Change{Key: entra.Key{Kind: "oauth2PermissionGrants", ID: "x"}, Type: entra.Added, Properties: properties}
	attributed(t, setOf(added), logOf(first, second), Facts{}, "user eve@contoso.com confirmed /spec/scope/Mail.Read 2\nuser ada@contoso.com confirmed 1")
	removed := entra.Change{Key: added.Key, Type: entra.Removed, Properties: []entra.PropertyChange{
		set("/spec/clientId", "sp-client", nil), set("/spec/consentType", "AllPrincipals", nil), set("/spec/resourceId", "sp-api", nil),
	}}
	gone := grantEvent("3", "12:00:00", "Remove delegated permission grant", user("kim"), j(" User.Read"), nil, all...)
	attributed(t, setOf(removed), logOf(gone), Facts{}, "user kim@contoso.com confirmed 3")
}

func roleEvent(id, clock, activity string, by any, old, now any) event {
	return logged(id, clock, activity, core, by, targets(of("User", "u-bob", mod("Role.ObjectID", old, now), mod("Role.TemplateId", old, now)), of("Role", "dr-1")))
}

func pimEvent(id, clock, activity string, by any) event {
	return logged(id, clock, activity, "PIM", by, targets(
		of("Role", "dr-1", mod("RoleDefinitionOriginId", j(""), j("rt-1")), mod("TemplateId", j(""), j("rt-1"))), of("Request", "rq-1"), of("User", "u-bob"), of("Directory", "t")))
}

var (
	msPIM   = application("MS-PIM", "sp-pim")
	pimUser = map[string]any{"app": nil, "user": map[string]any{"id": nil, "displayName": "Azure AD PIM", "userPrincipalName": nil, "ipAddress": nil}}
)

func roleGiven(kindName, scope string, typ entra.ChangeType) entra.Change {
	c := entra.Change{Key: entra.Key{Kind: kindName, ID: "ra" + scope}, Type: typ}
	for pointer, v := range map[string]string{"/spec/principalId": "u-bob", "/spec/roleDefinitionId": "rt-1", "/spec/directoryScopeId": scope} {
		p := entra.PropertyChange{Pointer: pointer, After: v}
		if typ == entra.Removed {
			p = entra.PropertyChange{Pointer: pointer, Before: v}
		}
		c.Properties = append(c.Properties, p)
	}
	return c
}

// TestRole: what PIM does for a person, the directory logs as done by PIM; the person is on PIM's
// own entry, some seconds later, of another call.
func TestRole(t *testing.T) {
	t.Parallel()
	given := roleGiven("roleAssignments", "/", entra.Added)
	attributed(t, setOf(given), logOf(roleEvent("1", "10:00:00", "Add member to role", user("ada"), nil, j("rt-1"))), Facts{}, "user ada@contoso.com confirmed 1")
	asDirectory := roleEvent("1", "10:00:00", "Add member to role", msPIM, nil, j("rt-1"))
	attributed(t, setOf(given), logOf(asDirectory, pimEvent("2", "10:00:06", "Add member to role in PIM completed (permanent)", user("ada"))), Facts{},
		"user ada@contoso.com confirmed 1,2")
	attributed(t, setOf(given), logOf(asDirectory, pimEvent("2", "09:59:58", "Add member to role in PIM requested (permanent)", user("ada")),
		pimEvent("3", "10:00:06", "Add member to role in PIM completed (permanent)", pimUser)), Facts{}, "user ada@contoso.com confirmed 1,2,3")
	// The person's entry is missing: PIM is all that the log names, and as long as the entry may
	// still come, nobody.
	attributed(t, setOf(given), logOf(asDirectory), Facts{}, "application MS-PIM confirmed 1")
	soon := logOf(asDirectory)
	soon.Windows[0].Read = toTime.Add(60e9)
	attributed(t, setOf(given), soon, Facts{}, "unknown no-event-yet")
	// Of a role over a unit the log does not say which.
	scoped := roleGiven("roleAssignments", "/administrativeUnits/1", entra.Added)
	attributed(t, setOf(scoped), logOf(roleEvent("1", "10:00:00", "Add member to role", user("ada"), nil, j("rt-1"))), Facts{}, "unknown no-event")
	one := roleEvent("1", "10:00:00", "Add scoped member to role", user("ada"), nil, j("rt-1"))
	attributed(t, setOf(scoped), logOf(one), Facts{}, "user ada@contoso.com confirmed 1")
	other := roleGiven("roleAssignments", "/administrativeUnits/2", entra.Added)
	attributed(t, setOf(scoped, other), logOf(one), Facts{}, "unknown several-candidates ada@contoso.com", "unknown several-candidates ada@contoso.com")
	two := roleEvent("2", "11:00:00", "Add scoped member to role", user("eve"), nil, j("rt-1"))
	attributed(t, setOf(scoped, other), logOf(one, two), Facts{}, "unknown several-candidates ada@contoso.com eve@contoso.com")
}

// TestActivation: a role that was activated and has expired is nothing that a snapshot has; who gave
// a role for good did it.
func TestActivation(t *testing.T) {
	t.Parallel()
	given := roleGiven("roleAssignments", "/", entra.Added)
	attributed(t, setOf(given), logOf(
		roleEvent("1", "09:00:00", "Add member to role", user("ada"), nil, j("rt-1")),
		roleEvent("2", "10:00:00", "Add member to role", msPIM, nil, j("rt-1")),
		pimEvent("3", "10:00:06", "Add member to role completed (PIM activation)", user("bob")),
		roleEvent("4", "11:00:00", "Remove member from role", msPIM, j("rt-1"), nil),
		pimEvent("5", "11:00:06", "Remove member from role (PIM activation expired)", pimUser),
	), Facts{}, "user ada@contoso.com confirmed 1")
}

// TestEligible: eligibility is PIM's alone.
func TestEligible(t *testing.T) {
	t.Parallel()
	attributed(t, setOf(roleGiven("roleEligibilitySchedules", "/", entra.Added), roleGiven("roleAssignments", "/", entra.Removed)), logOf(
		pimEvent("1", "10:00:00", "Add eligible member to role in PIM completed (timebound)", user("ada")),
		pimEvent("2", "11:00:00", "Remove member from role in PIM completed (permanent)", user("eve")),
		roleEvent("3", "10:59:58", "Remove member from role", msPIM, j("rt-1"), nil),
	), Facts{}, "user ada@contoso.com confirmed 1", "user eve@contoso.com confirmed 2,3")
}

// TestSponsor: where the types of targets say nothing, the second of two has the link.
func TestSponsor(t *testing.T) {
	t.Parallel()
	e := logged("1", "10:00:00", "Assign user as external sponsor", "Entitlement Management", user("ada"), targets(of("User", "u-bob"), of("Other", "org-1")))
	attributed(t, setOf(linkOf("connectedOrganizations", "org-1", "externalSponsors", "u-bob", true), linkOf("connectedOrganizations", "u-bob", "externalSponsors", "org-1", true)),
		logOf(e), Facts{}, "user ada@contoso.com confirmed 1", "unknown no-event")
}
