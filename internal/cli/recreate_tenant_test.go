package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// A tenant of 36 policies, 36 groups and 3 locations that refer to each other comes back from
// nothing: every object under a new id, every reference to the new ids, nothing enforced.
func TestRecreateAWholeTenant(t *testing.T) {
	l := newLaw(t, emulator.Options{Seed: "empty"})
	l.fill(t)
	l.backup(t)
	l.first = strings.TrimSpace(l.git(t, "rev-parse", snapshotsBranch))
	l.read(t)
	kinds := []string{"conditionalAccessPolicies", "groups", "namedLocations"}
	for i, want := range []int{36, 36, 3} {
		if got := len(l.files[kinds[i]]); got != want {
			t.Fatalf("the tenant has %d %s", got, kinds[i])
		}
	}
	for _, name := range kinds {
		k := kind.ByName(name)
		for _, o := range l.files[name] {
			if o.Spec["isTrusted"] == true {
				must(t, l.admin.Set(l.path(t, k, o), map[string]any{"isTrusted": false}))
			}
			if refusal := l.purge(t, k, o); refusal != "" {
				t.Fatalf("%s: %s", o.Key, refusal)
			}
		}
	}
	outcome := l.recreateAll(t, kinds...)
	if n := len(outcome.Lineage); n != 75 {
		t.Errorf("%d successions, want 75", n)
	}
	if !outcome.Complete() {
		t.Fatalf("not complete: %+v %+v %+v", outcome.Remaining, outcome.Unverified, outcome.Dangling)
	}
	l.backup(t)
	l.reportsOnly(t)
	l.noOldID(t)
	l.sameButForEnforcement(t, outcome)

	// What is there is the same now as the snapshot, and applying again makes nothing twice.
	before := l.server.Stats().Writes
	code, out, errs := l.entragit("reconcile", "--from", l.first, "--recreate", "--dry-run", "groups", "namedLocations")
	if code != exitDone || l.server.Stats().Writes != before || !strings.Contains(out, "Nothing to do") {
		t.Errorf("the second time: exit code %d:\n%s%s", code, out, errs)
	}
}

// fill puts the policies, groups and locations into the tenant, by requests as anybody makes
// them.
func (l *law) fill(t *testing.T) {
	t.Helper()
	user := l.create(t, "/users", map[string]any{
		"accountEnabled": true, "displayName": "Ada", "mailNickname": "ada", "userPrincipalName": "ada@contoso.com",
		"passwordProfile": map[string]any{"password": "x8Q!kdl2ss"},
	})
	locations := make([]string, 3)
	for i := range locations {
		locations[i] = l.create(t, "/identity/conditionalAccess/namedLocations", map[string]any{
			"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": fmt.Sprintf("Office %d", i+1), "isTrusted": i == 0,
			"ipRanges": []any{map[string]any{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": fmt.Sprintf("198.51.100.%d/32", i+1)}},
		})
	}
	groups := make([]string, 36)
	for i := range groups {
		body := map[string]any{
			"displayName": fmt.Sprintf("CA Persona %02d", i+1), "mailEnabled": false, "mailNickname": fmt.Sprintf("persona%02d", i+1), "securityEnabled": true,
		}
		if i >= 24 { // a rule that names two other groups
			body["groupTypes"], body["membershipRuleProcessingState"] = []any{"DynamicMembership"}, "On"
			body["membershipRule"] = fmt.Sprintf("user.memberOf -any (group.objectId -in ['%s', '%s'])", groups[i-24], groups[i-12])
		}
		groups[i] = l.create(t, "/groups", body)
		if i > 0 && i < 24 {
			must(t, l.admin.Link("/groups/"+groups[i], "members", groups[i-1]))
		}
		must(t, l.admin.Link("/groups/"+groups[i], "owners", user))
	}
	must(t, l.admin.Link("/groups/"+groups[0], "members", groups[23])) // round in a circle
	for i := range 36 {
		conditions := map[string]any{
			"clientAppTypes": []any{"all"},
			"applications":   map[string]any{"includeApplications": []any{"All"}},
			"users": map[string]any{
				"includeGroups": []any{groups[i]}, "excludeGroups": []any{groups[(i+1)%36], groups[(i+7)%36]}, "excludeUsers": []any{user},
			},
		}
		if i%3 == 0 {
			conditions["locations"] = map[string]any{"includeLocations": []any{"All"}, "excludeLocations": []any{locations[i/3%3], "AllTrusted"}}
		}
		state := []string{"enabled", "disabled", "enabledForReportingButNotEnforced"}[i%3]
		l.create(t, "/identity/conditionalAccess/policies", map[string]any{
			"displayName": fmt.Sprintf("CA%03d", i+1), "state": state, "conditions": conditions,
			"grantControls": map[string]any{"operator": "OR", "builtInControls": []any{"mfa"}},
		})
	}
}

// create makes an object and returns its id.
func (l *law) create(t *testing.T, path string, body map[string]any) string {
	t.Helper()
	data, err := json.Marshal(body)
	must(t, err)
	resp, err := http.Post(l.variables["ENTRAGIT_GRAPH"]+"/v1.0"+path, "application/json", bytes.NewReader(data))
	must(t, err)
	defer resp.Body.Close()
	var created struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&created); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("POST %s: %s %v", path, resp.Status, err)
	}
	return created.ID
}

// recreateAll reconciles whole kinds, without having policies enforce anything.
func (l *law) recreateAll(t *testing.T, kinds ...string) entra.Outcome {
	t.Helper()
	args := []string{"reconcile", "--from", l.first, "--recreate", "--yes", "--output", "json", "--accept", strings.Join(ruleNames(), ","),
		"--passwords", filepath.Join(t.TempDir(), "passwords")}
	code, out, errs := l.entragit(append(args, kinds...)...)
	var outcome entra.Outcome
	if err := json.Unmarshal([]byte(out), &outcome); err != nil || code != exitIncomplete { // policies report only
		t.Fatalf("reconcile exits with %d: %v\n%s%s", code, err, out, errs)
	}
	return outcome
}

// reportsOnly makes sure that the tenant has no policy that enforces anything.
func (l *law) reportsOnly(t *testing.T) {
	t.Helper()
	for _, body := range l.server.Objects("/identity/conditionalAccess/policies") {
		if body["state"] == "enabled" {
			t.Errorf("%s enforces", body["displayName"])
		}
	}
}

// noOldID makes sure that nothing in the tenant names an object of the first snapshot that
// is gone.
func (l *law) noOldID(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/identity/conditionalAccess/policies", "/groups", "/identity/conditionalAccess/namedLocations"} {
		text, err := json.Marshal(l.server.Objects(path))
		must(t, err)
		for _, name := range []string{"groups", "namedLocations", "conditionalAccessPolicies"} {
			for _, o := range l.files[name] {
				if strings.Contains(string(text), o.ID) {
					t.Errorf("%s still names %s", path, o.Key)
				}
			}
		}
	}
}

// sameButForEnforcement compares the newest snapshot with the first one.
func (l *law) sameButForEnforcement(t *testing.T, outcome entra.Outcome) {
	t.Helper()
	back := map[entra.Name]string{}
	for _, s := range outcome.Lineage {
		back[entra.Name{Kind: s.Kind, By: s.By, Value: s.New}] = s.Old
	}
	report := func(key, text string) string {
		if !strings.HasPrefix(key, "conditionalAccessPolicies/") {
			return text
		}
		return strings.ReplaceAll(text, `"state": "enabled"`, `"state": "enabledForReportingButNotEnforced"`)
	}
	before, after := l.written(t, l.first, nil), l.written(t, snapshotsBranch, back)
	for key, text := range before {
		if report(key, text) != after[key] {
			t.Errorf("%s is not what it was:\n%s\n%s", key, text, after[key])
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d objects, and %d before", len(after), len(before))
	}
	told := slices.DeleteFunc(slices.Clone(outcome.Plan.Refusals), func(r entra.Refusal) bool { return r.Pointer != "/spec/state" })
	if len(told) != 12 || len(told) != len(outcome.Plan.Refusals) {
		t.Errorf("%d policies are told to report only: %+v", len(told), outcome.Plan.Refusals)
	}
}

// Applications that name each other and themselves, groups that own each other, and what was
// given to them: all of it is led to the new ids, in two passes where it goes round.
func TestRecreateWhatGoesRound(t *testing.T) {
	l := newLaw(t, emulator.Options{Seed: "empty"})
	var ids, appIDs [2]string
	for i := range ids {
		ids[i] = l.create(t, "/applications", map[string]any{"displayName": fmt.Sprintf("App %d", i), "signInAudience": "AzureADMyOrg"})
		appIDs[i] = l.text(t, "/applications", ids[i], "appId")
	}
	const scope = "9d4e2c66-6b1c-4f0a-8f0e-0f5f6c1f1a01"
	for i := range ids {
		other := appIDs[1-i]
		must(t, l.admin.Set("/applications/"+ids[i], map[string]any{
			"identifierUris": []any{"api://" + appIDs[i]},
			"api": map[string]any{
				"oauth2PermissionScopes": []any{map[string]any{
					"id": scope, "isEnabled": true, "type": "Admin", "value": "read", "adminConsentDisplayName": "Read", "adminConsentDescription": "Reads",
				}},
				"preAuthorizedApplications": []any{map[string]any{"appId": other, "delegatedPermissionIds": []any{scope}}},
				"knownClientApplications":   []any{other},
			},
			"requiredResourceAccess": []any{map[string]any{"resourceAppId": other, "resourceAccess": []any{map[string]any{"id": scope, "type": "Scope"}}}},
		}))
		l.create(t, "/applications/"+ids[i]+"/extensionProperties", map[string]any{"name": "badge", "dataType": "String", "targetObjects": []any{"User"}})
	}
	var sps, groups [2]string
	for i := range sps {
		sps[i] = l.create(t, "/servicePrincipals", map[string]any{"appId": appIDs[i]})
		groups[i] = l.create(t, "/groups", map[string]any{"displayName": fmt.Sprintf("Group %d", i), "mailEnabled": false, "mailNickname": fmt.Sprintf("g%d", i), "securityEnabled": true})
	}
	for i := range sps {
		must(t, l.admin.Link("/groups/"+groups[i], "members", groups[1-i]))
		must(t, l.admin.Link("/groups/"+groups[i], "owners", sps[i]))
		must(t, l.admin.Link("/servicePrincipals/"+sps[i], "owners", sps[1-i]))
		l.create(t, "/oauth2PermissionGrants", map[string]any{"clientId": sps[i], "resourceId": sps[1-i], "consentType": "AllPrincipals", "scope": "read"})
	}
	l.backup(t)
	l.first = strings.TrimSpace(l.git(t, "rev-parse", snapshotsBranch))
	l.read(t)
	for _, name := range []string{"applications", "servicePrincipals", "groups"} {
		for _, o := range l.files[name] {
			if name == "servicePrincipals" && !slices.Contains(sps[:], o.ID) {
				continue
			}
			k := kind.ByName(name)
			l.delete(t, k, o)
			must(t, l.admin.Remove(l.addresses().Deleted(k, o.ID)))
		}
	}
	outcome := l.recreate(t, append(slices.Clone(l.files["applications"]), l.files["groups"]...)...)
	for _, s := range []string{"applications", "servicePrincipals"} {
		if n := len(slices.DeleteFunc(slices.Clone(outcome.Lineage), func(x entra.Succession) bool { return x.Kind != s || x.By != "" })); n != 2 {
			t.Errorf("%d %s have new ids", n, s)
		}
	}
	l.backup(t)
	l.sameUnder(t, outcome)
}

// text is a property of an object of the tenant.
func (l *law) text(t *testing.T, path, id, property string) string {
	t.Helper()
	for _, body := range l.server.Objects(path) {
		if body["id"] == id {
			text, _ := body[property].(string)
			return text
		}
	}
	t.Fatalf("%s has no %s", path, id)
	return ""
}
