package report

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// observed lists what differs and can only be observed, the objects of a kind that differ
// in the same together.
func (w writer) observed(list []entra.Observed) section {
	s := section{title: "Kept, cannot be restored: " + number(len(list)), tone: faint}
	for len(list) > 0 {
		first, same := list[0], 1
		for same < len(list) && list[same].Kind == first.Kind && slices.Equal(list[same].Pointers, first.Pointers) {
			same++
		}
		names := make([]string, len(first.Pointers))
		for i, pointer := range first.Pointers {
			names[i] = w.path(pointer)
		}
		it := item{at(0, own(first.Kind+":").toned(strong), quote(strings.Join(names, ", ")))}
		for i, o := range list[:same] {
			if limit := w.limit(longList); limit > 0 && i == limit {
				it = append(it, at(1, own("… "+number(same-i)+" more")))
				break
			}
			it = append(it, at(1, object(o.Key, w.display(o.Name))...))
		}
		s.items = append(s.items, it)
		list = list[same:]
	}
	return s
}

// inOtherThings counts the objects that differ in what can only be observed.
func inOtherThings(p *entra.Plan) string {
	if len(p.Observed) == 0 {
		return ""
	}
	verb := " differ"
	if len(p.Observed) == 1 {
		verb = " differs"
	}
	return "; " + count(len(p.Observed), "object") + verb + " in what is kept and cannot be written"
}
