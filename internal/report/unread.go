package report

import (
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// unread says loudly what was not compared: neither changed nor unchanged. Objects of one
// kind of which the same was not read for the same reason are one item.
func (w writer) unread(list []entra.Unread) section {
	s := section{title: "Not compared", tone: alarm}
	for len(list) > 0 {
		same := 1
		for same < len(list) && list[0].ID != "" && alike(list[0], list[same]) {
			same++
		}
		s.items = append(s.items, w.unreadItem(list[:same]))
		list = list[same:]
	}
	return s
}

func alike(a, b entra.Unread) bool {
	return b.ID != "" && a.Kind == b.Kind && a.Link == b.Link && a.Cause == b.Cause
}

// unreadItem is a headline, and below it the objects where it is about single ones.
func (w writer) unreadItem(list []entra.Unread) item {
	u := list[0]
	text := u.Kind
	switch {
	case u.ID != "":
		text += ": " + objectsOf(u.Link, len(list), u.Kind)
	case u.Link != "":
		text += ": " + u.Link
	}
	headline := []span{sign(alarm), own(text).toned(strong), own("(" + string(u.State) + ")")}
	if u.Cause != "" {
		headline = append(headline, quote(u.Cause))
	}
	it := item{at(0, headline...)}
	for i, u := range list {
		if u.ID == "" {
			break
		}
		if limit := w.limit(longList); limit > 0 && i == limit {
			return append(it, at(1, own("… "+number(len(list)-i)+" more")))
		}
		it = append(it, at(1, object(entra.Key{Kind: u.Kind, ID: u.ID}, u.Name)...))
	}
	return it
}

// objectsOf counts objects, or a part of each: "members of 2 groups".
func objectsOf(part string, n int, kindName string) string {
	text := count(n, title(kindName))
	if part != "" {
		text = part + " of " + text
	}
	return text
}

// unreadSummary counts the single objects that were not compared, by kind and part:
// "; members of 1 group were not compared".
func unreadSummary(list []entra.Unread) string {
	var parts []string
	counts := map[[2]string]int{}
	for _, u := range list {
		if u.ID != "" {
			counts[[2]string{u.Kind, u.Link}]++
		}
	}
	for _, u := range list {
		part := [2]string{u.Kind, u.Link}
		n := counts[part]
		delete(counts, part)
		if n > 0 {
			parts = append(parts, objectsOf(u.Link, n, u.Kind))
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(parts) == 1 && strings.HasPrefix(parts[0], "1 "): // one object as a whole
		return "; " + parts[0] + " was not compared"
	}
	return "; " + strings.Join(parts, ", ") + " were not compared"
}
