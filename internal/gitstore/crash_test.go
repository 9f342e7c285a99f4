//go:build unix

package gitstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// crashSnapshot is what the runs that die try to record.
var crashOptions = options("second", epoch.AddDate(0, 0, 1))

func crashFiles() files {
	return files{"config.yaml": text("second"), "users/00/a.yaml": text("A"), "day/a.yaml": nil}
}

// crashChild is the job of the process that is killed.
func crashChild() error {
	n, err := strconv.Atoi(os.Getenv("KILL_AT"))
	if err != nil {
		return err
	}
	r, err := Open(os.Getenv("REPO"))
	if err != nil {
		return err
	}
	r.fs = &faultyFiles{at: killAt(n)}
	if os.Getenv("MAINTAIN") != "" {
		_, err = r.Maintain(context.Background(), MaintainOptions{})
		return err
	}
	_, err = trySnap(r, crashFiles(), crashOptions)
	return err
}

// kill runs the child that dies at its n-th change to the repository.
func kill(t *testing.T, r *Repo, n int, environment ...string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(environment, childEnv+"=crash", "REPO="+r.dir, "KILL_AT="+strconv.Itoa(n))...)
	out, err := cmd.CombinedOutput()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("child was not killed: %v\n%s", err, out)
	}
}

// TestKillAtEveryStep kills a run before each change that it makes to the
// repository (B2 to B12), with the write that precedes half done, and then runs
// again: nothing acknowledged is lost, nothing is damaged, nobody has to clean up.
func TestKillAtEveryStep(t *testing.T) {
	steps := recordSteps(t)
	for n := 1; n <= len(steps); n++ {
		t.Run(fmt.Sprintf("%02d before %s", n, strings.ReplaceAll(steps[n-1], " ", "_")), func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			first := history(t, r, 1)[0]
			kill(t, r, n)
			checkAfterCrash(t, r, first)
		})
	}
}

// checkAfterCrash requires a readable repository at either state, then completes
// the run.
func checkAfterCrash(t *testing.T, r *Repo, first Hash) {
	t.Helper()
	r = reopen(t, r)
	head, err := r.Head(SnapshotsRef)
	if err != nil {
		t.Fatalf("head after the crash: %v", err)
	}
	fsck(t, r.dir)
	if head == first {
		_, err = trySnap(r, crashFiles(), crashOptions)
	} else {
		_, err = trySnap(r, files{"third.yaml": text("3")}, options("third", epoch.AddDate(0, 0, 2)))
	}
	if err != nil {
		t.Fatalf("next run: %v", err)
	}
	if head, err = r.Head(SnapshotsRef); err != nil || head == first {
		t.Fatalf("head after the next run: %s, %v", head, err)
	}
	tree, err := r.Tree(head)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tree.Read("users/00/a.yaml"); err != nil || string(got) != "A" {
		t.Errorf("users/00/a.yaml = %q, %v", got, err)
	}
	if ok, err := r.IsAncestor(first, head); err != nil || !ok {
		t.Errorf("first snapshot is lost: %v", err)
	}
	fsck(t, r.dir)
	checkNothingLeft(t, r)
}

// checkNothingLeft fails for a file that only a run under way may have.
func checkNothingLeft(t *testing.T, r *Repo) {
	t.Helper()
	filepath.WalkDir(r.dir, func(path string, d os.DirEntry, err error) error {
		if strings.HasPrefix(d.Name(), "snapshot_") || strings.HasSuffix(path, ".keep") || strings.HasSuffix(path, "s.lock") {
			t.Errorf("left behind: %s", path)
		}
		if name, isPack := strings.CutSuffix(path, ".pack"); isPack {
			if _, err := os.Stat(name + ".idx"); err != nil {
				t.Errorf("pack without index left behind: %s", path)
			}
		}
		return err
	})
}

// recordSteps runs the snapshot once and checks the order in which it changes the
// repository.
func recordSteps(t *testing.T) []string {
	r := newRepo(t)
	history(t, r, 1)
	fs := &faultyFiles{}
	r.fs = fs
	snap(t, r, crashFiles(), crashOptions)
	var order []string
	for _, call := range fs.calls {
		if !strings.HasPrefix(call, "write ") && (len(order) == 0 || order[len(order)-1] != call) {
			order = append(order, call)
		}
	}
	want := []string{
		"create " + tmpPackPrefix, "sync " + tmpPackPrefix,
		"create " + tmpIdxPrefix, "sync " + tmpIdxPrefix,
		"create pack.keep", "sync pack.keep", "rename pack.pack", "rename pack.idx", "syncdir pack",
		"create " + refIntentPrefix, "sync " + refIntentPrefix, "create snapshots.lock", "sync snapshots.lock",
		"rename snapshots", "syncdir heads", "remove " + refIntentPrefix, "remove pack.keep",
	}
	if !slices.Equal(order, want) {
		t.Fatalf("changes in this order:\n%s\nwant:\n%s", strings.Join(order, "\n"), strings.Join(want, "\n"))
	}
	return fs.calls
}

func TestDiskFullAtEveryWrite(t *testing.T) {
	steps := recordSteps(t)
	for n := 1; n <= len(steps); n++ {
		r := newRepo(t)
		first := history(t, r, 1)[0]
		healthy := r.fs
		r.fs = &faultyFiles{at: diskFullAt(n)}
		h, err := trySnap(r, crashFiles(), crashOptions)
		if err == nil {
			// Past the last write: what was reported is there.
			if head, _ := r.Head(SnapshotsRef); head != h {
				t.Errorf("step %d (%s): success reported, head is %s", n, steps[n-1], head)
			}
			continue
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("step %d (%s): error = %v, want the disk's", n, steps[n-1], err)
		}
		r.fs = healthy
		checkAfterCrash(t, r, first)
	}
}

func TestSecondWriterIsLocked(t *testing.T) {
	ctx := context.Background()
	r := newRepo(t)
	history(t, r, 1)
	w, err := r.Begin(ctx, SnapshotsRef, BeginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := w.Put("a", []byte("b")); err != nil {
		t.Fatal(err)
	}
	for name, again := range map[string]func() error{
		"begin": func() error { _, err := reopen(t, r).Begin(ctx, SnapshotsRef, BeginOptions{}); return err },
		"push":  func() error { _, err := r.Push(ctx, Remote{URL: t.TempDir()}, SnapshotsRef); return err },
		"fetch": func() error { _, err := r.Fetch(ctx, Remote{URL: t.TempDir()}, SnapshotsRef); return err },
	} {
		if err := again(); !errors.Is(err, ErrLocked) {
			t.Errorf("second %s = %v, want ErrLocked", name, err)
		}
	}
	if _, err := w.Commit(ctx, options("first writer", epoch)); err != nil {
		t.Errorf("the first writer was disturbed: %v", err)
	}
	snap(t, r, files{"c": text("d")}, options("after", epoch))
}

func TestNativeLockIsHonoured(t *testing.T) {
	r := newRepo(t)
	first := history(t, r, 1)[0]
	lock := filepath.Join(r.dir, "refs", "heads", "snapshots.lock")
	if err := os.WriteFile(lock, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // also when a failed run of ours came before
		_, err := trySnap(r, files{"a": text("b")}, options("x", epoch))
		if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), lock) {
			t.Fatalf("error = %v, want ErrLocked naming the lock", err)
		}
	}
	if _, err := os.Stat(lock); err != nil {
		t.Fatal("a lock that is not ours was removed")
	}
	if head, _ := r.Head(SnapshotsRef); head != first {
		t.Error("reference moved under a native lock")
	}
	os.Remove(lock)
	snap(t, r, files{"a": text("b")}, options("x", epoch))
}

func TestNativeGcDuringSnapshot(t *testing.T) {
	ctx := context.Background()
	r := newRepo(t)
	history(t, r, 6)
	w, err := r.Begin(ctx, SnapshotsRef, BeginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := w.Put("day/a.yaml", []byte("changed")); err != nil {
		t.Fatal(err)
	}
	git(t, r.dir, "gc", "-q", "--aggressive")
	if _, err := w.Put("config.yaml", []byte("changed")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Commit(ctx, options("after gc", epoch)); err != nil {
		t.Fatal(err)
	}
	fsck(t, r.dir)
	for _, err := range reopen(t, r).Log(w.old) {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestReferenceMovedByNativeGit(t *testing.T) {
	ctx := context.Background()
	r := newRepo(t)
	commits := history(t, r, 2)
	w, err := r.Begin(ctx, SnapshotsRef, BeginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	git(t, r.dir, "update-ref", SnapshotsRef, commits[0].String())
	w.Put("a", []byte("b"))
	if _, err := w.Commit(ctx, options("x", epoch)); !errors.Is(err, ErrMoved) {
		t.Errorf("commit = %v, want ErrMoved", err)
	}
	if head, _ := r.Head(SnapshotsRef); head != commits[0] {
		t.Error("someone else's change was overwritten")
	}
}

// TestInitInterrupted stops Init before each of its changes; doing it again works.
func TestInitInterrupted(t *testing.T) {
	for n := 1; ; n++ {
		dir := filepath.Join(t.TempDir(), "backup.git")
		stop := &faultyFiles{at: func(now int, _ string) (bool, error) {
			if now >= n {
				return true, syscall.EIO
			}
			return false, nil
		}}
		_, err := initRepo(stop, dir)
		if err == nil {
			if n < 8 {
				t.Fatalf("Init made %d changes only", n)
			}
			return
		}
		if _, statErr := os.Stat(filepath.Join(dir, "HEAD")); statErr == nil {
			continue // complete but for the last sync
		}
		r, err := Init(dir)
		if err != nil {
			t.Fatalf("Init after a stop at change %d: %v", n, err)
		}
		snap(t, r, files{"a": text("b")}, options("x", epoch))
		fsck(t, dir)
	}
}

// TestPushInterrupted: what a killed push leaves is gone after the next run (B13).
func TestPushInterrupted(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	half := filepath.Join(r.packDir(), tmpPackPrefix+"HALF")
	native := filepath.Join(r.packDir(), "tmp_pack_native")
	for _, name := range []string{half, native} {
		os.WriteFile(name, []byte("PACK"), 0o444)
	}
	snap(t, r, files{"a": text("b")}, options("x", epoch))
	if _, err := os.Stat(half); err == nil {
		t.Error("our own leftover is still there")
	}
	if _, err := os.Stat(native); err != nil {
		t.Error("a native git's file was removed")
	}
}
