package apply

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/plan"
)

// today is a point under the ids of today.
func (e *emulated) today(from *history.Point, lineage entra.Lineage) *history.Point {
	e.Helper()
	p, err := Today(context.Background(), e.client, e.tenant, from, lineage.Lines())
	if err != nil {
		e.Fatal(err)
	}
	return p
}

// What was created again is planned as the object that there is now, with its mentions; once
// the old one is there again, the two are two.
func TestPlanUnderTheIDsOfToday(t *testing.T) {
	e := newEmulated(t)
	member := e.user("member", `,"accountEnabled":true`)
	older := e.group("older", member)
	holder := e.group("holder", older)
	from := e.snapshot("groups")
	e.do("DELETE", "/groups/"+older, "")
	newer := e.group("older")
	lineage := entra.Lineage{{Kind: "groups", Old: older, New: newer, When: time.Unix(1, 0)}}

	got := steps(e.plan(e.gather(e.today(from, lineage), "groups/"+older, "groups/"+holder)))
	want := []string{"groups/" + newer + ":addLink:members", "groups/" + holder + ":addLink:members"}
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("created again (-want +got):\n%s", d)
	}
	for _, id := range []string{older, newer} {
		selection, err := diff.ParseSelection([]string{"groups/" + id}, nil)
		if err != nil {
			t.Fatal(err)
		}
		in, err := Gather(context.Background(), e.client, e.tenant, e.today(from, lineage), Asked{Selection: selection.Following(lineage.Lines())})
		if err != nil || in.Want[entra.Key{Kind: "groups", ID: newer}] == nil || len(in.Added) > 0 {
			t.Errorf("asked for by %s: %v, added %v (error %v)", id, in.Want, in.Added, err)
		}
	}
	if in := e.gather(e.today(from, lineage), "groups"); len(in.Added) > 0 {
		t.Errorf("what was created again counts as added: %v", in.Added)
	}

	e.do("POST", "/directory/deletedItems/"+older+"/restore", "")
	in := e.gather(e.today(from, lineage), "groups")
	if in.Want[entra.Key{Kind: "groups", ID: newer}] != nil || len(in.Added) != 1 || in.Added[0].ID != newer {
		t.Errorf("the old one is there again: added %v", in.Added)
	}
	for _, step := range e.plan(in).Steps {
		for _, link := range step.Links {
			if slices.Contains(link.Added, newer) {
				t.Errorf("%s is taken for %s: %+v", newer, older, step)
			}
		}
	}
}

// A plan file of what was created again says what the snapshot says, and nothing that was
// edited into it.
func TestEditedUnderTheIDsOfToday(t *testing.T) {
	e := newEmulated(t)
	older := e.group("older")
	from := e.snapshot("groups")
	e.do("DELETE", "/groups/"+older, "")
	newer := e.group("newer")
	today := e.today(from, entra.Lineage{{Kind: "groups", Old: older, New: newer, When: time.Unix(1, 0)}})
	made := e.plan(e.gather(today, "groups/"+older))
	if len(made.Steps) == 0 {
		t.Fatal("nothing is planned")
	}
	if edits, err := Edited(today, &made); err != nil || len(edits) > 0 {
		t.Errorf("as it was made: %v, %v", edits, err)
	}
	made.Steps[0].Properties[0].After = "edited"
	if edits, err := Edited(today, &made); err != nil || len(edits) == 0 {
		t.Errorf("edited: %v, %v", edits, err)
	}
}

// Where nobody can say whether the old one is there, nothing is planned.
func TestTodayThatCannotBeKnown(t *testing.T) {
	e := newEmulated(t)
	older := e.group("older")
	from := e.snapshot("groups")
	e.fail(t, emulator.Fault{Method: "GET", Path: "/groups/" + older, Status: 500})
	_, err := Today(context.Background(), e.client, e.tenant, from, entra.Lineage{{Kind: "groups", Old: older, New: "x", When: time.Unix(1, 0)}}.Lines())
	if !errors.Is(err, entra.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	if p := e.today(from, entra.Lineage{{Kind: "spaceships", Old: "a", New: "b", When: time.Unix(1, 0)}}); p != from {
		t.Error("a kind of a newer version is followed")
	}
}

// A break-glass account that was created again is guarded under the id that it has now.
func TestBreakGlassAccountCreatedAgain(t *testing.T) {
	e := newEmulated(t)
	account := e.user("bg", `,"accountEnabled":true`)
	p := entra.Plan{Steps: []entra.Step{{ID: "1", Key: entra.Key{Kind: "users", ID: account}, Action: entra.ActionUpdate}}}
	lines := entra.Lineage{{Kind: "users", Old: nobody, New: account, When: time.Unix(1, 0)}}.Lines()
	for _, tt := range []struct {
		lines entra.Lines
		known bool
	}{{entra.Lines{}, false}, {lines, true}} {
		facts, err := Facts(context.Background(), e.client, p, Protected{BreakGlass: []string{nobody}, Lines: tt.lines})
		if err != nil {
			t.Fatal(err)
		}
		guarded := len(facts.Accounts) == 1 && facts.Accounts[0].ID == account
		if unknown := facts.Unknown[plan.RuleBreakGlass] != nil; guarded != tt.known || unknown == tt.known {
			t.Errorf("known to be created again: %v, guarded %v, unknown %v", tt.known, guarded, facts.Unknown)
		}
	}
}
