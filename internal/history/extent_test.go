package history

import (
	"maps"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// TestExtent: on a branch where files of several snapshots lie side by side, each file
// is judged by the newest verified snapshot that holds its bytes.
func TestExtent(t *testing.T) {
	a := newArchive(t)
	busy := func(ids ...string) entra.Manifest {
		m := covering("groups")
		for _, id := range ids {
			m.Kinds["groups"] = m.Kinds["groups"].Except(entra.Exception{ID: id, Part: "links/members", Cause: "busy"})
		}
		return m
	}
	one, two := group("a1", "One", "u1"), group("a2", "Two", "u1")
	a.snapshot(busy("a1"), filesOf(t, one, two))                           // 1
	a.snapshot(busy(), nil)                                                // 2: the same files, read completely
	a.snapshot(busy("a2"), filesOf(t, group("a2", "Two", "u2")))           // 3
	a.snapshot(busy("a1", "a2", "a3"), filesOf(t, group("a1", "One", ""))) // 4
	mixed := filesOf(t, one)
	maps.Copy(mixed, filesOf(t, group("a2", "Two", "u2"), group("a3", "By hand")))
	a.commit("refs/heads/main", true, 0, busy("a1"), mixed)
	for _, tt := range []struct {
		rev, id  string
		verified bool
		members  bool
		why      string
	}{
		{"main", "a1", true, true, "as in snapshot 2, the newest that has these bytes"},
		{"main", "a2", true, false, "as in snapshot 3"},
		{"main", "a3", true, true, "nobody vouches for the file: the commit's own manifest"},
		{"main", "a1", false, false, "no chain: the commit's own manifest"},
		{"seq:1", "a1", true, false, "a snapshot answers for itself"},
		{"seq:2", "a1", true, true, "a snapshot answers for itself"},
	} {
		a.repo.Chain = nil
		if tt.verified {
			a.verify()
		}
		key := entra.Key{Kind: "groups", ID: tt.id}
		extent, err := a.at(tt.rev).Extent(key, "tenant/groups/"+tt.id+".yaml")
		must(t, err)
		if extent.Link("members") != tt.members {
			t.Errorf("%s at %s: members read is %v; %s", tt.id, tt.rev, extent.Link("members"), tt.why)
		}
	}
	absent, err := a.at("main").Extent(entra.Key{Kind: "groups", ID: "a1"}, "")
	must(t, err)
	if absent.Link("members") {
		t.Error("an absent file is judged by another manifest than the commit's")
	}
}
