package history

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// liveOver is the tenant now over a snapshot of objects.
func liveOver(t *testing.T, objects ...*entra.Object) *Live {
	t.Helper()
	a := newArchive(t)
	a.snapshot(covering("groups", "authorizationPolicy"), filesOf(t, objects...))
	l, err := NewLive(a.at(""))
	must(t, err)
	t.Cleanup(func() { must(t, l.Close()) })
	return l
}

// put gives the capture's sink an object.
func put(t *testing.T, l *Live, o *entra.Object) (string, entra.ChangeType) {
	t.Helper()
	path, content := file(t, o)
	change, err := l.Put(path, []byte(content))
	must(t, err)
	return path, change
}

// An object that is read twice in one capture and is the second time as the snapshot has
// it is as the snapshot has it.
func TestLiveLaterReadingCounts(t *testing.T) {
	l := liveOver(t, group("a1", "One"))
	put(t, l, group("a1", "Between"))
	path, change := put(t, l, group("a1", "One"))
	o, err := l.Point(covering("groups"), epoch).Object(kind.ByName("groups"), path)
	must(t, err)
	if o.Name != "One" || change != "" {
		t.Errorf("the group is %s, %q against the snapshot", o.Name, change)
	}
}

// A sequence of files can be gone through again.
func TestLiveFilesTwice(t *testing.T) {
	l := liveOver(t, group("a2", "Two"))
	put(t, l, group("a1", "One"))
	put(t, l, group("a3", "Three"))
	files := l.Files("groups")
	for _, stop := range []int{1, 2, 3, 3} { // and left early
		var paths []string
		for f, err := range files {
			must(t, err)
			if paths = append(paths, f.Path); len(paths) == stop {
				break
			}
		}
		if want := []string{"tenant/groups/a1.yaml", "tenant/groups/a2.yaml", "tenant/groups/a3.yaml"}[:stop]; !slices.Equal(paths, want) {
			t.Errorf("files %s, want %s", paths, want)
		}
	}
}

// A file that was not put has no bytes to move: an empty one would pass for an object.
func TestLiveMovesOnlyWhatWasPut(t *testing.T) {
	l := liveOver(t, group("a1", "One"))
	if err := l.Move("tenant/groups/a2.yaml", "tenant/groups/a2/a2.yaml"); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if _, err := l.Read("tenant/groups/a2/a2.yaml"); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("the moved file: error %v", err)
	}
}

// A singleton's file is its whole collection, and is forgotten as one.
func TestLiveResetOfASingleton(t *testing.T) {
	policy := func(name string) *entra.Object {
		return &entra.Object{Key: entra.Key{Kind: "authorizationPolicy", ID: "authorizationPolicy"}, Name: name, Spec: map[string]any{"displayName": name}}
	}
	l := liveOver(t, policy("Before"), group("a1", "One"))
	path, _ := put(t, l, policy("After"))
	other, _ := put(t, l, group("a1", "Uno"))
	must(t, l.Reset(path))
	now := l.Point(covering("groups", "authorizationPolicy"), epoch)
	for _, tt := range []struct{ kind, path, want string }{{"authorizationPolicy", path, "Before"}, {"groups", other, "Uno"}} {
		o, err := now.Object(kind.ByName(tt.kind), tt.path)
		must(t, err)
		if o.Name != tt.want {
			t.Errorf("%s is %s, want %s", tt.path, o.Name, tt.want)
		}
	}
}

// PointOf takes the time of the reading before that of the commit, and makes do with what
// the trailers say.
func TestPointOf(t *testing.T) {
	committed, read := epoch.Add(time.Hour), epoch
	for _, tt := range []struct {
		seq, at string
		want    entra.Point
	}{
		{"", "", entra.Point{Time: committed}},
		{"7", read.Format(time.RFC3339), entra.Point{Seq: 7, Time: read}},
		{"7", "yesterday", entra.Point{Seq: 7, Time: committed}},
		{"seven", "", entra.Point{Time: committed}},
	} {
		c := &gitstore.Commit{}
		c.Committer.When = committed
		for key, value := range map[string]string{"Entragit-Seq": tt.seq, "Entragit-Captured-At": tt.at} {
			if value != "" {
				c.Trailers = append(c.Trailers, gitstore.Trailer{Key: key, Value: value})
			}
		}
		if p := PointOf(c); p.Seq != tt.want.Seq || !p.Time.Equal(tt.want.Time) {
			t.Errorf("%q %q: number %d at %s, want %d at %s", tt.seq, tt.at, p.Seq, p.Time, tt.want.Seq, tt.want.Time)
		}
	}
}

// A repository that lost its branch of snapshots is damaged; one that never had it is not
// ours.
func TestNewestWithoutTheBranch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r.git")
	repo, err := gitstore.Init(dir)
	must(t, err)
	defer repo.Close()
	r := Repository{Repo: repo}
	for _, tt := range []struct {
		head string
		want error
	}{
		{"ref: refs/heads/snapshots\n", gitstore.ErrDamaged},
		{"ref: refs/heads/main\n", ErrForeign},
	} {
		must(t, os.WriteFile(filepath.Join(r.Dir(), "HEAD"), []byte(tt.head), 0o600))
		if _, err := r.Newest(); !errors.Is(err, tt.want) {
			t.Errorf("HEAD is %q: error %v, want %v", tt.head, err, tt.want)
		}
	}
	must(t, os.Remove(filepath.Join(r.Dir(), "HEAD")))
	if _, err := r.Newest(); !errors.Is(err, ErrForeign) {
		t.Errorf("no HEAD: error %v", err)
	}
}
