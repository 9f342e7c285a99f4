package history

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// BenchmarkGoalEver searches 180 snapshots of 4,000 users, in each of which 40 changed, for a
// title that some of them had, and prints the line that `make bench` collects. Native git's
// search for the commits that brought or took the same text is the measure.
func BenchmarkGoalEver(b *testing.B) {
	const users, days, others, goal = 4000, 180, 40, 3.0
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
			aged(b, files, (day*others+n)%users, day)
		}
		a.snapshot(manifest, files)
	}
	head, err := a.repo.Newest()
	must(b, err)
	ours, git := time.Hour, time.Hour
	for range 3 {
		start := time.Now()
		all, err := a.repo.Ever(NewQuarry("Title 77"), head)
		must(b, err)
		ours = min(ours, time.Since(start))
		if len(all) != others {
			b.Fatalf("%d users ever had the title, want %d", len(all), others)
		}
		start = time.Now()
		out, err := exec.Command("git", "-C", a.repo.Dir(), "log", "--format=%h", "-S", "Title 77", "snapshots", "--", "tenant").Output()
		must(b, err)
		git = min(git, time.Since(start))
		if n := strings.Count(string(out), "\n"); n != 2 {
			b.Fatalf("git knows %d commits, want the one that brought the title and the one that took it", n)
		}
	}
	verdict, ratio := "short", float64(ours)/float64(git)
	if ratio <= goal {
		verdict = "ok"
	}
	fmt.Printf("\nbench: find: time of a search through 180 snapshots of 4,000 users, git log -S = 1\t%.1f\t<= %.1f\t%s\n", ratio, goal, verdict)
}
