package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// A property that refers to something that does not exist is refused whole, the others
// are written, and no list is shortened.
func TestPlanRefusesThePartThatRefersToNothing(t *testing.T) {
	const conditions = `"conditions":{"users":{"excludeGroups":["p1","gone"],"includeUsers":["All"]}}`
	tests := []struct {
		name, key, live, want string
		plan                  []string
	}{
		{"the rest is put back", "conditionalAccessPolicies/1", `{"Spec":{"state":"disabled"}}`, `{"Spec":{"state":"enabled",` + conditions + `}}`, []string{
			"conditionalAccessPolicies/1:update",
			"left alone conditionalAccessPolicies/1/spec/conditions: conditions.users.excludeGroups names groups with id gone, which does not exist " + restoreFirst,
		}},
		{"what does not differ is not looked at", "conditionalAccessPolicies/1", `{"Spec":{"state":"disabled",` + conditions + `}}`, `{"Spec":{"state":"enabled",` + conditions + `}}`,
			[]string{"conditionalAccessPolicies/1:update"}},
		{"all of an object that Graph takes as a whole", "accessPackageAssignmentPolicies/1", `{"Spec":{"displayName":"a","accessPackage":{"id":"gone"}}}`,
			`{"Spec":{"displayName":"b","accessPackage":{"id":"gone"}}}`,
			[]string{"left alone accessPackageAssignmentPolicies/1: accessPackage.id names accessPackages with id gone, which does not exist " + restoreFirst}},
		{"all of an object that is created", "oauth2PermissionGrants/1", "", `{"Spec":{"clientId":"gone","resourceId":"p2","consentType":"AllPrincipals"}}`,
			[]string{"left alone oauth2PermissionGrants/1: clientId names servicePrincipals with id gone, which does not exist " + restoreFirst}},
		{"one target of a link", "groups/1", `{}`, `{"Links":{"members":["gone","p3"]}}`, []string{
			"groups/1:addLink:members",
			"left alone groups/1/links/members/gone: links.members names users or groups or servicePrincipals or devices with id gone, which does not exist " +
				"restore it first; the other targets are not held up",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &world{}
			if tt.live != "" {
				w.live = []*entra.Object{object(t, tt.key, tt.live)}
			}
			got := w.plan(t, object(t, tt.key, tt.want))
			if d := cmp.Diff(tt.plan, lines(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// What could not be looked up is refused with that reason: nobody knows that it is gone.
func TestPlanRefusesWhatCouldNotBeLookedUp(t *testing.T) {
	w := &world{failing: map[string]error{"p1": errors.New("no answer")}, live: []*entra.Object{object(t, "conditionalAccessPolicies/1", `{}`)}}
	got := w.plan(t, object(t, "conditionalAccessPolicies/1", `{"Spec":{"state":"enabled","conditions":{"users":{"excludeGroups":["p1"]}}}}`))
	if len(got.Refusals) != 1 || !strings.HasSuffix(got.Refusals[0].Reason, "with id p1, which could not be looked up: no answer") {
		t.Errorf("%+v", got.Refusals)
	}
	// Where the object may be in another tenant, Graph is left to judge.
	w.live = []*entra.Object{object(t, "applications/1", `{}`)}
	w.failing = map[string]error{"there": errors.New("no answer")}
	got = w.plan(t, object(t, "applications/1", `{"Spec":{"requiredResourceAccess":[{"resourceAppId":"there"}]}}`))
	if len(got.Refusals) > 0 || len(got.Steps) != 1 {
		t.Errorf("%q", lines(got))
	}
}

// A property that Graph only takes alone has a step of its own, so that the other
// properties are written whatever becomes of it.
func TestPlanOwnRequest(t *testing.T) {
	k := *kind.ByName("users")
	k.OwnRequest = []string{"city", "state"}
	want := object(t, "users/1", `{"Spec":{"city":"a","state":"b","country":"c","surname":"d"}}`)
	p := newPlanner((&world{live: []*entra.Object{object(t, "users/1", `{}`)}}).input(t, want))
	d := p.object(&k, want.Key)
	d.plan()
	var got []string
	for _, s := range d.steps {
		line := s.ID
		for _, c := range s.Properties {
			line += " " + c.Pointer
		}
		got = append(got, line)
	}
	if d := cmp.Diff([]string{"users/1:update /spec/country /spec/surname", "users/1:update:city /spec/city", "users/1:update:state /spec/state"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A plan tells the kind of a link's target where the request depends on it and the link
// may lead to several.
func TestPlanTellsTheKindOfATarget(t *testing.T) {
	w := &world{live: []*entra.Object{object(t, "claimsMappingPolicies/1", `{}`), object(t, "groups/2", `{}`), object(t, "connectedOrganizations/3", `{}`)}}
	got := w.plan(t, object(t, "claimsMappingPolicies/1", `{"Links":{"appliesTo":["p1"]}}`), object(t, "groups/2", `{"Links":{"members":["p2"]}}`),
		object(t, "connectedOrganizations/3", `{"Links":{"externalSponsors":["p3"]}}`))
	of := kind.ByName("claimsMappingPolicies").LinkReference("appliesTo").Targets
	want := map[string]string{"p3": "groups"}
	if len(of) > 1 {
		want["p1"] = of[len(of)-1]
	}
	if d := cmp.Diff(want, got.Targets); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What cannot be written at all is refused where it differs, and only there.
func TestPlanOfWhatIsNeverWritten(t *testing.T) {
	key := entra.Key{Kind: "conditionalAccessPolicies", ID: "1"}
	w := &world{unwritable: map[entra.Key]string{key: "it uses preview features"}, live: []*entra.Object{object(t, key.String(), `{"Spec":{"state":"x"}}`)}}
	if got := w.plan(t, object(t, key.String(), `{"Spec":{"state":"y"}}`)); len(got.Steps) > 0 || got.Refusals[0].Reason != "it uses preview features" {
		t.Errorf("%q", lines(got))
	}
	if got := w.plan(t, object(t, key.String(), `{"Spec":{"state":"x"}}`)); len(got.Refusals) > 0 || got.Matched != 1 {
		t.Errorf("%q", lines(got))
	}
	if _, err := New(Input{Want: map[entra.Key]*entra.Object{{Kind: "x"}: {}}}); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("an unknown kind: %v", err)
	}
}
