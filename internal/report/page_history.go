package report

import (
	"io"
	"iter"
	"strconv"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// HTML writes the history as a page like that of a comparison, with a heading for each
// snapshot that has the object otherwise than the one before.
func (h *History) HTML(w io.Writer, opts Options) error {
	set := &entra.ChangeSet{To: h.To, Names: h.names()}
	v := &historyView{newPageView(Page{Set: set}, opts), h}
	v.names = h.names()
	var before []string // of each change
	for _, e := range h.Events {
		if !e.First {
			v.told = append(v.told, e.Change)
			before = append(before, "seq:"+strconv.Itoa(e.Snapshot.Seq-1))
		}
	}
	v.since = func(i int) string { return before[i] }
	return writeView(w, v)
}

// historyView is a history as the page's template shows it.
type historyView struct {
	*pageView
	history *History
}

// Title names the page in a list of windows.
func (v *historyView) Title() string { return ui.Safe(joined(v.Heading())) }

// Heading is the page's.
func (v *historyView) Heading() []span {
	return append([]span{own("History of")}, object(v.history.Key, v.history.Name)...)
}

// Points are where the history begins and ends.
func (v *historyView) Points() []string {
	from := "the first snapshot"
	if v.history.From != nil {
		from = v.history.From.String()
	}
	return []string{ui.Safe(from), ui.Safe(v.history.To.String())}
}

// Summary is the history in plain sentences.
func (v *historyView) Summary() []line {
	if len(v.told) == 0 {
		return []line{at(0, own("No change "+v.history.stretch()+"."))}
	}
	return []line{at(0, own(count(len(v.told), "change")+" "+v.history.stretch()+"."))}
}

// Tally is nothing: all is about one object.
func (v *historyView) Tally() []pageTally { return nil }

// Timeline is nothing: the snapshots are the headings.
func (v *historyView) Timeline() *pageTimeline { return nil }

// Again is the command that reads the history again.
func (v *historyView) Again() string { return "entragit history " + shellWord(v.history.String()) }

// Live reports that nothing was read of the tenant.
func (v *historyView) Live() bool { return false }

// Facts are what the history rests on.
func (v *historyView) Facts() []pageFact {
	return []pageFact{
		{"Object", []span{quote(v.history.String())}},
		{"Up to", []span{quote(v.history.To.String())}},
		{"Up to, commit", []span{quote(v.history.To.Commit).toned(strong)}},
	}
}

// Groups are the snapshots, newest first, each with its change.
func (v *historyView) Groups() iter.Seq[pageGroup] {
	return func(yield func(pageGroup) bool) {
		told := 0
		for _, e := range v.history.Events {
			from := told
			if !e.First {
				told++
			}
			s := v.event(e)
			group := pageGroup{Title: s.Title(), Chunks: v.chunks(from, told)}
			for _, it := range s.items[:len(s.items)-1] { // who signed it; the last is the change
				group.Title += " – " + ui.Safe(joined(it[0].spans))
			}
			if e.First {
				group.Title += " – " + joined(s.items[len(s.items)-1][0].spans)
			}
			if !yield(group) {
				return
			}
		}
	}
}
