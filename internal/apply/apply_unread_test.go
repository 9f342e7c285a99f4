package apply

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// What cannot be read before is not written; what cannot be read back is told, and is no
// difference. The other objects go on.
func TestApplyWhereNotEverythingCanBeRead(t *testing.T) {
	whole, part := entra.Exception{ID: "1", Cause: "no"}, entra.Exception{ID: "1", Part: "links/members", Cause: "no"}
	unread := func(link string) entra.Unread {
		return entra.Unread{Kind: "groups", ID: "1", Name: "1", Link: link, State: entra.Partial, Cause: "no"}
	}
	tests := []struct {
		name       string
		from       int
		except     entra.Exception
		first      entra.Result
		why        string
		writes     int
		unverified entra.Unread
	}{
		{"the object, before", 1, whole, entra.SkipDep, "it cannot be read now: no", 1, unread("")},
		{"a part, before", 1, part, entra.SkipDep, "it cannot be read now: no", 1, unread("members")},
		{"the object, after", 2, whole, entra.Done, "", 3, unread("")},
		{"a part, after", 2, part, entra.Done, "", 3, unread("members")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on := newTenant(object(t, "groups/1", `{"Links":{"members":["p1"]}}`), object(t, "groups/2", `{}`))
			p := mustPlan(t, input(on, object(t, "groups/1", `{"Links":{"members":["p2"]}}`), object(t, "groups/2", `{"Spec":{"description":"x"}}`)))
			outcome, err := Run(context.Background(), on, &blind{tenant: on, from: tt.from, except: []entra.Exception{tt.except}}, judged(p), noWait)
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range outcome.Steps {
				if other := p.Steps[i].Key.ID == "2"; other && s.Result != entra.Done || !other && (s.Result != tt.first || s.Error != tt.why) {
					t.Errorf("%+v", s)
				}
			}
			if d := cmp.Diff([]entra.Unread{tt.unverified}, outcome.Unverified); d != "" || len(outcome.Remaining) > 0 || outcome.Complete() {
				t.Errorf("remaining %+v, unverified (-want +got):\n%s", outcome.Remaining, d)
			}
			if len(on.log) != tt.writes {
				t.Errorf("%d writes: %q", len(on.log), on.log)
			}
		})
	}
}

// Five thousand steps are one run: each is sent once, and objects are read some at a time,
// before and after.
func TestApplyManySteps(t *testing.T) {
	const many = 5000
	var live, want []*entra.Object
	for i := range many {
		key := fmt.Sprintf("users/%d", i)
		live, want = append(live, object(t, key, `{}`)), append(want, object(t, key, `{"Spec":{"city":"b"}}`))
	}
	on := newTenant(live...)
	p := mustPlan(t, input(on, want...))
	reader := &blind{tenant: on, from: many}
	outcome, err := Run(context.Background(), on, reader, judged(p), noWait)
	if err != nil || !outcome.Complete() || len(outcome.Steps) != many || len(on.log) != many || reader.looks != 2*many/readAhead {
		t.Errorf("%v: %d steps, %d writes, %d looks, complete %v", err, len(outcome.Steps), len(on.log), reader.looks, outcome.Complete())
	}
}
