package history

import (
	"fmt"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
)

// BenchmarkGoalLabels compares a difference of 6,000 policies, each of which names a
// place of its own, with one of 3,000, and prints the line that `make bench` collects.
// Twice the changes take twice the time; a search for each name takes four times.
func BenchmarkGoalLabels(b *testing.B) {
	small, large := time.Hour, time.Hour
	few, many := compared(b, 3000), compared(b, 6000)
	for range 3 {
		small, large = min(small, few()), min(large, many())
	}
	verdict := "short"
	ratio := float64(large) / float64(small)
	if ratio <= 2.6 {
		verdict = "ok"
	}
	fmt.Printf("\nbench: diff: time for 6,000 changes with names, for 3,000 = 1\t%.1f\t<= 2.6\t%s\n", ratio, verdict)
}

// compared makes two snapshots that differ in n policies and returns what compares them.
func compared(b *testing.B, n int) func() time.Duration {
	b.Helper()
	a := newArchive(b)
	manifest := covering("conditionalAccessPolicies", "namedLocations")
	a.snapshot(manifest, policies(b, n, "enabled"))
	a.snapshot(manifest, policies(b, n, "disabled"))
	return func() time.Duration {
		start := time.Now()
		from, to := a.at("seq:1"), a.at("seq:2")
		set, err := diff.Compare(from, to, diff.Options{Names: NewNamer(to, from).Label})
		must(b, err)
		if len(set.Changes) != n || len(set.Names) != n {
			b.Fatalf("%d changes with %d names, want %d", len(set.Changes), len(set.Names), n)
		}
		return time.Since(start)
	}
}

// policies are n policies, and n places that one of them names each.
func policies(b *testing.B, n int, state string) map[string]string {
	b.Helper()
	var objects []*entra.Object
	for i := range n {
		place := fmt.Sprintf("%08x-0000-4000-8000-000000000000", i)
		kept := []any{place}
		if state == "disabled" {
			kept = nil
		}
		conditions := map[string]any{"clientAppTypes": []any{"all"}}
		if kept != nil {
			conditions["locations"] = map[string]any{"includeLocations": kept}
		}
		objects = append(objects, location(place, fmt.Sprint("Place ", i)), &entra.Object{
			Key:  entra.Key{Kind: "conditionalAccessPolicies", ID: fmt.Sprintf("%08x-0000-4000-8000-000000000001", i)},
			Name: fmt.Sprint("Policy ", i),
			Spec: map[string]any{"displayName": fmt.Sprint("Policy ", i), "state": state, "conditions": conditions},
		})
	}
	return filesOf(b, objects...)
}
