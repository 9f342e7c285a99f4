package report

import (
	"io"
	"strings"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
)

// Capture is the report of a capture: what could not be read first, then the worst that the
// changes can do, and what changed since the snapshot before, riskiest first. A nil change set
// stands for changes that nobody compared: then the files that differ are all there is to say.
func Capture(s *capture.Summary, set *entra.ChangeSet, opts Options) Document {
	w := writer{Options: opts}
	var d Document
	if incomplete := s.Incomplete(); len(incomplete) > 0 {
		missing := section{title: "Not read completely", tone: alarm}
		for _, k := range incomplete {
			missing.items = append(missing.items, w.incomplete(k))
		}
		d.sections = append(d.sections, missing)
	}
	if set != nil && len(set.Risks) > 0 {
		w.names = withChanged(set)
		d.sections = append(d.sections, w.lookHere(set.Risks))
	}
	if len(s.Shrunk) > 0 {
		d.sections = append(d.sections, w.shrunk(s.Shrunk))
	}
	if set != nil && len(set.Dangling) > 0 {
		d.sections = append(d.sections, w.dangling(set.Dangling))
	}
	for _, t := range capturedOf(s, set) {
		d.sections = append(d.sections, w.captured(t))
	}
	if first := firstRead(s); len(first.items) > 0 {
		d.sections = append(d.sections, first)
	}
	d.footer = append(unnamed(s), inPreview(s)...)
	d.footer = append(d.footer, at(0, own(captureSummary(s, set))))
	if set != nil {
		d.footer = append(d.footer, ignoredLines(set.Ignored)...)
	}
	if absent := s.Absent(); len(absent) > 0 {
		d.footer = append(d.footer, absentKinds(absent))
	}
	if paid := s.Unlicensed(); len(paid) > 0 {
		names := make([]string, len(paid))
		for i, k := range paid {
			names[i] = k.Kind.Name
		}
		d.footer = append(d.footer, at(0, own(Unlicensed(names))))
	}
	return d
}

// captureSummary is the last sentence: how much was read, and how much of it is told.
func captureSummary(s *capture.Summary, set *entra.ChangeSet) string {
	objects := 0
	for _, k := range s.Kinds {
		objects += k.Objects
	}
	added, changed, removed := Captured(s, set)
	text := list(some(removed, "removed"), some(changed, "changed"), some(added, "added"))
	differ := 0
	for _, k := range s.Kinds {
		differ += k.Added + k.Changed + k.Removed
	}
	switch {
	case text == "" && set != nil && anyIgnored(set.Ignored):
		text = "no change but what is ignored"
	case text == "" && differ > 0 && len(set.Changes) == 0:
		text = "no change in what both snapshots read"
	case text == "":
		text = "no change"
	}
	return count(objects, "object") + " read: " + text
}

// firstRead counts what no snapshot had before: it is new here, and nothing in the tenant
// need be.
func firstRead(s *capture.Summary) section {
	first := section{title: "Read for the first time", tone: strong}
	for _, k := range s.Kinds {
		if k.First && k.Added > 0 {
			first.items = append(first.items, item{at(0, sign(added), own(count(k.Added, title(k.Kind.Name))))})
		}
	}
	return first
}

// absentKinds is the one line about what this cloud, or this tenant, does not have.
func absentKinds(kinds []capture.KindSummary) line {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Kind.Name
	}
	return at(0, own(count(len(kinds), "kind")+" that this tenant's Graph does not have: "+strings.Join(names, ", ")))
}

// KindCount is how many objects of a kind there are.
type KindCount struct {
	Kind    string
	Objects int
}

// Baseline is the report of a snapshot where people have approved none yet: not a
// list of differences, of which everything would be one, but what there is.
func Baseline(snapshot entra.Point, counts []KindCount) Document {
	total := 0
	s := section{title: "To be approved for the first time", tone: strong}
	for _, c := range counts {
		if c.Objects > 0 {
			total += c.Objects
			s.items = append(s.items, item{at(0, sign(added), own(count(c.Objects, title(c.Kind))))})
		}
	}
	return Document{
		intro:    []line{at(0, own("The baseline so far is empty. This is"), own(snapshot.String()).toned(strong))},
		sections: []section{s},
		footer:   []line{at(0, own(count(total, "object")+" in all"))},
	}
}

// incomplete says what was not read and what that means for the files.
func (w writer) incomplete(k capture.KindSummary) item {
	spans := []span{sign(alarm), own(k.Kind.Name).toned(strong), own("(" + string(k.Coverage.State) + ")")}
	if k.Coverage.Cause != "" {
		spans = append(spans, quote(k.Coverage.Cause))
	}
	if !k.Coverage.Read() {
		spans = append(spans, own("– its files stay as they were"))
	}
	return item{at(0, spans...)}
}

// captureJSON is the JSON form of a backup.
type captureJSON struct {
	FormatVersion int         `json:"formatVersion"`
	Snapshot      entra.Point `json:"snapshot"`
	Tree          string      `json:"tree"`
	// Quarantine is the reference that keeps the snapshot instead of the branch, because of
	// what Shrunk lists.
	Quarantine string            `json:"quarantine,omitempty"`
	Dangling   []entra.Naming    `json:"dangling,omitempty"`
	Shrunk     []entra.Shrinkage `json:"shrunk,omitempty"`
	// Severity is the worst of the risks, which are what the changes can do.
	Severity entra.Severity `json:"severity,omitempty"`
	Risks    []entra.Risk   `json:"risks,omitempty"`
	// Ignored is what rules of entragit.yaml left out of it, with why.
	Ignored []entra.Ignored `json:"ignored,omitempty"`
	// Written is false when there was nothing to record and that was asked for.
	Written  bool       `json:"written"`
	Complete bool       `json:"complete"`
	Added    int        `json:"added"`
	Changed  int        `json:"changed"`
	Removed  int        `json:"removed"`
	Kinds    []kindJSON `json:"kinds"`
}

type kindJSON struct {
	Kind    string              `json:"kind"`
	State   entra.CoverageState `json:"state"`
	Cause   string              `json:"cause,omitempty"`
	Objects int                 `json:"objects"`
	Added   int                 `json:"added"`
	Changed int                 `json:"changed"`
	Removed int                 `json:"removed"`
	// Unknown is what objects hold and v1.0 does not name.
	Unknown []string `json:"unknown,omitempty"`
	// InPreview are the ids of objects of which Graph shows only a part.
	InPreview []string `json:"inPreview,omitempty"`
}

// Recorded is where a capture was recorded.
type Recorded struct {
	// Snapshot is the one that was made, or the one that says the same already.
	Snapshot entra.Point
	Tree     string
	// Written is false when there was nothing to record and that was asked for.
	Written bool
	// Quarantine is the reference that keeps the snapshot instead of the branch; empty
	// where the branch has it.
	Quarantine string
}

// CaptureJSON writes a backup as one JSON document: where it was recorded, what was read, and
// how much of it is told.
func CaptureJSON(out io.Writer, s *capture.Summary, set *entra.ChangeSet, at Recorded) error {
	doc := captureJSON{FormatVersion: FormatVersion, Snapshot: at.Snapshot, Tree: at.Tree, Written: at.Written,
		Quarantine: at.Quarantine, Shrunk: s.Shrunk, Complete: len(s.Incomplete()) == 0, Kinds: []kindJSON{}}
	if set != nil {
		doc.Dangling, doc.Risks, doc.Severity, doc.Ignored = set.Dangling, set.Risks, entra.Worst(set.Risks), set.Ignored
	}
	doc.Added, doc.Changed, doc.Removed = Captured(s, set)
	told := map[string]capturedKind{}
	for _, t := range capturedOf(s, set) {
		told[t.kind] = t
	}
	for _, k := range s.Kinds {
		t := told[k.Kind.Name]
		if k.First {
			t.added = k.Added
		}
		doc.Kinds = append(doc.Kinds, kindJSON{
			Kind: k.Kind.Name, State: k.Coverage.State, Cause: k.Coverage.Cause,
			Objects: k.Objects, Added: t.added, Changed: t.changed, Removed: t.removed, Unknown: k.Coverage.Unknown,
			InPreview: k.Coverage.InPreview,
		})
	}
	return JSON(out, doc)
}
