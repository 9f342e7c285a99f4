package kind

import "testing"

func TestAddresses(t *testing.T) {
	a := Addresses{Tenant: "t 1"}
	users := &Kind{
		Shape: Shape{Type: "microsoft.graph.user"},
		Place: Place{Path: "/users"},
		Recovery: Recovery{
			Deletion: Deletion{
				DeletedPath: "/directory/deletedItems/microsoft.graph.user", RestorePath: "/directory/deletedItems",
			},
		},
	}
	policies := &Kind{Place: Place{Path: "/policies"}, Recovery: Recovery{Deletion: Deletion{DeletedPath: "/deleted/policies", RestorePath: "/deleted/policies"}}}
	settings := &Kind{Place: Place{Path: "/organization/{tenant}/settings", Singleton: true}}
	organization := &Kind{Place: Place{Path: "/organization", Singleton: true, Listed: true}}
	templates := &Kind{Place: Place{Path: "/tenants/{tenant}/templates"}}
	grants := &Contained{Name: "grants"}
	single := &Contained{Name: "sync", Single: true}
	for want, got := range map[string]string{
		"/users/u%2F1":                                    a.Object(users, "u/1"),
		"/users/u1/members/x%20y":                         a.Object(users, "u1", "members", "x y"),
		"/organization/t%201/settings":                    a.Object(settings, "ignored"),
		"/organization/o1":                                a.Object(organization, "o1"),
		"/users":                                          a.Collection(users),
		"/tenants/t%201/templates":                        a.Collection(templates),
		"/users/u1/grants":                                a.Part(users, grants, "u1"),
		"/users/u1/grants/g%231":                          a.Element(users, grants, "u1", "g#1"),
		"/users/u1/sync":                                  a.Element(users, single, "u1", "ignored"),
		"/users/u1/members/$ref":                          a.LinkTargets(users, "u1", "members"),
		"/users/u1/members/m1/$ref":                       a.LinkTarget(users, "u1", "members", "m1"),
		"/directoryObjects/m%3F1":                         DirectoryObject("m?1"),
		"/directory/deletedItems/u1":                      a.Deleted(users, "u1"),
		"/directory/deletedItems/u1/restore":              a.Restore(users, "u1"),
		"/deleted/policies/p1":                            a.DeletedAsType(policies, "p1"),
		"/users/u2":                                       a.Referred(users, "", "u2"),
		"/users(name='O%27%27Brien%20&%20')":              a.Referred(users, "name", "O'Brien & "),
		"/directory/deletedItems/u1/microsoft.graph.user": a.DeletedAsType(users, "u1"),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := (&Parent{Filter: "groupId eq '{id}'"}).FilterFor("o'clock"); got != "groupId eq 'o''clock'" {
		t.Errorf("got the filter %s", got)
	}
	if users.InTenant() || !settings.InTenant() || !templates.InTenant() {
		t.Error("InTenant does not say whose paths hold the tenant's id")
	}
}
