package capture

import (
	"cmp"
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// ShrinkLimit says how much a kind may lose between two snapshots without being asked
// about.
type ShrinkLimit struct {
	// Percent is the share of a kind's objects, of a link's targets, or of the elements of a
	// contained collection that may go.
	Percent int
	// Least is how many a loss must be of, whatever its share; zero asks about nothing.
	Least int
	// Accepted are the kinds of which somebody said that the loss is true.
	Accepted []string
}

// fewObjects is how many objects a kind must have had so that having none is sudden: the
// one or two that a small kind holds are deleted by hand.
const fewObjects = 3

// shrunkNames bounds how many names a shrinkage lists.
const shrunkNames = 5

// shrunk returns what lost more than the limit, or all it had, riskiest kind first. An
// answer that is empty and says that it is whole would otherwise be a signed deletion of
// everything.
func (s *Summary) shrunk(limit ShrinkLimit) []entra.Shrinkage {
	var list []entra.Shrinkage
	for i := range s.Kinds {
		k := &s.Kinds[i]
		if limit.Least == 0 || slices.Contains(limit.Accepted, k.Kind.Name) {
			continue
		}
		if lost := k.lost(); limit.exceeded(lost, k.Before) || k.Objects == 0 && lost == k.Before && lost >= fewObjects {
			list = append(list, entra.Shrinkage{Kind: k.Kind.Name, Lost: lost, Before: k.Before, Names: k.removedNames()})
		}
		for _, part := range sortedKeys(k.Parts) {
			if c := k.Parts[part]; limit.exceeded(c.Lost, c.Before()) {
				list = append(list, entra.Shrinkage{Kind: k.Kind.Name, Link: part, Lost: c.Lost, Before: c.Before(), Names: c.Losers})
			}
		}
	}
	return list
}

func (l ShrinkLimit) exceeded(lost, before int) bool {
	return lost >= l.Least && lost*100 > l.Percent*before
}

// lost counts the objects that are gone. Those of a kind with a natural key get another
// id when they are made again: what came makes up for what went.
func (k *KindSummary) lost() int {
	switch {
	case k.Kind.Singleton:
		return 0
	case len(k.Kind.NaturalKey) > 0:
		return max(k.Removed-k.Added, 0)
	}
	return k.Removed
}

func (k *KindSummary) removedNames() []string {
	var names []string
	for _, c := range k.Changes {
		if c.Type == entra.Removed && len(names) < shrunkNames {
			names = append(names, cmp.Or(c.Name, c.ID))
		}
	}
	return names
}

// PartCount counts what one link or contained collection holds, of all objects that were
// there before, too.
type PartCount struct {
	// Now counts the targets or elements that were read, Gained and Lost how many came and
	// went of the objects that changed.
	Now, Gained, Lost int
	// Losers are the names of the first objects that lost some.
	Losers []string
}

// Before is how many there were.
func (c PartCount) Before() int { return c.Now - c.Gained + c.Lost }

// countParts counts what an object is linked to and what it contains, and how that differs
// from what the snapshot before has.
func (w *writer) countParts(it item, name string, change entra.ChangeType) error {
	if len(it.raw.Links)+len(it.raw.Contained) == 0 || change == entra.Added {
		return nil
	}
	var old *entra.Object
	if change == entra.Changed {
		var err error
		if old, err = w.before(w.res.Kind, it.id); err != nil {
			return err
		}
	}
	name = cmp.Or(name, it.id)
	for link, targets := range it.raw.Links {
		lost, gained := 0, 0
		if old != nil {
			was := old.Links[link]
			lost = countMissing(was, targets)
			gained = len(targets) - (len(was) - lost)
		}
		w.res.countPart(link, name, len(targets), gained, lost)
	}
	for collection, elements := range it.raw.Contained {
		more := 0 // an element has no id that outlives it: what came makes up for what went
		if old != nil {
			more = len(elements) - len(old.Contained[collection])
		}
		w.res.countPart(collection, name, len(elements), max(more, 0), max(-more, 0))
	}
	return nil
}

// countPart adds what one object has of a part, and what became of it.
func (k *KindSummary) countPart(part, owner string, now, gained, lost int) {
	if k.Parts == nil {
		k.Parts = map[string]PartCount{}
	}
	c := k.Parts[part]
	c.Now, c.Gained, c.Lost = c.Now+now, c.Gained+gained, c.Lost+lost
	if lost > 0 && len(c.Losers) < shrunkNames {
		c.Losers = append(c.Losers, owner)
	}
	k.Parts[part] = c
}

// countMissing counts the ids of sorted that list does not hold.
func countMissing(sorted, list []string) int {
	n := len(sorted)
	for _, id := range list {
		if _, ok := slices.BinarySearch(sorted, id); ok {
			n--
		}
	}
	return max(n, 0) // a target that is listed twice
}
