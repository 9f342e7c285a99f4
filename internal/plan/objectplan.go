package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// objectPlan is the plan of one object in the making.
type objectPlan struct {
	*planner
	kind *kind.Kind
	key  entra.Key
	// want is the snapshot's state, live the tenant's, desired the live state with the
	// selected parts of want, planned the live state with what will be written.
	want, live, desired, planned *entra.Object
	deleted                      bool
	read                         diff.Read
	// arrival is the action by which the object will be there; empty for one that is.
	arrival entra.Action

	steps    []entra.Step
	refusals []entra.Refusal
	refused  bool // the object as a whole
	carried  bool // it comes back with another object
	// defining are the applications that define directory extensions of the object anew.
	defining []entra.Key
	// danger ranks an object that is deleted.
	danger int
	// givers are the objects that must first give up a value that this one is to have, or get
	// one that this one is to lose.
	givers []entra.Key
	// parts are what was added to the object and stays.
	parts []entra.AddedPart
	// before are the planned objects that this one refers to.
	before []entra.Key
}

func (p *planner) object(k *kind.Kind, key entra.Key) *objectPlan {
	live, deleted := View(k, p.in.Live[key], p.renewed, nil), p.in.Deleted[key]
	if p.orphans[key] {
		live, deleted = nil, false
	}
	return &objectPlan{
		planner: p, kind: k, key: key, want: p.in.Want[key], live: live, deleted: deleted,
		read: p.in.read(key, p.in.snapshot[key]),
	}
}

// plan fills steps and refusals.
func (d *objectPlan) plan() {
	if reason := cmp.Or(d.kind.Unavailable, d.kind.NeverWritten, d.in.Unwritable[d.key]); reason != "" {
		if !d.unchanged() {
			d.refuse("", reason, "")
		}
		return
	}
	if !d.readable() || !d.deleted && d.inPreview() {
		return
	}
	switch {
	case d.live == nil:
		if !d.create() {
			return
		}
	case d.deleted:
		if !d.restore() || d.inPreview() {
			return
		}
		d.live = forgetOutside(d.kind, d.live)
	}
	d.desired = desired(d.kind, d.live, d.want, d.in.Parts)
	d.keepAdded()
	d.keepUnknown()
	change := diff.Objects(d.kind, d.live, d.desired, d.read)
	if change == nil {
		change = &entra.Change{}
	}
	bySection := map[string][]entra.PropertyChange{}
	for _, p := range change.Properties {
		section := jsonpointer.Split(p.Pointer)[0]
		bySection[section] = append(bySection[section], p)
	}
	if d.arrival == entra.ActionCreate {
		d.creation(bySection[entra.SectionSpec])
	} else {
		d.properties(bySection[entra.SectionSpec])
	}
	if d.refused {
		d.steps, d.parts = nil, nil
		return
	}
	d.contained(d.withElements(bySection[entra.SectionContained]))
	d.links(change.Links)
	d.extensions()
	d.observed()
}

// restore plans taking a soft-deleted object back. It reports false when that is
// refused.
func (d *objectPlan) restore() bool {
	if d.kind.Deletion.Mode != kind.DeleteSoft {
		d.refuse("", "a deleted "+d.kind.Title+" cannot be taken back", "")
		return false
	}
	if l := d.wholeLock(d.live); l != nil {
		d.refuse("", l.Reason, l.Hint)
		return false
	}
	if owner, ok := d.withoutOwner(); ok {
		d.refuse("", "it went with "+title(owner, d.in.Want[owner].Name)+", which stays deleted", "")
		return false
	}
	if o, kept := d.opposed[d.key]; kept {
		d.refuse("", o.reason, o.hint)
		return false
	}
	d.arrival = entra.ActionRestore
	return d.free(d.step(entra.ActionRestore, "", ""))
}

// forgetOutside returns a deleted item without what is kept outside its body. Graph
// does not tell the links of a deleted object; taking it back brings most of them
// back, so that adding all of them is planned, and what is there by then is not sent.
func forgetOutside(k *kind.Kind, o *entra.Object) *entra.Object {
	c := *o
	c.Links = nil
	c.Contained = maps.Clone(o.Contained)
	for i := range k.Contained {
		if !k.Contained[i].Inline {
			delete(c.Contained, k.Contained[i].Name)
		}
	}
	return &c
}

// observed refuses what differs, is selected, and cannot be written at all: always
// where the kind says why, and otherwise only when a person named it.
func (d *objectPlan) observed() {
	if d.arrival != "" {
		return
	}
	for _, name := range keys(d.live.Status, d.want.Status) {
		d.observedProperty(name)
	}
}

func (d *objectPlan) observedProperty(name string) {
	pointer := jsonpointer.Join(entra.SectionStatus, name)
	selected := slices.ContainsFunc(d.in.Parts, func(p diff.Part) bool { return p.Touches(jsonpointer.Split(pointer)) })
	reason, told := d.kind.NotRestored[name]
	_, named := d.vocabularies[d.kind.Name].Section(entra.SectionStatus).Member("", []byte(name))
	switch {
	case !named && d.in.ignores(d.key, d.want.Name, pointer):
		return // such as a time that moves by itself
	case !named:
		reason, told = unknownReason, true
	case !told:
		reason = "it is observed only, Graph does not let it be written"
	}
	if (selected || told && len(d.in.Parts) == 0) && d.read.Property(name) &&
		!diff.Equal(&d.kind.Shape, name, d.live.Status[name], d.want.Status[name]) {
		d.refuse(pointer, reason, "")
	}
}

// refuse leaves a part alone, or the whole object when the pointer is empty.
func (d *objectPlan) refuse(pointer, reason, hint string) {
	if pointer == "" {
		d.refused = true
	}
	d.refusals = append(d.refusals, entra.Refusal{Key: d.key, Name: d.want.Name, Pointer: pointer, Reason: reason, Hint: hint})
}

// refuseDangling leaves a part alone because of a reference that leads nowhere.
func (d *objectPlan) refuseDangling(pointer string, r dangling, otherwise string) {
	d.refuse(pointer, r.String(), r.hint(d.in.From, otherwise))
}

// step adds a step and returns it to be completed. Everything needs the object to be
// there first.
func (d *objectPlan) step(action entra.Action, target, element string) *entra.Step {
	s := entra.Step{ID: stepID(d.key, action, target, element), Key: d.key, Name: d.want.Name, Action: action, Target: target}
	if d.arrival != "" && action != d.arrival {
		s.Needs = []string{stepID(d.key, d.arrival)}
	}
	d.steps = append(d.steps, s)
	return &d.steps[len(d.steps)-1]
}

// need makes a step wait for the arrival of an object that it refers to.
func (p *planner) need(s *entra.Step, key entra.Key) {
	id := stepID(key, p.incoming[key])
	if id != s.ID && !slices.Contains(s.Needs, id) {
		s.Needs = append(s.Needs, id)
		slices.Sort(s.Needs)
	}
}

func stepID(key entra.Key, action entra.Action, parts ...string) string {
	id := key.String() + ":" + string(action)
	for _, p := range parts {
		if p != "" {
			id += ":" + p
		}
	}
	return id
}

// id is what the object is known by now: another id than in the snapshot where it was
// created again since.
func (d *objectPlan) id() string {
	if d.live != nil {
		return d.live.ID
	}
	return d.key.ID
}

// hash identifies the live state the plan was made from. A soft-deleted object does
// not exist as long as nobody takes it back.
func (d *objectPlan) hash() (string, error) {
	if d.arrival != "" {
		return "", nil
	}
	return Hash(&d.encoder, d.kind, d.live)
}
