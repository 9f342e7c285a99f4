package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// waves are the steps of a plan that can be made at once, one line for each wave and one
// blank line between phases.
func waves(p *entra.Plan) []string {
	var all []string
	for i, phase := range Phases(p) {
		if i > 0 {
			all = append(all, "")
		}
		ended := map[int]bool{}
		for len(ended) < len(phase) {
			var wave []int
			for _, n := range phase {
				if !ended[n.Step] && !slices.ContainsFunc(n.After, func(i int) bool { return !ended[i] }) {
					wave = append(wave, n.Step)
				}
			}
			var ids []string
			for _, i := range wave {
				ended[i] = true
				ids = append(ids, p.Steps[i].ID)
			}
			all = append(all, strings.Join(ids, " "))
		}
	}
	return all
}

// What is there first comes first, what is referred to before what refers to it, and the
// rest together.
func TestPhases(t *testing.T) {
	w, want := incident(t)
	p := w.plan(t, want...)
	expected := []string{
		"applications/app:restore namedLocations/loc:restore users/usr:restore",
		"",
		"applications/app:createContained:federatedIdentityCredentials:main namedLocations/loc:update users/usr:update",
		"conditionalAccessPolicies/pol:update",
		"",
		"groups/grp:addLink:members:usr",
		"groups/grp:addLink:owners:usr",
		"",
		"groups/grp:removeLink:members",
	}
	if d := cmp.Diff(expected, waves(&p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A step that one of an earlier phase needs is made there, after what it needs itself; an
// element or a link that is in the way goes before the changes; what is removed goes
// before what it refers to.
func TestPhasesOfWhatComesOutOfTurn(t *testing.T) {
	step := func(id string, action entra.Action, after ...string) entra.Step {
		key, _, _ := strings.Cut(id, ":")
		kindName, object, _ := strings.Cut(key, "/")
		s := entra.Step{ID: id, Key: entra.Key{Kind: kindName, ID: object}, Action: action}
		for _, a := range after {
			if need, ok := strings.CutPrefix(a, "needs "); ok {
				s.Needs = append(s.Needs, need)
			} else {
				s.Follows = append(s.Follows, a)
			}
		}
		return s
	}
	element := func(id string, action entra.Action, pointer string, before, after any) entra.Step {
		s := step(id, action)
		s.Target, s.Properties = "federatedIdentityCredentials", []entra.PropertyChange{{Pointer: pointer, Before: before, After: after}}
		return s
	}
	type object = map[string]any
	const at = "/contained/federatedIdentityCredentials/"
	link := step("tokenLifetimePolicies/a:remove", entra.ActionRemoveLink)
	link.Target, link.Links = "appliesTo", []entra.LinkChange{{Link: "appliesTo", Removed: []string{"p"}}}
	for name, tt := range map[string]struct {
		steps []entra.Step
		want  []string
	}{
		"a rule before what it permits": {
			[]entra.Step{step("roles/r:update", entra.ActionUpdate), step("rules/1:update", entra.ActionUpdate, "needs roles/r:update"), step("users/1:update", entra.ActionUpdate),
				step("eligible/1:create", entra.ActionCreate, "needs rules/1:update"), step("users/2:restore", entra.ActionRestore)},
			[]string{"roles/r:update users/2:restore", "rules/1:update", "eligible/1:create", "", "users/1:update"},
		},
		"a new element with a name of its own": {
			[]entra.Step{element("applications/a:new", entra.ActionCreateContained, at+"b", nil, object{"issuer": "i", "subject": "t"}),
				element("applications/a:gone", entra.ActionDeleteContained, at+"a", object{"issuer": "i", "subject": "s"}, nil)},
			[]string{"applications/a:new", "", "applications/a:gone"},
		},
		"a new element like one that goes": {
			[]entra.Step{element("applications/a:new", entra.ActionCreateContained, at+"b", nil, object{"issuer": "i", "subject": "s"}),
				element("applications/a:gone", entra.ActionDeleteContained, at+"a", object{"issuer": "i", "subject": "s"}, nil)},
			[]string{"applications/a:gone", "", "applications/a:new"},
		},
		"an element that becomes like one that goes": {
			[]entra.Step{element("applications/a:set", entra.ActionUpdateContained, at+"b/subject", "t", "s"),
				element("applications/a:gone", entra.ActionDeleteContained, at+"a", object{"issuer": "i", "subject": "s"}, nil)},
			[]string{"applications/a:gone", "", "applications/a:set"},
		},
		"an element of another object": {
			[]entra.Step{element("applications/b:set", entra.ActionUpdateContained, at+"b/subject", "t", "s"),
				element("applications/a:gone", entra.ActionDeleteContained, at+"a", object{"issuer": "i", "subject": "s"}, nil)},
			[]string{"applications/b:set", "", "applications/a:gone"},
		},
		"one link for another": {
			[]entra.Step{step("tokenLifetimePolicies/a:add", entra.ActionAddLink), link}, []string{"tokenLifetimePolicies/a:remove", "", "tokenLifetimePolicies/a:add"},
		},
		"nothing that the tables know": {
			[]entra.Step{step("x/1:restore", entra.ActionRestore, "needs y", "z"), step("x/1:odd", "odd")}, []string{"x/1:restore", "", "x/1:odd"},
		},
	} {
		if d := cmp.Diff(tt.want, waves(&entra.Plan{Steps: tt.steps})); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// Whatever a plan says, every step is in it once, and after what it needs, what it follows,
// and the steps of its object that are made in the same phase.
func TestPhasesOfAnyPlan(t *testing.T) {
	actions := []entra.Action{entra.ActionRestore, entra.ActionCreate, entra.ActionUpdate, entra.ActionAddLink, entra.ActionRemoveLink,
		entra.ActionCreateContained, entra.ActionUpdateContained, entra.ActionDeleteContained, "odd"}
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 1))
		var p entra.Plan
		for i := range random.IntN(30) {
			s := entra.Step{ID: fmt.Sprint(i), Key: entra.Key{Kind: "users", ID: fmt.Sprint(random.IntN(8))}, Action: actions[random.IntN(len(actions))]}
			for range random.IntN(3) {
				if i > 0 {
					s.Needs = append(s.Needs, fmt.Sprint(random.IntN(i)))
					s.Follows = append(s.Follows, fmt.Sprint(random.IntN(i)))
				}
			}
			p.Steps = append(p.Steps, s)
		}
		phaseOf, seen := map[string]int{}, map[int]bool{}
		before := map[int]map[int]bool{} // all that ended before a step began
		last := map[string]int{}
		for at, phase := range Phases(&p) {
			for _, n := range phase {
				s := p.Steps[n.Step]
				if seen[n.Step] {
					t.Fatalf("seed %d: %s twice", seed, s.ID)
				}
				seen[n.Step], phaseOf[s.ID] = true, at
				before[n.Step] = map[int]bool{}
				for _, i := range n.After {
					if !seen[i] || phaseOf[p.Steps[i].ID] != at {
						t.Fatalf("seed %d: %s after %d, which is not before it in its phase", seed, s.ID, i)
					}
					before[n.Step][i] = true
					for j := range before[i] {
						before[n.Step][j] = true
					}
				}
				ended := func(id string) bool {
					i := slices.IndexFunc(p.Steps, func(s entra.Step) bool { return s.ID == id })
					return seen[i] && phaseOf[id] < at || before[n.Step][i]
				}
				for _, need := range s.Needs {
					if !ended(need) {
						t.Fatalf("seed %d: %s begins before %s, which it needs", seed, s.ID, need)
					}
				}
				for _, f := range s.Follows {
					i := slices.IndexFunc(p.Steps, func(s entra.Step) bool { return s.ID == f })
					if seen[i] && !ended(f) {
						t.Fatalf("seed %d: %s begins together with %s, which it follows", seed, s.ID, f)
					}
				}
				key := fmt.Sprint(at, s.Key)
				if i, ok := last[key]; ok && !before[n.Step][i] {
					t.Fatalf("seed %d: %s begins together with %s of its object", seed, s.ID, p.Steps[i].ID)
				}
				last[key] = n.Step
			}
		}
		if len(seen) != len(p.Steps) {
			t.Fatalf("seed %d: %d of %d steps", seed, len(seen), len(p.Steps))
		}
	}
}
