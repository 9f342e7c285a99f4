package history

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// A capture learns what a file means against the snapshot before.
func TestSink(t *testing.T) {
	a := newArchive(t)
	a.snapshot(covering("groups"), map[string]string{"tenant/groups/a1.yaml": "one", "tenant/groups/a2.yaml": "two"})
	w, err := a.repo.Begin(context.Background(), gitstore.SnapshotsRef, gitstore.BeginOptions{})
	must(t, err)
	defer w.Abort()
	for _, tt := range []struct {
		path, data string
		want       entra.ChangeType
		err        error
	}{
		{"tenant/groups/a1.yaml", "one", "", nil},
		{"tenant/groups/a2.yaml", "deux", entra.Changed, nil},
		{"tenant/groups/a3.yaml", "three", entra.Added, nil},
		{"tenant/../a4.yaml", "four", "", entra.ErrInvalid},
		{"tenant/groups/a5.yaml", strings.Repeat("5", 64<<20+1), "", entra.ErrInvalid},
	} {
		change, err := Sink{w}.Put(tt.path, []byte(tt.data))
		if change != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, error %v; want %q, %v", tt.path, change, err, tt.want, tt.err)
		}
	}
}

func TestPaths(t *testing.T) {
	a := newArchive(t)
	a.snapshot(covering("groups"), map[string]string{"tenant/groups/a2.yaml": "two", "tenant/groups/a1.yaml": "one", "tenant/users/u1.yaml": "u"})
	for _, stop := range []int{1, 3} {
		var paths []string
		for path, err := range a.at("").Tree().Paths("tenant/groups") {
			must(t, err)
			if paths = append(paths, path); len(paths) == stop {
				break
			}
		}
		if want := []string{"tenant/groups/a1.yaml", "tenant/groups/a2.yaml"}[:min(stop, 2)]; !slices.Equal(paths, want) {
			t.Errorf("paths %s, want %s", paths, want)
		}
	}
}

// What was last read of a part is what the newest snapshot says that read it.
func TestLastRead(t *testing.T) {
	a := newArchive(t)
	lacking := covering("groups")
	lacking.Kinds["groups"] = lacking.Kinds["groups"].Except(entra.Exception{ID: "a1", Part: "links/members", Cause: "busy"})
	a.snapshot(covering("groups"), nil)          // 1
	a.snapshot(covering("groups", "users"), nil) // 2
	a.snapshot(lacking, nil)                     // 3
	read := a.repo.LastRead()
	for _, tt := range []struct {
		kind, id, part string
		want           int
	}{
		{"groups", "a1", "links/members", 2},
		{"groups", "a2", "links/members", 3},
		{"groups", "a1", "spec/displayName", 3},
		{"users", "u1", "", 2},
		{"domains", "d1", "", 0},
	} {
		at, ok := read(entra.Key{Kind: tt.kind, ID: tt.id}, tt.part)
		if at.Seq != tt.want || ok != (tt.want > 0) {
			t.Errorf("%s of %s/%s was last read at %d %v, want %d", tt.part, tt.kind, tt.id, at.Seq, ok, tt.want)
		}
	}
	if n := len(a.repo.recent(2)); n != 2 {
		t.Errorf("%d snapshots were looked at, want 2", n)
	}
	other, err := gitstore.Init(t.TempDir() + "/other")
	must(t, err)
	defer other.Close()
	if _, ok := (&Repository{Repo: other}).LastRead()(entra.Key{Kind: "groups", ID: "a1"}, ""); ok {
		t.Error("a repository without snapshots has read something")
	}
}
