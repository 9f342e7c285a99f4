package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSnapshotsAreNativeCommits(t *testing.T) {
	r := newRepo(t)
	first := snap(t, r, files{
		"entragit.yaml":            text("tenant: contoso\n"),
		".entragit/manifest.yaml":  text("format: 1\n"),
		"tenant/users/3f/3f2.yaml": text("name: Ada\n"),
		"tenant/users/40/401.yaml": text("name: Bob\n"),
		"tenant/policy.yaml":       text(""),
	}, options("backup: +5", epoch))
	o := options("backup: ~1 -1", epoch.AddDate(0, 0, 1))
	o.Body = "users: 1 changed\n\nNote: not a trailer, the paragraph is followed by more"
	o.Trailers = []Trailer{{"Seq", "2"}, {"Captured-At", "2026-10-02T06:00:00Z"}}
	second := snap(t, r, files{
		"tenant/users/3f/3f2.yaml": text("name: Ada L\n"),
		"tenant/users/40/401.yaml": nil,
	}, o)

	fsck(t, r.dir)
	if got := git(t, r.dir, "rev-list", "snapshots"); got != second.String()+"\n"+first.String() {
		t.Errorf("rev-list = %s", got)
	}
	if got := git(t, r.dir, "ls-tree", "-r", "--name-only", "snapshots"); got !=
		".entragit/manifest.yaml\nentragit.yaml\ntenant/policy.yaml\ntenant/users/3f/3f2.yaml" {
		t.Errorf("the emptied directory must vanish; ls-tree = %s", got)
	}
	if got := git(t, r.dir, "cat-file", "blob", "snapshots:tenant/users/3f/3f2.yaml"); got != "name: Ada L" {
		t.Errorf("cat-file = %q", got)
	}
	if got := git(t, r.dir, "log", "-1", "--format=%(trailers:only,unfold)", "snapshots"); got != "Seq: 2\nCaptured-At: 2026-10-02T06:00:00Z\n" &&
		got != "Seq: 2\nCaptured-At: 2026-10-02T06:00:00Z" {
		t.Errorf("trailers as native git reads them = %q", got)
	}
	if got := git(t, r.dir, "log", "-p", "-1", "snapshots"); !strings.Contains(got, "-name: Ada\n+name: Ada L") {
		t.Errorf("git log -p = %s", got)
	}
	c, err := r.Commit(second)
	if err != nil {
		t.Fatal(err)
	}
	if c.Subject != o.Subject || c.Body != o.Body || fmt.Sprint(c.Trailers) != fmt.Sprint(o.Trailers) {
		t.Errorf("read back %q %q %v", c.Subject, c.Body, c.Trailers)
	}
	if v, ok := c.Trailer("seq"); !ok || v != "2" {
		t.Errorf("Trailer(seq) = %q %v", v, ok)
	}
}

func TestOnlyChangesAreWritten(t *testing.T) {
	r := newRepo(t)
	content := files{}
	for i := range 300 {
		content[fmt.Sprintf("users/%02x/%d.yaml", i%16, i)] = text(fmt.Sprint("user ", i))
	}
	snap(t, r, content, options("first", epoch))
	tree := git(t, r.dir, "rev-parse", "snapshots^{tree}")

	ctx := context.Background()
	w, err := r.Begin(ctx, SnapshotsRef, BeginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for path, c := range content {
		if changed, err := w.Put(path, []byte(*c)); err != nil || changed {
			t.Fatalf("Put of the same bytes: changed %v, %v", changed, err)
		}
	}
	o := options("nothing", epoch.AddDate(0, 0, 1))
	if _, err := w.Commit(ctx, o); !errors.Is(err, ErrUnchanged) {
		t.Fatalf("Commit of nothing = %v, want ErrUnchanged", err)
	}
	packs := objectCount(t, r)
	o.AllowEmpty = true
	snap(t, r, files{}, o)
	if got := objectCount(t, r) - packs; got != 1 {
		t.Errorf("an unchanged snapshot wrote %d objects, want the commit alone", got)
	}
	if got := git(t, r.dir, "rev-parse", "snapshots^{tree}"); got != tree {
		t.Errorf("tree changed")
	}

	packs = objectCount(t, r)
	snap(t, r, files{"users/03/3.yaml": text("changed")}, options("one", epoch.AddDate(0, 0, 2)))
	if got := objectCount(t, r) - packs; got != 5 {
		t.Errorf("one changed file wrote %d objects, want blob, three directories and commit", got)
	}
	fsck(t, r.dir)
}

func objectCount(t *testing.T, r *Repo) int {
	t.Helper()
	out := git(t, r.dir, "cat-file", "--batch-all-objects", "--batch-check")
	return strings.Count(out, "\n") + 1
}

func TestWriterEdits(t *testing.T) {
	ctx := context.Background()
	r := newRepo(t)
	snap(t, r, files{"a/b.yaml": text("1"), "a/c.yaml": text("2"), "d": text("3")}, options("first", epoch))
	begin := func() *Writer {
		w, err := r.Begin(ctx, SnapshotsRef, BeginOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.Abort)
		return w
	}
	put := func(w *Writer, path, content string) error { _, err := w.Put(path, []byte(content)); return err }
	del := func(w *Writer, path string) error { return w.Delete(path) }
	for _, tt := range []struct {
		name string
		edit func(*Writer) error
		want error
		tree string // ls-tree afterwards; "" for no commit
	}{
		{"put then delete", func(w *Writer) error { return errors.Join(put(w, "x/y", "1"), del(w, "x/y")) }, nil, "a/b.yaml a/c.yaml d"},
		{"delete then put the same", func(w *Writer) error { return errors.Join(del(w, "a/b.yaml"), put(w, "a/b.yaml", "1")) }, nil, "a/b.yaml a/c.yaml d"},
		{"delete what is not there", func(w *Writer) error { return del(w, "a/x") }, ErrNotFound, ""},
		{"delete twice", func(w *Writer) error { return errors.Join(del(w, "d"), del(w, "d")) }, ErrNotFound, ""},
		{"file over directory", func(w *Writer) error { return put(w, "a", "1") }, ErrBadPath, ""},
		{"directory over file", func(w *Writer) error { return put(w, "d/e", "1") }, ErrBadPath, ""},
		{"directory over new file", func(w *Writer) error { return errors.Join(put(w, "n", "1"), put(w, "n/e", "1")) }, ErrBadPath, ""},
		{"parent path", func(w *Writer) error { return put(w, "../x", "1") }, ErrBadPath, ""},
		{"too large", func(w *Writer) error { _, err := w.Put("x", make([]byte, maxBlobSize+1)); return err }, ErrTooLarge, ""},
		{"git directory", func(w *Writer) error { return put(w, "a/.GIT/config", "1") }, ErrBadPath, ""},
		{"directory in place of a deleted file", func(w *Writer) error { return errors.Join(del(w, "d"), put(w, "d/e", "1")) }, nil, "a/b.yaml a/c.yaml d/e"},
		{"everything gone", func(w *Writer) error {
			return errors.Join(del(w, "d/e"), del(w, "a/b.yaml"), del(w, "a/c.yaml"))
		}, nil, ""},
		{"from nothing", func(w *Writer) error { return put(w, "z", "1") }, nil, "z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := begin()
			defer w.Abort()
			if err := tt.edit(w); !errors.Is(err, tt.want) {
				t.Fatalf("error = %v, want %v", err, tt.want)
			}
			if tt.want != nil {
				return
			}
			o := options(tt.name, epoch)
			o.AllowEmpty = true
			if _, err := w.Commit(ctx, o); err != nil {
				t.Fatal(err)
			}
			fsck(t, r.dir)
			if got := strings.ReplaceAll(git(t, r.dir, "ls-tree", "-r", "--name-only", "snapshots"), "\n", " "); got != tt.tree {
				t.Errorf("tree is %q, want %q", got, tt.tree)
			}
		})
	}
}

func TestCaseTwinsAreRefused(t *testing.T) {
	r := newRepo(t)
	_, err := trySnap(r, files{"a/X.yaml": text("1"), "a/x.yaml": text("2")}, options("twins", epoch))
	if !errors.Is(err, ErrBadPath) || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("error = %v, want ErrBadPath naming the directory", err)
	}
}

func TestSameInputSamePack(t *testing.T) {
	var packs [][]byte
	for range 2 {
		r := newRepo(t)
		w, err := r.Begin(context.Background(), SnapshotsRef, BeginOptions{Root: true})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3000 {
			if _, err := w.Put(fmt.Sprintf("u/%d.yaml", i), bytes.Repeat([]byte(fmt.Sprint(i, " ")), 100)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Commit(context.Background(), options("x", epoch)); err != nil {
			t.Fatal(err)
		}
		names, _ := filepath.Glob(filepath.Join(r.packDir(), "*.pack"))
		data, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		packs = append(packs, data)
	}
	if !bytes.Equal(packs[0], packs[1]) {
		t.Error("two runs over the same input wrote different packs")
	}
}

// A commit that is kept aside continues the branch and leaves it where it is; the next
// one takes its place.
func TestCommitAside(t *testing.T) {
	const ref = "refs/entragit/quarantine/2"
	r := newRepo(t)
	root := snap(t, r, files{"a": text("1")}, options("root", epoch))
	for _, content := range []string{"2", "3"} {
		o := options("aside", epoch)
		o.Aside = ref
		h := snap(t, r, files{"a": text(content)}, o)
		if branch, err := r.Head(SnapshotsRef); err != nil || branch != root {
			t.Errorf("the branch is at %s, want %s, %v", branch, root, err)
		}
		if aside, ok, err := r.Ref(ref); err != nil || !ok || aside != h {
			t.Errorf("%s is at %s, want %s, %v", ref, aside, h, err)
		}
		if got := git(t, r.dir, "rev-parse", h.String()+"^"); got != root.String() {
			t.Errorf("its parent is %s", got)
		}
	}
	fsck(t, r.dir)
	o := options("aside", epoch)
	o.Aside = "no reference"
	if _, err := trySnap(r, files{"a": text("4")}, o); err == nil {
		t.Error("a bad name was taken")
	}
}

// TestLongMessage: what a commit may not hold is refused before anything is written.
func TestLongMessage(t *testing.T) {
	signer, _ := newKey(t)
	for _, o := range []CommitOptions{options("unsigned", epoch), signed(signer)} {
		r := newRepo(t)
		first := history(t, r, 1)[0]
		o.Body = strings.Repeat("x", MaxBody)
		if _, err := trySnap(r, files{"a": text("1")}, o); err != nil {
			t.Errorf("a body of the greatest length: %v", err)
		}
		fsck(t, r.dir)
		git(t, r.dir, "update-ref", SnapshotsRef, first.String())
		tooLong := o
		tooLong.Body += "x"
		many := o
		many.Trailers = []Trailer{{Key: "K", Value: strings.Repeat("v", MaxBody)}}
		for _, o := range []CommitOptions{tooLong, many} {
			if _, err := trySnap(r, files{"a": text("2")}, o); err == nil || !strings.Contains(err.Error(), "longer than") {
				t.Errorf("a longer message: %v", err)
			}
			if head := mustHead(t, r); head != first {
				t.Error("the reference moved")
			}
		}
	}
}
