package cli

import (
	"bytes"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/emulator"
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
		{graph.Identity{ObjectID: "s", AppID: app, Roles: []string{"Application.Read.All", "Policy.ReadWrite.ConditionalAccess"}}, ""},
		{graph.Identity{ObjectID: "s", AppID: app, Roles: []string{"Application.Read.All", "Policy.Read.All"}},
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

// Who holds a role is changed by a higher administrator, and the members of a group that holds
// one by whoever may give roles: who is neither is told beforehand.
func TestTellAdministrators(t *testing.T) {
	server, err := emulator.New(emulator.Options{})
	must(t, err)
	web := httptest.NewServer(server)
	defer web.Close()
	client, err := graph.New(graph.Config{BaseURL: web.URL})
	must(t, err)
	to := &tenant{Source: client, id: server.TenantID()}
	admins, err := apply.ReadAdministrators(t.Context(), client, server.TenantID())
	must(t, err)
	const global = "62e90394-69f5-4237-9190-012177145e10"
	var holder, higher string
	for principal, roles := range admins.Roles {
		if slices.Contains(roles, global) {
			higher = principal
		} else {
			holder = principal
		}
	}
	step := func(kindName, id string, action entra.Action, pointers ...string) entra.Step {
		s := entra.Step{Key: entra.Key{Kind: kindName, ID: id}, Name: "N", Action: action}
		for _, p := range pointers {
			s.Properties = append(s.Properties, entra.PropertyChange{Pointer: p})
		}
		return s
	}
	app := graph.Identity{ObjectID: "s", AppID: "a"}
	for _, tt := range []struct {
		name string
		who  graph.Identity
		step entra.Step
		want string
	}{
		{"a sensitive property", app, step("users", holder, entra.ActionUpdate, "/spec/accountEnabled"), "what is planned for user N (" + holder + ")"},
		{"taking back", app, step("users", holder, entra.ActionRestore), "Privileged Authentication Administrator"},
		{"by a higher one", graph.Identity{ObjectID: higher}, step("users", holder, entra.ActionRestore), ""},
		{"another property", app, step("users", holder, entra.ActionUpdate, "/spec/city"), ""},
		{"somebody without a role", app, step("users", "none", entra.ActionRestore), ""},
		{"nobody signed in", graph.Identity{}, step("users", holder, entra.ActionRestore), ""},
		{"a group", app, step("groups", holder, entra.ActionAddLink), "take RoleManagement.ReadWrite.Directory, which the sign-in lacks"},
		{"a group, by who may", graph.Identity{ObjectID: "s", Roles: []string{"RoleManagement.ReadWrite.Directory"}}, step("groups", holder, entra.ActionAddLink), ""},
		{"a group, by a user", graph.Identity{ObjectID: "u", Scopes: "x"}, step("groups", holder, entra.ActionAddLink), ""},
	} {
		var errs bytes.Buffer
		o := &reconcileOptions{common: common{Environment: Environment{Streams: &ui.Streams{Err: &errs}}}}
		o.tellAdministrators(t.Context(), to, nil, &entra.Plan{Steps: []entra.Step{tt.step}}, tt.who)
		if got := errs.String(); tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
