package plan

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// extensions is how a lock names the values of all directory extensions.
const extensions = entra.SectionSpec + "/" + kind.ExtensionPrefix

// lock returns the lock that keeps a part of the object from being written while it
// is in the given state, or nil.
func (d *objectPlan) lock(section, name string, state *entra.Object) *kind.Lock {
	part := section + "/" + name
	for i := range d.kind.Locks {
		l := &d.kind.Locks[i]
		locks := len(l.Parts) == 0 && !slices.Contains(l.Except, part) || slices.Contains(l.Parts, part)
		if strings.HasPrefix(part, extensions) && slices.Contains(l.Except, extensions) {
			locks = false
		}
		if locks && d.holds(l, state) {
			return l
		}
	}
	return nil
}

// wholeLock returns the lock that keeps the object as a whole from being written while
// it is in the given state, or nil.
func (d *objectPlan) wholeLock(state *entra.Object) *kind.Lock {
	for i := range d.kind.Locks {
		if l := &d.kind.Locks[i]; len(l.Parts) == 0 && len(l.Except) == 0 && d.holds(l, state) {
			return l
		}
	}
	return nil
}

// Creatable reports whether an object that is gone for good can be created again, under
// another id if need be.
func Creatable(k *kind.Kind, want *entra.Object) bool {
	return k.Recreatable() && creationLock(k, want) == nil
}

// creationLock returns the lock that keeps an object from being created again, or nil.
func creationLock(k *kind.Kind, want *entra.Object) *kind.Lock {
	for i := range k.Locks {
		l := &k.Locks[i]
		if len(l.Parts) == 0 && (len(l.Except) == 0 || l.Elsewhere) && !l.Place && meets(l, want) {
			return l
		}
	}
	return nil
}

// holds reports whether every condition of the lock is met. A deleted item does not
// show everything that the object will be once it is back (a group's types are
// missing), so for one the snapshot's state counts as well.
func (d *objectPlan) holds(l *kind.Lock, state *entra.Object) bool {
	return meets(l, state) || d.deleted && meets(l, d.want)
}

func meets(l *kind.Lock, state *entra.Object) bool { return kind.Meets(l.When, state.Property) }
