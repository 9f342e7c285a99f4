package gitstore

import (
	"fmt"
	"sync"
	"testing"
)

// TestReadersShareARepository: go-git's storage, shared like this, answers "object
// not found" for objects that are there.
func TestReadersShareARepository(t *testing.T) {
	r := newRepo(t)
	content := files{}
	for i := range 200 {
		content[fmt.Sprintf("d%d/%d.yaml", i%7, i)] = text(fmt.Sprint("content ", i))
	}
	snap(t, r, content, options("x", epoch))
	shared := reopen(t, r)
	tree, err := shared.Tree(mustHead(t, shared))
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for path, want := range content {
				if got, err := tree.Read(path); err != nil || string(got) != *want {
					t.Errorf("%s = %q, %v", path, got, err)
				}
			}
		})
	}
	// Meanwhile snapshots are taken and the repository is packed anew.
	for i := range 3 {
		snap(t, r, files{"more.yaml": text(fmt.Sprint(i))}, options("more", epoch.AddDate(0, 0, i)))
		git(t, r.dir, "gc", "-q")
	}
	readers.Wait()
}
