package risk_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/risk"
)

const (
	glassID  = "00000000-0000-0000-0000-00000000b6a5"
	exemptID = "00000000-0000-0000-0000-00000000e4e3"
	plainID  = "00000000-0000-0000-0000-000000000aaa"
)

// sample is a change of one object and the rules that mark it.
type sample struct {
	kind string
	// id is the object's; empty for plainID.
	id string
	// before and after are the sections of the object as JSON; empty where there is no
	// object.
	before, after string
	// fires are the rules that mark the change, in the order of the table: a rule that is
	// not among them has a near miss here.
	fires string
}

// object decodes one side.
func object(t *testing.T, k *kind.Kind, id, text string) *entra.Object {
	t.Helper()
	if text == "" {
		return nil
	}
	var sections struct {
		Spec, Status map[string]any
		Links        map[string][]string
		Contained    map[string][]map[string]any
	}
	if err := json.Unmarshal([]byte(text), &sections); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &entra.Object{
		Key: entra.Key{Kind: k.Name, ID: id}, Name: "it",
		Spec: sections.Spec, Links: sections.Links, Contained: sections.Contained, Status: sections.Status,
	}
}

// compare makes the change set that a comparison of the two sides makes, and the facts.
func (s sample) compare(t *testing.T) (*entra.ChangeSet, risk.Facts) {
	t.Helper()
	k := kind.ByName(s.kind)
	if k == nil {
		t.Fatalf("no kind %s", s.kind)
	}
	id := s.id
	if id == "" {
		id = plainID
	}
	before, after := object(t, k, id, s.before), object(t, k, id, s.after)
	cover := entra.Coverage{State: entra.Complete}
	for _, l := range k.Links {
		cover.Links = append(cover.Links, l.Name)
	}
	for _, c := range k.Contained {
		cover.Contained = append(cover.Contained, c.Name)
	}
	slices.Sort(cover.Links)
	slices.Sort(cover.Contained)
	read := diff.Read{Before: cover.Of(id), After: cover.Of(id)}
	change := diff.Objects(k, before, after, read)
	if change == nil {
		t.Errorf("%s %s → %s: no difference", s.kind, s.before, s.after)
		change = &entra.Change{}
	}
	now := after
	if now == nil {
		now = before
	}
	return &entra.ChangeSet{Changes: []entra.Change{*change}}, risk.Facts{
		Object:     func(entra.Key) (*entra.Object, error) { return now, nil },
		BreakGlass: []string{glassID},
		Exempting:  func() (map[string]bool, error) { return map[string]bool{exemptID: true}, nil },
	}
}

func TestRules(t *testing.T) {
	fired, missed := map[string]bool{"mass-deletion": true}, map[string]bool{}
	for _, s := range samples {
		want := strings.Fields(s.fires)
		set, facts := s.compare(t)
		var got []string
		risks, err := risk.Judge(set, facts)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range risks {
			got = append(got, r.Rule)
			fired[r.Rule] = true
			if r.Says == "" || r.Reference == "" || r.Severity.Rank() > 3 || r.Key != set.Changes[0].Key {
				t.Errorf("%s: %+v says too little", r.Rule, r)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s %s → %s:\nfires %v\nwant  %v", s.kind, s.before, s.after, got, want)
		}
		for _, r := range risk.Rules() {
			if (len(r.Kinds) == 0 || slices.Contains(r.Kinds, s.kind)) && !slices.Contains(want, r.ID) {
				missed[r.ID] = true
			}
		}
	}
	seen := map[string]bool{}
	for _, r := range risk.Rules() {
		switch {
		case seen[r.ID]:
			t.Errorf("two rules are called %s", r.ID)
		case !fired[r.ID]:
			t.Errorf("no sample makes %s fire", r.ID)
		case !missed[r.ID]:
			t.Errorf("no sample is a near miss of %s", r.ID)
		case !strings.HasPrefix(r.Reference, "https://attack.mitre.org/") && !strings.HasPrefix(r.Reference, "https://learn.microsoft.com/"):
			t.Errorf("%s refers to %s", r.ID, r.Reference)
		}
		seen[r.ID] = true
		for _, name := range r.Kinds {
			if kind.ByName(name) == nil {
				t.Errorf("%s looks at %s, which is no kind", r.ID, name)
			}
		}
	}
}

func TestWorstComesFirst(t *testing.T) {
	quiet := entra.Change{Key: entra.Key{Kind: "users", ID: "q"}, Type: entra.Changed}
	off := entra.Change{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: "p"}, Type: entra.Changed, Properties: []entra.PropertyChange{
		{Pointer: "/spec/state", Before: "enabled", After: "disabled"},
	}}
	admin := entra.Change{Key: entra.Key{Kind: "roleAssignments", ID: "a"}, Type: entra.Added, Properties: []entra.PropertyChange{
		{Pointer: "/spec/principalId", After: "u"}, {Pointer: "/spec/roleDefinitionId", After: "62e90394-69f5-4237-9190-012177145e10"},
	}}
	scheduled := admin
	scheduled.Key = entra.Key{Kind: "roleAssignmentSchedules", ID: "s"}
	set := &entra.ChangeSet{
		Changes: []entra.Change{quiet, off, admin, scheduled},
		Shrunk:  []entra.Shrinkage{{Kind: "groups", Lost: 40, Before: 50, Names: []string{"Sales"}}},
	}
	var err error
	if set.Risks, err = risk.Judge(set, risk.Facts{}); err != nil {
		t.Fatal(err)
	}
	risk.Order(set)
	var order, rules []string
	for _, c := range set.Changes {
		order = append(order, c.ID)
	}
	for _, r := range set.Risks {
		rules = append(rules, r.Rule)
	}
	if got := strings.Join(order, " "); got != "a p q s" {
		t.Errorf("order %s, want the new administrator, the policy, the rest", got)
	}
	if got := strings.Join(rules, " "); got != "supreme-role-given mass-deletion access-policy-off" {
		t.Errorf("risks %s", got)
	}
	if about := set.Risks[0].About; len(about) != 2 || about[0] != "u" {
		t.Errorf("the new administrator is about %v, want whom and which role", about)
	}
	if entra.Worst(set.Risks) != entra.Critical || entra.Worst(nil) != "" {
		t.Error("not the worst")
	}
}

// A risk that could not be looked for is not one that is not there.
func TestWhatCannotBeReadIsAnError(t *testing.T) {
	set := &entra.ChangeSet{Changes: []entra.Change{{
		Key: entra.Key{Kind: "groups", ID: "g"}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Added: []string{"u"}}},
	}}}
	_, err := risk.Judge(set, risk.Facts{Object: func(entra.Key) (*entra.Object, error) { return nil, entra.ErrInvalid }})
	if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), "groups/g") {
		t.Errorf("%v", err)
	}
}
