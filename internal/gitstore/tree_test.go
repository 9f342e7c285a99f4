package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/google/go-cmp/cmp"
)

// nativeTree writes a tree object as given, without any of git's checks, and a
// commit on SnapshotsRef that has it.
func nativeTree(t *testing.T, r *Repo, tree []byte) {
	t.Helper()
	cmd := exec.Command("git", "-C", r.dir, "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
	cmd.Stdin = bytes.NewReader(tree)
	h, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	commit := git(t, r.dir, "commit-tree", "-m", "x", strings.TrimSpace(string(h)))
	git(t, r.dir, "update-ref", SnapshotsRef, commit)
}

func row(mode, name string, h Hash) string { return mode + " " + name + "\x00" + string(h[:]) }

func TestHostileTrees(t *testing.T) {
	blob := newHasher().object(typeBlob, nil)
	file := func(name string) string { return row("100644", name, blob) }
	for name, tree := range map[string]string{
		"symbolic link":  row("120000", "link", blob),
		"submodule":      row("160000", "sub", blob),
		"executable":     row("100755", "run.sh", blob),
		"padded mode":    row("040000", "dir", blob),
		"slash":          file("a/b"),
		"dot-dot":        file(".."),
		"dot":            file("."),
		"empty name":     file(""),
		".git":           file(".git"),
		".GIT":           file(".GIT"),
		"git~1":          file("git~1"),
		"drive":          file("C:"),
		"device":         file("nul"),
		"device.yaml":    file("CON.yaml"),
		"port":           file("com1"),
		"control":        file("a\nb"),
		"space":          file("a b"),
		"not ASCII":      file("é"),
		"trailing dot":   file("a."),
		"long name":      file(strings.Repeat("a", 256)),
		"duplicate":      file("a") + file("a"),
		"out of order":   file("b") + file("a"),
		"case twins":     file("A") + file("a"),
		"file and dir":   file("a") + file("a.b") + row("40000", "a", blob),
		"cut off":        file("a")[:20],
		"no mode":        "a\x00" + string(blob[:]),
		"cut off hash":   file("a") + "100644 b\x00abc",
		"no NUL":         "100644 abc",
		"no NUL at end":  file("a") + "100644 abc",
		"only a NUL":     "\x00",
		"wrong dir mode": row("40755", "a", blob),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			nativeTree(t, r, []byte(tree))
			top, err := r.Tree(mustHead(t, r))
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range top.Files("") {
				if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), top.Hash().String()) {
					t.Errorf("Files = %v, want ErrDamaged naming the tree", err)
				}
			}
			if _, _, err := top.Lookup("x"); !errors.Is(err, ErrDamaged) {
				t.Errorf("Lookup = %v, want ErrDamaged", err)
			}
			for _, err := range r.DiffTrees(r.treeAt(Hash{}), top, "") {
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("DiffTrees = %v, want ErrDamaged", err)
				}
			}
		})
	}
}

func TestDeepAndWideTrees(t *testing.T) {
	r := newRepo(t)
	deep := strings.Repeat("d/", 7) + "file"
	snap(t, r, files{deep: text("x")}, options("deep", epoch))
	tree, err := r.Tree(mustHead(t, r))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tree.Read(deep); err != nil || string(got) != "x" {
		t.Errorf("Read of a file at the lowest level = %q, %v", got, err)
	}
	if got := paths(t, tree, ""); !slices.Equal(got, []string{deep}) {
		t.Errorf("Files = %v", got)
	}
	if err := CheckPath("d/" + deep); !errors.Is(err, ErrBadPath) {
		t.Errorf("CheckPath below it = %v", err)
	}
	// The same tree, one level further down, made by someone else.
	nativeTree(t, r, []byte(row(modeDir, "d", tree.Hash())))
	tree, _ = r.Tree(mustHead(t, r))
	for _, err := range tree.Files("") {
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "deeper") {
			t.Errorf("Files of a deeper tree = %v", err)
		}
	}
}

func paths(t *testing.T, tree *Tree, prefix string) (out []string) {
	t.Helper()
	for f, err := range tree.Files(prefix) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f.Path)
	}
	return out
}

func TestFilesBelowPrefix(t *testing.T) {
	r := newRepo(t)
	snap(t, r, files{"a/b/c": text("1"), "a/b.yaml": text("2"), "ab": text("3"), "a-b/x": text("4")}, options("x", epoch))
	tree, err := r.Tree(mustHead(t, r))
	if err != nil {
		t.Fatal(err)
	}
	for prefix, want := range map[string]string{
		"": "a-b/x a/b.yaml a/b/c ab", "a": "a/b.yaml a/b/c", "a/b": "a/b/c", "a/b.yaml": "a/b.yaml", "none": "", "ab/x": "", "../x": "",
	} {
		if got := strings.Join(paths(t, tree, prefix), " "); got != want {
			t.Errorf("Files(%q) = %q, want %q", prefix, got, want)
		}
	}
	if _, err := tree.Read("a/none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Read of nothing = %v, want ErrNotFound", err)
	}
}

// randomTrees makes n states, each a few edits away from the one before.
func randomTrees(t *testing.T, r *Repo, n int) []Hash {
	random := rand.New(rand.NewPCG(3, 4))
	state := map[string]bool{}
	var out []Hash
	for i := range n {
		change := files{}
		for range 40 {
			path := fmt.Sprintf("%c/%c%d/%d.yaml", 'a'+random.IntN(3), 'a'+random.IntN(3), random.IntN(12), random.IntN(9))
			if state[path] && random.IntN(3) == 0 {
				change[path] = nil
			} else {
				change[path] = text(fmt.Sprint(random.IntN(100)))
			}
		}
		for path, content := range change {
			state[path] = content != nil
		}
		o := options("x", epoch.AddDate(0, 0, i))
		o.AllowEmpty = true
		out = append(out, snap(t, r, change, o))
	}
	return out
}

// goGit opens the repository with go-git, the oracle for reading.
func goGit(r *Repo) *filesystem.Storage {
	return filesystem.NewStorage(osfs.New(r.dir), cache.NewObjectLRUDefault())
}

func TestDiffTreesAgreesWithGoGit(t *testing.T) {
	r := newRepo(t)
	commits := randomTrees(t, r, 8)
	fsck(t, r.dir)
	store := goGit(r)
	for i, a := range commits {
		for _, b := range commits[i:] {
			left, _ := r.Tree(a)
			right, _ := r.Tree(b)
			var got []string
			for c, err := range r.DiffTrees(left, right, "") {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprint(c.Path, " ", c.Old, " ", c.New))
			}
			if !slices.IsSorted(got) {
				t.Errorf("changes are not in order of their paths")
			}
			if diff := cmp.Diff(goGitDiff(t, store, a, b), got); diff != "" {
				t.Fatalf("%s..%s (-go-git +ours):\n%s", a.Short(), b.Short(), diff)
			}
		}
	}
}

func goGitDiff(t *testing.T, store *filesystem.Storage, a, b Hash) (out []string) {
	t.Helper()
	var trees [2]*object.Tree
	for i, h := range []Hash{a, b} {
		c, err := object.GetCommit(store, plumbing.Hash(h))
		if err != nil {
			t.Fatal(err)
		}
		if trees[i], err = c.Tree(); err != nil {
			t.Fatal(err)
		}
	}
	changes, err := object.DiffTree(trees[0], trees[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		name := c.From.Name
		if name == "" {
			name = c.To.Name
		}
		out = append(out, fmt.Sprint(name, " ", c.From.TreeEntry.Hash, " ", c.To.TreeEntry.Hash))
	}
	slices.Sort(out)
	return out
}

func TestDiffTreesBelowPrefix(t *testing.T) {
	r := newRepo(t)
	a := snap(t, r, files{"x/a": text("1"), "y/b": text("1"), "z": text("1")}, options("a", epoch))
	b := snap(t, r, files{"x/a": text("2"), "y/b": text("2"), "z": text("2"), "x/n": text("n")}, options("b", epoch))
	left, _ := r.Tree(a)
	right, _ := r.Tree(b)
	for prefix, want := range map[string]string{"": "x/a x/n y/b z", "x": "x/a x/n", "x/n": "x/n", "z": "z", "none": ""} {
		var got []string
		for c, err := range r.DiffTrees(left, right, prefix) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, c.Path)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("DiffTrees(%q) = %v, want %s", prefix, got, want)
		}
	}
}

// TestReadsWhatGitRepacked reads every object from delta chains and compares it
// with what go-git reads.
func TestReadsWhatGitRepacked(t *testing.T) {
	r := newRepo(t)
	randomTrees(t, r, 12)
	for i := range 12 {
		o := options("big", epoch.AddDate(0, 1, i))
		snap(t, r, files{"big.yaml": text(strings.Repeat("a line of a large file\n", 3000+i))}, o)
	}
	for _, offsets := range []string{"true", "false"} {
		git(t, r.dir, "-c", "repack.useDeltaBaseOffset="+offsets, "-c", "pack.window=50", "repack", "-adfq", "--depth=50", "--window=50")
		again, store := reopen(t, r), goGit(r)
		for line := range strings.SplitSeq(git(t, r.dir, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)"), "\n") {
			h, err := ParseHash(line)
			if err != nil {
				t.Fatal(err)
			}
			_, got, err := again.objects.readAny(h)
			if err != nil {
				t.Fatal(err)
			}
			want, err := store.EncodedObject(plumbing.AnyObject, plumbing.Hash(h))
			if err != nil {
				t.Fatal(err)
			}
			if want.Size() != int64(len(got)) {
				t.Errorf("%s: %d bytes, go-git reads %d", h, len(got), want.Size())
			}
		}
	}
}
