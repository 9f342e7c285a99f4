package capture

import (
	"context"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Fates asks the tenant what became of the objects that are named and not there, and notes it
// beside each name. It fails only when the run cannot go on.
func Fates(ctx context.Context, src Source, namings []entra.Naming) error {
	asked := map[entra.Key]bool{}
	var keys []entra.Key
	for _, n := range namings {
		if n.Of != (entra.Key{}) && !asked[n.Of] {
			asked[n.Of] = true
			keys = append(keys, n.Of)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	live, err := Objects(ctx, src, keys)
	if err != nil {
		return err
	}
	for i := range namings {
		if n := &namings[i]; n.Of != (entra.Key{}) {
			n.Fate, n.Until = live.fate(n.Of)
		}
	}
	return nil
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
