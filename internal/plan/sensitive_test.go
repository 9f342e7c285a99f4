package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// Each account with a sensitive change and each group that changes is told once.
func TestSensitive(t *testing.T) {
	step := func(kindName, id string, action entra.Action, pointers ...string) entra.Step {
		s := entra.Step{Key: entra.Key{Kind: kindName, ID: id}, Action: action}
		for _, p := range pointers {
			s.Properties = append(s.Properties, entra.PropertyChange{Pointer: p})
		}
		return s
	}
	p := &entra.Plan{Steps: []entra.Step{
		step("users", "city", entra.ActionUpdate, "/spec/city"), step("users", "enabled", entra.ActionUpdate, "/spec/city", "/spec/accountEnabled"),
		step("users", "back", entra.ActionRestore), step("users", "back", entra.ActionUpdate, "/spec/otherMails"), step("users", "gone", entra.ActionDelete),
		step("users", "manager", entra.ActionAddLink), step("groups", "linked", entra.ActionAddLink), step("groups", "linked", entra.ActionRemoveLink),
		step("groups", "unlinked", entra.ActionRemoveLink), step("groups", "renamed", entra.ActionUpdate, "/spec/displayName"), step("groups", "new", entra.ActionCreate), step("x", "y", entra.ActionRestore),
	}}
	accounts, groups := Sensitive(p)
	var got []string
	for _, s := range append(accounts, groups...) {
		got = append(got, s.String())
	}
	if d := cmp.Diff([]string{"users/enabled", "users/back", "users/gone", "groups/linked", "groups/unlinked", "groups/renamed"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
