package gitstore

import (
	"context"
	"errors"
	"strings"
	"testing"
)

const besideRef = "refs/entragit/beside"

// What a snapshot names is there before the snapshot is, and stays where the snapshot was given up.
func TestBeside(t *testing.T) {
	ctx := context.Background()
	r := newRepo(t)
	commits := history(t, r, 1)
	for i, subject := range []string{"given-up", "made"} {
		w, err := r.Begin(ctx, SnapshotsRef, BeginOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Beside(besideRef)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Put(subject+".txt", []byte(subject)); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Commit(ctx, options(subject, epoch)); err != nil {
			t.Fatal(err)
		}
		if _, err := reopen(t, r).Begin(ctx, SnapshotsRef, BeginOptions{}); !errors.Is(err, ErrLocked) {
			t.Errorf("the lock is free before the snapshot ended: %v", err)
		}
		if i == 0 {
			w.Abort()
			if head, _ := r.Head(SnapshotsRef); head != commits[0] {
				t.Error("a snapshot that was given up moved the branch")
			}
			continue
		}
		if _, err := w.Put("config.yaml", []byte("new")); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Commit(ctx, options("snapshot", epoch)); err != nil {
			t.Fatal(err)
		}
	}
	fsck(t, r.dir)
	if got := git(t, r.dir, "ls-tree", "--name-only", besideRef); got != "given-up.txt\nmade.txt" {
		t.Errorf("files: %q", got)
	}
	if got := git(t, r.dir, "ls-tree", "-r", "--name-only", SnapshotsRef); strings.Contains(got, "made") {
		t.Errorf("the snapshot has %q", got)
	}
}

// Two histories are joined by a commit that continues both, which nobody has to force.
func TestJoins(t *testing.T) {
	ctx := context.Background()
	overBoth(t, func(t *testing.T, _ *backend, m Remote) {
		ours, theirs := newRepo(t), newRepo(t)
		first := history(t, ours, 1)
		if _, err := ours.Push(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		if _, err := theirs.Fetch(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		there := snap(t, theirs, files{"theirs": text("theirs")}, options("theirs", epoch))
		if _, err := theirs.Push(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		here := snap(t, ours, files{"ours": text("ours")}, options("ours", epoch))
		_, err := ours.Fetch(ctx, m, SnapshotsRef)
		diverged, ok := errors.AsType[*DivergedError](err)
		if !ok || !errors.Is(err, ErrDiverged) || diverged.Old != here || diverged.New != there {
			t.Fatalf("%v", err)
		}
		w, err := ours.Begin(ctx, SnapshotsRef, BeginOptions{From: diverged.New})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Abort()
		if _, err := w.Put("ours", []byte("ours")); err != nil {
			t.Fatal(err)
		}
		o := options("both", epoch)
		o.Joins = diverged.New
		joined, err := w.Commit(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, old := range append(first, here, there) {
			if ok, err := ours.IsAncestor(old, joined); !ok || err != nil {
				t.Errorf("%s is not in the history of both: %v", old.Short(), err)
			}
		}
		if _, err := ours.Push(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		if _, err := theirs.Fetch(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		fsck(t, theirs.dir)
		if got := git(t, theirs.dir, "ls-tree", "--name-only", SnapshotsRef); got != "config.yaml\nday\nours\ntheirs" {
			t.Errorf("files: %q", got)
		}
	})
}
