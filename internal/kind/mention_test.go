package kind_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

func TestMentions(t *testing.T) {
	k := &kind.Kind{
		Shape: kind.Shape{References: []kind.Reference{
			{Path: "conditions.users[].id", Targets: []string{"users"}, Special: []string{"All"}},
			{Path: "owner", Targets: []string{"groups"}, Prefixes: []string{"/groups/"}},
		}},
		Links: []kind.Link{{Name: "members", Targets: []string{"users", "groups"}}},
		Contained: []kind.Contained{{Name: "grants", Shape: kind.Shape{References: []kind.Reference{
			{Path: "principalId", Targets: []string{"users"}},
		}}}},
	}
	document, err := yaml.Read("f", []byte(`
spec:
  conditions:
    users:
    - id: All
    - id: u1
links:
  members:
  - u2
  - u3
contained:
  grants:
  - principalId: u4
  - other: x
status:
  owner: /groups/g1
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for m := range k.Mentions(document) {
		got = append(got, m.Pointer+" "+m.Value+" "+m.Referent+" "+m.Path)
	}
	want := []string{
		"/spec/conditions/users/1/id u1 u1 conditions.users[].id", "/status/owner /groups/g1 g1 owner",
		"/contained/grants/0/principalId u4 u4 principalId", "/links/members/0 u2 u2 links.members", "/links/members/1 u3 u3 links.members",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var refs []string
	for ref := range k.EveryReference() {
		refs = append(refs, ref.Path)
	}
	if diff := cmp.Diff([]string{"conditions.users[].id", "owner", "principalId", "links.members"}, refs); diff != "" {
		t.Error(diff)
	}
	for range k.Mentions(document) {
		break // stops at once
	}
	for m := range k.Mentions([]any{"no", "file"}) {
		t.Errorf("found %s in what is no file", m.Pointer)
	}
}
