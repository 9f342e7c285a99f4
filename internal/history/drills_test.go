package history

import (
	"context"
	"errors"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// Drills are kept beside the operations, and neither is taken for the other.
func TestDrills(t *testing.T) {
	ctx := context.Background()
	a := newArchive(t)
	a.snapshot(covering("groups"), nil)
	if none, err := a.repo.Drills(ctx, 5); err != nil || len(none) > 0 {
		t.Fatalf("%q %v", none, err)
	}
	a.verify()
	r := a.recorder()
	_, err := r.Drill(ctx, "drill-1", "1 of 2 objects back", []byte("one"))
	must(t, err)
	plan := &entra.Plan{Tenant: tenantID, From: a.at("").Point()}
	_, err = r.Begin(ctx, "20261003T070000Z-aaaa", plan, []byte("{}"), NewBefore(tenantID), "")
	must(t, err)
	hash, err := r.Drill(ctx, "drill-2", "2 of 2 objects back", []byte("two"))
	must(t, err)
	for most, want := range map[int][]string{0: nil, 1: {"two"}, 9: {"two", "one"}} {
		got, err := a.repo.Drills(ctx, most)
		if err != nil || len(got) != len(want) {
			t.Fatalf("the newest %d: %q %v", most, got, err)
		}
		for i := range want {
			if string(got[i]) != want[i] {
				t.Errorf("drill %d is %q, want %q", i, got[i], want[i])
			}
		}
	}
	if operations, err := a.repo.Operations(ctx); err != nil || len(operations) != 1 {
		t.Errorf("%v %v", operations, err)
	}
	commit, err := a.repo.Commit(hash)
	if must(t, err); commit.Subject != "drill: 2 of 2 objects back" {
		t.Errorf("the record is called %q", commit.Subject)
	}
	a.repo.Chain = nil
	if _, err := a.repo.Drills(ctx, 1); !errors.Is(err, entra.ErrUnverified) {
		t.Errorf("of snapshots that nobody verified: %v", err)
	}
}
