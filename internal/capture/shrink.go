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
	var removed map[string]bool
	for i := range s.Kinds {
		k := &s.Kinds[i]
		if limit.Least == 0 || slices.Contains(limit.Accepted, k.Kind.Name) {
			continue
		}
		if lost := k.lost(); limit.exceeded(lost, k.Before) || k.Objects == 0 && lost == k.Before && lost >= fewObjects {
			list = append(list, entra.Shrinkage{Kind: k.Kind.Name, Lost: lost, Before: k.Before, Names: k.removedNames()})
		}
		for _, part := range sortedKeys(k.Parts) {
			c := k.Parts[part]
			if !limit.exceeded(c.Lost, c.Before()) {
				continue
			}
			if removed == nil {
				removed = s.removed()
			}
			if lost := c.withoutTargets(removed); limit.exceeded(lost, c.Before()) {
				list = append(list, entra.Shrinkage{Kind: k.Kind.Name, Link: part, Lost: lost, Before: c.Before(), Names: c.Losers})
			}
		}
	}
	return list
}

// removed are the ids of objects that are gone, of each kind the first hundred: of more,
// the kind itself says enough.
func (s *Summary) removed() map[string]bool {
	ids := map[string]bool{}
	for _, k := range s.Kinds {
		for _, c := range k.Changes {
			if c.Type == entra.Removed {
				ids[c.ID] = true
			}
		}
	}
	return ids
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
	// gone counts by target how many objects lost it.
	gone map[string]int
}

// withoutTargets is how many links are gone although what they lead to is not: one user that
// was deleted leaves all the groups it was in, and is one loss.
func (c PartCount) withoutTargets(removed map[string]bool) int {
	lost := c.Lost
	for id, n := range c.gone {
		if removed[id] {
			lost -= n
		}
	}
	return lost
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
		var gone []string
		gained := 0
		if old != nil {
			was := old.Links[link]
			gone = missing(was, targets)
			gained = len(targets) - (len(was) - len(gone))
		}
		w.res.countPart(link, name, len(targets), gained, len(gone))
		w.res.countGone(link, gone)
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

// countGone counts the targets that an object lost.
func (k *KindSummary) countGone(part string, ids []string) {
	c := k.Parts[part]
	for _, id := range ids {
		if c.gone == nil {
			c.gone = map[string]int{}
		}
		c.gone[id]++
	}
	k.Parts[part] = c
}

// missing returns the ids of a sorted list that another list does not hold.
func missing(sorted, list []string) []string {
	held := make([]bool, len(sorted))
	for _, id := range list {
		if i, ok := slices.BinarySearch(sorted, id); ok {
			held[i] = true
		}
	}
	var ids []string
	for i, id := range sorted {
		if !held[i] {
			ids = append(ids, id)
		}
	}
	return ids
}
