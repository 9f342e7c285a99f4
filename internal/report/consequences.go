package report

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// consequences are what each change brought about in others. A deleted user leaves every
// group at once; a reader wants that said at the user, not in as many places as there were
// groups. Programs get every change where it is.
type consequences map[entra.Key][]entra.Consequence

// brought lists below a change what it brought about.
func (w writer) brought(list []entra.Consequence) []line {
	var lines []line
	for i, c := range list {
		if limit := w.limit(longList); limit > 0 && len(lines) >= limit {
			return append(lines, at(1, own("… "+number(len(list)-i)+" more")))
		}
		lines = append(lines, w.consequence(c.Change)...)
	}
	return lines
}

// consequence says a change in the shadow of another: which links went or came, and of
// everything else the object with the names of what changed.
func (w writer) consequence(c entra.Change) []line {
	var lines []line
	if c.Type != entra.Changed {
		mark := map[entra.ChangeType]tone{entra.Added: added, entra.Removed: removed}[c.Type]
		return []line{at(1, append([]span{sign(mark)}, object(c.Key, w.display(c.Name))...)...)}
	}
	linked := func(mark tone, how string, l entra.LinkChange) {
		spans := []span{sign(mark), own(how), quote(l.Link), own("of")}
		lines = append(lines, at(1, append(spans, object(c.Key, w.display(c.Name))...)...))
	}
	for _, l := range c.Links {
		if len(l.Removed) > 0 {
			linked(removed, "from the", l)
		}
		if len(l.Added) > 0 {
			linked(added, "to the", l)
		}
	}
	var paths []string
	for _, p := range c.Properties {
		if path := w.path(p.Pointer); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	if len(paths) > 0 {
		spans := append([]span{sign(changed)}, object(c.Key, w.display(c.Name))...)
		lines = append(lines, at(1, append(spans, own("–"), quote(strings.Join(paths, ", ")))...))
	}
	return lines
}

// rootsOf finds, for each change that another brought about as a whole, the one that is told.
func rootsOf(changes []entra.Change) map[entra.Key]entra.Key {
	roots := map[entra.Key]entra.Key{}
	for _, c := range changes {
		if c.Cause != nil {
			roots[c.Key] = c.Cause.Key
		}
	}
	return roots
}
