package kind_test

import (
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/kind"
)

// TestRecoverables holds the comparison with Microsoft's own recovery against the table:
// a row that we say we restore is restorable, and any other says why it is not.
func TestRecoverables(t *testing.T) {
	rows := map[string]int{}
	for _, r := range kind.Recoverables() {
		name := r.Object + " " + r.Property
		rows[r.Object]++
		if r.Kind == "" {
			if r.Why == "" || r.Part != "" {
				t.Errorf("%s: has no kind and must say why, and nothing else", name)
			}
			continue
		}
		k := kind.ByName(r.Kind)
		if k == nil {
			t.Errorf("%s: there is no kind %s", name, r.Kind)
			continue
		}
		part := slices.ContainsFunc(k.Links, func(l kind.Link) bool { return l.Name == r.Part }) ||
			slices.ContainsFunc(k.Contained, func(c kind.Contained) bool { return c.Name == r.Part })
		switch restored := r.Part == "" && len(k.Permissions.Write) > 0 || part || slices.Contains(k.Update, r.Part); {
		case restored && r.Why != "":
			t.Errorf("%s: %s.%s is restored, and does not need a reason why not", name, r.Kind, r.Part)
		case !restored && r.Why == "":
			t.Errorf("%s: %s.%s is not restored, and must say why", name, r.Kind, r.Part)
		case !restored && !slices.Contains(k.Create, r.Part) && !slices.Contains(k.Status, r.Part):
			t.Errorf("%s: %s.%s is not even kept", name, r.Kind, r.Part)
		}
	}
	// As many rows as Microsoft's page has.
	for object, want := range map[string]int{
		"user": 33, "group": 12 + 1, "application": 19, "service principal": 14 + 1, "authorization policy": 2,
		"authentication methods policy": 8, "organization": 6, "Conditional Access policy": 1, "named location": 1,
		"delegated permission grant": 1,
	} {
		if rows[object] != want {
			t.Errorf("%s: %d rows, want %d", object, rows[object], want)
		}
	}
}
