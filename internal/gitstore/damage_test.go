package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readAll reads everything that is reached from the snapshots branch.
func readAll(r *Repo) error {
	_, err := contents(r)
	return err
}

// contents returns every file of every snapshot, by commit and path.
func contents(r *Repo) (map[string]string, error) {
	head, err := r.Head(SnapshotsRef)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for c, err := range r.Log(head) {
		if err != nil {
			return nil, err
		}
		for f, err := range r.treeAt(c.Tree).Files("") {
			if err != nil {
				return nil, err
			}
			data, err := r.ReadBlob(f.Hash)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.Path, err)
			}
			out[c.Hash.String()+":"+f.Path] = string(data)
		}
	}
	return out, nil
}

// onlyPack returns the repository's pack and index, made writable.
func onlyPack(t *testing.T, r *Repo) (pack, idx string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(r.packDir(), "pack-*"))
	if err != nil || len(names) != 2 {
		t.Fatalf("packs: %v, %v", names, err)
	}
	for _, name := range names {
		os.Chmod(name, 0o644)
	}
	return names[1], names[0]
}

func edit(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, change(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFlippedBits flips bits all over pack and index: that is damage, or, in the few
// bits of a compressed stream that mean nothing, changes nothing.
func TestFlippedBits(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	want, err := contents(r)
	if err != nil {
		t.Fatal(err)
	}
	pack, idx := onlyPack(t, r)
	for _, name := range []string{pack, idx} {
		whole, _ := os.ReadFile(name)
		noticed, tried := 0, 0
		for at := 0; at < len(whole); at += 5 {
			edit(t, name, func(b []byte) []byte { b[at] ^= 1 << (at % 8); return b })
			broken := reopen(t, r)
			got, err := contents(broken)
			broken.Close()
			tried++
			switch {
			case errors.Is(err, ErrDamaged):
				noticed++
			case err != nil:
				t.Errorf("%s: byte %d: error = %v, want ErrDamaged", filepath.Ext(name), at, err)
			case !maps.Equal(got, want):
				t.Errorf("%s: a flipped bit in byte %d changed what was read", filepath.Ext(name), at)
			}
			edit(t, name, func([]byte) []byte { return whole })
		}
		if noticed*10 < tried*9 {
			t.Errorf("%s: %d of %d flipped bits were noticed", filepath.Ext(name), noticed, tried)
		}
	}
}

func TestTruncatedFilesAreDamage(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	pack, idx := onlyPack(t, r)
	for _, name := range []string{pack, idx} {
		whole, _ := os.ReadFile(name)
		for n := 0; n < len(whole); n += 41 {
			edit(t, name, func([]byte) []byte { return whole[:n] })
			err := readAll(reopen(t, r))
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), filepath.Base(name)) {
				t.Errorf("%s cut to %d bytes: error = %v, want ErrDamaged naming it", filepath.Ext(name), n, err)
			}
		}
		edit(t, name, func([]byte) []byte { return whole })
	}
}

func TestMissingObjectsAreDamage(t *testing.T) {
	r := newRepo(t)
	history(t, r, 2)
	for _, spec := range []string{"snapshots:day/a.yaml", "snapshots:day", "snapshots^{tree}", "snapshots~1"} {
		broken := explode(t, r)
		h := git(t, broken.dir, "rev-parse", spec)
		os.Remove(filepath.Join(broken.dir, "objects", h[:2], h[2:]))
		err := readAll(broken)
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), h) {
			t.Errorf("without %s: error = %v, want ErrDamaged naming %s", spec, err, h)
		}
		if errors.Is(err, ErrNotFound) {
			t.Errorf("without %s: damage must not look like absence: %v", spec, err)
		}
	}
}

// explode copies a repository into one with loose objects only.
func explode(t *testing.T, r *Repo) *Repo {
	t.Helper()
	out := newRepo(t)
	names, _ := filepath.Glob(filepath.Join(r.packDir(), "*.pack"))
	for _, name := range names {
		if msg, err := shell(out.dir, "git unpack-objects -q < "+name); err != nil {
			t.Fatalf("unpack: %v %s", err, msg)
		}
	}
	git(t, out.dir, "update-ref", SnapshotsRef, git(t, r.dir, "rev-parse", SnapshotsRef))
	return reopen(t, out)
}

func TestTamperedLooseObject(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	broken := explode(t, r)
	if err := readAll(broken); err != nil {
		t.Fatalf("loose objects: %v", err)
	}
	a := git(t, broken.dir, "rev-parse", "snapshots:day/a.yaml")
	b := git(t, broken.dir, "rev-parse", "snapshots:config.yaml")
	from := filepath.Join(broken.dir, "objects", b[:2], b[2:])
	to := filepath.Join(broken.dir, "objects", a[:2], a[2:])
	data, _ := os.ReadFile(from)
	os.Chmod(to, 0o644)
	os.WriteFile(to, data, 0o644)
	tree, err := broken.Tree(mustHead(t, broken))
	if err != nil {
		t.Fatal(err)
	}
	_, err = tree.Read("day/a.yaml")
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "day/a.yaml") || !strings.Contains(err.Error(), a) {
		t.Errorf("error = %v, want ErrDamaged naming path and object", err)
	}
}

func mustHead(t testing.TB, r *Repo) Hash {
	t.Helper()
	h, err := r.Head(SnapshotsRef)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestBadReferencesAreDamage(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "half": "1234567890", "garbage": strings.Repeat("z", 40) + "\n",
		"zeros of a lost write": strings.Repeat("\x00", 41), "circle": "ref: refs/heads/snapshots\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepo(t)
			history(t, r, 1)
			ref := filepath.Join(r.dir, "refs", "heads", "snapshots")
			os.WriteFile(ref, []byte(content), 0o644)
			if _, err := r.Head(SnapshotsRef); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), SnapshotsRef) {
				t.Errorf("Head = %v, want ErrDamaged naming the reference", err)
			}
			for _, root := range []bool{false, true} {
				_, err := r.Begin(t.Context(), SnapshotsRef, BeginOptions{Root: root})
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("Begin(Root: %v) = %v, want ErrDamaged", root, err)
				}
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		r := newRepo(t)
		if _, err := r.Head(SnapshotsRef); !errors.Is(err, ErrDamaged) {
			t.Errorf("Head = %v, want ErrDamaged", err)
		}
		if _, err := r.Begin(t.Context(), SnapshotsRef, BeginOptions{}); !errors.Is(err, ErrDamaged) {
			t.Errorf("Begin = %v, want ErrDamaged", err)
		}
	})
	t.Run("root over history", func(t *testing.T) {
		r := newRepo(t)
		history(t, r, 1)
		if _, err := r.Begin(t.Context(), SnapshotsRef, BeginOptions{Root: true}); !errors.Is(err, ErrExists) {
			t.Errorf("Begin = %v, want ErrExists", err)
		}
	})
	t.Run("packed", func(t *testing.T) {
		r := newRepo(t)
		h := history(t, r, 2)[1]
		git(t, r.dir, "pack-refs", "--all")
		if got, err := r.Head(SnapshotsRef); err != nil || got != h {
			t.Errorf("Head from packed-refs = %s, %v", got, err)
		}
		snap(t, r, files{"a": text("b")}, options("on top", epoch))
		fsck(t, r.dir)
	})
}

func TestOpenRefusesWhatItCannotRead(t *testing.T) {
	empty := t.TempDir()
	if _, err := Open(empty); !errors.Is(err, ErrNotRepository) {
		t.Errorf("Open of an empty directory = %v", err)
	}
	sha256 := filepath.Join(t.TempDir(), "r.git")
	git(t, empty, "init", "-q", "--bare", "--object-format=sha256", sha256)
	if _, err := Open(sha256); !errors.Is(err, ErrNotRepository) || !strings.Contains(err.Error(), "sha256") {
		t.Errorf("Open of a SHA-256 repository = %v", err)
	}
	work := t.TempDir()
	git(t, work, "init", "-q", "-b", "snapshots")
	r, err := Open(work)
	if err != nil {
		t.Fatalf("Open of a work tree: %v", err)
	}
	if _, err := r.Begin(t.Context(), SnapshotsRef, BeginOptions{Root: true}); !errors.Is(err, ErrNotRepository) {
		t.Errorf("Begin on the checked-out branch = %v", err)
	}
	if _, err := Init(work); !errors.Is(err, ErrExists) {
		t.Errorf("Init over other files = %v", err)
	}
	again := newRepo(t)
	if _, err := Init(again.dir); err != nil {
		t.Errorf("Init before there is a reference = %v", err)
	}
	history(t, again, 1)
	for _, pack := range []bool{false, true} {
		if pack {
			git(t, again.dir, "pack-refs", "--all")
		}
		if _, err := Init(again.dir); !errors.Is(err, ErrExists) {
			t.Errorf("Init over a history, its references packed: %v: %v", pack, err)
		}
	}
	git(t, t.TempDir(), "init", "-q", "--bare", "-b", "snapshots", empty)
	if _, err := Init(empty); !errors.Is(err, ErrExists) {
		t.Errorf("Init over a repository that somebody else made = %v", err)
	}
}

// TestReferencesToNothing: a reference names a commit that is here, or is damage.
func TestReferencesToNothing(t *testing.T) {
	gone := strings.Repeat("12", 20)
	r := newRepo(t)
	history(t, r, 2)
	if err := os.WriteFile(r.path("refs/heads/main"), []byte(gone+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, _, refErr := r.Ref("refs/heads/main")
	_, headErr := r.Head("refs/heads/main")
	_, resolveErr := r.Resolve("main", epoch)
	h, _ := ParseHash(gone)
	_, commitErr := r.Commit(h)
	for what, err := range map[string]error{"Ref": refErr, "Head": headErr, "Resolve": resolveErr, "Commit": commitErr} {
		if !errors.Is(err, ErrDamaged) || errors.Is(err, ErrUnknownRevision) || !strings.Contains(err.Error(), gone) {
			t.Errorf("%s = %v, want ErrDamaged naming the commit", what, err)
		}
	}
	if _, err := r.Resolve(gone, epoch); !errors.Is(err, ErrUnknownRevision) {
		t.Errorf("Resolve of what only a person names = %v", err)
	}
}

func TestPartialClonesAreDamage(t *testing.T) {
	r := newRepo(t)
	head := history(t, r, 3)[2]
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"shallow clone":    {"--depth=1", "file://" + r.dir},
		"alternates names": {"--shared", r.dir},
	} {
		at := filepath.Join(dir, args[0]+name)
		git(t, dir, append([]string{"clone", "-q", "--bare", "-b", "snapshots"}, append(args, at)...)...)
		clone, err := Open(at)
		if err != nil {
			t.Fatal(err)
		}
		err = readAll(clone)
		clone.Close()
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), head.String()) {
			t.Errorf("%s: error = %v, want ErrDamaged naming %s", name, err, head)
		}
	}
}

func TestSizeLimitComesBeforeInflating(t *testing.T) {
	// A loose blob that claims, and has, more than the limit allows.
	r := newRepo(t)
	big := bytes.Repeat([]byte{'a'}, 2<<20)
	name := filepath.Join(t.TempDir(), "big")
	os.WriteFile(name, big, 0o644)
	h, err := ParseHash(git(t, r.dir, "hash-object", "-w", "-t", "blob", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.objects.find(h, 1<<20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("loose: error = %v, want ErrTooLarge", err)
	}
	git(t, r.dir, "update-ref", "refs/tags/big", h.String())
	git(t, r.dir, "repack", "-adq")
	if _, _, err := reopen(t, r).objects.find(h, 1<<20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("packed: error = %v, want ErrTooLarge", err)
	}
}
