//go:build unix

package gitstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nativeMaintenance is what people and cron jobs run on a repository.
var nativeMaintenance = [][]string{{"repack", "-adq"}, {"gc", "-q", "--prune=now"}}

// TestNativeMaintenanceAtEveryStep runs native maintenance before each change that a
// backup makes to the repository: what the backup acknowledges is there.
func TestNativeMaintenanceAtEveryStep(t *testing.T) {
	steps := recordSteps(t)
	for _, command := range nativeMaintenance {
		for n := 1; n <= len(steps); n++ {
			t.Run(fmt.Sprintf("%s %02d before %s", command[0], n, strings.ReplaceAll(steps[n-1], " ", "_")), func(t *testing.T) {
				t.Parallel()
				r := newRepo(t)
				history(t, r, 2)
				r.fs = &faultyFiles{at: func(now int, _ string) (bool, error) {
					if now == n {
						git(t, r.dir, command...)
					}
					return false, nil
				}}
				checkAcknowledged(t, r, snap(t, r, crashFiles(), crashOptions))
			})
		}
	}
}

// checkAcknowledged requires a head that native git and this package can read.
func checkAcknowledged(t *testing.T, r *Repo, head Hash) {
	t.Helper()
	fsck(t, r.dir)
	if got := git(t, r.dir, "rev-parse", SnapshotsRef); got != head.String() {
		t.Errorf("git reads %s, want %s", got, head)
	}
	if err := readAll(reopen(t, r)); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(r.packDir(), "*.keep")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestNativeMaintenanceBesideBackups lets both run as they please.
func TestNativeMaintenanceBesideBackups(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	for i := range 12 {
		done := make(chan error)
		go func() {
			time.Sleep(time.Duration(i) * time.Millisecond)
			_, err := tryGit(r.dir, nativeMaintenance[i%2]...)
			done <- err
		}()
		head := snap(t, r, files{fmt.Sprintf("%d.yaml", i): text("x")}, options("beside", epoch.AddDate(0, 0, i)))
		if err := readAll(r); err != nil {
			t.Fatalf("while native git works: %v", err)
		}
		if err := <-done; err != nil {
			t.Fatalf("native git: %v", err)
		}
		checkAcknowledged(t, r, head)
	}
}

// TestPackRemovedBeforeItsReferenceMoved deletes the new pack in spite of its .keep, as
// a careless hand would, and requires it back.
func TestPackRemovedBeforeItsReferenceMoved(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	removed := 0
	r.fs = &faultyFiles{at: func(_ int, what string) (bool, error) {
		if what != "syncdir" {
			return false, nil
		}
		// The newest pack is the one of this snapshot; the ref has moved by the second sync.
		kept, _ := filepath.Glob(filepath.Join(r.packDir(), "*.keep"))
		if removed == 0 && len(kept) == 1 {
			removed++
			for _, extension := range []string{".pack", ".idx", ".keep"} {
				os.Remove(strings.TrimSuffix(kept[0], ".keep") + extension)
			}
		}
		return false, nil
	}}
	head := snap(t, r, crashFiles(), crashOptions)
	if removed == 0 {
		t.Fatal("no pack was removed")
	}
	checkAcknowledged(t, r, head)
}

// TestPackRemovedEachTime: what cannot be kept is not acknowledged.
func TestPackRemovedEachTime(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	r.fs = &faultyFiles{at: func(_ int, what string) (bool, error) {
		if what == "syncdir" {
			kept, _ := filepath.Glob(filepath.Join(r.packDir(), "*.keep"))
			for _, name := range kept {
				os.Remove(strings.TrimSuffix(name, ".keep") + ".pack")
			}
		}
		return false, nil
	}}
	if h, err := trySnap(r, crashFiles(), crashOptions); !errors.Is(err, ErrDamaged) {
		t.Errorf("commit = %s, %v, want ErrDamaged", h, err)
	}
}

// TestSamePackTwice: a pack that is there already may be about to be deleted by a native
// repack that has seen it, so it does not serve a second snapshot.
func TestSamePackTwice(t *testing.T) {
	r := newRepo(t)
	first := history(t, r, 1)[0]
	change, second := files{"config.yaml": text("second")}, options("second", epoch)
	snap(t, r, change, second)
	git(t, r.dir, "update-ref", SnapshotsRef, first.String())
	doomed, _ := filepath.Glob(filepath.Join(r.packDir(), "*.pack"))
	head := snap(t, r, change, second)
	for _, name := range doomed {
		if idx, err := readIdx(strings.TrimSuffix(name, ".pack") + ".idx"); err != nil {
			t.Error(err)
		} else if _, ok := idx.find(head); ok {
			os.Remove(name)
		}
	}
	checkAcknowledged(t, r, head)
}

// TestKeepFiles tells a .keep of ours, which a killed run left, from anybody else's.
func TestKeepFiles(t *testing.T) {
	r := newRepo(t)
	history(t, r, 1)
	pack, _ := onlyPack(t, r)
	keep := strings.TrimSuffix(pack, ".pack") + ".keep"
	for content, stays := range map[string]bool{
		keepMark: false, keepMark[:10]: false, "": true,
		"fetch-pack 123 on host\n": true, keepMark + "x": true,
	} {
		if err := os.WriteFile(keep, []byte(content), 0o444); err != nil {
			t.Fatal(err)
		}
		snap(t, r, files{"a": text("b")}, CommitOptions{Subject: "x", Name: "x", Email: "x", When: epoch, AllowEmpty: true})
		if exists(keep) != stays {
			t.Errorf("a .keep with %q stays: %v, want %v", content, exists(keep), stays)
		}
		os.Remove(keep)
	}
	keep = packPath(r.packDir(), BlobHash(nil)) + ".keep" // a run killed before its pack appeared
	if err := os.WriteFile(keep, nil, 0o444); err != nil {
		t.Fatal(err)
	}
	snap(t, r, files{"a": text("c")}, options("x", epoch))
	if exists(keep) {
		t.Error("an empty .keep without a pack stays")
	}
}

// TestStaleReferenceLock tells the lock that a killed run left from a native git's.
func TestStaleReferenceLock(t *testing.T) {
	meant := string(refContent(BlobHash([]byte("next"))))
	for name, tt := range map[string]struct {
		intent, lock string
		later        string // what the lock's owner writes while this run looks at it
		ours         bool
	}{
		"complete":                        {intent: meant, lock: meant, ours: true},
		"half written":                    {intent: meant, lock: meant[:7], ours: true},
		"not written yet":                 {intent: meant, ours: true},
		"zeros of a lost write":           {intent: meant, lock: "\x00\x00\x00", ours: true},
		"native git's":                    {intent: meant, lock: string(refContent(BlobHash(nil)))},
		"native git's, a moment old":      {intent: meant, later: string(refContent(BlobHash(nil)))},
		"killed before it took the lock":  {intent: meant[:9], lock: meant},
		"killed before it meant anything": {lock: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			history(t, r, 1)
			intent := r.path(refIntentPrefix + "refs%2Fheads%2Fsnapshots")
			lock := r.path(SnapshotsRef + ".lock")
			for name, content := range map[string]string{intent: tt.intent, lock: tt.lock} {
				if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if tt.later != "" {
				time.AfterFunc(nativeLockPause/4, func() { os.WriteFile(lock, []byte(tt.later), 0o666) })
			}
			_, err := trySnap(r, files{"a": text("b")}, options("x", epoch))
			if tt.ours && err != nil || !tt.ours && !errors.Is(err, ErrLocked) {
				t.Errorf("next run = %v", err)
			}
			if exists(lock) == tt.ours || exists(intent) {
				t.Errorf("the lock stays: %v, the intent stays: %v", exists(lock), exists(intent))
			}
		})
	}
}

// TestReadersBesideNativeRepack opens the repository again and again while its packs
// become one, and one again.
func TestReadersBesideNativeRepack(t *testing.T) {
	r := newRepo(t)
	history(t, r, 3)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 25 {
			if _, err := trySnap(r, files{"more.yaml": text(fmt.Sprint(i))}, options("more", epoch)); err != nil {
				t.Error(err)
			}
			if out, err := tryGit(r.dir, "repack", "-adq"); err != nil {
				t.Errorf("git repack: %v\n%s", err, out)
			}
		}
	}()
	for {
		reader := reopen(t, r)
		if err := readAll(reader); err != nil {
			t.Error(err)
		}
		reader.Close()
		select {
		case <-done:
			return
		default:
		}
	}
}
