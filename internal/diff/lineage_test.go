package diff

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// pointOf is a point with objects of kinds whose paths are their ids.
func pointOf(t *testing.T, objects ...*entra.Object) *side {
	t.Helper()
	files := map[string]*entra.Object{}
	for _, o := range objects {
		if o.Kind == "conditionalAccessPolicies" {
			files["tenant/"+o.Kind+"/p."+o.ID+".yaml"] = o
		} else {
			files["tenant/"+o.Kind+"/"+o.ID+".yaml"] = o
		}
	}
	return point(t, files)
}

func policyFor(groups ...any) *entra.Object {
	return &entra.Object{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: "p1"}, Name: "CA001", Spec: map[string]any{
		"displayName": "CA001", "conditions": map[string]any{"users": map[string]any{"excludeGroups": groups}},
	}}
}

func succession(kindName, by, older, newer string) entra.Succession {
	return entra.Succession{Kind: kindName, By: by, Old: older, New: newer, When: time.Unix(1, 0)}
}

// compared is a comparison under a lineage, in short.
func comparedUnder(t *testing.T, l entra.Lineage, a, b *side) []string {
	t.Helper()
	set, err := Compare(a, b, Options{Lineage: l.Lines()})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range set.Changes {
		line := map[entra.ChangeType]string{entra.Added: "+", entra.Removed: "-", entra.Changed: "~"}[c.Type] + " " + c.String()
		for _, p := range c.Properties {
			line += " " + p.Pointer
		}
		for _, l := range c.Links {
			line += " " + l.Link
			for _, id := range l.Added {
				line += " +" + id
			}
			for _, id := range l.Removed {
				line += " -" + id
			}
		}
		lines = append(lines, line)
		if c.OldID != "" {
			lines = append(lines, c.String()+" was "+c.OldID)
		}
	}
	return lines
}

func TestCreatedAgainIsOneObject(t *testing.T) {
	lineage := entra.Lineage{succession("groups", "", "g1", "g2")}
	old := pointOf(t, group("g1", "Sales", "u1"), group("g7", "Other", "g1"), policyFor("g1"))
	again := pointOf(t, group("g2", "Sales", "u1"), group("g7", "Other", "g2"), policyFor("g2"))
	changed := pointOf(t, group("g2", "Sales", "u1", "u2"), group("g7", "Other", "g2"), policyFor("g2"))
	both := pointOf(t, group("g1", "Sales", "u1"), group("g2", "Sales", "u1"), group("g7", "Other", "g1"), policyFor("g1"))
	dangling := pointOf(t, group("g2", "Sales", "u1"), group("g7", "Other", "g2"), policyFor("g1", "x"))
	noGroups := pointOf(t, policyFor("g2"))
	for _, tt := range []struct {
		name string
		a, b *side
		want []string
	}{
		{"nothing else", old, again, []string{"~ groups/g2", "groups/g2 was g1"}},
		{"the way back", again, old, []string{"~ groups/g1", "groups/g1 was g2"}},
		{"a member came, too", old, changed, []string{"~ groups/g2 members +u2", "groups/g2 was g1"}},
		{"since", again, changed, []string{"~ groups/g2 members +u2"}},
		{"the old one was taken back as well", old, both, []string{"+ groups/g2 /spec/displayName members +u1"}},
		{"and the new one then went", both, old, []string{"- groups/g2 /spec/displayName members -u1"}},
		{"the old one went, which had been taken back", both, again, []string{
			"~ conditionalAccessPolicies/p1 /spec/conditions/users/excludeGroups", "- groups/g1 /spec/displayName members -u1", "~ groups/g7 members +g2 -g1",
		}},
		{"a mention of the old id leads nowhere", again, dangling, []string{"~ conditionalAccessPolicies/p1 /spec/conditions/users/excludeGroups"}},
		{"also against the time when it led somewhere", old, dangling, []string{
			"~ conditionalAccessPolicies/p1 /spec/conditions/users/excludeGroups", "~ groups/g2", "groups/g2 was g1",
		}},
		{"objects of the kind are not there", noGroups, pointOf(t, policyFor("g1")), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, comparedUnder(t, lineage, tt.a, tt.b)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// The value of a mention that leads nowhere differs by what it leads to.
func TestDanglingMentionIsTold(t *testing.T) {
	lineage := entra.Lineage{succession("groups", "", "g1", "g2")}
	a := pointOf(t, group("g1", "Sales"), policyFor("g1"))
	b := pointOf(t, group("g2", "Sales"), policyFor("g1", "g7"))
	set, err := Compare(a, b, Options{Lineage: lineage.Lines()})
	if err != nil {
		t.Fatal(err)
	}
	c := set.Changes[0].Properties[0]
	if d := cmp.Diff([]any{c.RemovedItems, c.AddedItems}, []any{[]any{"g2"}, []any{"g1", "g7"}}); d != "" {
		t.Error(d)
	}
}

// An application that is created again has another appId, by which others know it, too.
func TestApplicationCreatedAgain(t *testing.T) {
	app := func(id, appID string) *entra.Object {
		return &entra.Object{Key: entra.Key{Kind: "applications", ID: id}, Name: "Payroll", Spec: map[string]any{
			"displayName": "Payroll", "identifierUris": []any{"api://" + appID},
		}, Status: map[string]any{"appId": appID}}
	}
	const before, after = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"
	lineage := entra.Lineage{succession("applications", "", "a1", "a2"), succession("applications", "appId", before, after)}
	want := []string{"~ applications/a2", "applications/a2 was a1"}
	if d := cmp.Diff(want, comparedUnder(t, lineage, pointOf(t, app("a1", before)), pointOf(t, app("a2", after)))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What is known by its natural key is joined by that, also where the key names an object
// that was created again.
func TestNaturalKeyUnderALineage(t *testing.T) {
	assigned := func(id, principal string) *entra.Object {
		return &entra.Object{Key: entra.Key{Kind: "roleAssignments", ID: id}, Spec: map[string]any{
			"principalId": principal, "roleDefinitionId": "r", "directoryScopeId": "/",
		}}
	}
	lineage := entra.Lineage{succession("groups", "", "g1", "g2")}
	a := pointOf(t, group("g1", "Sales"), assigned("x1", "g1"))
	b := pointOf(t, group("g2", "Sales"), assigned("x2", "g2"))
	if d := cmp.Diff([]string{"~ groups/g2", "groups/g2 was g1"}, comparedUnder(t, lineage, a, b)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An object goes by every id that it had, unless another object has that id.
func TestSelectByAnOlderID(t *testing.T) {
	lines := entra.Lineage{succession("groups", "", "g1", "g2")}.Lines()
	old, again := pointOf(t, group("g1", "Sales")), pointOf(t, group("g2", "Sales"))
	both := pointOf(t, group("g1", "Sales"), group("g2", "Sales"))
	for _, tt := range []struct {
		arg  string
		p    *side
		want string
	}{
		{"groups/g1", again, "groups/g2"}, {"groups/g2", old, "groups/g1"}, {"g1", again, "groups/g2"}, {"groups/g1", both, "groups/g1"}, {"g2", both, "groups/g2"},
	} {
		s, err := ParseSelection([]string{tt.arg}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.Following(lines).In(tt.p); err != nil {
			t.Errorf("%s: %v", tt.arg, err)
			continue
		}
		got := ""
		for f := range tt.p.Files("groups") {
			if key := (entra.Key{Kind: "groups", ID: id(f.Path)}); s.Object(f.Path, key) {
				got += key.String()
			}
		}
		if got != tt.want {
			t.Errorf("%s selects %s, want %s", tt.arg, got, tt.want)
		}
	}
}
