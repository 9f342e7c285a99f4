package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// dangling says which objects name what is not there, and what became of it.
func (w writer) dangling(list []entra.Naming) section {
	s := section{title: "Still names what is gone: " + number(len(list)), tone: alarm}
	for i, n := range list {
		if limit := w.limit(longList); limit > 0 && i == limit {
			s.items = append(s.items, item{at(0, own("… "+number(len(list)-i)+" more"))})
			break
		}
		spans := append([]span{sign(alarm)}, object(n.Key, w.display(n.Name))...)
		spans = append(spans, own("–"), quote(w.path(withoutIndex(n.Pointer))), own("names"))
		if n.Of == (entra.Key{}) {
			spans = append(spans, w.id(n.Old)...)
		} else {
			spans = append(spans, object(n.Of, w.display(n.OfName))...)
		}
		if what := fateOf(n.Fate, n.Until); what != "" {
			spans = append(spans, own("–"), own(what))
		}
		s.items = append(s.items, item{at(0, spans...)})
	}
	return s
}

// fateOf says what became of an object that is not there.
func fateOf(fate entra.Fate, until *time.Time) string {
	switch fate {
	case entra.FateDeleted:
		if until == nil {
			return "deleted, can be restored"
		}
		return "deleted, can be restored until " + until.Format("2006-01-02 15:04 UTC")
	case entra.FateGone:
		return "gone for good"
	case entra.FateUnread:
		return "whether it can be restored could not be read"
	}
	return ""
}

// withoutIndex is a pointer to a list instead of to one of its elements, which has no name.
func withoutIndex(pointer string) string {
	i := strings.LastIndexByte(pointer, '/')
	if _, err := strconv.Atoi(pointer[i+1:]); i > 0 && err == nil {
		return pointer[:i]
	}
	return pointer
}
