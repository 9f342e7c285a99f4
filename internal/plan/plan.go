package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Input is what a plan is made from. All of it is read beforehand.
type Input struct {
	Tenant string
	From   entra.Point
	// Want holds the selected objects as the snapshot has them.
	Want map[entra.Key]*entra.Object
	// Live holds the same objects as the tenant has them now; a soft-deleted one as
	// its deleted item. One that was created again since has its own id there. One that
	// is missing is gone for good.
	Live map[entra.Key]*entra.Object
	// Deleted marks the soft-deleted ones among Live.
	Deleted map[entra.Key]bool
	// Unwritable says of objects in Live why they must not be written; the reason completes
	// the sentence "left alone: …".
	Unwritable map[entra.Key]string
	// Now is what was read of each kind now.
	Now map[string]entra.Coverage
	// At is when the plan is made; what ended before is not put back. Zero is before
	// everything.
	At time.Time
	// Schedules say of those objects in Want that are gone, and that others schedule, how
	// long they hold.
	Schedules map[entra.Key]Schedule
	// LastRead finds the newest snapshot that read a part of an object, as
	// [entra.Exception] names it; may be nil.
	LastRead func(key entra.Key, part string) (entra.Point, bool)
	// Added are the objects that the selection means, the tenant has and the snapshot has
	// not.
	Added []entra.Listed
	// Refused is what is left alone before anything is planned.
	Refused []entra.Refusal
	// Prune takes away what was added to the selected objects, and those of Added that
	// Surplus has.
	Prune   bool
	Surplus Surplus
	// Ignored reports whether people decided not to hear of a part of an object, or with an
	// empty pointer of the object: what was added there is neither told nor taken away. May be
	// nil.
	Ignored func(key entra.Key, name, pointer string) bool
	// Opposing are the objects among those that [Opposing] asks for that are in force now and
	// that nobody selected.
	Opposing []entra.Listed
	// Parts limit the plan to parts of the objects; none means everything.
	Parts []diff.Part
	// Recreate lets objects that are gone for good be created under another id.
	Recreate bool
	// Enforce lets policies that are created again enforce what they enforced; otherwise
	// they only report.
	Enforce bool
	// Find returns the kind of a referenced object that exists now, empty for one that
	// is not in the table; [References] lists what it will be asked. An error that wraps
	// [entra.ErrNotFound] says that there is no such object, an [Absent] among them that it
	// can be taken back, [ErrUnusable] that it cannot be named, and any other error that it
	// was not found out. It is not asked about objects in Live. Nil means that everything exists
	// and is of the first kind it may be of.
	Find func(ref *kind.Reference, referent string) (kindName string, err error)
	// Held finds who has a value now that no two objects may have; nil for nobody. [Claims]
	// lists what it will be asked; may be nil.
	Held func(Claim) *Holder
	// DeletedAt is when the soft-deleted ones among Live were deleted, as far as that was
	// told.
	DeletedAt map[entra.Key]time.Time
	// NewNames are the names under which users are to be taken back whose own is taken, by
	// that in lower case; DropTaken leaves out addresses that others have.
	NewNames  map[string]string
	DropTaken bool
	// Names labels referenced objects for the reader; may be nil.
	Names canon.Namer
	// Vocabulary returns what v1.0 names of a kind; nil is [kind.LoadVocabulary].
	Vocabulary func(*kind.Kind) (*kind.Vocabulary, error)

	snapshot map[entra.Key]entra.Extent // what the snapshot read of the objects in Want
	// neighbours are those of Want that nobody selected.
	neighbours map[entra.Key]bool
	matched    int
	unread     map[entra.Unread]bool
}

// New works out how to put the selected objects back to the snapshot. It returns an
// error that wraps [entra.ErrInvalid] when the input makes no sense as a whole;
// whatever concerns one object is a refusal in the plan.
func New(in Input) (entra.Plan, error) {
	plan := entra.Plan{FormatVersion: Version, Tenant: in.Tenant, From: in.From, Live: map[string]string{}}
	p := newPlanner(in)
	plans, err := p.objectPlans()
	if err != nil {
		return plan, err
	}
	deletions, left := p.prune(plans)
	plans = append(plans, deletions...)
	for _, d := range plans {
		plan.Refusals = append(plan.Refusals, d.refusals...)
		plan.AddedParts = append(plan.AddedParts, d.parts...)
		observed, differs := d.differs()
		if differs && !in.neighbours[d.key] {
			plan.Observed = append(plan.Observed, observed)
		}
		if len(d.steps) == 0 {
			if len(d.refusals)+len(d.parts) == 0 && !d.carried && !differs && !in.neighbours[d.key] {
				plan.Matched++
			}
			continue
		}
		if plan.Live[d.key.String()], err = d.hash(); err != nil {
			return plan, fmt.Errorf("plan %s: %w", d.key, err)
		}
	}
	plan.Refusals = append(plan.Refusals, in.Refused...)
	plan.Identities = identities(plans)
	if len(p.targets) > 0 {
		plan.Targets = p.targets
	}
	plan.Steps = order(plans)
	again := created(plan.Steps, in.Want)
	plan.Renewed, plan.Losses = renewals(again), losses(again)
	for _, o := range left {
		o.Danger = DangerOf(o)
		plan.Added = append(plan.Added, o)
	}
	slices.SortFunc(plan.Added, compareListed)
	slices.SortFunc(plan.AddedParts, compareParts)
	slices.SortFunc(plan.Observed, compareObserved)
	slices.SortStableFunc(plan.Refusals, func(a, b entra.Refusal) int {
		return cmp.Or(CompareKeys(a.Key, b.Key), cmp.Compare(a.Pointer, b.Pointer))
	})
	for _, part := range in.Parts {
		plan.Parts = append(plan.Parts, part.String())
	}
	plan.Matched += in.matched
	plan.Unread = in.unreadParts()
	plan.Names = Names(plan, in.namer())
	return plan, nil
}

// identities says how to find what the steps are about.
func identities(plans []*objectPlan) map[string]entra.Identity {
	var all map[string]entra.Identity
	for _, d := range plans {
		if identity, ok := d.identity(); ok && len(d.steps) > 0 {
			if all == nil {
				all = map[string]entra.Identity{}
			}
			all[d.key.String()] = identity
		}
	}
	return all
}

// planner holds what the plans of all objects share.
type planner struct {
	in Input
	// incoming are the objects that the plan takes back or creates, with the action, so
	// that others may refer to them.
	incoming map[entra.Key]entra.Action
	// byProperty finds a selected object by a property other than its id.
	byProperty map[string]map[string]entra.Key
	// renewed are the identities that Graph will answer anew.
	renewed []entra.Renewal
	// orphans are deleted items that nothing takes back: what they belong to comes back under
	// another identity, and they with it.
	orphans map[entra.Key]bool
	// order is the place of each object among those that are created, referenced first.
	order map[entra.Key]int
	// byKind are the selected objects of each kind, sorted; see ofKind.
	byKind map[string][]entra.Key
	// targets are the kinds of linked objects, by id, where they must be told.
	targets map[string]string
	// waits are the selected objects that must first give up values that others wait for,
	// and kept those values that they keep: true where the two wait for each other.
	waits map[waiting]entra.Key
	kept  map[waiting]bool
	// opposed are the objects that exclusions keep from coming into force, or from giving it
	// up; replaces and replacedBy say which come into force for which, see exchange.
	opposed              map[entra.Key]opposition
	replaces, replacedBy map[entra.Key][]*objectPlan
	// asSelected finds a selected object by what it goes by now.
	asSelected map[entra.Key]entra.Key
	// vocabularies are what v1.0 names, by kind.
	vocabularies map[string]*kind.Vocabulary
	encoder      canon.Encoder
}

func newPlanner(in Input) *planner {
	p := &planner{in: in, incoming: map[entra.Key]entra.Action{}, byProperty: map[string]map[string]entra.Key{}, targets: map[string]string{},
		waits: map[waiting]entra.Key{}, kept: map[waiting]bool{}, opposed: map[entra.Key]opposition{}, vocabularies: map[string]*kind.Vocabulary{}}
	for key := range in.Want {
		if in.Deleted[key] && in.Live[key] != nil {
			p.incoming[key] = entra.ActionRestore
		} else if k := kind.ByName(key.Kind); in.Live[key] == nil && k != nil && (k.Recreated() || in.Recreate && k.Recreatable()) {
			p.incoming[key] = entra.ActionCreate
		}
	}
	p.orphan()
	return p
}

// objectPlans plans every object, riskiest kind first. When an object that was to be
// taken back turns out to be refused, whatever refers to it must be planned again.
func (p *planner) objectPlans() ([]*objectPlan, error) {
	keys := slices.SortedFunc(maps.Keys(p.in.Want), CompareKeys)
	if err := p.loadVocabularies(); err != nil {
		return nil, err
	}
	for {
		plans := make([]*objectPlan, 0, len(keys))
		settled := true
		clear(p.targets)
		clear(p.waits)
		p.renew()
		for _, key := range keys {
			k := kind.ByName(key.Kind)
			if k == nil {
				return nil, fmt.Errorf("plan %s: unknown kind: %w", key, entra.ErrInvalid)
			}
			d := p.object(k, key)
			d.plan()
			plans = append(plans, d)
			if p.incoming[key] != "" && (d.refused || d.carried) {
				delete(p.incoming, key)
				settled = false
			}
		}
		if settled && p.settleExclusions(plans) && p.settleSole(plans) && p.settleClaims(plans) {
			return plans, nil
		}
	}
}

// CompareKeys orders keys as reports do: riskiest kind first, then by kind and id.
func CompareKeys(a, b entra.Key) int {
	return cmp.Or(cmp.Compare(risk(a), risk(b)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

func risk(key entra.Key) int {
	if k := kind.ByName(key.Kind); k != nil {
		return k.Risk
	}
	return 0
}

// Hash identifies a state of an object by the SHA-256 of its canonical bytes; "" is
// an object that does not exist.
func Hash(e *canon.Encoder, k *kind.Kind, o *entra.Object) (string, error) {
	if o == nil {
		return "", nil
	}
	enc, err := e.EncodeObject(k, o, nil)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(enc.YAML)
	return hex.EncodeToString(sum[:]), nil
}
