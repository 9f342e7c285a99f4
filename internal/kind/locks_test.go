package kind_test

import (
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/kind"
)

func TestLocksNameParts(t *testing.T) {
	for _, k := range kind.All() {
		parts := map[string]bool{}
		for _, name := range slices.Concat(k.Update, k.Create) {
			parts["spec/"+name] = true
		}
		parts["spec/"+kind.ExtensionPrefix] = k.Extensions
		for _, l := range k.Links {
			parts["links/"+l.Name] = true
		}
		for _, c := range k.Contained {
			parts["contained/"+c.Name] = true
		}
		for _, lock := range k.Locks {
			if lock.Reason == "" || len(lock.When) == 0 || len(lock.Parts) > 0 && len(lock.Except) > 0 {
				t.Errorf("%s: lock %q is not whole", k.Name, lock.Reason)
			}
			for _, part := range slices.Concat(lock.Parts, lock.Except) {
				if !parts[part] {
					t.Errorf("%s: lock %q names %s", k.Name, lock.Reason, part)
				}
			}
			for _, c := range lock.When {
				always := c.Property == "id" || c.Property == "@odata.type" && k.Polymorphic
				if !always && !k.Restorable(c.Property) && !slices.Contains(k.Status, c.Property) {
					t.Errorf("%s: lock %q depends on %s, which is not kept", k.Name, lock.Reason, c.Property)
				}
			}
		}
	}
}
