package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// decode writes a plan of these steps to a file and reads it back. Of every object it is
// noted that it did not exist, and a step without an id gets one.
func decode(t *testing.T, p entra.Plan, steps ...entra.Step) (entra.Plan, error) {
	t.Helper()
	p.FormatVersion, p.Tenant, p.Live, p.Steps = Version, "t", map[string]string{}, steps
	for _, s := range steps {
		p.Live[s.String()] = ""
	}
	file, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return Decode(file, "t")
}

// about is a step on an object, "kind/id".
func about(key string, action entra.Action, target string, changes ...entra.PropertyChange) entra.Step {
	kindName, id, _ := strings.Cut(key, "/")
	return entra.Step{ID: key + ":" + string(action), Key: entra.Key{Kind: kindName, ID: id}, Action: action, Target: target, Properties: changes}
}

// Steps at the edge of what their action can make of their kind, on either side.
func TestDecodeAtTheEdges(t *testing.T) {
	const credentials, part = "federatedIdentityCredentials", "/contained/federatedIdentityCredentials/"
	came := func(pointer string, after any) entra.PropertyChange {
		return entra.PropertyChange{Pointer: pointer, After: after}
	}
	went := func(pointer string, before any) entra.PropertyChange {
		return entra.PropertyChange{Pointer: pointer, Before: before}
	}
	named := func(name string) map[string]any { return map[string]any{"name": name} }
	linked := func(action entra.Action, target string, changes ...entra.LinkChange) entra.Step {
		s := about("users/1", action, target)
		s.Links = changes
		return s
	}
	nameless := about("users/1", entra.ActionUpdate, "", came("/spec/city", "x"))
	nameless.ID = ""
	both := about("users/1", entra.ActionRestore, "", came("/spec/city", "x"))
	both.Links = []entra.LinkChange{{Link: "manager", Added: []string{"2"}}}
	links := about("users/1", entra.ActionUpdate, "", came("/spec/city", "x"))
	links.Links = both.Links
	for name, tt := range map[string]struct {
		step    entra.Step
		message string // "": the step is taken
	}{
		"an update":                           {about("users/1", entra.ActionUpdate, "", came("/spec/city", "x")), ""},
		"without an id":                       {nameless, "empty or not unique"},
		"of an object without an id":          {about("users/", entra.ActionUpdate, "", came("/spec/city", "x")), "no object's id"},
		"of the folder":                       {about("users/.", entra.ActionUpdate, "", came("/spec/city", "x")), "no object's id"},
		"of the folder above":                 {about("users/..", entra.ActionUpdate, "", came("/spec/city", "x")), "no object's id"},
		"of a part that is none":              {about("users/1", entra.ActionUpdate, "x", came("/spec/city", "x")), "not in the object's spec"},
		"with links besides":                  {links, "lists no properties, or links"},
		"a restore":                           {about("users/1", entra.ActionRestore, ""), ""},
		"a restore of a part":                 {about("users/1", entra.ActionRestore, "x"), "does nothing else"},
		"a restore with as much of each":      {both, "does nothing else"},
		"a creation of nothing but itself":    {about("oauth2PermissionGrants/1", entra.ActionCreate, ""), ""},
		"a creation with a type":              {about("oauth2PermissionGrants/1", entra.ActionCreate, "", came("/spec/@odata.type", "#x")), ""},
		"a creation with what is only read":   {about("oauth2PermissionGrants/1", entra.ActionCreate, "", came("/spec/x", "y")), "cannot be given when the object is created"},
		"an element in the object's spec":     {about("applications/1", entra.ActionCreateContained, credentials, came("/spec/notes", "x")), "not in the object's spec"},
		"an element":                          {about("applications/1", entra.ActionCreateContained, credentials, came(part+"a", named("a"))), ""},
		"an element of another collection":    {about("applications/1", entra.ActionCreateContained, "extensionProperties", came(part+"a", named("a"))), "not in an element of"},
		"an element by an update":             {about("applications/1", entra.ActionUpdate, "", came(part+"a", named("a"))), "not in an element of"},
		"all elements":                        {about("applications/1", entra.ActionCreateContained, credentials, came("/contained/"+credentials, named("a"))), "not in an element of"},
		"an element that is a folder":         {about("applications/1", entra.ActionCreateContained, credentials, came(part+"..", named(".."))), "not in an element of"},
		"two elements":                        {about("applications/1", entra.ActionCreateContained, credentials, came(part+"a", named("a")), came(part+"b", named("b"))), "not one whole element"},
		"an element that is none":             {about("applications/1", entra.ActionCreateContained, credentials, came(part+"a", "x")), "not what createContained does"},
		"an element that goes by coming":      {about("applications/1", entra.ActionCreateContained, credentials, went(part+"a", named("a"))), "not what createContained does"},
		"an element that comes by going":      {about("applications/1", entra.ActionDeleteContained, credentials, came(part+"a", named("a"))), "not what deleteContained does"},
		"an element that goes":                {about("applications/1", entra.ActionDeleteContained, credentials, went(part+"a", named("a"))), ""},
		"an element that goes and was none":   {about("applications/1", entra.ActionDeleteContained, credentials, went(part+"a", "x")), "not what deleteContained does"},
		"an element that stays for good":      {about("customSecurityAttributeDefinitions/1", entra.ActionDeleteContained, "allowedValues", went("/contained/allowedValues/a", map[string]any{"id": "a"})), "not what deleteContained does"},
		"an element of what is fixed":         {about("roleManagementPolicies/1", entra.ActionCreateContained, "rules", came("/contained/rules/a", map[string]any{"id": "a"})), "not one whole element"},
		"an element known by what it is read": {about("crossTenantAccessPolicyPartners/1", entra.ActionCreateContained, "identitySynchronization", came("/contained/identitySynchronization/1", map[string]any{"tenantId": "1"})), ""},
		"an element with a type": {about("authenticationStrengthPolicies/1", entra.ActionCreateContained, "combinationConfigurations",
			came("/contained/combinationConfigurations/x", map[string]any{"appliesToCombinations": "x", "@odata.type": "#x"})), ""},
		"a part of an element":           {about("applications/1", entra.ActionUpdateContained, credentials, came(part+"a/subject", "x"), came(part+"a/issuer", "y")), ""},
		"one target in place of another": {linked(entra.ActionAddLink, "manager", entra.LinkChange{Link: "manager", Added: []string{"2"}, Removed: []string{"3"}}), ""},
		"one target goes and one comes":  {linked(entra.ActionRemoveLink, "manager", entra.LinkChange{Link: "manager", Added: []string{"2"}, Removed: []string{"3"}}), "adds and removes"},
		"a folder goes":                  {linked(entra.ActionAddLink, "manager", entra.LinkChange{Link: "manager", Added: []string{"2"}, Removed: []string{"."}}), "no object's id"},
		"one link twice":                 {linked(entra.ActionAddLink, "sponsors", entra.LinkChange{Link: "sponsors", Added: []string{"2"}}, entra.LinkChange{Link: "sponsors", Added: []string{"3"}}), "does not list what becomes"},
		"several targets":                {linked(entra.ActionAddLink, "sponsors", entra.LinkChange{Link: "sponsors", Added: []string{"2", "3"}}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			read, err := decode(t, entra.Plan{}, tt.step)
			if tt.message == "" {
				if err != nil || cmp.Diff([]entra.Step{tt.step}, read.Steps) != "" {
					t.Errorf("%v, %+v", err, read.Steps)
				}
				return
			}
			if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("error %v, want %s", err, tt.message)
			}
		})
	}
}

// What a plan says of an object beside its steps must be about that object.
func TestDecodeJudgesIdentities(t *testing.T) {
	step := about("oauth2PermissionGrants/old", entra.ActionUpdate, "", entra.PropertyChange{Pointer: "/spec/scope", Before: "a", AddedItems: nil, RemovedItems: []any{"a"}})
	for id, ok := range map[string]bool{"new": true, "": false, "..": false} {
		p := entra.Plan{Identities: map[string]entra.Identity{step.String(): {Key: entra.Key{Kind: step.Kind, ID: id}}}}
		if _, err := decode(t, p, step); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "no identity of") {
			t.Errorf("%q: %v", id, err)
		}
	}
	later := about("users/1", entra.ActionRestore, "")
	later.Needs = []string{step.ID}
	if _, err := decode(t, entra.Plan{}, step, later); err != nil {
		t.Errorf("what needs an earlier step: %v", err)
	}
	bad := about("users/2", entra.ActionRestore, "x")
	if _, err := decode(t, entra.Plan{}, step, bad); err == nil || !strings.HasPrefix(err.Error(), `plan: step 2 "users/2:restore": `) {
		t.Errorf("the step is not named: %v", err)
	}
}
