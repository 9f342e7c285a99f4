package capture

import (
	"context"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// mostFates is how many removed objects the tenant is asked about: of more than that at once, a
// person asks about those that matter.
const mostFates = 1000

// Fates asks the tenant what became of the objects that are named and not there, and of the
// removed ones that it may still have among the deleted items, and notes it beside each. It
// fails only when the run cannot go on.
func Fates(ctx context.Context, src Source, set *entra.ChangeSet) error {
	asked := map[entra.Key]bool{}
	var keys []entra.Key
	ask := func(key entra.Key) {
		if key != (entra.Key{}) && !asked[key] {
			asked[key] = true
			keys = append(keys, key)
		}
	}
	for _, n := range set.Dangling {
		ask(n.Of)
	}
	removed := 0
	for _, c := range set.Changes {
		if softlyRemoved(c, src.Cloud()) && removed < mostFates {
			removed++
			ask(c.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	live, err := Objects(ctx, src, keys)
	if err != nil {
		return err
	}
	for i := range set.Dangling {
		if n := &set.Dangling[i]; n.Of != (entra.Key{}) {
			n.Fate, n.Until = live.fate(n.Of)
		}
	}
	for i := range set.Changes {
		if c := &set.Changes[i]; asked[c.Key] && softlyRemoved(*c, src.Cloud()) {
			c.Fate, c.Until = live.fate(c.Key)
		}
	}
	return nil
}

// softlyRemoved reports whether a change is the removal of an object that the cloud keeps for a
// time, and that is told.
func softlyRemoved(c entra.Change, cloud string) bool {
	k := kind.ByName(c.Kind)
	return c.Type == entra.Removed && c.Cause == nil && k != nil && k.Deletion.Mode == kind.DeleteSoft && !k.Lacking(cloud).Deleted
}

// fate is what became of an object, and until when it can be taken back.
func (l *Live) fate(key entra.Key) (entra.Fate, *time.Time) {
	switch {
	case l.Deleted[key] != nil:
		at := l.DeletedAt[key]
		if at.IsZero() {
			return entra.FateDeleted, nil
		}
		until := at.Add(kind.Retention).UTC()
		return entra.FateDeleted, &until
	case l.Failed[key] != nil:
		return entra.FateUnread, nil
	case l.Objects[key] != nil:
		return "", nil // it is there again
	}
	return entra.FateGone, nil
}
