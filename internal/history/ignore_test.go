package history

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
)

func TestIgnore(t *testing.T) {
	a := newArchive(t)
	manifest := covering("groups", "namedLocations")
	groups := manifest.Kinds["groups"]
	groups.Shard = 2
	manifest.Kinds["groups"] = groups
	a.snapshot(manifest, filesOf(t, location("l1", "HQ")))
	p := a.at("")
	changes := func() *entra.ChangeSet {
		return &entra.ChangeSet{Changes: []entra.Change{
			{Key: entra.Key{Kind: "groups", ID: "a1ff"}, Name: "New", OldName: "Old", Type: entra.Changed,
				Properties: []entra.PropertyChange{{Pointer: "/spec/displayName"}, {Pointer: "/spec/description"}},
				Links:      []entra.LinkChange{{Link: "members"}}},
			{Key: entra.Key{Kind: "namedLocations", ID: "l1"}, Name: "HQ", Type: entra.Added,
				Properties: []entra.PropertyChange{{Pointer: "/spec/displayName"}}},
		}}
	}
	for _, tt := range []struct {
		path, property string
		want           []string // "kind properties links" of what is left
	}{
		{"tenant/groups/a1/a1ff.yaml", "", []string{"namedLocations 1 0"}}, // by path
		{"groups/a1", "", []string{"namedLocations 1 0"}},                  // by folder
		{"tenant/namedLocations/hq.*.yaml", "", []string{"groups 2 1"}},
		{"tenant/**/*.yaml", "", nil},
		{"groups/a1ff", "", []string{"namedLocations 1 0"}},
		{"groups/New", "", []string{"namedLocations 1 0"}},
		{"groups/Old", "", []string{"namedLocations 1 0"}},
		{"groups/Ne*", "/spec/displayName", []string{"groups 1 1", "namedLocations 1 0"}},
		{"groups", "/links/members", []string{"groups 2 0", "namedLocations 1 0"}},
		{"groups", "/spec", []string{"groups 0 1", "namedLocations 1 0"}},
		{"namedLocations", "/spec/displayName", []string{"groups 2 1", "namedLocations 0 0"}}, // added is told
		{"groups/b1", "", []string{"groups 2 1", "namedLocations 1 0"}},
	} {
		ignore, err := NewIgnore(config.Config{Ignore: []config.Ignore{{Path: tt.path, Property: tt.property}}}, epoch)
		must(t, err)
		set := changes()
		ignore.Apply(set, p, p)
		var got []string
		for _, c := range set.Changes {
			got = append(got, c.Kind+" "+string(rune('0'+len(c.Properties)))+" "+string(rune('0'+len(c.Links))))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s %s leaves %q, want %q", tt.path, tt.property, got, tt.want)
		}
	}
	ignore, err := NewIgnore(config.Config{Ignore: []config.Ignore{{Path: "groups/a1ff"}}}, epoch)
	must(t, err)
	again := &entra.ChangeSet{Changes: []entra.Change{{Key: entra.Key{Kind: "groups", ID: "b2ff"}, Type: entra.Changed}}}
	if ignore.Apply(again, p, p); len(again.Changes) != 1 {
		t.Error("a rule ignores a group of another id")
	}
	ignore = ignore.Following(entra.Lineage{{Kind: "groups", Old: "a1ff", New: "b2ff", When: epoch}}.Lines())
	if ignore.Apply(again, p, p); len(again.Changes) != 0 {
		t.Error("a rule forgets a group that was created again")
	}
	if _, err := NewIgnore(config.Config{Ignore: []config.Ignore{{Path: "usres/*"}}}, epoch); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("a rule of no kind: %v", err)
	}
}

func TestIgnoreKinds(t *testing.T) {
	ignore, err := NewIgnore(config.Config{Kinds: config.Kinds{Exclude: []string{"users"}}}, epoch)
	must(t, err)
	set := &entra.ChangeSet{
		Changes: []entra.Change{{Key: entra.Key{Kind: "users"}}, {Key: entra.Key{Kind: "groups"}}},
		Unread:  []entra.Unread{{Kind: "users"}, {Kind: "groups"}},
	}
	ignore.Apply(set, nil, nil)
	if len(set.Changes) != 1 || len(set.Unread) != 1 || set.Changes[0].Kind != "groups" || set.Unread[0].Kind != "groups" {
		t.Errorf("left %+v", set)
	}
}

// What is left out is counted with its reason; a rule counts to the end of its last day, and is
// told when that is over.
func TestIgnoredIsCounted(t *testing.T) {
	a := newArchive(t)
	a.snapshot(covering("groups"), nil)
	p := a.at("")
	renamed := func(id string) entra.Change {
		return entra.Change{Key: entra.Key{Kind: "groups", ID: id}, Name: "New", Type: entra.Changed, Properties: []entra.PropertyChange{
			{Pointer: "/spec/displayName"}, {Pointer: "/spec/description"},
		}}
	}
	gone := func() entra.Change {
		c := renamed("a3")
		c.Type = entra.Removed
		return c
	}
	left := entra.Change{Key: entra.Key{Kind: "groups", ID: "a4"}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Removed: []string{"a3"}}}}
	left.Causes = []entra.Cause{{Key: gone().Key}}
	left.Cause = &left.Causes[0]
	// Two members went, of whom one is told.
	left.Links[0].Removed = append(left.Links[0].Removed, "a1")
	left.Causes[0].Parts = []string{entra.LinkPart("members", "a3")}
	left.Causes = append([]entra.Cause{{Key: renamed("a1").Key, Parts: []string{entra.LinkPart("members", "a1")}}}, left.Causes...)
	left.Cause = &left.Causes[0]
	rules := []config.Ignore{
		{Path: "groups/New", Property: "/spec/description", Reason: "the portal writes it"},
		{Path: "groups/a3", Reason: "a test", Until: epoch.Format(time.DateOnly)},
		{Path: "groups/a9", Reason: "nothing of it changed"},
	}
	for _, tt := range []struct {
		now  time.Time
		want []entra.Ignored
		told int
	}{
		{epoch.Add(17 * time.Hour), []entra.Ignored{
			{Path: "groups/New", Property: "/spec/description", Reason: "the portal writes it", Changes: 3},
			{Path: "groups/a3", Reason: "a test", Until: "2026-10-01", Changes: 1},
		}, 3},
		{epoch.Add(18 * time.Hour), []entra.Ignored{
			{Path: "groups/New", Property: "/spec/description", Reason: "the portal writes it", Changes: 3},
			{Path: "groups/a3", Reason: "a test", Until: "2026-10-01", Expired: true},
		}, 3},
	} {
		ignore, err := NewIgnore(config.Config{Ignore: rules}, tt.now)
		must(t, err)
		set := &entra.ChangeSet{Changes: []entra.Change{renamed("a1"), renamed("a2"), gone(), left}}
		ignore.Apply(set, p, p)
		if diff := cmp.Diff(tt.want, set.Ignored); diff != "" {
			t.Errorf("at %s (-want +have):\n%s", tt.now, diff)
		}
		// Of a deletion that is ignored, the group that somebody left is told.
		if told := entra.Told(set.Changes); len(told) != tt.told {
			t.Errorf("at %s %d changes are told, want %d", tt.now, len(told), tt.told)
		}
		if lapsed := ignore.Means(gone().Key, "New", "", p); lapsed != (len(tt.want) == 2 && !tt.want[1].Expired) {
			t.Errorf("at %s the rule means the group: %v", tt.now, lapsed)
		}
	}
	ignore, err := NewIgnore(config.Config{Ignore: []config.Ignore{{Path: "groups", Reason: "why"}, {Path: "users", Reason: " "}}}, epoch)
	must(t, err)
	if got := ignore.Unexplained(); len(got) != 1 || got[0].Index != 1 {
		t.Errorf("without a reason: %+v", got)
	}
}

func TestIdle(t *testing.T) {
	a := newArchive(t)
	manifest := covering("groups")
	manifest.Kinds["users"] = entra.Coverage{State: entra.Forbidden}
	a.snapshot(manifest, filesOf(t, group("a1", "Twins")))
	ignore, err := NewIgnore(config.Config{Ignore: []config.Ignore{
		{Path: "groups/Twins"}, {Path: "groups/Twinz"}, {Path: "groups/*"}, {Path: "namedLocations"}, {Path: "users/nobody"},
	}}, epoch)
	must(t, err)
	idle, err := ignore.Idle(a.at(""))
	must(t, err)
	if len(idle) != 1 || idle[0].Index != 1 || idle[0].Rule.Path != "groups/Twinz" || !slices.Equal(idle[0].Near, []string{"groups/Twins"}) {
		t.Errorf("idle %+v", idle)
	}
}

// A change of which every part is ignored is ignored.
func TestIgnoreTheOnlyProperty(t *testing.T) {
	a := newArchive(t)
	a.snapshot(covering("groups"), nil)
	p := a.at("")
	ignore, err := NewIgnore(config.Config{Ignore: []config.Ignore{{Path: "groups", Property: "/spec/displayName"}}}, epoch)
	must(t, err)
	set := &entra.ChangeSet{Changes: []entra.Change{{
		Key: entra.Key{Kind: "groups", ID: "a1"}, Name: "New", Type: entra.Changed,
		Properties: []entra.PropertyChange{{Pointer: "/spec/displayName"}},
	}}}
	if ignore.Apply(set, p, p); len(set.Changes) != 0 {
		t.Errorf("left %+v", set.Changes)
	}
}
