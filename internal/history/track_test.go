package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// events are what became of an object, one line each: the snapshot, what, and the parts.
func (a *archive) events(track Track) []string {
	a.t.Helper()
	if track.To.IsZero() {
		var err error
		track.To, err = a.repo.Newest()
		must(a.t, err)
	}
	var all []string
	for e, err := range a.repo.Events(track) {
		must(a.t, err)
		line := fmt.Sprint(PointOf(e.Commit).Seq, " ", e.Change.Type, " ", e.Change.ID)
		if e.Change.OldID != "" {
			line += " was " + e.Change.OldID
		}
		for _, p := range e.Change.Properties {
			line += fmt.Sprintf(" %s %v→%v", p.Pointer[strings.LastIndexByte(p.Pointer, '/')+1:], p.Before, p.After)
		}
		for _, l := range e.Change.Links {
			line += fmt.Sprint(" ", l.Link, " +", l.Added, " -", l.Removed)
		}
		all = append(all, line)
	}
	return all
}

func TestEvents(t *testing.T) {
	const hq, other = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	a := newArchive(t)
	places := covering("namedLocations")
	first, _ := file(t, location(hq, "HQ"))
	renamed, _ := file(t, location(hq, "Head office"))
	a.snapshot(places, filesOf(t, location(other, "Lab")))
	a.snapshot(places, filesOf(t, location(hq, "HQ")))
	a.snapshot(places, filesOf(t, location(other, "Laboratory"))) // of another one
	files := filesOf(t, location(hq, "Head office"))
	files[first] = ""
	a.snapshot(places, files)
	a.snapshot(places, nil)
	a.snapshot(places, map[string]string{renamed: ""})
	a.snapshot(places, filesOf(t, location(hq, "HQ")))
	want := []string{
		"7 added " + hq + " @odata.type <nil>→#microsoft.graph.ipNamedLocation displayName <nil>→HQ",
		"6 removed " + hq + " @odata.type #microsoft.graph.ipNamedLocation→<nil> displayName Head office→<nil>",
		"4 changed " + hq + " displayName HQ→Head office",
		"2 added " + hq + " @odata.type <nil>→#microsoft.graph.ipNamedLocation displayName <nil>→HQ",
	}
	key := entra.Key{Kind: "namedLocations", ID: hq}
	if d := cmp.Diff(want, a.events(Track{Key: key})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff(want[2:3], a.events(Track{Key: key, From: 2, To: a.at("seq:5").commitHash(t)})); d != "" {
		t.Errorf("between two snapshots (-want +got):\n%s", d)
	}
	if got := a.events(Track{Key: entra.Key{Kind: "namedLocations", ID: "nobody"}}); got != nil {
		t.Errorf("of an object that never was: %v", got)
	}
	if got := a.events(Track{Key: key, Parts: []diff.Part{{Sections: []string{entra.SectionSpec}, Tokens: []string{"ipRanges"}}}}); got != nil {
		t.Errorf("of a property that never changed: %v", got)
	}
}

// commitHash is the point's commit.
func (p *Point) commitHash(t *testing.T) gitstore.Hash {
	t.Helper()
	h, err := gitstore.ParseHash(p.at.Commit)
	must(t, err)
	return h
}

// What was not read before is no addition, and a file that differs in what was not read has
// not changed.
func TestEventsWithinCoverage(t *testing.T) {
	a := newArchive(t)
	closed := covering("groups")
	groups := closed.Kinds["groups"]
	groups.Links = nil
	closed.Kinds["groups"] = groups
	a.snapshot(entra.Manifest{}, nil)
	a.snapshot(closed, filesOf(t, group("g1", "Sales")))
	a.snapshot(covering("groups"), filesOf(t, group("g1", "Sales", "u1")))
	a.snapshot(covering("groups"), filesOf(t, group("g1", "Sales", "u1", "u2")))
	want := []string{"4 changed g1 members +[u2] -[]", "2  g1"}
	if d := cmp.Diff(want, a.events(Track{Key: entra.Key{Kind: "groups", ID: "g1"}})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An object is followed through its ids, from any of them, and so is what it mentions.
func TestEventsOfAnObjectCreatedAgain(t *testing.T) {
	a := newArchive(t)
	groups := covering("groups")
	gone, _ := file(t, group("g1", "Sales"))
	a.snapshot(groups, filesOf(t, group("g1", "Sales", "u1"), group("g9", "All", "g1")))
	files := filesOf(t, group("g2", "Sales", "u1", "u2"), group("g9", "All", "g2", "u7"))
	files[gone] = ""
	a.snapshot(groups, files)
	a.snapshot(groups, filesOf(t, group("g2", "Sales")))
	lines := entra.Lineage{{Kind: "groups", Old: "g1", New: "g2", When: epoch}}.Lines()
	want := []string{
		"3 changed g2 members +[] -[u1 u2]",
		"2 changed g2 was g1 members +[u2] -[]",
		"1  g1",
	}
	for _, id := range []string{"g1", "g2"} {
		got := a.events(Track{Key: entra.Key{Kind: "groups", ID: id}, Lines: lines})
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("from %s (-want +got):\n%s", id, d)
		}
	}
	got := a.events(Track{Key: entra.Key{Kind: "groups", ID: "g9"}, Lines: lines})
	if want := []string{"2 changed g9 members +[u7] -[]", "1  g9"}; cmp.Diff(want, got) != "" {
		t.Errorf("what mentions it: %v", got)
	}
}

// A bulk kind's file is found in whatever shard it is, and a singleton's without an id.
func TestEventsWhereverTheFileIs(t *testing.T) {
	a := newArchive(t)
	const id = "ab000000-0000-4000-8000-000000000001"
	_, before := file(t, group(id, "One"))
	_, after := file(t, group(id, "Two"))
	a.snapshot(covering("groups"), map[string]string{"tenant/groups/" + id + ".yaml": before})
	a.snapshot(covering("groups"), map[string]string{"tenant/groups/" + id + ".yaml": "", "tenant/groups/ab/" + id + ".yaml": before})
	a.snapshot(covering("groups"), map[string]string{"tenant/groups/ab/" + id + ".yaml": "", "tenant/groups/ab0/" + id + ".yaml": after})
	want := []string{"3 changed " + id + " displayName One→Two", "1  " + id}
	if d := cmp.Diff(want, a.events(Track{Key: entra.Key{Kind: "groups", ID: id}})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	policy := func(invite string) *entra.Object {
		return &entra.Object{Key: entra.Key{Kind: "authorizationPolicy", ID: "authorizationPolicy"}, Name: "p", Spec: map[string]any{"allowInvitesFrom": invite}}
	}
	a.snapshot(covering("authorizationPolicy"), filesOf(t, policy("everyone")))
	a.snapshot(covering("authorizationPolicy"), filesOf(t, policy("none")))
	got := a.events(Track{Key: entra.Key{Kind: "authorizationPolicy", ID: "authorizationPolicy"}})
	if want := "5 changed authorizationPolicy allowInvitesFrom everyone→none"; len(got) != 2 || got[0] != want {
		t.Errorf("a singleton: %v, want %s", got, want)
	}
}

// Of a long lineage, what a selection is about and what that mentions is looked at alone.
func TestRelevant(t *testing.T) {
	a := newArchive(t)
	a.snapshot(covering("groups"), filesOf(t, group("g1", "Sales", "u1"), group("g2", "Board", "g1"), group("g3", "Other", "u3")))
	lines := entra.Lineage{
		{Kind: "users", Old: "u1", New: "u9", When: epoch}, {Kind: "groups", Old: "g1", New: "g9", When: epoch}, {Kind: "users", Old: "u3", New: "u8", When: epoch},
		{Kind: "groups", Old: "g7", New: "g3", When: epoch},
	}.Lines()
	for arg, want := range map[string]string{
		"groups/g1": "groups/g1 users/u1", "groups/g9": "groups/g1 users/u1", "Board": "groups/g1", "groups/g7": "groups/g7 users/u3", "groups": "groups/g1 groups/g7 users/u1 users/u3", "nobody": "",
	} {
		selection, err := diff.ParseSelection([]string{arg}, nil)
		must(t, err)
		kept, err := a.at("").Relevant(lines, selection)
		must(t, err)
		var got []string
		for names := range kept.All() {
			got = append(got, names[0].Kind+"/"+names[0].Value)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s, want %s", arg, text, want)
		}
	}
}
