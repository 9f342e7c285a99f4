package report

import (
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
)

// capturedKind is what a capture tells of the objects of one kind.
type capturedKind struct {
	kind                    string
	added, changed, removed int
	// objects are those that are named, of as many as were counted.
	objects []capture.ObjectChange
}

// Captured counts what a capture tells: the changes that are told of the kinds that were read
// before, and the objects of those that were not.
func Captured(s *capture.Summary, set *entra.ChangeSet) (added, changed, removed int) {
	for _, t := range capturedOf(s, set) {
		added, changed, removed = added+t.added, changed+t.changed, removed+t.removed
	}
	for _, k := range s.Kinds {
		if k.First {
			added += k.Added
		}
	}
	return added, changed, removed
}

// capturedOf sums up what is told of each kind that was read before, in the order in which
// the change set comes to it first; without a change set, by the files that differ.
func capturedOf(s *capture.Summary, set *entra.ChangeSet) []capturedKind {
	var all []capturedKind
	if set == nil {
		for _, k := range s.Kinds {
			if !k.First && k.Added+k.Changed+k.Removed > 0 {
				all = append(all, capturedKind{k.Kind.Name, k.Added, k.Changed, k.Removed, k.Changes})
			}
		}
		return all
	}
	index := map[string]int{}
	of := map[string][]entra.Change{}
	for _, c := range entra.Told(set.Changes) {
		i, known := index[c.Kind]
		if !known {
			i = len(all)
			index[c.Kind], all = i, append(all, capturedKind{kind: c.Kind})
		}
		of[c.Kind] = append(of[c.Kind], c)
		all[i].objects = append(all[i].objects, capture.ObjectChange{Key: c.Key, Name: c.Name, Type: c.Type})
	}
	for i := range all {
		all[i].added, all[i].changed, all[i].removed = entra.Count(of[all[i].kind])
	}
	return all
}

// captured names the objects of one kind that came, changed or went.
func (w writer) captured(k capturedKind) section {
	s := section{tone: strong, title: heading(k.kind) + ": " +
		list(some(k.removed, "removed"), some(k.changed, "changed"), some(k.added, "added"))}
	limit := w.limit(longList)
	for i, c := range k.objects {
		if limit > 0 && i == limit {
			break
		}
		mark := map[entra.ChangeType]tone{entra.Added: added, entra.Removed: removed, entra.Changed: changed}[c.Type]
		s.items = append(s.items, item{at(0, append([]span{sign(mark)}, object(c.Key, w.display(c.Name))...)...)})
	}
	if left := k.added + k.changed + k.removed - len(s.items); left > 0 {
		s.items = append(s.items, item{at(0, own("… "+number(left)+" more"))})
	}
	return s
}
