package apply

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// A kind, a folder and a glob are listed for what was added; an object by id or by name
// costs no list.
func TestGatherAdded(t *testing.T) {
	e := newEmulated(t)
	old := e.group("Sales")
	e.group("Sales EU")
	from := e.snapshot("groups", "roleAssignments")
	fresh, other := e.group("Sales US"), e.group("Other")
	for path, want := range map[string][]string{
		"groups":         {fresh, other},
		"tenant/**":      {fresh, other},
		"groups/Sales*":  {fresh},
		"groups/*":       {fresh, other},
		"tenant/groups/": {fresh, other},
		"groups/Sales":   nil,
		"groups/" + old:  nil,
	} {
		before := len(e.server.Requests())
		in := e.gather(from, path)
		var got []string
		for _, o := range in.Added {
			got = append(got, o.ID)
		}
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
		listed := slices.ContainsFunc(e.server.Requests()[before:], func(r emulator.LoggedRequest) bool { return strings.HasSuffix(r.Path, "/groups") })
		if listed != (want != nil) {
			t.Errorf("%s: groups are listed: %v", path, listed)
		}
		if in.Empty() || len(e.plan(in).Unread) > 0 {
			t.Errorf("%s: %+v", path, e.plan(in).Unread)
		}
	}
}

// An object that the snapshot knew of and could not read was not added, and nobody can say
// more.
func TestGatherAddedWhereTheSnapshotDidNotRead(t *testing.T) {
	e := newEmulated(t)
	from := e.snapshot("groups")
	id := e.group("hidden")
	cover := from.Manifest().Kinds["groups"]
	from.Manifest().Kinds["groups"] = cover.Except(entra.Exception{ID: id, Cause: "closed"})
	made := e.plan(e.gather(from, "groups"))
	want := []entra.Unread{{Kind: "groups", ID: id, State: entra.Partial, Cause: "whether it was added is not known: closed"}}
	if d := cmp.Diff(want, made.Unread); d != "" || len(made.Added) > 0 {
		t.Errorf("added %v (-want +got):\n%s", made.Added, d)
	}
}
