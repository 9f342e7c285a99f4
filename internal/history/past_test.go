package history

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// The past of a snapshot is the newest one before it that has an object, within the time for
// which deleted objects are kept; a commit that is no snapshot has none.
func TestPast(t *testing.T) {
	a := newArchive(t)
	covered := covering("groups")
	a.snapshot(covered, filesOf(t, group("a1", "One", "m1"), group("a2", "Two")))
	one, _ := file(t, group("a1", "One"))
	a.snapshot(covered, filesOf(t, group("a1", "One", "m2")))
	a.snapshot(covered, map[string]string{one: ""})
	a.snapshot(covered, filesOf(t, group("a3", "Three")))
	now := a.at("")
	key := func(id string) entra.Key { return entra.Key{Kind: "groups", ID: id} }
	found, err := a.repo.Past(now).Last([]entra.Key{key("a1"), key("a2"), key("a9")})
	must(t, err)
	if len(found) != 2 || found[key("a1")] == nil || found[key("a1")].Point().Seq != 2 {
		t.Fatalf("found %v, and of the first %v", found, found[key("a1")])
	}
	if seq := found[key("a2")].Point().Seq; seq != now.at.Seq-1 {
		t.Errorf("the second group was last in snapshot %d", seq)
	}
	o, err := found[key("a1")].Lookup(key("a1"))
	must(t, err)
	if got := o.Links["members"]; len(got) != 1 || got[0] != "m2" {
		t.Errorf("the last time its members were %v", got)
	}
	if o, err := found[key("a1")].Lookup(key("a9")); o != nil || err != nil {
		t.Errorf("what was never there: %v, %v", o, err)
	}

	late := *now
	late.at.Time = now.at.Time.AddDate(0, 0, 32)
	found, err = a.repo.Past(&late).Last([]entra.Key{key("a1")})
	must(t, err)
	if len(found) != 0 {
		t.Errorf("what is gone for longer than deleted objects are kept came back: %v", found)
	}
	branch := *now
	branch.origins = &origins{}
	if a.repo.Past(&branch) != nil {
		t.Error("a commit that is no snapshot has a past")
	}
}
