package history

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// BenchmarkGoalHistory follows one of 4,000 users through 180 snapshots, in each of which
// 40 others changed, and prints the line that `make bench` collects. Native git's log of the
// user's file, which follows no name and compares no property, is the measure. At 50,000
// users and 366 snapshots, in packs of their own, it took 0.5 s of a processor.
func BenchmarkGoalHistory(b *testing.B) {
	const users, days, others, every = 4000, 180, 40, 10
	a := newArchive(b)
	manifest := covering("users")
	cover := manifest.Kinds["users"]
	cover.Shard = 2
	manifest.Kinds["users"] = cover
	files := map[string]string{}
	for i := range users {
		aged(b, files, i, 0)
	}
	a.snapshot(manifest, files)
	for day := 1; day < days; day++ {
		files := map[string]string{}
		for n := range others {
			aged(b, files, 1+(day*others+n)%(users-1), day)
		}
		if day%every == 0 {
			aged(b, files, 0, day)
		}
		a.snapshot(manifest, files)
	}
	head, err := a.repo.Newest()
	must(b, err)
	ours, git := time.Hour, time.Hour
	path := aged(b, map[string]string{}, 0, 0)
	for range 3 {
		start, found := time.Now(), 0
		for _, err := range a.repo.Events(Track{Key: entra.Key{Kind: "users", ID: userID(0)}, To: head}) {
			must(b, err)
			found++
		}
		ours = min(ours, time.Since(start))
		start = time.Now()
		out, err := exec.Command("git", "-C", a.repo.Dir(), "log", "--format=%h", "snapshots", "--", path).Output()
		must(b, err)
		git = min(git, time.Since(start))
		if want := strings.Count(string(out), "\n"); found != want {
			b.Fatalf("%d changes, and git knows %d", found, want)
		}
	}
	verdict, ratio := "short", float64(ours)/float64(git)
	if ratio <= 3 {
		verdict = "ok"
	}
	fmt.Printf("\nbench: history: time of one user's among 4,000 in 180 snapshots, git log of the file = 1\t%.1f\t<= 3\t%s\n", ratio, verdict)
}

func userID(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(i)*2654435761, i) }

// aged puts the file of a user as of some day among files, and returns its path.
func aged(t testing.TB, files map[string]string, i, day int) string {
	t.Helper()
	o := &entra.Object{Key: entra.Key{Kind: "users", ID: userID(i)}, Name: fmt.Sprint("User ", i),
		Spec: map[string]any{"displayName": fmt.Sprint("User ", i), "jobTitle": fmt.Sprint("Title ", day)}}
	k := kind.ByName("users")
	path, err := canon.Path(k, 2, o.ID, "")
	must(t, err)
	var e canon.Encoder
	out, err := e.EncodeObject(k, o, nil)
	must(t, err)
	files[path] = string(out.YAML)
	return path
}
