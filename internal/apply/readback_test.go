package apply

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// What was not read back is told once for each part, and taken out of what is compared. A
// type comes with everything that is read, and is listed nowhere.
func TestUnverified(t *testing.T) {
	read := entra.Coverage{State: entra.Complete, Properties: []string{"displayName"}, Links: []string{"owners"}}
	s := entra.Step{Key: entra.Key{Kind: "groups", ID: "1"}, Name: "G", Links: []entra.LinkChange{{Link: "owners"}, {Link: "members"}}}
	for _, pointer := range []string{"/spec/" + typeProperty, "/spec/displayName", "/spec/description"} {
		s.Properties = append(s.Properties, entra.PropertyChange{Pointer: pointer})
	}
	left := s
	var parts []string
	for _, u := range unverified(&left, read.Of("1"), nil) {
		if u.Kind != "groups" || u.ID != "1" || u.Name != "G" {
			t.Errorf("%+v", u)
		}
		parts = append(parts, u.Link)
	}
	if d := cmp.Diff([]string{"description", "members"}, parts); d != "" {
		t.Errorf("unverified (-want +got):\n%s", d)
	}
	if len(left.Properties) != 2 || len(left.Links) != 1 || left.Links[0].Link != "owners" {
		t.Errorf("compared: %+v", left)
	}
	if len(s.Properties) != 3 || len(s.Links) != 2 {
		t.Errorf("the plan's step was changed: %+v", s)
	}
}
