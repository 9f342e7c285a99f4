package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// recreated plans with --recreate and reads the plan back from a file.
func (w *world) recreated(t *testing.T, change func(*Input), want ...*entra.Object) entra.Plan {
	t.Helper()
	in := w.input(t, want...)
	in.Recreate = true
	if change != nil {
		change(&in)
	}
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	file, err := Encode(made)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(file, "t")
	if err != nil {
		t.Fatalf("a plan does not read back: %v\n%s", err, file)
	}
	return read
}

// What refers comes after what it refers to; what goes round in a circle gets in a second
// step what is created no earlier, and no creation lacks what can only be given there.
func TestRecreateInOrder(t *testing.T) {
	app := func(id, spec string) *entra.Object {
		return object(t, "applications/"+id, `{"Spec":{"displayName":"`+id+`",`+spec+`},"Status":{"appId":"app-`+id+`"}}`)
	}
	p := (&world{}).recreated(t, nil,
		app("a", `"requiredResourceAccess":[{"resourceAppId":"app-b"}]`),
		app("b", `"requiredResourceAccess":[{"resourceAppId":"app-a"}]`),
		object(t, "servicePrincipals/sa", `{"Spec":{"appId":"app-a"}}`),
		object(t, "servicePrincipals/sb", `{"Spec":{"appId":"app-b"}}`),
		object(t, "conditionalAccessPolicies/c", `{"Spec":{"state":"disabled","conditions":{"users":{"excludeGroups":["g"]},"applications":{"includeApplications":["app-b"]}}}}`),
		object(t, "groups/g", `{"Spec":{"displayName":"g"},"Links":{"members":["h"],"owners":["sa"]}}`),
		object(t, "groups/h", `{"Spec":{"displayName":"h"},"Links":{"members":["g"]}}`))
	place := map[string]int{}
	for i, s := range p.Steps {
		place[s.ID] = i
	}
	for _, pair := range [][2]string{
		{"applications/a:create", "servicePrincipals/sa:create"}, {"applications/b:create", "servicePrincipals/sb:create"},
		{"groups/g:create", "conditionalAccessPolicies/c:create"}, {"servicePrincipals/sb:create", "conditionalAccessPolicies/c:create"},
	} {
		if place[pair[0]] >= place[pair[1]] {
			t.Errorf("%s comes after %s", pair[0], pair[1])
		}
	}
	whole, later := 0, 0
	for _, s := range p.Steps {
		for _, c := range s.Properties {
			if c.Pointer == "/spec/requiredResourceAccess" && s.Action == entra.ActionCreate {
				whole++
			} else if c.Pointer == "/spec/requiredResourceAccess" {
				later++
			}
		}
	}
	if whole+later != 2 || later == 0 {
		t.Errorf("%d applications are created with what they require, %d get it later: %q", whole, later, lines(p))
	}
	if n := len(p.Renewed); n != 9 || len(p.Refusals) > 0 {
		t.Errorf("%d new identities, refusals %+v", n, p.Refusals)
	}
}

// What the tenant names although it is gone is spelled so, and led to what comes in its
// place.
func TestViewSpellsWhatIsGone(t *testing.T) {
	k := kind.ByName("groups")
	o := object(t, "groups/x", `{"Links":{"members":["new","old","other"]}}`)
	renewed := []entra.Renewal{{Key: entra.Key{Kind: "groups", ID: "old"}, Old: "old"}}
	before := View(k, o, renewed, nil)
	after := View(k, o, renewed, map[entra.Name]string{{Kind: "groups", Value: "old"}: "new"})
	if diff := cmp.Diff([][]string{{"gone:old", "new", "other"}, {"gone:old", "old", "other"}}, [][]string{before.Links["members"], after.Links["members"]}); diff != "" {
		t.Error(diff)
	}
}

// What is lost is told of what is created under another identity, and cannot be given.
func TestLosses(t *testing.T) {
	p := (&world{}).recreated(t, nil, object(t, "applications/a", `{"Spec":{"displayName":"a","tokenEncryptionKeyId":"k"},
		"Status":{"appId":"app-a","passwordCredentials":[{"displayName":"ci","endDateTime":"2027-01-31T00:00:00Z"},{"hint":"abc"}]}}`))
	var got []string
	for _, l := range p.Losses {
		got = append(got, l.Pointer+" "+l.What)
	}
	want := []string{`/status/passwordCredentials 2 client secrets ("ci" until 2027-01-31; "abc")`, "/spec/tokenEncryptionKeyId the choice of the certificate that encrypts tokens"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if slices.ContainsFunc(p.Steps[0].Properties, func(c entra.PropertyChange) bool { return strings.Contains(c.Pointer, "tokenEncryptionKeyId") }) {
		t.Error("it is given all the same")
	}
}

// A policy that enforced something reports only, unless a person says otherwise; in a plan
// file that is as far as anybody can edit it.
func TestRecreatedPoliciesReport(t *testing.T) {
	policy := object(t, "conditionalAccessPolicies/c", `{"Spec":{"displayName":"c","state":"enabled"}}`)
	reads, enforces := (&world{}).recreated(t, nil, policy), (&world{}).recreated(t, func(in *Input) { in.Enforce = true }, policy)
	state := func(p entra.Plan) any {
		i := slices.IndexFunc(p.Steps[0].Properties, func(c entra.PropertyChange) bool { return c.Pointer == "/spec/state" })
		return p.Steps[0].Properties[i].After
	}
	if state(reads) != "enabledForReportingButNotEnforced" || len(reads.Refusals) != 1 || state(enforces) != "enabled" || len(enforces.Refusals) > 0 {
		t.Errorf("%v %+v, %v %+v", state(reads), reads.Refusals, state(enforces), enforces.Refusals)
	}
	for _, p := range []entra.Plan{reads, enforces} {
		if text := judge(&p, []*entra.Object{policy}, allRead()); text != "" {
			t.Errorf("a plan that nobody edited: %s", text)
		}
	}
	reads.Steps[0].Properties[slices.IndexFunc(reads.Steps[0].Properties, func(c entra.PropertyChange) bool { return c.Pointer == "/spec/state" })].After = "disabled"
	if text := judge(&reads, []*entra.Object{policy}, allRead()); !strings.Contains(text, "/spec/state") {
		t.Errorf("a policy that a plan file switches off: %q", text)
	}
}

// A plan file renews no identity but those of what it creates, and hides no loss.
func TestRenewalsCannotBeEdited(t *testing.T) {
	app := object(t, "applications/a", `{"Spec":{"displayName":"a"},"Status":{"appId":"app-a","keyCredentials":[{"keyId":"1"}]}}`)
	for name, edit := range map[string]func(*entra.Plan){
		"another object": func(p *entra.Plan) {
			p.Renewed = append(p.Renewed, entra.Renewal{Key: entra.Key{Kind: "groups", ID: "g"}, Old: "g"})
		},
		"another identity": func(p *entra.Plan) { p.Renewed[1].Old = "app-b" },
		"no loss":          func(p *entra.Plan) { p.Losses = nil },
	} {
		p := (&world{}).recreated(t, nil, app)
		if text := judge(&p, []*entra.Object{app}, allRead()); text != "" {
			t.Fatalf("a plan that nobody edited: %s", text)
		}
		edit(&p)
		if judge(&p, []*entra.Object{app}, allRead()) == "" {
			t.Errorf("%s: nobody sees it", name)
		}
	}
}
