package apply

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// late is a reader that an object does not show to for some looks after it is there.
type late struct {
	*tenant
	key  entra.Key
	hide int
}

func (l *late) Objects(ctx context.Context, keys []entra.Identity) (Reading, error) {
	read, err := l.tenant.Objects(ctx, keys)
	if read.Objects[l.key] != nil && l.hide > 0 {
		l.hide--
		delete(read.Objects, l.key)
	}
	return read, err
}

// What was taken back is looked for until it shows, and then only what did not come back
// as planned is written. What does not show at all is not written, but for its links.
func TestApplyLooksForWhatCameBack(t *testing.T) {
	const link = `PUT /users/usr/manager/$ref `
	for _, tt := range []struct {
		name   string
		hide   int
		waited time.Duration
		sent   []string
		update string
	}{
		{"at once", 0, 0, []string{`PATCH /users/usr {"city":"c"}`}, "done"},
		{"at the third look", 2, 3 * time.Second, []string{`PATCH /users/usr {"city":"c"}`}, "done"},
		{"never", 1000, 0, []string{link + ref("p1")}, "failed: users/usr is not there: invalid input"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := object(t, "users/usr", `{"Spec":{"city":"c","country":"x"},"Links":{"manager":["p1"]}}`)
			on := newTenant()
			on.deleted[want.Key] = object(t, "users/usr", `{"Spec":{"city":"d","country":"x"},"Links":{"manager":["p1"]}}`)
			p, c := mustPlan(t, input(on, want)), new(still)
			outcome, err := Run(context.Background(), on, &late{on, want.Key, tt.hide}, judged(p), Options{Base: testBase, Clock: c})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(append([]string{"POST /directory/deletedItems/usr/restore"}, tt.sent...), on.log); d != "" {
				t.Errorf("sent (-want +got):\n%s", d)
			}
			if tt.hide < tries && c.waited != tt.waited {
				t.Errorf("waited %s, want %s", c.waited, tt.waited)
			}
			for _, line := range results(outcome) {
				if id, end, _ := strings.Cut(line, " "); id == "users/usr:update" && end != tt.update {
					t.Errorf("the update is %s, want %s", end, tt.update)
				}
			}
		})
	}
}

// A part that could not be read, when the plan was made or now, holds up nothing but itself;
// an object that cannot be read is not taken for one that is still gone.
func TestApplyWhatIsAsUnreadAsBefore(t *testing.T) {
	want := object(t, "groups/1", `{"Spec":{"description":"x"}}`)
	for _, tt := range []struct {
		name   string
		gone   bool
		except entra.Exception
		want   []string
	}{
		{"a part", false, entra.Exception{ID: "1", Part: "links/members", Cause: "no"}, []string{"groups/1:update done"}},
		{"the object", true, entra.Exception{ID: "1", Cause: "no"}, []string{"groups/1:restore skipped: it cannot be read now: no",
			"groups/1:update skipped: group 1 (1) had to be taken back first, and that was skipped"}},
	} {
		on := newTenant()
		if live := object(t, "groups/1", `{}`); tt.gone {
			on.deleted[live.Key] = live
		} else {
			on.objects[live.Key] = live
		}
		p := mustPlan(t, input(on, want))
		outcome, err := Run(context.Background(), on, &blind{tenant: on, from: 1, except: []entra.Exception{tt.except}}, judged(p), noWait)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, results(outcome)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}
