package apply

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// What no request can do is an error, whatever plan it comes from, and never a request that
// does something else.
func TestRenderRefuses(t *testing.T) {
	set := func(pointer string, before, after any) []entra.PropertyChange {
		return []entra.PropertyChange{{Pointer: pointer, Before: before, After: after}}
	}
	const application = `{"Status":{"appId":"00-11"},"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"}]},"IDs":{"federatedIdentityCredentials":{"a":"id-of-a"}}}`
	linked := []entra.LinkChange{{Link: "x", Added: []string{"p1"}}}
	tests := []struct {
		name, key, live string
		step            entra.Step
		want            string
	}{
		{"an unknown kind", "userz/1", `{}`, entra.Step{Action: entra.ActionUpdate}, `unknown kind "userz"`},
		{"an update of what is not there", "users/1", "", entra.Step{Action: entra.ActionUpdate, Properties: set("/spec/city", nil, "x")}, "users/1 is not there"},
		{"an element of what is not there", "applications/1", "", entra.Step{Action: entra.ActionDeleteContained, Target: "federatedIdentityCredentials",
			Properties: set("/contained/federatedIdentityCredentials/a", nil, nil)}, "applications/1 is not there"},
		{"a pointer that leads nowhere", "users/1", `{}`, entra.Step{Action: entra.ActionUpdate, Properties: set("/nowhere/city", nil, "x")}, "/nowhere/city leads to nothing"},
		{"an action that there is not", "applications/1", application, entra.Step{Action: "burn", Target: "federatedIdentityCredentials",
			Properties: set("/contained/federatedIdentityCredentials/a/subject", nil, "x")}, "burn of a application: Graph takes no request for it"},
		{"a collection that there is not", "applications/1", application, entra.Step{Action: entra.ActionUpdateContained, Target: "x",
			Properties: set("/contained/federatedIdentityCredentials/a/subject", nil, "x")}, "updateContained of a application: Graph takes no request for it"},
		{"an element without a change", "applications/1", application, entra.Step{Action: entra.ActionUpdateContained, Target: "federatedIdentityCredentials"}, "updateContained of a application: Graph takes no request for it"},
		{"an element that was not read", "applications/1", `{"Status":{"appId":"00-11"}}`, entra.Step{Action: entra.ActionDeleteContained, Target: "federatedIdentityCredentials",
			Properties: set("/contained/federatedIdentityCredentials/a", nil, nil)}, "/contained/federatedIdentityCredentials/a of applications/1 was not read"},
		{"an element that would get another name", "applications/1", application, entra.Step{Action: entra.ActionCreateContained, Target: "extensionProperties",
			Properties: set("/contained/extensionProperties/extension_other_x", nil, map[string]any{"name": "extension_other_x"})}, "it would get another name from Graph"},
		{"a link that there is not", "groups/1", `{}`, entra.Step{Action: entra.ActionAddLink, Target: "x", Links: linked}, "addLink of a group: Graph takes no request for it"},
		{"a link without targets", "groups/1", `{}`, entra.Step{Action: entra.ActionAddLink, Target: "members"}, "addLink of a group: Graph takes no request for it"},
		{"a target of no kind, added at its side", "tokenLifetimePolicies/1", `{}`, entra.Step{Action: entra.ActionAddLink, Target: "appliesTo", Links: linked}, "the plan does not tell of which kind p1 is"},
		{"a target of no kind, removed at its side", "tokenLifetimePolicies/1", `{}`, entra.Step{Action: entra.ActionRemoveLink, Target: "appliesTo",
			Links: []entra.LinkChange{{Link: "appliesTo", Removed: []string{"p1"}}}}, "the plan does not tell of which kind p1 is"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.step.Key = object(t, tt.key, "{}").Key
			var live *entra.Object
			if tt.live != "" {
				live = object(t, tt.key, tt.live)
			}
			p := &entra.Plan{Tenant: "t", Steps: []entra.Step{tt.step}}
			requests, err := NewRenderer(testBase, p).Render(tt.step, live)
			if !errors.Is(err, entra.ErrInvalid) || !strings.HasPrefix(err.Error(), tt.want) || requests != nil {
				t.Errorf("%v, %v, want %s", requests, err, tt.want)
			}
			_, err = Preview(testBase, p, map[entra.Key]*entra.Object{tt.step.Key: live})
			if !errors.Is(err, entra.ErrInvalid) || !strings.HasPrefix(err.Error(), "preview ") {
				t.Errorf("a preview says %v", err)
			}
		})
	}
	// A kind that takes requests takes none for what it has no word for.
	r := &rendering{kind: kind.ByName("accessPackageCatalogs"), step: entra.Step{Action: entra.ActionUpdate}}
	if requests, err := r.ask(&kind.Requests{Path: "/requests", Property: "action"}, "", nil, ""); !errors.Is(err, entra.ErrInvalid) || requests != nil {
		t.Errorf("a request without a word: %v, %v", requests, err)
	}
}

// An object that is not read yet goes by the id that the plan knows, and so does what a
// link leads to.
func TestRenderByTheNewID(t *testing.T) {
	const link = "userFlowIdentityProviders"
	flow, provider := entra.Key{Kind: "b2xUserFlows", ID: "old"}, entra.Key{Kind: "identityProviders", ID: "p1"}
	add := entra.Step{ID: "1", Key: flow, Action: entra.ActionAddLink, Target: link, Links: []entra.LinkChange{{Link: link, Added: []string{"p1", "p2"}}}}
	p := &entra.Plan{Tenant: "t", Steps: []entra.Step{add}}
	identified := *p
	identified.Identities = map[string]entra.Identity{flow.String(): {Key: entra.Key{Kind: flow.Kind, ID: "new"}}}
	renamed := NewRenderer(testBase, &identified)
	renamed.IDs[entra.Name{Kind: provider.Kind, Value: provider.ID}] = "q1"
	for name, tt := range map[string]struct {
		Renderer
		owner, first string
	}{"as in the snapshot": {NewRenderer(testBase, p), "old", "p1"}, "renamed": {renamed, "new", "q1"}} {
		requests, err := tt.Render(add, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, q := range requests {
			got = append(got, q.Path+" "+string(q.Body))
		}
		path, target := "/identity/b2xUserFlows/"+tt.owner+"/"+link+"/$ref ", `{"@odata.id":"`+testBase+`/identity/identityProviders/`
		if d := cmp.Diff([]string{path + target + tt.first + `"}`, path + target + `p2"}`}, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// A creation gives what can be given, and the type, and nothing that Graph computes.
func TestRenderCreates(t *testing.T) {
	key := entra.Key{Kind: "namedLocations", ID: "1"}
	s := entra.Step{ID: "1", Key: key, Action: entra.ActionCreate}
	for _, name := range []string{typeProperty, "displayName", "createdDateTime"} {
		s.Properties = append(s.Properties, entra.PropertyChange{Pointer: "/spec/" + name, After: "x"})
	}
	requests, err := NewRenderer(testBase, &entra.Plan{Steps: []entra.Step{s}}).Render(s, nil)
	if err != nil || len(requests) != 1 || string(requests[0].Body) != `{"@odata.type":"x","displayName":"x"}` {
		t.Errorf("%s, %v", requests, err)
	}
}

// The objects of a plan are read once each, by the key that they have in it; one that is
// gone is missing.
func TestPlanned(t *testing.T) {
	here := object(t, "groups/1", `{}`)
	p := entra.Plan{Steps: []entra.Step{{Key: here.Key}, {Key: here.Key}, {Key: entra.Key{Kind: "users", ID: "gone"}}}}
	on := newTenant(here)
	live, err := Planned(context.Background(), on, &p)
	if err != nil || len(live) != 1 || live[here.Key] == nil {
		t.Errorf("%v, %v", live, err)
	}
	if keys := keysOf(&p); len(keys) != 2 {
		t.Errorf("%d keys", len(keys))
	}
	if _, err := Planned(context.Background(), broken{on}, &p); !errors.Is(err, entra.ErrUnavailable) || !strings.HasPrefix(err.Error(), "read the planned objects: ") {
		t.Errorf("error %v", err)
	}
}
