package apply

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
)

// world is a tenant with a handful of objects that refer to each other, by name.
type world struct {
	*emulated
	ids  map[string]string
	from *history.Point
}

// worldKinds are the kinds that a world's snapshot reads.
var worldKinds = []string{
	"administrativeUnits", "applications", "conditionalAccessPolicies", "groups", "namedLocations", "oauth2PermissionGrants",
	"roleAssignments", "servicePrincipals", "tokenLifetimePolicies", "users",
}

// newWorld makes the objects and takes the snapshot.
func newWorld(t *testing.T) *world {
	w := &world{emulated: newEmulated(t), ids: map[string]string{}}
	for _, name := range []string{"ada", "boss", "carl"} {
		w.ids[name] = w.user(name, `,"accountEnabled":true`)
	}
	w.ids["team"] = w.group("team", w.ids["ada"], w.ids["carl"])
	w.ids["outer"] = w.group("outer", w.ids["team"])
	w.ids["dynamic"] = w.group("dynamic", w.ids["ada"])
	w.must("PATCH", w.path("/groups/{dynamic}"), `{"groupTypes":["DynamicMembership"],"membershipRule":"user.department -eq \"Ops\"","membershipRuleProcessingState":"On"}`)
	w.link("/groups/{team}/owners", "boss")
	w.must("PUT", w.path("/users/{ada}/manager/$ref"), w.path(`{"@odata.id":"`+w.base+`/users/{boss}"}`))
	w.ids["app"] = w.do("POST", "/applications", `{"displayName":"app","appRoles":[{"id":"11111111-2222-4333-8444-555555555555","displayName":"R","description":"r","value":"r","isEnabled":true,"allowedMemberTypes":["User"]}]}`)
	appID := w.text("applications", "app", "appId")
	w.ids["sp"] = w.do("POST", "/servicePrincipals", `{"appId":"`+appID+`"}`)
	w.link("/applications/{app}/owners", "boss")
	w.link("/servicePrincipals/{sp}/owners", "ada")
	w.do("POST", w.path("/applications/{app}/federatedIdentityCredentials"), `{"name":"ci","issuer":"https://i","subject":"s","audiences":["a"]}`)
	w.do("POST", w.path("/servicePrincipals/{sp}/appRoleAssignedTo"), w.path(`{"principalId":"{ada}","resourceId":"{sp}","appRoleId":"11111111-2222-4333-8444-555555555555"}`))
	w.ids["graph"] = w.named("servicePrincipals", "Microsoft Graph")
	w.ids["grant"] = w.do("POST", "/oauth2PermissionGrants", w.path(`{"clientId":"{sp}","resourceId":"{graph}","consentType":"Principal","principalId":"{ada}","scope":"User.Read"}`))
	w.ids["assignment"] = w.do("POST", "/roleManagement/directory/roleAssignments", w.path(`{"principalId":"{ada}","roleDefinitionId":"f2ef992c-3afb-46b9-b7cf-a126ee74c451","directoryScopeId":"/"}`))
	w.ids["place"] = w.do("POST", "/identity/conditionalAccess/namedLocations", `{"@odata.type":"#microsoft.graph.countryNamedLocation","displayName":"place","countriesAndRegions":["DE"]}`)
	w.ids["policy"] = w.do("POST", "/identity/conditionalAccess/policies", w.path(`{"displayName":"policy","state":"disabled","conditions":{"applications":{"includeApplications":["All"]},
		"users":{"includeGroups":["{team}"],"excludeUsers":["{ada}"]},"locations":{"includeLocations":["{place}"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`))
	w.ids["unit"] = w.do("POST", "/directory/administrativeUnits", `{"displayName":"unit"}`)
	w.link("/directory/administrativeUnits/{unit}/members", "ada")
	w.link("/directory/administrativeUnits/{unit}/members", "team")
	w.ids["lifetime"] = w.do("POST", "/policies/tokenLifetimePolicies", `{"displayName":"lifetime","isOrganizationDefault":false,"definition":["{\"TokenLifetimePolicy\":{\"Version\":1,\"AccessTokenLifetime\":\"4:00:00\"}}"]}`)
	w.do("POST", w.path("/applications/{app}/tokenLifetimePolicies/$ref"), w.path(`{"@odata.id":"`+w.base+`/policies/tokenLifetimePolicies/{lifetime}"}`))
	w.from = w.snapshot(worldKinds...)
	return w
}

// path puts ids in the place of names in braces.
func (w *world) path(text string) string {
	for _, name := range slices.Sorted(maps.Keys(w.ids)) {
		text = strings.ReplaceAll(text, "{"+name+"}", w.ids[name])
	}
	return text
}

// nameless puts names in the place of ids.
func (w *world) nameless(text string) string {
	for name, id := range w.ids {
		text = strings.ReplaceAll(text, id, "{"+name+"}")
	}
	return text
}

func (w *world) link(path, target string) {
	w.Helper()
	w.must("POST", w.path(path)+"/$ref", w.path(`{"@odata.id":"`+w.base+`/directoryObjects/{`+target+`}"}`))
}

func (w *world) text(kindName, name, property string) string {
	return w.object(entra.Key{Kind: kindName, ID: w.ids[name]}).Text(property)
}

// reconcile puts paths back as the command does, and returns what the outcome says beside the
// steps that were done.
func (w *world) reconcile(paths ...string) []string {
	w.Helper()
	return w.meanwhile(paths, nil)
}

// meanwhile is reconcile with something that happens between plan and apply.
func (w *world) meanwhile(paths, requests []string) []string {
	w.Helper()
	asked := w.asked(paths)
	in, err := Gather(context.Background(), w.client, w.tenant, w.from, asked)
	if err != nil {
		w.Fatal(err)
	}
	made := w.plan(in)
	w.happen(requests)
	outcome, err := Run(context.Background(), w.client, Live{Source: w.client}, judged(made), Options{Base: w.base, Clock: hasty{}})
	if err != nil {
		w.Fatal(err)
	}
	if err := Again(context.Background(), w.client, w.from, asked, nil, &outcome); err != nil {
		w.Fatal(err)
	}
	return w.told(outcome)
}

// happen makes requests, "METHOD PATH [BODY]"; what one makes is called NEW.
func (w *world) happen(requests []string) {
	w.Helper()
	for _, r := range requests {
		parts := strings.SplitN(strings.ReplaceAll(w.path(r), "BASE", w.base), " ", 3)
		id := w.do(parts[0], parts[1], strings.Join(parts[2:], ""))
		if parts[0] == "POST" && !strings.Contains(parts[1], "$ref") && id != "" && !slices.Contains(slices.Collect(maps.Values(w.ids)), id) {
			w.ids["NEW"] = id
		}
	}
}

func (w *world) asked(paths []string) Asked {
	w.Helper()
	for i := range paths {
		paths[i] = w.path(paths[i])
	}
	selection, err := diff.ParseSelection(paths, nil)
	if err != nil {
		w.Fatal(err)
	}
	return Asked{Selection: selection}
}

// told are the sentences of an outcome that speak of something not as the snapshot says.
func (w *world) told(o entra.Outcome) []string {
	var all []string
	add := func(format string, args ...any) {
		line := strings.ReplaceAll(w.nameless(fmt.Sprintf(format, args...)), "{NEW}", "NEW")
		if before, _, ok := strings.Cut(line, "restored until "); ok {
			line = before + "restored until T"
		}
		line, _, _ = strings.Cut(line, " (request ")
		all = append(all, line)
	}
	for _, s := range o.Steps {
		if s.Result != entra.Done {
			add("%s %s: %s", s.Result, s.Step, s.Error)
		}
	}
	for _, c := range o.Remaining {
		add("remaining %s", c.Key)
	}
	for _, u := range o.Unverified {
		add("unverified %s/%s %s", u.Kind, u.ID, u.Link)
	}
	for _, s := range o.Unreviewed {
		add("unreviewed %s", s.ID)
	}
	for _, r := range o.Plan.Refusals {
		add("left alone %s%s: %s", r.Key, r.Pointer, r.Reason)
	}
	for _, a := range o.Plan.Added {
		add("added %s", a.Key)
	}
	for _, p := range o.Plan.AddedParts {
		add("added %s%s", p.Key, p.Pointer)
	}
	return all
}

// What is deleted together comes back together, in one run, to all that the snapshot says; what
// came back beyond that is told, and what was refused for a reason that is gone is not.
func TestWhatComesBackIsJudgedAgain(t *testing.T) {
	everything := []string{"users/{ada}", "users/{boss}", "groups/{team}", "groups/{outer}", "groups/{dynamic}", "applications/{app}", "conditionalAccessPolicies/{policy}",
		"namedLocations/{place}", "administrativeUnits/{unit}", "oauth2PermissionGrants/{grant}", "roleAssignments/{assignment}", "tokenLifetimePolicies/{lifetime}"}
	for _, tt := range []struct {
		name     string
		requests []string // METHOD PATH [BODY]; what happens after the snapshot
		paths    []string
		told     []string
	}{
		{"a user", []string{"DELETE /users/{ada}"}, []string{"users/{ada}"}, nil},
		{"a user who had got a manager", []string{"PUT /users/{carl}/manager/$ref {\"@odata.id\":\"BASE/users/{boss}\"}", "DELETE /users/{carl}"}, []string{"users/{carl}"},
			[]string{"unreviewed users/{carl}:removeLink:manager"}},
		{"a user and his manager", []string{"DELETE /users/{ada}", "DELETE /users/{boss}"}, []string{"users/{ada}", "users/{boss}"}, nil},
		{"a user whose manager stays deleted", []string{"DELETE /users/{ada}", "DELETE /users/{boss}"}, []string{"users/{ada}"},
			[]string{"left alone users/{ada}/links/manager/{boss}: links.manager names users with id {boss} (boss), which was deleted and can be restored until T"}},
		{"a group", []string{"DELETE /groups/{team}"}, []string{"groups/{team}"}, nil},
		{"a group whose rule makes its members", []string{"DELETE /groups/{dynamic}"}, []string{"groups/{dynamic}"}, nil},
		{"a group and a member", []string{"DELETE /groups/{team}", "DELETE /users/{ada}"}, []string{"groups/{team}", "users/{ada}"}, nil},
		{"a group whose member stays deleted", []string{"DELETE /groups/{team}", "DELETE /users/{ada}"}, []string{"groups/{team}"},
			[]string{"left alone groups/{team}/links/members/{ada}: links.members names users or groups or servicePrincipals or devices with id {ada} (ada), which was deleted and can be restored until T"}},
		{"a group that had got a member", []string{"POST /groups/{team}/members/$ref {\"@odata.id\":\"BASE/directoryObjects/{boss}\"}", "DELETE /groups/{team}"}, []string{"groups/{team}"},
			[]string{"added groups/{team}/links/members/{boss}"}},
		{"a group that had lost one", []string{"DELETE /groups/{team}/members/{carl}/$ref", "DELETE /groups/{team}"}, []string{"groups/{team}"}, nil},
		{"a group in a group", []string{"DELETE /groups/{team}", "DELETE /groups/{outer}"}, []string{"groups/{outer}", "groups/{team}"}, nil},
		{"a user who had been given a role", []string{"POST /roleManagement/directory/roleAssignments {\"principalId\":\"{ada}\",\"roleDefinitionId\":\"62e90394-69f5-4237-9190-012177145e10\",\"directoryScopeId\":\"/\"}",
			"DELETE /users/{ada}"}, []string{"users/{ada}", "roleAssignments"}, []string{"added roleAssignments/NEW"}},
		{"a user with role and grant", []string{"DELETE /users/{ada}"}, []string{"users/{ada}", "roleAssignments/{assignment}", "oauth2PermissionGrants/{grant}"}, nil},
		{"a user with what he is assigned to", []string{"DELETE /users/{ada}"}, []string{"users/{ada}", "servicePrincipals/{sp}", "groups/{team}", "administrativeUnits/{unit}"}, nil},
		{"a user who was renamed before", []string{"PATCH /users/{ada} {\"displayName\":\"other\",\"city\":\"x\"}", "DELETE /users/{ada}"}, []string{"users/{ada}"}, nil},
		{"an application", []string{"DELETE /applications/{app}"}, []string{"applications/{app}"}, nil},
		{"an application, its owner and its user", []string{"DELETE /applications/{app}", "DELETE /users/{boss}", "DELETE /users/{ada}"},
			[]string{"applications/{app}", "users/{boss}", "users/{ada}"}, nil},
		{"an application with another credential", []string{"POST /applications/{app}/federatedIdentityCredentials {\"name\":\"evil\",\"issuer\":\"https://e\",\"subject\":\"e\",\"audiences\":[\"a\"]}", "DELETE /applications/{app}"},
			[]string{"applications/{app}"}, []string{"added applications/{app}/contained/federatedIdentityCredentials/evil"}},
		{"a service principal alone", []string{"DELETE /servicePrincipals/{sp}"}, []string{"servicePrincipals/{sp}", "oauth2PermissionGrants/{grant}"}, nil},
		{"an application and its policy", []string{"DELETE /applications/{app}"}, []string{"applications/{app}", "tokenLifetimePolicies/{lifetime}"}, nil},
		{"a unit and its members", []string{"DELETE /directory/administrativeUnits/{unit}", "DELETE /users/{ada}", "DELETE /groups/{team}"},
			[]string{"administrativeUnits/{unit}", "users/{ada}", "groups/{team}"}, nil},
		{"a policy and its place", []string{"DELETE /identity/conditionalAccess/policies/{policy}", "DELETE /identity/conditionalAccess/namedLocations/{place}"},
			[]string{"conditionalAccessPolicies/{policy}", "namedLocations/{place}"}, nil},
		{"a policy with group, user and place", []string{"DELETE /identity/conditionalAccess/policies/{policy}", "DELETE /groups/{team}", "DELETE /users/{ada}", "DELETE /identity/conditionalAccess/namedLocations/{place}"},
			[]string{"conditionalAccessPolicies/{policy}", "groups/{team}", "users/{ada}", "namedLocations/{place}"}, nil},
		{"everything", []string{"DELETE /identity/conditionalAccess/policies/{policy}", "DELETE /identity/conditionalAccess/namedLocations/{place}", "DELETE /groups/{outer}", "DELETE /groups/{team}", "DELETE /groups/{dynamic}",
			"DELETE /applications/{app}", "DELETE /directory/administrativeUnits/{unit}", "DELETE /users/{ada}", "DELETE /users/{boss}"}, everything, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.happen(tt.requests)
			if d := cmp.Diff(tt.told, w.reconcile(slices.Clone(tt.paths)...)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// What happens between plan and apply: a deleted object that somebody else took back is put right
// all the same, and one that is gone by then, or whose name is, is told with what needs it.
func TestTheWorldMovesOnBeforeARestore(t *testing.T) {
	for _, tt := range []struct {
		name              string
		before, meanwhile []string
		paths             []string
		told              []string
		after             []string // PATH PROPERTY VALUE
	}{
		{"somebody else took it back", []string{"PATCH /users/{ada} {\"city\":\"x\"}", "DELETE /users/{ada}"}, []string{"POST /directory/deletedItems/{ada}/restore"},
			[]string{"users/{ada}"}, nil, []string{"users {ada} city "}},
		{"and changed it", []string{"PATCH /users/{ada} {\"city\":\"x\"}", "DELETE /users/{ada}"}, []string{"POST /directory/deletedItems/{ada}/restore", "PATCH /users/{ada} {\"city\":\"y\"}"},
			[]string{"users/{ada}"}, []string{"skipped users/{ada}:update: it moved on since the plan was made: /spec/city has another value", "remaining users/{ada}"}, []string{"users {ada} city y"}},
		{"somebody took the name", []string{"DELETE /users/{ada}"}, []string{"POST /users {\"accountEnabled\":true,\"displayName\":\"again\",\"mailNickname\":\"x\",\"userPrincipalName\":\"ADA@contoso.com\",\"passwordProfile\":{\"password\":\"x\"}}"},
			[]string{"users/{ada}"}, []string{
				"failed users/{ada}:restore: rejected: POST /directory/deletedItems/{ada}/restore: 400 ObjectConflict: " +
					"Another object with the same value for property userPrincipalName already exists: it is that of user NEW",
				"skipped users/{ada}:addLink:manager: user ada ({ada}) had to be taken back first, and that failed",
				"remaining users/{ada}",
			}, nil},
		{"somebody removed it for good", []string{"DELETE /groups/{team}"}, []string{"DELETE /directory/deletedItems/{team}"}, []string{"groups/{team}"}, []string{
			"failed groups/{team}:restore: it is not among the deleted items any more: its 30 days are over, or somebody removed it for good: not found: " +
				"POST /directory/deletedItems/{team}/restore: 404 Request_ResourceNotFound: Resource '{team}' does not exist or one of its queried reference-property objects are not present",
			"skipped groups/{team}:addLink:members: group team ({team}) had to be taken back first, and that failed",
			"skipped groups/{team}:addLink:owners: group team ({team}) had to be taken back first, and that failed",
			"remaining groups/{team}",
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.happen(tt.before)
			if d := cmp.Diff(tt.told, w.meanwhile(tt.paths, tt.meanwhile)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			for _, line := range tt.after {
				f := strings.SplitN(w.path(line), " ", 4)
				if got := w.object(entra.Key{Kind: f[0], ID: f[1]}).Text(f[2]); got != f[3] {
					t.Errorf("%s is %q, want %q", f[2], got, f[3])
				}
			}
		})
	}
}
