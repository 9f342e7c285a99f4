package gitstore

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A real git unpacks an extract and finds each commit and file by the names that they have in
// the repository, and nothing else.
func TestExtractsAreUnpackedByGit(t *testing.T) {
	r := newRepo(t)
	when := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	first := snap(t, r, files{"tenant/users/a.yaml": text("one\n"), "tenant/groups/b.yaml": text("b\n"), "top.yaml": text("top\n")}, options("first", when))
	second := snap(t, r, files{"tenant/users/a.yaml": text("two\n")}, options("second", when.Add(time.Hour)))
	pack := extract(t, r, Extract{Commit: second, Paths: []string{"tenant/users/a.yaml", "tenant/users/gone.yaml", "none/at/all.yaml"}},
		Extract{Commit: first, Paths: []string{"tenant/users/a.yaml", "top.yaml"}})

	dir := t.TempDir()
	git(t, dir, "init", "--quiet", "--bare", ".")
	file := filepath.Join(t.TempDir(), "objects.pack")
	if err := os.WriteFile(file, pack, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := shell(dir, "git unpack-objects -q < "+file); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []struct{ name, content string }{
		{second.String() + ":tenant/users/a.yaml", "two\n"}, {first.String() + ":tenant/users/a.yaml", "one\n"}, {first.String() + ":top.yaml", "top\n"},
	} {
		if got := git(t, dir, "cat-file", "blob", want.name); strings.TrimSpace(got) != strings.TrimSpace(want.content) {
			t.Errorf("%s: %q", want.name, got)
		}
	}
	for _, absent := range []string{second.String() + ":tenant/groups/b.yaml", second.String() + ":top.yaml2"} {
		if _, err := tryGit(dir, "cat-file", "blob", absent); err == nil {
			t.Errorf("%s came along", absent)
		}
	}
	if got, want := git(t, dir, "cat-file", "commit", second.String()), git(t, r.Dir(), "cat-file", "commit", second.String()); got != want {
		t.Errorf("commit: %q, want %q", got, want)
	}
}

// How the repository has packed its objects is no matter.
func TestExtractsAreTheSameBytes(t *testing.T) {
	r := newRepo(t)
	hashes := history(t, r, 4)
	var of []Extract
	for _, h := range hashes {
		var paths []string
		tree, err := r.Tree(h)
		if err != nil {
			t.Fatal(err)
		}
		for f, err := range tree.Files("") {
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, f.Path)
		}
		of = append(of, Extract{Commit: h, Paths: paths})
	}
	before := extract(t, r, of...)
	git(t, r.Dir(), "gc", "--quiet", "--aggressive")
	r = reopen(t, r)
	if !bytes.Equal(before, extract(t, r, of...)) {
		t.Error("other bytes after git gc")
	}
}

func TestAnExtractOfWhatIsNotThere(t *testing.T) {
	temporary := t.TempDir()
	r := newRepo(t)
	history(t, r, 1)
	t.Setenv("TMPDIR", temporary)
	absent := Hash{1}
	if err := r.WriteExtracts(&bytes.Buffer{}, []Extract{{Commit: absent}}); err == nil || !strings.Contains(err.Error(), absent.String()) {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func extract(t *testing.T, r *Repo, extracts ...Extract) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteExtracts(&b, extracts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
