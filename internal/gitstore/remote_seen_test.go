package gitstore

import (
	"errors"
	"testing"
)

// TestRemoteSetBack: a remote that lost what it had is not quietly given it again.
func TestRemoteSetBack(t *testing.T) {
	overBoth(t, func(t *testing.T, b *backend, m Remote) {
		m.Name = "origin"
		r := newRepo(t)
		commits := history(t, r, 3)
		if _, err := r.Fetch(t.Context(), m, SnapshotsRef); err != nil {
			t.Fatalf("a remote that was never pushed to: %v", err)
		}
		if _, err := r.Push(t.Context(), m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		for name, setBack := range map[string][]string{
			"by one": {"update-ref", SnapshotsRef, commits[1].String()},
			"gone":   {"update-ref", "-d", SnapshotsRef},
		} {
			git(t, b.dir, setBack...)
			_, fetched := r.Fetch(t.Context(), m, SnapshotsRef)
			_, pushed := r.Push(t.Context(), m, SnapshotsRef)
			if !errors.Is(fetched, ErrRewound) || !errors.Is(pushed, ErrRewound) {
				t.Errorf("%s: fetch: %v, push: %v; want ErrRewound", name, fetched, pushed)
			}
			if head := mustHead(t, r); head != commits[2] {
				t.Errorf("%s: the reference here moved to %s", name, head)
			}
			accepting := m
			accepting.AcceptRewound = true
			if _, err := r.Fetch(t.Context(), accepting, SnapshotsRef); err != nil {
				t.Errorf("%s: accepted: %v", name, err)
			}
			if _, err := r.Push(t.Context(), accepting, SnapshotsRef); err != nil {
				t.Errorf("%s: accepted: %v", name, err)
			}
			if got := git(t, b.dir, "rev-parse", SnapshotsRef); got != commits[2].String() {
				t.Errorf("%s: the remote is at %s", name, got)
			}
			if _, err := r.Push(t.Context(), m, SnapshotsRef); err != nil {
				t.Errorf("%s: after that: %v", name, err)
			}
		}
		fsck(t, r.dir)
	})
}

// TestRemoteBehindIsNotSetBack: a push that failed leaves the remote where it was seen.
func TestRemoteBehindIsNotSetBack(t *testing.T) {
	b := newBackend(t)
	m := b.http()
	m.Name = "origin"
	r := newRepo(t)
	history(t, r, 1)
	if _, err := r.Push(t.Context(), m, SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	snap(t, r, files{"a": text("1")}, options("while the remote could not be reached", epoch))
	if _, err := r.Fetch(t.Context(), m, SnapshotsRef); err != nil {
		t.Errorf("fetch: %v", err)
	}
	if _, err := r.Push(t.Context(), m, SnapshotsRef); err != nil {
		t.Errorf("push: %v", err)
	}
	// Somebody else goes on from there.
	other := newRepo(t)
	if _, err := other.Fetch(t.Context(), m, SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	next := snap(t, other, files{"other": text("x")}, options("other", epoch))
	if _, err := other.Push(t.Context(), m, SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Fetch(t.Context(), m, SnapshotsRef); err != nil || mustHead(t, r) != next {
		t.Errorf("fetch of what somebody else added: %v", err)
	}
}

// TestRemoteRewritten: the remote has another history than the one that was seen, and here
// somebody went back to where both begin.
func TestRemoteRewritten(t *testing.T) {
	b := newBackend(t)
	m := b.http()
	m.Name = "origin"
	r := newRepo(t)
	commits := history(t, r, 2)
	if _, err := r.Push(t.Context(), m, SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	tree := git(t, b.dir, "rev-parse", commits[0].String()+"^{tree}")
	git(t, b.dir, "update-ref", SnapshotsRef, git(t, b.dir, "commit-tree", "-p", commits[0].String(), "-m", "other", tree))
	if _, err := r.Fetch(t.Context(), m, SnapshotsRef); !errors.Is(err, ErrDiverged) {
		t.Errorf("fetch: %v, want ErrDiverged", err)
	}
	git(t, r.dir, "update-ref", SnapshotsRef, commits[0].String())
	if _, err := r.Fetch(t.Context(), m, SnapshotsRef); !errors.Is(err, ErrRewound) {
		t.Errorf("fetch after going back: %v, want ErrRewound", err)
	}
	if head := mustHead(t, r); head != commits[0] {
		t.Errorf("the reference here moved to %s", head)
	}
}
