package kind

import (
	"cmp"

	"github.com/entragit/entragit/internal/entra"
)

// Unique is a property of which no two objects may have the same value, upper and lower case
// aside. Microsoft names most of them on the page of each resource; what it answers where a
// value is taken is "Another object with the same value for property … already exists.".
type Unique struct {
	// Property holds the value: a string or a collection of strings.
	Property string
	// As is the property among whose values it must be unique, and Prefix what precedes the
	// value there; empty for the property itself.
	As, Prefix string
	// Among are the other kinds whose objects may not have the value either.
	Among []string
	// When says which objects the rule is about; nil: all.
	When *Condition
	// Key marks an alternate key: Graph finds an object by it, and takes no filter of it.
	Key bool
}

// Held is the property that holds the values which another object may have.
func (u *Unique) Held() string { return cmp.Or(u.As, u.Property) }

// Values are the values of an object that no other may have.
func (u *Unique) Values(o *entra.Object) []string {
	if o == nil || u.When != nil && !u.When.Holds(o.Property(u.When.Property)) {
		return nil
	}
	var values []string
	add := func(v any) {
		if text, ok := v.(string); ok && text != "" {
			values = append(values, u.Prefix+text)
		}
	}
	switch v := o.Property(u.Property).(type) {
	case []any:
		for _, element := range v {
			add(element)
		}
	default:
		add(v)
	}
	return values
}
