package history

import (
	"context"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// What a draft says of the snapshot before it is committed is what the commit holds, whatever
// the capture did on the way: read an object twice, gave up a kind, moved files.
func TestDraftIsWhatIsCommitted(t *testing.T) {
	a := newArchive(t)
	ada := &entra.Object{Key: entra.Key{Kind: "users", ID: "b1"}, Name: "Ada"}
	eve := &entra.Object{Key: ada.Key, Name: "Eve"}
	a.snapshot(covering("groups", "users"), filesOf(t, group("a1", "One"), group("a2", "Two"), ada))
	w, err := a.repo.Begin(context.Background(), gitstore.SnapshotsRef, gitstore.BeginOptions{})
	must(t, err)
	defer w.Abort()
	d, err := NewDraft(Sink{w}, a.at(""))
	must(t, err)
	defer func() { must(t, d.Close()) }()

	write := func(o *entra.Object, want entra.ChangeType) string {
		t.Helper()
		path, content := file(t, o)
		change, err := d.Put(path, []byte(content))
		must(t, err)
		if change != want {
			t.Errorf("%s is %q, want %q", path, change, want)
		}
		return path
	}
	write(group("a1", "Between"), entra.Changed)
	write(group("a1", "One"), "") // the later reading counts
	gone, _ := file(t, group("a2", "Two"))
	must(t, d.Delete(gone))
	from := write(group("a3", "Three"), entra.Added)
	to, _ := file(t, group("a4", "Three"))
	must(t, d.Move(from, to))
	lost := write(eve, entra.Changed)
	must(t, d.Reset(lost))
	write(group("a5", "Five"), entra.Added)

	list := func(p *Point, kindName string) (files []string) {
		for f, err := range p.Files(kindName) {
			must(t, err)
			data, err := p.Read(f.Path)
			must(t, err)
			files = append(files, f.Path+" "+f.Hash+" "+string(data))
		}
		return files
	}
	told := map[string][]string{}
	for _, k := range kind.All() {
		told[k.Name] = list(d.Point(covering("groups", "users"), epoch), k.Name)
	}
	hash, err := w.Commit(context.Background(), gitstore.CommitOptions{Subject: "backup", Name: "B", Email: "b@example.com", When: epoch, Signer: a.key})
	must(t, err)
	p, err := a.repo.Snapshot(hash)
	must(t, err)
	if n := len(told["groups"]); n != 3 {
		t.Errorf("%d groups, want 3", n)
	}
	for name, want := range told {
		if got := list(p, name); !slices.Equal(got, want) {
			t.Errorf("%s: the draft has %q, the commit %q", name, want, got)
		}
	}
}
