package capture

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// result gathers what became of one kind while it is read.
type result struct {
	KindSummary
	// view is how the kind was asked for; nil when it could not be.
	view *view
	// empty is set while the kind has no file yet, so that its shard width is still to be
	// chosen.
	empty bool
	// shards is the width that paths are built with.
	shards int
	// lost is the error that ended the listing before its end; the kind keeps its
	// files.
	lost error
	// parts are what became of whole objects (""), links and contained collections, by the
	// name that an exception has.
	parts map[string]*part
	// nameless is set when an object had no id: it may be any whose file would otherwise
	// be taken for that of an object which is gone.
	nameless bool
	// notes are failures that are no single object's, by what was not read: groups of
	// properties, objects that cannot be told apart.
	notes map[string]*failures
	// again are the objects that were created again under these keys since the snapshot
	// before.
	again map[entra.Key]bool
	// vocabulary is what v1.0 names of the kind, and unknown what objects hold besides.
	vocabulary *kind.Vocabulary
	unknown    map[string]bool
	// met are the objects that were read, of a kind that can use preview features.
	met []met
	// previews are the ids of those that do, sorted.
	previews []string
	// kept are the extents of the snapshot before, for a kind that keeps its files.
	kept entra.Coverage
}

// failures counts failures of one sort and keeps the first.
type failures struct {
	count int
	first error
}

func (f *failures) add(err error) {
	if f.count == 0 {
		f.first = err
	}
	f.count++
}

func newResult(k *kind.Kind, before entra.Coverage, empty bool) *result {
	return &result{
		KindSummary: KindSummary{Kind: k, First: empty && !everRead(before)},
		empty:       empty,
		shards:      before.Shard,
		kept:        before,
		parts:       map[string]*part{},
		notes:       map[string]*failures{},
		again:       map[entra.Key]bool{},
	}
}

// everRead reports whether some snapshot read the kind: a kind that is lost keeps the
// extent of when it was read.
func everRead(c entra.Coverage) bool {
	return c.Read() || len(c.Properties)+len(c.Links)+len(c.Contained) > 0
}

// note keeps a failure that is no single object's.
func (r *result) note(what string, err error) {
	f := r.notes[what]
	if f == nil {
		f = &failures{}
		r.notes[what] = f
	}
	f.add(err)
}

// count notes what became of one object's file.
func (r *result) count(key entra.Key, name string, change entra.ChangeType) {
	var n *int
	switch change {
	case entra.Added:
		n = &r.Added
	case entra.Changed:
		n = &r.Changed
	case entra.Removed:
		n = &r.Removed
	default:
		return
	}
	if *n++; *n <= listedChanges {
		r.Changes = append(r.Changes, ObjectChange{Key: key, Name: name, Type: change})
	}
}

// recreated counts an object that was created again under another key as one that changed,
// not as one that came.
func (r *result) recreated(key entra.Key, name string) {
	r.again[key] = true
	r.Added--
	r.Changes = slices.DeleteFunc(r.Changes, func(c ObjectChange) bool { return c.Key == key })
	r.count(key, name, entra.Changed)
}

// lose turns the result into that of a kind that keeps its files.
func (r *result) lose(err error) {
	r.lost = err
	r.KindSummary = KindSummary{Kind: r.Kind, First: r.First}
}

// finish derives the coverage from what happened.
func (r *result) finish() {
	if r.lost != nil {
		r.Coverage = r.kept
		r.Coverage.State = stateOf(r.lost)
		r.Coverage.Cause = cause(r.lost)
		if r.Coverage.State == entra.Unlicensed && r.Kind.Licence != "" {
			r.Coverage.Cause = r.Kind.Licence + " is needed: " + r.Coverage.Cause
		}
		if r.Coverage.State.Whole() && (!r.empty || r.kept.Read()) {
			r.Coverage.State = entra.Skipped // somebody must say why it was there
			r.Coverage.Cause += ", although an earlier snapshot read it"
		}
		r.Details = []error{r.lost}
		return
	}
	r.Coverage = r.view.extent()
	r.Coverage.Shard = r.shards
	r.Coverage.State, r.Coverage.InPreview = entra.Complete, r.previews
	r.Coverage.Unknown = r.unknownPlaces()
	causes := r.except()
	for _, what := range sortedKeys(r.notes) {
		f := r.notes[what]
		causes = append(causes, what+" not read: "+cause(f.first))
		r.Details = append(r.Details, f.detail(what+" not read"))
	}
	if len(causes) > 0 {
		r.Coverage.State = entra.Partial
		r.Coverage.Cause = strings.Join(causes, "; ")
	}
	slices.SortStableFunc(r.Changes, func(a, b ObjectChange) int { return strings.Compare(string(a.Type), string(b.Type)) })
}

// stateOf names the state of a kind that could not be listed.
func stateOf(err error) entra.CoverageState {
	switch {
	case errors.Is(err, entra.ErrAbsent):
		return entra.Absent
	case errors.Is(err, entra.ErrUnlicensed):
		return entra.Unlicensed
	case errors.Is(err, entra.ErrForbidden):
		return entra.Forbidden
	default:
		return entra.Skipped
	}
}

// cause says why in words that are the same for the same reason: it goes into the
// manifest, where nothing of the run itself may be.
func cause(err error) string {
	var beside *unlistedError
	if errors.As(err, &beside) {
		return beside.plural + ": " + cause(beside.err)
	}
	var answer *graph.Error
	if errors.As(err, &answer) {
		if answer.Status == 0 {
			return answer.Sentinel.Error()
		}
		return strings.TrimSpace(fmt.Sprintf("%v: %d %s", answer.Sentinel, answer.Status, answer.Code))
	}
	return err.Error()
}

// detail sums failures up for the person who ran the capture.
func (f *failures) detail(what string) error {
	if f.count == 1 {
		return fmt.Errorf("%s for 1 object: %w", what, f.first)
	}
	return fmt.Errorf("%s for %d objects, first: %w", what, f.count, f.first)
}

// without leaves a name out, and what is asked for beside it.
func without(list []string, name string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == name || strings.HasPrefix(s, name+"/") })
}
