package kind

import (
	"cmp"

	"github.com/entragit/entragit/internal/entra"
)

// Recreatable reports whether an object of the kind that is gone for good can be created
// again at all, be it under another id.
func (k *Kind) Recreatable() bool {
	return k.Recreated() || k.NotRecreatable+k.Unavailable+k.NeverWritten == "" && !k.Singleton && len(k.Update)+len(k.Create) > 0
}

// Recognition lists the properties by which an object of the kind is told from others where
// its id is not known: those of its natural key, or else its name.
func (k *Kind) Recognition() []string {
	switch {
	case len(k.NaturalKey) > 0:
		return k.NaturalKey
	case len(k.KnownBy) > 0:
		return k.KnownBy
	}
	return []string{cmp.Or(k.NameFrom, "displayName")}
}

// Renewals are what others name an object by that Graph will answer anew when it is
// created again: its id, and what goes with it. None where it keeps what it had.
func (k *Kind) Renewals(o *entra.Object) []entra.Renewal {
	if k.Recreated() {
		return nil
	}
	all := []entra.Renewal{{Key: o.Key, Old: o.ID}}
	for _, property := range k.Answered {
		if value := o.Text(property); value != "" {
			all = append(all, entra.Renewal{Key: o.Key, By: property, Old: value})
		}
	}
	return all
}

// Shared returns the name under which each kind knows an identity: an application's appId
// is its service principal's too.
func Shared(n entra.Name) []entra.Name {
	names := []entra.Name{n}
	if k := ByName(n.Kind); k != nil && n.By != "" {
		for _, c := range k.CascadesTo {
			if c.Property == n.By {
				names = append(names, entra.Name{Kind: c.Kind, By: n.By, Value: n.Value})
			}
		}
	}
	return names
}
