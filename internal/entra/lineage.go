package entra

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// Succession says that an object that was gone for good was created again under another
// identity.
type Succession struct {
	Kind string `json:"kind"` // of both
	// By is the property that holds the identity, such as "appId"; empty for the id.
	By string `json:"by,omitempty"`
	// Old is the identity before, New the one that Graph gave instead.
	Old string `json:"old"`
	New string `json:"new"`
	// When the object was created again, UTC, in whole seconds.
	When time.Time `json:"when"`
}

// Lineage is what became of identities, in the order of [Lineage.Merge]: the content of
// .entragit/lineage.yaml.
type Lineage []Succession

// Merge returns the successions of both, oldest first, each once: of two that say the same
// the older one stays. What leads nowhere is left out.
func (l Lineage) Merge(more ...Succession) Lineage {
	all := slices.Concat(l, more)
	for i := range all {
		all[i].When = all[i].When.UTC().Truncate(time.Second)
	}
	slices.SortFunc(all, Succession.compare)
	said := map[Succession]bool{}
	return slices.DeleteFunc(all, func(s Succession) bool {
		s.When = time.Time{}
		twice := said[s]
		said[s] = true
		return twice || s.Kind == "" || s.Old == "" || s.New == "" || s.Old == s.New
	})
}

// compare orders successions by time, then by what they say.
func (s Succession) compare(other Succession) int {
	return cmp.Or(s.When.Compare(other.When), cmp.Compare(s.Kind, other.Kind), cmp.Compare(s.By, other.By),
		cmp.Compare(s.Old, other.Old), cmp.Compare(s.New, other.New))
}

// Name is one identity of an object: what a property of objects of a kind holds.
type Name struct {
	Kind  string
	By    string // as in [Succession]
	Value string
}

// Lines is a lineage as the lines of its objects. A line is every identity that one object
// had, oldest first; an object that was created again twice from the same identity has the
// later one last. The zero value knows of no re-creation.
type Lines struct {
	of   map[Name]int // index into all
	all  [][]string
	ages map[Name]time.Time // when an identity came to be
}

// Lines follows the successions, whichever of them belong together.
func (l Lineage) Lines() Lines {
	lines := Lines{of: map[Name]int{}, ages: map[Name]time.Time{}}
	for _, s := range l.Merge() {
		older, newer := Name{s.Kind, s.By, s.Old}, Name{s.Kind, s.By, s.New}
		i, j := lines.line(older), lines.line(newer)
		lines.ages[newer] = s.When
		if i != j {
			for _, value := range lines.all[j] {
				lines.of[Name{s.Kind, s.By, value}] = i
			}
			lines.all[i], lines.all[j] = slices.Concat(lines.all[i], lines.all[j]), nil
		}
		slices.SortStableFunc(lines.all[i], func(a, b string) int {
			return lines.ages[Name{s.Kind, s.By, a}].Compare(lines.ages[Name{s.Kind, s.By, b}])
		})
	}
	return lines
}

// line returns the index of an identity's line, which begins with it if need be.
func (l *Lines) line(n Name) int {
	i, ok := l.of[n]
	if !ok {
		i = len(l.all)
		l.of[n], l.all = i, append(l.all, []string{n.Value})
	}
	return i
}

// Empty reports whether no object was created again.
func (l Lines) Empty() bool { return len(l.of) == 0 }

// All yields the lines, each as the names that belong to it, oldest first; those of one kind
// follow each other.
func (l Lines) All() iter.Seq[[]Name] {
	firsts := make([]Name, 0, len(l.all))
	for n, i := range l.of {
		if l.all[i][0] == n.Value {
			firsts = append(firsts, n)
		}
	}
	slices.SortFunc(firsts, func(a, b Name) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.By, b.By), cmp.Compare(a.Value, b.Value))
	})
	return func(yield func([]Name) bool) {
		for _, first := range firsts {
			var names []Name
			for _, value := range l.all[l.of[first]] {
				names = append(names, Name{first.Kind, first.By, value})
			}
			if !yield(names) {
				return
			}
		}
	}
}

// Has reports whether an identity belongs to an object that was created again.
func (l Lines) Has(n Name) bool {
	_, ok := l.of[n]
	return ok
}

// Today says of every identity that is not an object's newest which one is.
func (l Lines) Today() map[Name]string {
	today := map[Name]string{}
	for n := range l.of {
		if newest := l.Newest(n); newest != n.Value {
			today[n] = newest
		}
	}
	return today
}

// Only returns the lines of which the first name is kept.
func (l Lines) Only(keep func(first Name) bool) Lines {
	kept := Lines{of: map[Name]int{}, ages: l.ages}
	for names := range l.All() {
		if !keep(names[0]) {
			continue
		}
		var values []string
		for _, n := range names {
			kept.of[n] = len(kept.all)
			values = append(values, n.Value)
		}
		kept.all = append(kept.all, values)
	}
	return kept
}

// Of returns every identity of the object that had or has one, oldest first: only that one
// where the object was never created again.
func (l Lines) Of(n Name) []string {
	if i, ok := l.of[n]; ok {
		return l.all[i]
	}
	return []string{n.Value}
}

// Newest returns the identity by which the object goes since it was created again last.
func (l Lines) Newest(n Name) string {
	i, ok := l.of[n]
	if !ok {
		return n.Value
	}
	return l.all[i][len(l.all[i])-1]
}

// Since returns when an identity came to be by re-creation; the zero time for one that did
// not.
func (l Lines) Since(n Name) time.Time { return l.ages[n] }

// Key returns the key by which the object of a key goes since it was created again last.
func (l Lines) Key(k Key) Key {
	return Key{Kind: k.Kind, ID: l.Newest(Name{Kind: k.Kind, Value: k.ID})}
}

// Keys returns every key of the object that had or has one, oldest first.
func (l Lines) Keys(k Key) []Key {
	var keys []Key
	for _, id := range l.Of(Name{Kind: k.Kind, Value: k.ID}) {
		keys = append(keys, Key{Kind: k.Kind, ID: id})
	}
	return keys
}
