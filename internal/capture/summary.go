package capture

import (
	"cmp"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// listedChanges bounds how many objects of one kind and type of change a summary names, so
// that its size does not grow with the tenant.
const listedChanges = 100

// Summary is what a capture did, riskiest kind first.
type Summary struct {
	Manifest entra.Manifest
	Kinds    []KindSummary
	// Shrunk lists what lost more than the options allow.
	Shrunk []entra.Shrinkage
}

// KindSummary is what a capture did for one kind.
type KindSummary struct {
	Kind     *kind.Kind
	Coverage entra.Coverage
	// Details are the errors behind a coverage that is not complete.
	Details []error
	// First is set when no snapshot has read the kind before.
	First bool
	// Before counts the objects that the snapshot before has, Objects those that were
	// read.
	Before, Objects int
	// Added, Changed and Removed count objects whose file says something else than in
	// the snapshot before.
	Added, Changed, Removed int
	// Unknown counts the objects that hold what v1.0 does not name; the coverage says what.
	Unknown int
	// Previews names the objects of which Graph shows only a part; the coverage has their ids.
	Previews []string
	// Changes names the first of each, by type and then in the order of reading.
	Changes []ObjectChange
	// Parts counts what each link and contained collection holds.
	Parts map[string]PartCount
}

// ObjectChange names an object that came, went or changed.
type ObjectChange struct {
	entra.Key
	Name string
	Type entra.ChangeType
}

// Counts returns the sums over all kinds.
func (s *Summary) Counts() (added, changed, removed int) {
	for _, k := range s.Kinds {
		added += k.Added
		changed += k.Changed
		removed += k.Removed
	}
	return added, changed, removed
}

// Incomplete returns the kinds that were asked for and not read completely, except
// for those that no application can read, that there are none of, or that the tenant has not bought.
func (s *Summary) Incomplete() []KindSummary {
	return s.kinds(func(k KindSummary) bool { return !k.Coverage.State.Whole() && k.Kind.Unavailable == "" })
}

// Absent returns the kinds that were asked for and that this cloud, or this tenant, does
// not have.
func (s *Summary) Absent() []KindSummary {
	return s.kinds(func(k KindSummary) bool { return k.Coverage.State == entra.Absent })
}

// Unlicensed returns the kinds that were asked for and take a licence that the tenant does
// not have.
func (s *Summary) Unlicensed() []KindSummary {
	return s.kinds(func(k KindSummary) bool { return k.Coverage.State == entra.Unlicensed })
}

func (s *Summary) kinds(is func(KindSummary) bool) []KindSummary {
	var list []KindSummary
	for _, k := range s.Kinds {
		if is(k) {
			list = append(list, k)
		}
	}
	return list
}

// summarize builds the manifest of the new snapshot: what was read now, and for
// every other kind that has files, that it was not.
func summarize(opts Options, results map[string]*result) *Summary {
	s := &Summary{Manifest: entra.Manifest{
		Format: entra.FormatVersion,
		Tenant: opts.Manifest.Tenant,
		Kinds:  make(map[string]entra.Coverage, len(results)),
	}}
	for name, before := range opts.Manifest.Kinds {
		s.Manifest.Kinds[name] = notSelected(before)
	}
	for name, res := range results {
		res.finish()
		s.Manifest.Kinds[name] = res.Coverage
		s.Kinds = append(s.Kinds, res.KindSummary)
	}
	slices.SortFunc(s.Kinds, func(a, b KindSummary) int {
		return cmp.Or(cmp.Compare(a.Kind.Risk, b.Kind.Risk), cmp.Compare(a.Kind.Name, b.Kind.Name))
	})
	s.Shrunk = s.shrunk(opts.Shrink)
	return s
}

// notSelected is the coverage of a kind that this run was not asked to read: its
// files are those of an earlier snapshot, of which they keep the extent.
func notSelected(before entra.Coverage) entra.Coverage {
	before.State = entra.Skipped
	before.Cause = "not selected"
	return before
}
