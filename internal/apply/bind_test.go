package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// bind adds the targets of a link that an update of the object holds: all of them, at most
// as many as Graph takes, or none.
func (t *tenant) bind(k *kind.Kind, o *entra.Object, body []byte) (bool, error) {
	b, err := decode(body)
	if err != nil {
		return true, err
	}
	for i := range k.Links {
		l := &k.Links[i]
		ends, ok := b[l.Name+"@odata.bind"].([]any)
		if !ok {
			continue
		}
		if len(ends) > l.Bind {
			return true, rejected("%d references are more than %d", len(ends), l.Bind)
		}
		before := slices.Clone(o.Links[l.Name])
		for _, end := range ends {
			if err := t.link(k, o, "POST", l.Name, nil, encode(map[string]any{"@odata.id": end})); err != nil {
				o.Links[l.Name] = before
				return true, err
			}
		}
		return true, nil
	}
	return false, nil
}

// Members are added twenty at a time. One that is there already or cannot be added holds up
// no other, and one by itself is added as ever.
func TestMembersAreAddedTogether(t *testing.T) {
	var ids []string
	for i := range 45 {
		ids = append(ids, fmt.Sprintf("m%02d", i))
	}
	group := &entra.Object{Key: entra.Key{Kind: "groups", ID: "1"}, Spec: map[string]any{}, Links: map[string][]string{}}
	want := clone(group)
	want.Links = map[string][]string{"members": ids}
	fill := func() *tenant {
		on := newTenant(group)
		for _, id := range ids {
			on.objects[entra.Key{Kind: "users", ID: id}] = &entra.Object{Key: entra.Key{Kind: "users", ID: id}}
		}
		return on
	}

	on := fill()
	p := mustPlan(t, input(on, want))
	if outcome := mustApply(t, on, p); !outcome.Complete() || len(on.log) != 3 || strings.Count(on.log[2], "directoryObjects") != 5 {
		t.Errorf("%d requests: %+v\n%s", len(on.log), outcome.Steps, strings.Join(on.log, "\n"))
	}

	on = fill()
	p = mustPlan(t, input(on, want))
	on.fail = func(method, path string) error {
		if method == "POST" && len(on.log) > 0 && strings.Contains(on.log[len(on.log)-1], "/m07\"") {
			return rejected("The member cannot be added")
		}
		if method == "PATCH" && strings.Contains(on.log[len(on.log)-1], "/m07\"") {
			return rejected("The member cannot be added")
		}
		return nil
	}
	outcome, err := Run(context.Background(), on, on, judged(p), noWait)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(on.objects[group.Key].Links["members"]); got != 44 || len(on.log) != 23 {
		t.Errorf("%d members after %d requests", got, len(on.log))
	}
	if o := outcome.Steps[0]; o.Result != entra.Failed || !strings.Contains(o.Error, "The member cannot be added") {
		t.Errorf("%+v", o)
	}

	// The answer to the second request is lost: its members are there when it is made again.
	on = fill()
	p = mustPlan(t, input(on, want))
	on.lost = func(method, _ string) error {
		if on.lost = nil; method == "PATCH" {
			return errors.New("connection reset")
		}
		return nil
	}
	if outcome := mustApply(t, on, p); !outcome.Complete() {
		t.Errorf("%+v\n%s", outcome.Steps, strings.Join(on.log, "\n"))
	}
}
