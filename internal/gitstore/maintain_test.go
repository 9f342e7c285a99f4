//go:build unix

package gitstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// crowdedRepo has n packs of snapshots, and a commit that no reference reaches any more.
func crowdedRepo(t testing.TB, n int) (r *Repo, lost Hash) {
	t.Helper()
	r = newRepo(t)
	for i := range n {
		change := files{"config.yaml": text(strings.Repeat("line\n", 40) + fmt.Sprint("day ", i)), fmt.Sprintf("day/%d.yaml", i): text("x")}
		snap(t, r, change, options("day", epoch.AddDate(0, 0, i)))
	}
	head := mustHead(t, r)
	lost = snap(t, r, files{"lost.yaml": text("found")}, options("lost", epoch))
	git(t, r.dir, "update-ref", SnapshotsRef, head.String())
	return r, lost
}

func mustContents(t testing.TB, r *Repo) map[string]string {
	t.Helper()
	again := reopen(t, r)
	defer again.Close()
	out, err := contents(again)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMaintain(t *testing.T) {
	needs(t, "git")
	for name, o := range map[string]MaintainOptions{
		"native": {Git: "git"}, "native in full": {Git: "git", Full: true}, "own": {},
		"native fails": {Git: "false", Full: true}, "native is not there": {Git: "/no/such/git"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, lost := crowdedRepo(t, 12)
			want := mustContents(t, r)
			m, err := r.Maintain(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if m.Before.Packs != 13 || m.After.Packs != 1 || m.After.Bytes <= 0 || m.Before.Bytes <= m.After.Bytes && o.Git == "git" {
				t.Errorf("packs: %+v", m)
			}
			if fails := o.Git != "" && o.Git != "git"; (m.Declined != nil) != fails {
				t.Errorf("declined: %v", m.Declined)
			}
			fsck(t, r.dir)
			if got := mustContents(t, r); !maps.Equal(got, want) {
				t.Error("the history reads differently")
			}
			if _, err := reopen(t, r).Commit(lost); err != nil {
				t.Errorf("a commit that no reference reaches: %v", err)
			}
			again, err := r.Maintain(t.Context(), o)
			if err != nil || again.After != m.After && !o.Full {
				t.Errorf("a second time: %+v, %v; want %+v", again.After, err, m.After)
			}
			checkAcknowledged(t, r, snap(t, r, files{"a": text("b")}, options("after", epoch)))
		})
	}
}

// TestMaintainIsNotGreedy: what is large is not copied again for a few small packs, what
// has deltas or is kept stays as it is.
func TestMaintainIsNotGreedy(t *testing.T) {
	r, _ := crowdedRepo(t, 12)
	if _, err := r.Maintain(t.Context(), MaintainOptions{}); err != nil {
		t.Fatal(err)
	}
	large, _ := onlyPack(t, r)
	for i := range 3 {
		snap(t, r, files{"a": text(fmt.Sprint(i))}, options("more", epoch))
	}
	kept, _ := filepath.Glob(filepath.Join(r.packDir(), "*.pack"))
	for _, name := range kept {
		if name != large {
			kept[0] = name
		}
	}
	if err := os.WriteFile(strings.TrimSuffix(kept[0], ".pack")+".keep", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := r.Maintain(t.Context(), MaintainOptions{})
	if err != nil || m.Before.Packs != 3 || m.After.Packs != 2 || !exists(large) || !exists(kept[0]) {
		t.Errorf("%+v, %v; the large pack stays: %v, the kept one: %v", m, err, exists(large), exists(kept[0]))
	}
	fsck(t, r.dir)

	r, _ = crowdedRepo(t, 5)
	git(t, r.dir, "-c", "pack.window=10", "-c", "repack.writeBitmaps=false", "repack", "-adfkq")
	native, _ := onlyPack(t, r)
	snap(t, r, files{"a": text("x")}, options("more", epoch))
	want := mustContents(t, r)
	if _, err := r.Maintain(t.Context(), MaintainOptions{}); err != nil || !exists(native) {
		t.Errorf("with a pack of deltas: %v; it stays: %v", err, exists(native))
	}
	if got := mustContents(t, r); !maps.Equal(got, want) {
		t.Error("the history reads differently")
	}
}

// TestKillMaintenanceAtEveryStep: nothing is lost, and the next run leaves nothing behind.
func TestKillMaintenanceAtEveryStep(t *testing.T) {
	r, _ := crowdedRepo(t, 3)
	fs := &faultyFiles{}
	r.fs = fs
	if _, err := r.Maintain(t.Context(), MaintainOptions{}); err != nil {
		t.Fatal(err)
	}
	if len(fs.calls) < 15 {
		t.Fatalf("maintenance made %d changes only: %v", len(fs.calls), fs.calls)
	}
	for n := 1; n <= len(fs.calls); n++ {
		t.Run(fmt.Sprintf("%02d before %s", n, strings.ReplaceAll(fs.calls[n-1], " ", "_")), func(t *testing.T) {
			t.Parallel()
			r, lost := crowdedRepo(t, 3)
			want := mustContents(t, r)
			kill(t, r, n, "MAINTAIN=1")
			fsck(t, r.dir)
			if got := mustContents(t, r); !maps.Equal(got, want) {
				t.Error("the history reads differently after the crash")
			}
			r = reopen(t, r)
			// A small pack that was copied and not yet removed may stay beside the large one.
			if m, err := r.Maintain(t.Context(), MaintainOptions{}); err != nil || m.After.Packs > 2 {
				t.Errorf("the next run: %+v, %v", m, err)
			}
			if _, err := reopen(t, r).Commit(lost); err != nil {
				t.Errorf("a commit that no reference reaches: %v", err)
			}
			checkNothingLeft(t, r)
		})
	}
}

// TestNativeMaintenanceBesideOurs runs native maintenance before each change of ours.
func TestNativeMaintenanceBesideOurs(t *testing.T) {
	r, _ := crowdedRepo(t, 3)
	fs := &faultyFiles{}
	r.fs = fs
	if _, err := r.Maintain(t.Context(), MaintainOptions{}); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= len(fs.calls); n++ {
		r := newRepo(t)
		history(t, r, 4)
		want := mustContents(t, r)
		r.fs = &faultyFiles{at: func(now int, _ string) (bool, error) {
			if now == n {
				git(t, r.dir, "repack", "-adq")
			}
			return false, nil
		}}
		_, err := r.Maintain(t.Context(), MaintainOptions{})
		fsck(t, r.dir)
		if got := mustContents(t, r); !maps.Equal(got, want) {
			t.Errorf("step %d: the history reads differently (maintain: %v)", n, err)
		}
	}
}

// TestMaintenanceCancelled stops native git at any time.
func TestMaintenanceCancelled(t *testing.T) {
	r, lost := crowdedRepo(t, 12)
	want := mustContents(t, r)
	for i := range 12 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i*3)*time.Millisecond)
		_, err := r.Maintain(ctx, MaintainOptions{Git: "git", Full: true})
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want the context's", err)
		}
		fsck(t, r.dir)
		if got := mustContents(t, r); !maps.Equal(got, want) {
			t.Fatal("the history reads differently")
		}
		if _, err := reopen(t, r).Commit(lost); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMaintenanceThatLoses: a program that loses objects is found out.
func TestMaintenanceThatLoses(t *testing.T) {
	r, _ := crowdedRepo(t, 3)
	program := filepath.Join(t.TempDir(), "git")
	one, _ := filepath.Glob(filepath.Join(r.packDir(), "*.pack"))
	if err := os.WriteFile(program, []byte("#!/bin/sh\nrm -f "+one[0]+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Maintain(t.Context(), MaintainOptions{Git: program}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), one[0]) {
		t.Errorf("error = %v, want ErrDamaged naming the pack", err)
	}
}

func TestMaintenanceWaitsForNobody(t *testing.T) {
	r, _ := crowdedRepo(t, 2)
	w, err := r.Begin(t.Context(), SnapshotsRef, BeginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := reopen(t, r).Maintain(t.Context(), MaintainOptions{}); !errors.Is(err, ErrLocked) {
		t.Errorf("beside a backup: %v, want ErrLocked", err)
	}
}

func TestTail(t *testing.T) {
	for _, tt := range []struct {
		counts []int
		want   int
	}{
		{nil, 0}, {[]int{5}, 0}, {[]int{5, 5}, 2}, {[]int{100, 5, 5}, 2}, {[]int{19, 5, 5}, 3}, {[]int{20, 5, 5}, 2},
		{[]int{1, 10, 100, 1000}, 0}, {[]int{1, 10, 100, 100}, 4},
	} {
		var packs []*pack
		for _, n := range tt.counts {
			packs = append(packs, &pack{idx: &packIndex{count: n}})
		}
		if got := len(tail(packs)); got != tt.want {
			t.Errorf("tail of %v = %d packs, want %d", tt.counts, got, tt.want)
		}
	}
}
