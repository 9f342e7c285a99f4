package report

import (
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// again says how an object comes back that is gone for good.
func again(key entra.Key) string {
	if k := kind.ByName(key.Kind); k != nil && !k.Recreated() {
		return "again, with a new id"
	}
	return "again"
}

// losses says what does not come back with the objects that are created again, and what
// their owners must do.
func (w writer) losses(list []entra.Loss) section {
	s := section{title: "Does not come back: " + number(len(list)), tone: alarm}
	for i, l := range list {
		if limit := w.limit(longList); limit > 0 && i == limit {
			s.items = append(s.items, item{at(0, own("… "+number(len(list)-i)+" more"))})
			break
		}
		spans := append([]span{sign(alarm)}, object(l.Key, w.display(l.Name))...)
		s.items = append(s.items, item{at(0, append(spans, own("–"), quote(l.What))...), at(1, own("to do:"), quote(l.Todo))})
	}
	return s
}
