package plan

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

const (
	defaultsKey = "identitySecurityDefaultsEnforcementPolicy/d"
	switchedOff = `{"Spec":{"isEnabled":false}}`
	switchedOn  = `{"Spec":{"isEnabled":true}}`
)

func policyIn(state string) string {
	return `{"Spec":{"state":"` + state + `","conditions":{"users":{"excludeGroups":["g"]}}}}`
}

// What gives way does so after all that the others need, and they need it: the time without
// either is as short as can be, however many steps are made at once.
func TestExchangeIsShort(t *testing.T) {
	group := `{"Spec":{"displayName":"G","mailNickname":"g"}}`
	w := &world{
		live:    []*entra.Object{object(t, defaultsKey, switchedOn), object(t, "users/u", `{"Spec":{"city":"a"}}`)},
		deleted: []*entra.Object{object(t, "groups/g", group), object(t, "conditionalAccessPolicies/c", policyIn("enabled"))},
	}
	p := w.plan(t, object(t, defaultsKey, switchedOff), object(t, "groups/g", group),
		object(t, "conditionalAccessPolicies/c", policyIn("enabled")), object(t, "users/u", `{"Spec":{"city":"b"}}`))
	if d := cmp.Diff([]string{
		"groups/g:restore",
		defaultsKey + ":update",
		"conditionalAccessPolicies/c:restore " + defaultsKey + ":update",
		"users/u:update",
	}, lines(p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	phases := Phases(&p)
	after := func(step int) []int {
		for _, phase := range phases {
			for _, n := range phase {
				if n.Step == step {
					return n.After
				}
			}
		}
		return nil
	}
	if !slices.Contains(after(1), 0) || !slices.Contains(after(2), 1) {
		t.Errorf("what is made at once: %+v", phases)
	}
}

// What cannot come into force is said beforehand, and nothing gives way for it.
func TestExchangeThatCannotBe(t *testing.T) {
	on, off := object(t, "conditionalAccessPolicies/c", policyIn("enabled")), object(t, "conditionalAccessPolicies/c", policyIn("disabled"))
	w := &world{live: []*entra.Object{on, object(t, defaultsKey, switchedOff), object(t, "groups/g", `{}`)}}
	in := w.input(t, off, object(t, defaultsKey, switchedOn))
	if d := cmp.Diff([]string{"conditionalAccessPolicies"}, keys(Opposing(in), nil)); d != "" {
		t.Errorf("looked for: %s", d)
	}
	in.Opposing = []entra.Listed{{Identity: entra.Identity{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: "x"}}, Name: "X"}}
	p, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{
		"left alone conditionalAccessPolicies/c/spec/state: no security defaults comes into force in its place",
		"left alone " + defaultsKey + "/spec/isEnabled: it cannot be in force beside Conditional Access policy X (x) select conditionalAccessPolicies as well, so that what goes is put back first",
	}, lines(p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	in = w.input(t, off, object(t, defaultsKey, switchedOn))
	p, err = New(in)
	if err != nil || len(p.Refusals) != 0 || p.Steps[1].Needs[0] != p.Steps[0].ID || p.Steps[0].Kind != on.Kind {
		t.Errorf("%v: %+v", err, p)
	}
}

// A policy that is created again reports only, so that nothing gives way for it.
func TestExchangeForWhatReportsOnly(t *testing.T) {
	w := &world{live: []*entra.Object{object(t, defaultsKey, switchedOn), object(t, "groups/g", `{}`)}}
	in := w.input(t, object(t, "conditionalAccessPolicies/c", policyIn("enabled")), object(t, defaultsKey, switchedOff))
	in.Recreate = true
	p, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Steps) != 1 || p.Steps[0].Action != entra.ActionCreate || p.Refusals[1].String() != defaultsKey {
		t.Errorf("%+v %+v", p.Steps, p.Refusals)
	}
	in.Enforce = true
	if p, err = New(in); err != nil || len(p.Steps) != 2 || p.Steps[0].String() != defaultsKey {
		t.Errorf("%v: %+v %+v", err, p.Steps, p.Refusals)
	}
}
