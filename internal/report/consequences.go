package report

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// consequences are links that went because their target was removed. A deleted user
// leaves every group at once; a reader wants that said at the user, not in as many
// places as there were groups. Programs get every change where it is.
type consequences struct {
	// rest are the changes that say more than that.
	rest []entra.Change
	// links are the folded ones, by the id of what was removed.
	links map[string][]lostLink
}

// lostLink is a link from an object that is otherwise as it was.
type lostLink struct {
	from entra.Change
	link string
}

// goneWith folds changes that are nothing but lost links to removed objects.
func goneWith(changes []entra.Change) consequences {
	removed := map[string]bool{}
	for _, c := range changes {
		if c.Type == entra.Removed {
			removed[c.ID] = true
		}
	}
	g := consequences{links: map[string][]lostLink{}}
	for _, c := range changes {
		if !onlyLost(c, removed) {
			g.rest = append(g.rest, c)
			continue
		}
		for _, l := range c.Links {
			for _, id := range l.Removed {
				g.links[id] = append(g.links[id], lostLink{from: c, link: l.Link})
			}
		}
	}
	return g
}

func onlyLost(c entra.Change, removed map[string]bool) bool {
	if c.Type != entra.Changed || len(c.Properties) > 0 || len(c.Links) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.Links, func(l entra.LinkChange) bool {
		return len(l.Added) > 0 || slices.ContainsFunc(l.Removed, func(id string) bool { return !removed[id] })
	})
}

// lost lists below a removed object what it was linked from.
func (w writer) lost(links []lostLink) []line {
	var lines []line
	for i, l := range links {
		if limit := w.limit(longList); limit > 0 && i == limit {
			return append(lines, at(1, own("… "+number(len(links)-i)+" more")))
		}
		spans := []span{sign(removed), own("from the"), quote(l.link), own("of")}
		lines = append(lines, at(1, append(spans, object(l.from.Key, l.from.Name)...)...))
	}
	return lines
}
