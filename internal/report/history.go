package report

import (
	"io"
	"maps"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// History is what became of one object over the snapshots.
type History struct {
	entra.Key
	Name string `json:"name"`
	// IDs are every id that the object had, oldest first, where it was created again.
	IDs []string `json:"ids,omitempty"`
	// From is the snapshot after which changes count, where one was given; To the newest
	// that counts.
	From *entra.Point `json:"from,omitempty"`
	To   entra.Point  `json:"to"`
	// Events are newest first.
	Events []HistoryEvent `json:"events"`
	// Names give a label for ids that occur in the events.
	Names map[string]string `json:"names,omitempty"`
}

// HistoryEvent is what became of the object between a snapshot and the one before it.
type HistoryEvent struct {
	Snapshot entra.Point `json:"snapshot"`
	// Signer is who signed the snapshot; Problem says why the signature does not count.
	Signer  string `json:"signer,omitempty"`
	Problem string `json:"problem,omitempty"`
	// First marks the first snapshot that read the object: what was before, nobody knows.
	First  bool         `json:"first,omitempty"`
	Change entra.Change `json:"change"`
	// Risks are what the change can do, worst first.
	Risks []entra.Risk `json:"risks,omitempty"`
}

// Object is the report of an object's history, newest first.
func (h *History) Object(opts Options) Document {
	w := writer{names: h.names(), Options: opts}
	title := append([]span{own("History of")}, object(h.Key, h.Name)...)
	d := Document{intro: []line{at(0, title...)}}
	if len(h.IDs) > 1 {
		spans := []span{own("created again, with the ids")}
		for _, id := range h.IDs {
			spans = append(spans, quote(id).toned(faint))
		}
		d.intro = append(d.intro, at(0, spans...))
	}
	for _, e := range h.Events {
		d.sections = append(d.sections, w.event(e))
	}
	d.footer = []line{at(0, own(h.summary()))}
	return d
}

// names labels the object itself, too.
func (h *History) names() names {
	all := names{}
	maps.Copy(all, h.Names)
	for _, id := range append([]string{h.ID}, h.IDs...) {
		if h.Name != "" {
			all[id] = h.Kind + ": " + h.Name
		}
	}
	return all
}

// event is one snapshot that has the object otherwise than the one before.
func (w writer) event(e HistoryEvent) section {
	title := strings.ToUpper(e.Snapshot.String()[:1]) + e.Snapshot.String()[1:]
	if e.Problem != "" {
		title += ", whose signature does not count"
	}
	s := section{title: title, tone: strong}
	if e.Problem != "" {
		s.tone = alarm
		s.items = append(s.items, item{at(0, sign(alarm), quote(e.Problem))})
	} else if e.Signer != "" {
		s.items = append(s.items, item{at(0, own("signed by"), quote(e.Signer).toned(faint))})
	}
	if e.First {
		return section{title: s.title, tone: s.tone, items: append(s.items, item{at(0, own("read for the first time; what was before is not known"))})}
	}
	s.items = append(s.items, w.risky(e.Change, e.Risks))
	return s
}

func (h *History) summary() string {
	if len(h.Events) == 0 {
		return "No change " + h.stretch()
	}
	return count(len(h.Events), "change") + " " + h.stretch()
}

// stretch says between which snapshots changes count.
func (h *History) stretch() string {
	if h.From != nil {
		return "between " + h.From.String() + " and " + h.To.String()
	}
	return "up to " + h.To.String()
}

// JSON writes the history as one JSON document.
func (h *History) JSON(w io.Writer) error {
	doc := struct {
		FormatVersion int `json:"formatVersion"`
		*History
	}{FormatVersion, h}
	if h.Events == nil {
		copied := *h
		copied.Events = []HistoryEvent{}
		doc.History = &copied
	}
	return JSON(w, doc)
}
