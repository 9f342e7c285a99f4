package cli

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// An everyday act is one thing told, however many objects show it, and told of whoever did it: over
// real requests, each by somebody.
func TestEverydayActsAreToldOnce(t *testing.T) {
	t.Parallel()
	w := watch(t, newLaw(t, emulator.Options{}), 7)
	everyday := everydayOf(t, w)
	for round, acts := range everyday {
		var want []string
		for n, act := range acts {
			w.by = w.actors[n%len(w.actors)]
			w.now = w.now.Add(7 * 60e9)
			for _, told := range act.does() {
				want = append(want, told+" by "+w.by.name)
			}
		}
		w.snapshotNow(t)
		n := len(w.worlds)
		set := w.diff(t, seq(n-2), seq(n-1))
		var got []string
		for _, c := range entra.Told(set.Changes) {
			got = append(got, fmt.Sprintf("%s %s %s by %s", c.Type, c.Kind, c.ID, namedBy(c)))
		}
		same(t, fmt.Sprintf("round %d", round), got, want)
	}
}

// namedBy are those who are named for what is told of a change.
func namedBy(c entra.Change) string {
	var names []string
	for _, a := range c.By {
		if len(a.Parts) > 0 && !slices.ContainsFunc(pointersOf(c), func(p string) bool { return p == "" || ofPart([]entra.Attribution{a}, p).Parts != nil }) {
			continue
		}
		name := a.Actor.Name
		if !a.Known() {
			name = "nobody: " + string(a.Unknown)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// act is something that somebody does; does returns what is to be told: what became of which
// object.
type act struct{ does func() []string }

func everydayOf(t *testing.T, w *watched) [][]act {
	user, other := w.member(t, 0), w.member(t, 1)
	guest, third := w.member(t, 2), w.member(t, 3)
	policy := w.first(t, "conditionalAccessPolicies", func(o *entra.Object) bool { return o.Spec["state"] == "enabled" })
	group := w.first(t, "groups", func(o *entra.Object) bool {
		return o.Text("onPremisesSyncEnabled") == "" && o.Property("onPremisesSyncEnabled") == nil && o.Spec["isAssignableToRole"] == nil && len(o.Links["members"]) > 0
	})
	app := w.first(t, "applications", func(o *entra.Object) bool { return strings.Contains(textOf(o.Spec["web"]), "https://") })
	role := w.first(t, "roleDefinitions", func(o *entra.Object) bool { return o.Name == "Global Reader" })
	client, resource := w.sp(t, 0), w.first(t, "servicePrincipals", func(o *entra.Object) bool { return o.Name == "Microsoft Graph" })
	created := ""
	one := func(what, kindName string, id *string) []string { return []string{what + " " + kindName + " " + *id} }
	return [][]act{{
		{func() []string { // a leaver
			w.does(t, "DELETE", "/users/"+user.ID, nil)
			return one("removed", "users", &user.ID)
		}},
		{func() []string {
			w.does(t, "PATCH", "/identity/conditionalAccess/policies/"+policy.ID, map[string]any{"state": "disabled"})
			return one("changed", "conditionalAccessPolicies", &policy.ID)
		}},
		{func() []string {
			w.does(t, "PATCH", "/groups/"+group.ID, map[string]any{"displayName": "Renamed"})
			return one("changed", "groups", &group.ID)
		}},
		{func() []string { // a new name on the wedding day
			w.does(t, "PATCH", "/users/"+other.ID, map[string]any{"displayName": "Someone New", "surname": "New", "mailNickname": "new"})
			return one("changed", "users", &other.ID)
		}},
		{func() []string { // a role through PIM
			made := w.does(t, "POST", "/roleManagement/directory/roleAssignmentScheduleRequests", map[string]any{
				"action": "adminAssign", "principalId": guest.ID, "roleDefinitionId": role.ID, "directoryScopeId": "/", "justification": "on call",
				"scheduleInfo": map[string]any{"startDateTime": w.now, "expiration": map[string]any{"type": "noExpiration"}},
			})
			id := made["targetScheduleId"].(string)
			return one("added", "roleAssignmentSchedules", &id)
		}},
		{func() []string { // one more address to sign in to
			web := maps.Clone(app.Spec["web"].(map[string]any))
			web["redirectUris"] = append(slices.Clone(web["redirectUris"].([]any)), "https://new.contoso.com/cb")
			w.does(t, "PATCH", "/applications/"+app.ID, map[string]any{"web": web})
			return one("changed", "applications", &app.ID)
		}},
		{func() []string { // consent for one person
			made := w.does(t, "POST", "/oauth2PermissionGrants", map[string]any{
				"clientId": client.ID, "resourceId": resource.ID, "consentType": "Principal", "principalId": other.ID, "scope": "User.Read Mail.Read",
			})
			id := made["id"].(string)
			return one("added", "oauth2PermissionGrants", &id)
		}},
		{func() []string { // a new application, with its instance and a secret
			made := w.does(t, "POST", "/applications", map[string]any{"displayName": "Reports", "web": map[string]any{"redirectUris": []any{"https://reports.contoso.com"}}})
			created = made["id"].(string)
			w.does(t, "POST", "/servicePrincipals", map[string]any{"appId": made["appId"]})
			w.does(t, "POST", "/applications/"+created+"/addPassword", map[string]any{"passwordCredential": map[string]any{"displayName": "ci"}})
			return one("added", "applications", &created)
		}},
		{func() []string { // switched off and on again
			w.does(t, "PATCH", "/users/"+third.ID, map[string]any{"accountEnabled": false})
			w.does(t, "PATCH", "/users/"+third.ID, map[string]any{"accountEnabled": true})
			return nil
		}},
		{func() []string { // deleted by mistake, and taken back at once
			w.does(t, "DELETE", "/groups/"+w.plainGroup(t, 1).ID, nil)
			w.does(t, "POST", "/directory/deletedItems/"+w.plainGroup(t, 1).ID+"/restore", map[string]any{})
			return nil
		}},
	}, {
		{func() []string { // the leaver comes back
			w.does(t, "POST", "/directory/deletedItems/"+user.ID+"/restore", map[string]any{})
			return one("added", "users", &user.ID)
		}},
		{func() []string {
			w.does(t, "DELETE", "/applications/"+created, nil)
			return one("removed", "applications", &created)
		}},
		{func() []string {
			id := w.plainGroup(t, 2).ID
			w.does(t, "DELETE", "/groups/"+id, nil)
			return one("removed", "groups", &id)
		}},
		{func() []string { // twice the same property: the last one counts
			w.does(t, "PATCH", "/users/"+third.ID, map[string]any{"jobTitle": "First"})
			w.by = w.actors[0]
			w.does(t, "PATCH", "/users/"+third.ID, map[string]any{"jobTitle": "Second"})
			return one("changed", "users", &third.ID)
		}},
	}}
}

// does sends a request that the tenant takes.
func (w *watched) does(t *testing.T, method, path string, body map[string]any) map[string]any {
	t.Helper()
	if status := w.send(t, method, path, body); status >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d", method, path, status)
	}
	return w.answer
}

// first is the first object of a kind that fits.
func (w *watched) first(t *testing.T, kindName string, fits func(*entra.Object) bool) *entra.Object {
	t.Helper()
	i := slices.IndexFunc(w.files[kindName], fits)
	if i < 0 {
		t.Fatalf("the seed has no such %s", kindName)
	}
	return w.files[kindName][i]
}

// member is one of the people who are in groups and have no role, and who do not act.
func (w *watched) member(t *testing.T, n int) *entra.Object {
	t.Helper()
	return w.first(t, "users", func(o *entra.Object) bool {
		in := slices.ContainsFunc(w.files["groups"], func(g *entra.Object) bool { return slices.Contains(g.Links["members"], o.ID) })
		holds := slices.ContainsFunc(w.files["roleAssignments"], func(r *entra.Object) bool { return r.Spec["principalId"] == o.ID })
		acts := slices.ContainsFunc(w.actors, func(a actor) bool { return a.id == o.ID })
		if in && !holds && !acts && o.Property("onPremisesSyncEnabled") == nil && o.Spec["accountEnabled"] == true {
			n--
		}
		return n < 0
	})
}

// plainGroup is one of the groups that nothing but members hang on.
func (w *watched) plainGroup(t *testing.T, n int) *entra.Object {
	t.Helper()
	return w.first(t, "groups", func(o *entra.Object) bool {
		if o.Property("onPremisesSyncEnabled") == nil && o.Spec["isAssignableToRole"] == nil && o.Spec["assignedLicenses"] == nil && o.Spec["mailEnabled"] == false {
			n--
		}
		return n < 0
	})
}

// sp is the instance of an application that acts.
func (w *watched) sp(t *testing.T, n int) *entra.Object {
	t.Helper()
	return w.first(t, "servicePrincipals", func(o *entra.Object) bool { return o.ID == w.actors[3+n].id })
}
