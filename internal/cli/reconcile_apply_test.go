package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/ui"
)

// Progress names the object, says what became of it, how fast it goes, and what is left.
func TestApplyingTellsHowFarItIs(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	group := entra.Key{Kind: "groups", ID: "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"}
	step := func(action entra.Action, target string, links ...entra.LinkChange) entra.Step {
		return entra.Step{Key: group, Name: "Finance", Action: action, Target: target, Links: links}
	}
	done := entra.StepOutcome{Result: entra.Done}
	members := entra.LinkChange{Link: "members", Added: []string{"a", "b"}, Removed: []string{"c"}}
	for _, tt := range []struct {
		step  entra.Step
		ended entra.StepOutcome
		done  int
		took  time.Duration
		want  string
	}{
		{step(entra.ActionAddLink, "members", members), done, 0, 0, "step 1 of 300: group Finance (3f2b1c9e…): 2 members added"},
		{step(entra.ActionRemoveLink, "members", members), done, 180, 10 * time.Second, "step 181 of 300: group Finance (3f2b1c9e…): 1 members removed, 18/s, 7s left"},
		{step(entra.ActionUpdate, ""), entra.StepOutcome{Result: entra.Failed}, 2, 4 * time.Second, "step 3 of 300: group Finance (3f2b1c9e…): failed, 0.5/s, 9m54s left"},
		{step(entra.ActionRestore, ""), done, 0, 0, "step 1 of 300: group Finance (3f2b1c9e…): taken back"},
		{step(entra.ActionCreate, ""), done, 0, 0, "step 1 of 300: group Finance (3f2b1c9e…): created"},
		{step(entra.ActionUpdate, ""), done, 0, 0, "step 1 of 300: group Finance (3f2b1c9e…): changed"},
		{step(entra.ActionCreateContained, "rules"), done, 0, 0, "step 1 of 300: group Finance (3f2b1c9e…): rules added"},
		{step(entra.ActionUpdateContained, "rules"), done, 0, 0, "step 1 of 300: group Finance (3f2b1c9e…): rules changed"},
		{step(entra.ActionDeleteContained, "rules"), done, 0, 0, "step 1 of 300: group Finance (3f2b1c9e…): rules removed"},
	} {
		var errs bytes.Buffer
		streams := &ui.Streams{Err: &errs, ErrTTY: true, Now: clock, Width: func() int { return 200 }}
		p := applying{to: streams.Progress(), now: clock, of: 300, done: tt.done, begun: now.Add(-tt.took)}
		p.step(tt.step, tt.ended)
		if got := strings.TrimPrefix(errs.String(), "\r\x1b[K"); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// The tenant is named as people know it, as far as that could be read.
func TestTenantLabel(t *testing.T) {
	for want, of := range map[string]tenant{
		"Contoso (contoso.com, 1bdb)": {id: "1bdb", name: "Contoso", domain: "contoso.com"},
		"Contoso (1bdb)":              {id: "1bdb", name: "Contoso"},
		"the tenant 1bdb":             {id: "1bdb"},
	} {
		if got := of.label(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What the sign-in lacks is told with what it is needed for. Where nobody knows what it may
// do, nothing is claimed.
func TestTellLacks(t *testing.T) {
	p := entra.Plan{Steps: []entra.Step{
		{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: "1"}, Action: entra.ActionUpdate},
		{Key: entra.Key{Kind: "namedLocations", ID: "2"}, Action: entra.ActionUpdate},
	}}
	const app = "4d3ea055"
	for _, tt := range []struct {
		who  graph.Identity
		want string
	}{
		{graph.Identity{}, ""},
		{graph.Identity{ObjectID: "u", AppID: app, Scopes: "Policy.Read.All"}, ""},
		{graph.Identity{ObjectID: "s", AppID: app, Roles: []string{"Policy.ReadWrite.ConditionalAccess"}}, ""},
		{graph.Identity{ObjectID: "s", AppID: app, Roles: []string{"Policy.Read.All"}},
			"entragit: the sign-in lacks Policy.ReadWrite.ConditionalAccess, which Microsoft asks for: Graph may refuse 2 steps on conditionalAccessPolicies, namedLocations\n" +
				"hint: grant Policy.ReadWrite.ConditionalAccess to the application 4d3ea055\n"},
	} {
		var errs bytes.Buffer
		o := &reconcileOptions{common: common{Environment: Environment{Streams: &ui.Streams{Err: &errs}}}}
		if o.tellLacks(&p, tt.who); errs.String() != tt.want {
			t.Errorf("%+v: %q, want %q", tt.who, errs.String(), tt.want)
		}
	}
}
