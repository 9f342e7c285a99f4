package capture

import (
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/kind"
)

// References are labelled by what they hold of the objects that were seen.
func TestNames(t *testing.T) {
	users, groups, apps := &kind.Kind{Name: "users"}, &kind.Kind{Name: "groups"}, &kind.Kind{Name: "apps"}
	either := &kind.Reference{Path: "principal", Targets: []string{"users", "groups"}}
	byApp := &kind.Reference{Path: "app", Targets: []string{"apps"}, By: "appId", Special: []string{"All"}}
	prefixed := &kind.Reference{Path: "role", Targets: []string{"groups"}, Prefixes: []string{"/groups/"}}
	n := newNames()
	for _, want := range []struct {
		ref   *kind.Reference
		value string
	}{{either, "u1"}, {either, "g1"}, {either, "g0"}, {byApp, "a1"}, {byApp, "All"}, {prefixed, "/groups/g2"}, {prefixed, "elsewhere"}, {either, ""}} {
		if label, ok := n.want(want.ref, want.value); ok || label != "" {
			t.Errorf("%s is known before it was seen: %s", want.value, label)
		}
	}
	n.see(users, "u1", []byte(`{}`), "Ada")
	n.see(groups, "g1", []byte(`{"appId":"a1"}`), "Break-glass")
	n.see(groups, "u1", []byte(`{}`), "an id that a user has, too")
	n.see(users, "stranger", []byte(`{}`), "Nobody asked")
	n.see(apps, "s1", []byte(`{"appId":"a1"}`), "Portal")
	n.see(apps, "s2", []byte(`{"appId":"a2"}`), "Other")
	n.see(apps, "s3", []byte(`{}`), "Without")
	for _, tt := range []struct {
		ref   *kind.Reference
		value string
		want  string
	}{
		{either, "u1", "users: Ada"},
		{either, "g1", "groups: Break-glass"},
		{either, "g0", ""},
		{either, "stranger", ""},
		{byApp, "a1", "apps: Portal"},
		{byApp, "a2", ""},
		{byApp, "s1", ""},
		{byApp, "All", ""},
		{prefixed, "/groups/g1", "groups: Break-glass"},
		{prefixed, "/groups/g2", ""},
		{prefixed, "elsewhere", ""},
	} {
		if got, ok := n.label(tt.ref, tt.value); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %s: %q, %v", tt.ref.Path, tt.value, got, ok)
		}
	}
	if got := n.missing("groups"); !slices.Equal(got, []string{"g0", "g2"}) {
		t.Errorf("missing groups: %v", got)
	}
	if got := n.missing("apps"); len(got) != 0 {
		t.Errorf("what is named by another property is not looked for by id: %v", got)
	}
	if len(n.labels) != 8 {
		t.Errorf("%d names are remembered, of which only the wanted may be", len(n.labels))
	}
}
