package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// diary is a journal in memory that is full after some entries.
type diary struct {
	on      *tenant
	entries []string
	room    int
}

var errFull = errors.New("no space left on device")

func (d *diary) write(entry string) error {
	if len(d.entries) == d.room {
		return errFull
	}
	d.entries = append(d.entries, entry)
	return nil
}

func (d *diary) Intent(s entra.Step, q entra.Request) (int, error) {
	return len(d.on.log) + 1, d.write(fmt.Sprintf("%d %s: %s %s", len(d.on.log)+1, s.ID, q.Method, q.Path))
}

func (d *diary) Answer(number int, _ []byte, err error) error {
	return d.write(fmt.Sprintf("%d: %v", number, err))
}

// Every request is in the journal before it is sent, and its answer after; where the journal
// takes no more, nothing more is sent, and what was done is told.
func TestRunKeepsAJournal(t *testing.T) {
	const unnoted = "nothing more was sent, since it could not be noted before: no space left on device"
	const unanswered = "nothing more was sent, since an answer could not be noted: no space left on device"
	for _, tt := range []struct {
		room    int
		sent    int
		err     string
		results []string
	}{
		{100, 2, "<nil>", []string{"users/1:update done", "users/2:update done"}},
		{3, 2, "apply: " + unanswered, []string{"users/1:update done", "users/2:update done"}},
		{2, 1, "apply: " + unnoted, []string{"users/1:update done", "users/2:update skipped: " + unnoted}},
		{0, 0, "apply: " + unnoted, []string{"users/1:update skipped: " + unnoted, "users/2:update skipped: " + unnoted}},
	} {
		on := newTenant(object(t, "users/1", `{}`), object(t, "users/2", `{}`))
		p := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`), object(t, "users/2", `{"Spec":{"city":"b"}}`)))
		kept := &diary{on: on, room: tt.room}
		outcome, err := Run(context.Background(), on, on, judged(p), Options{Base: testBase, Clock: new(still), Journal: kept})
		if fmt.Sprint(err) != tt.err || tt.room < 100 && !errors.Is(err, errFull) {
			t.Errorf("room for %d: %v, want %s", tt.room, err, tt.err)
		}
		if d := cmp.Diff(tt.results, results(outcome)); d != "" || len(on.log) != tt.sent {
			t.Errorf("room for %d: sent %q (-want +got):\n%s", tt.room, on.log, d)
		}
		all := []string{"1 users/1:update: PATCH /users/1", "1: <nil>", "2 users/2:update: PATCH /users/2", "2: <nil>"}
		if d := cmp.Diff(all[:min(tt.room, 4)], kept.entries, emptyIsNil); d != "" {
			t.Errorf("room for %d: journal (-want +got):\n%s", tt.room, d)
		}
	}
}

var emptyIsNil = cmp.Transformer("empty", func(s []string) string { return strings.Join(s, "\n") })

// A sign-in that is refused on the way stops the run before the next write, with what was
// done until then.
func TestRunStopsWhereTheSignInEnds(t *testing.T) {
	var have, want []*entra.Object
	for _, id := range []string{"1", "2", "3"} {
		have, want = append(have, object(t, "users/"+id, `{}`)), append(want, object(t, "users/"+id, `{"Spec":{"city":"b"}}`))
	}
	on := newTenant(have...)
	p := mustPlan(t, input(on, want...))
	on.fail = func(_, path string) error {
		if path == "/users/2" {
			return fmt.Errorf("expired: %w", entra.ErrUnauthenticated)
		}
		return nil
	}
	outcome, err := Run(context.Background(), on, on, judged(p), noWait)
	if !errors.Is(err, entra.ErrUnauthenticated) || len(on.log) != 2 {
		t.Errorf("%v after %q", err, on.log)
	}
	wanted := []string{"users/1:update done", "users/2:update failed: expired: not signed in", "users/3:update skipped: expired: not signed in"}
	if d := cmp.Diff(wanted, results(outcome)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
