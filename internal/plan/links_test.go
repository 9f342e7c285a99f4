package plan

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

func TestPlanOfLinks(t *testing.T) {
	const gone = "links.members names users or groups or servicePrincipals or devices with id gone, which does not exist; restore it first; the other targets are not held up"
	run(t, false, []oneObject{
		{name: "all that come are one step, all that go another", key: "groups/1", live: `{"Links":{"members":["p1","p2","p5"]}}`, want: `{"Links":{"members":["p2","p3","p4"]}}`,
			plan: []string{"addLink:members +p3 +p4", "removeLink:members -p1 -p5"}},
		{name: "nobody is left alone for another's sake", key: "groups/1", live: `{"Links":{"members":["p1"]}}`, want: `{"Links":{"members":["gone","p2"]}}`,
			plan: []string{"addLink:members +p2", "removeLink:members -p1", "left alone /links/members/gone: " + gone}},
		{name: "nobody to add", key: "groups/1", live: `{"Links":{"members":["p1"]}}`, want: `{"Links":{"members":["gone"]}}`,
			plan: []string{"removeLink:members -p1", "left alone /links/members/gone: " + gone}},
		{name: "who goes need not be there", key: "groups/1", live: `{"Links":{"members":["gone"]}}`, want: `{}`, plan: []string{"removeLink:members -gone"}},
		{name: "one target replaces the other", key: "users/1", live: `{"Links":{"manager":["p1"]}}`, want: `{"Links":{"manager":["p2"]}}`, plan: []string{"addLink:manager +p2 -p1"}},
		{name: "the one target goes", key: "users/1", live: `{"Links":{"manager":["p1"]}}`, want: `{}`, plan: []string{"removeLink:manager -p1"}},
		{name: "the one target does not exist", key: "users/1", live: `{"Links":{"manager":["p1"]}}`, want: `{"Links":{"manager":["gone"]}}`,
			plan: []string{"left alone /links/manager/gone: links.manager names users with id gone, which does not exist; restore it first; the other targets are not held up"}},
		{name: "one selected target comes", key: "groups/1", live: `{"Links":{"members":["p1","p2"]}}`, want: `{"Links":{"members":["p2","p3","p4"]}}`, parts: []string{"links.members.p3"},
			plan: []string{"addLink:members +p3"}},
		{name: "one selected target goes", key: "groups/1", live: `{"Links":{"members":["p1","p2"]}}`, want: `{}`, parts: []string{"links.members.p1"},
			plan: []string{"removeLink:members -p1"}},
		{name: "one selected target stays", key: "groups/1", live: `{"Links":{"members":["p1","p2"]}}`, want: `{"Links":{"members":["p1"]}}`, parts: []string{"links.members.p1"}},
		{name: "links are left when a property is named", key: "groups/1", live: `{"Links":{"members":["p1"]}}`, want: `{"Spec":{"displayName":"x"}}`, parts: []string{"displayName"},
			plan: []string{"update /spec/displayName"}},
		{name: "a target has room for one, so that what goes goes first", key: "claimsMappingPolicies/1", live: `{"Links":{"appliesTo":["p1"]}}`, want: `{"Links":{"appliesTo":["p2"]}}`,
			plan: []string{"removeLink:appliesTo -p1", "addLink:appliesTo +p2"}},
		{name: "written at its target, which must be there to take it away", key: "claimsMappingPolicies/1", live: `{"Links":{"appliesTo":["gone","p1"]}}`, want: `{}`,
			plan: []string{"removeLink:appliesTo -p1",
				"left alone /links/appliesTo/gone: links.appliesTo names servicePrincipals with id gone, which does not exist; restore it first; the other targets are not held up"}},
	})
}

// A target that the plan takes back is linked by a step of its own, so that one that fails
// holds up no other.
func TestPlanLinksWhatItTakesBack(t *testing.T) {
	w := &world{
		live: []*entra.Object{object(t, "groups/g", `{}`), object(t, "users/u", `{}`)},
		deleted: []*entra.Object{object(t, "users/a", `{}`), object(t, "users/b", `{}`),
			object(t, "users/c", `{}`)}, // c is not selected
	}
	got := w.plan(t, object(t, "groups/g", `{"Links":{"members":["a","b","c","p1","u"]}}`), object(t, "users/u", `{"Links":{"manager":["a"]}}`),
		object(t, "users/a", `{}`), object(t, "users/b", `{}`))
	want := []string{
		"users/a:restore", "users/b:restore",
		"groups/g:addLink:members:a users/a:restore", "groups/g:addLink:members:b users/b:restore", "groups/g:addLink:members", "users/u:addLink:manager users/a:restore",
		"left alone groups/g/links/members/c: links.members names users or groups or servicePrincipals or devices with id c, which does not exist restore it first; the other targets are not held up",
	}
	if d := cmp.Diff(want, lines(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A request that names the target by its kind cannot be rendered for a target of a kind
// that nobody knows.
func TestPlanRefusesATargetOfNoKnownKind(t *testing.T) {
	for _, tt := range []struct{ key, link, want string }{
		{"connectedOrganizations/1", "externalSponsors", "left alone /links/externalSponsors/x: what it is was not found out"},
		{"claimsMappingPolicies/1", "appliesTo", "left alone /links/appliesTo/x: what it is was not found out"},
		{"groups/1", "members", "addLink:members +x"},
	} {
		w := &world{live: []*entra.Object{object(t, tt.key, `{}`)}}
		in := w.input(t, object(t, tt.key, `{"Links":{"`+tt.link+`":["x"]}}`))
		in.Find = func(*kind.Reference, string) (string, error) { return "", nil }
		made, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]string{tt.want}, details(made)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// A plan tells the kind of a target only where the request needs it and the link does not say.
func TestPlanTargets(t *testing.T) {
	w := &world{live: []*entra.Object{object(t, "accessPackages/1", `{}`), object(t, "connectedOrganizations/3", `{}`)}}
	in := w.input(t, object(t, "accessPackages/1", `{"Links":{"incompatibleGroups":["p1"]}}`), object(t, "connectedOrganizations/3", `{"Links":{"externalSponsors":["p3","x"]}}`))
	in.Find = func(ref *kind.Reference, id string) (string, error) {
		if id == "x" {
			return "", errors.New("no answer")
		}
		return ref.Targets[0], nil
	}
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"p3": "users"}, made.Targets); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
