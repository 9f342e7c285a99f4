package report

import (
	"io"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
)

// Found is which objects name what was searched for.
type Found struct {
	// Word is what was asked for; Object the object that it means, where it means one.
	Word   string     `json:"word"`
	Object *entra.Key `json:"object,omitempty"`
	Name   string     `json:"name,omitempty"`
	// At is the point that was searched, or the newest snapshot of those that were.
	At entra.Point `json:"at"`
	// Ever says that all snapshots up to that one were searched.
	Ever   bool         `json:"ever,omitempty"`
	Places []FoundPlace `json:"places"`
	// Unread are the kinds that the point did not read whole: what they hold may name it, too.
	Unread []entra.Unread `json:"unread,omitempty"`
}

// FoundPlace is a place that holds what was searched for.
type FoundPlace struct {
	entra.Key
	Name    string `json:"name"`
	Pointer string `json:"pointer"`
	Value   string `json:"value"`
	// First and Last are the first and last snapshot with the place, of a search through all.
	First *entra.Point `json:"first,omitempty"`
	Last  *entra.Point `json:"last,omitempty"`
	// Now says that the point has the place.
	Now bool `json:"now"`
	// Since says that the first snapshot that read the kind has the place, Gaps that some
	// between have not.
	Since bool `json:"since,omitempty"`
	Gaps  bool `json:"gaps,omitempty"`
}

// own reports whether a place is one of the object itself, which says nothing of who names
// it.
func (f *Found) own(key entra.Key) bool { return f.Object != nil && *f.Object == key }

// Place adds a place of the point that was searched.
func (f *Found) Place(h history.Hit) {
	if f.own(h.Key) {
		return
	}
	f.Places = append(f.Places, FoundPlace{Key: h.Key, Name: h.Name, Pointer: h.Pointer, Value: h.Value, Now: true})
}

// Appeared adds a place with the snapshots that have it.
func (f *Found) Appeared(a history.Appearance) {
	if f.own(a.Key) {
		return
	}
	f.Places = append(f.Places, FoundPlace{
		Key: a.Key, Name: a.Name, Pointer: a.Pointer, Value: a.Value, First: &a.First, Last: &a.Last, Now: a.Now, Since: a.Since, Gaps: a.Gaps,
	})
}

// Document is the report of a search: the objects that hold what was searched for now, then
// those that did, each with its places.
func (f *Found) Document(opts Options) Document {
	w := writer{Options: opts, names: names{}}
	if f.Object != nil {
		w.names[f.Object.ID] = f.Object.Kind + ": " + f.Name
	}
	d := Document{intro: []line{at(0, f.asked()...)}}
	if len(f.Unread) > 0 {
		s := w.unread(f.Unread)
		s.title = "Not read whole"
		d.sections = append(d.sections, s)
	}
	now, then := section{title: "Now", tone: strong}, section{title: "No longer", tone: strong}
	for start := 0; start < len(f.Places); {
		end := start
		for end < len(f.Places) && f.Places[end].Key == f.Places[start].Key && f.Places[end].Now == f.Places[start].Now {
			end++
		}
		it := w.found(f.Places[start:end])
		if f.Places[start].Now {
			now.items = append(now.items, it)
		} else {
			then.items = append(then.items, it)
		}
		start = end
	}
	for _, s := range []section{now, then} {
		if len(s.items) > 0 {
			d.sections = append(d.sections, s)
		}
	}
	d.footer = []line{at(0, own(f.summary(len(now.items), len(then.items))))}
	return d
}

// asked is what was searched for, and where.
func (f *Found) asked() []span {
	spans := []span{own("What names"), quote(f.Word).toned(strong)}
	if f.Object != nil {
		spans = append(append(spans[:1:1], object(*f.Object, f.Name)...), own("in"))
	} else {
		spans = append(spans, own("in"))
	}
	if f.Ever {
		spans = append(spans, own("every snapshot up to"))
	}
	return append(spans, own(f.At.String()).toned(strong))
}

// found is one object with its places.
func (w writer) found(places []FoundPlace) item {
	it := item{at(0, object(places[0].Key, places[0].Name)...)}
	for _, p := range places {
		spans := append([]span{quote(w.path(p.Pointer) + ":")}, w.id(p.Value)...)
		if when := appeared(p); when != "" {
			spans = append(spans, own("–"), own(when))
		}
		it = append(it, at(1, spans...))
	}
	return it
}

// appeared says which snapshots have a place.
func appeared(p FoundPlace) string {
	if p.First == nil {
		return ""
	}
	text := "since " + p.First.String()
	switch {
	case p.Since:
		text = "since " + p.First.String() + " or longer"
	case !p.Now && p.First.Seq == p.Last.Seq:
		return "only in " + p.First.String()
	}
	if !p.Now {
		text += ", last in " + p.Last.String()
	}
	if p.Gaps {
		text += ", not all the time"
	}
	return text
}

func (f *Found) summary(now, then int) string {
	switch {
	case now+then == 0 && len(f.Unread) > 0:
		return "No object that was read names it; " + count(len(f.Unread), "kind") + " not read whole"
	case now+then == 0 && f.Ever:
		return "No object names it, and none ever did"
	case now+then == 0:
		return "No object names it"
	}
	text := count(now, "object") + " name it"
	if now == 1 {
		text = "1 object names it"
	}
	if then > 0 {
		text += "; " + number(then) + " did and no longer " + map[bool]string{true: "does", false: "do"}[then == 1]
	}
	return text
}

// JSON writes what was found as one JSON document.
func (f *Found) JSON(w io.Writer) error {
	doc := struct {
		FormatVersion int `json:"formatVersion"`
		*Found
	}{FormatVersion, f}
	if f.Places == nil {
		copied := *f
		copied.Places = []FoundPlace{}
		doc.Found = &copied
	}
	return JSON(w, doc)
}
