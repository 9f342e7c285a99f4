package plan

import (
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Microsoft's v1.0 metadata does not name everything that a tenant holds: there are previews,
// and tomorrow. What it does not name is never written to what the snapshot has. Yet it must
// not be lost either: many values are replaced whole by an update, and Microsoft does not
// document which. So what is desired holds in its place what the tenant has, and a value
// that is written for the sake of its known parts is sent with its unknown ones as they
// are. A service that does not take them refuses the update, and nothing is lost.

// loadVocabularies loads what v1.0 names of the kinds that the plan is about.
func (p *planner) loadVocabularies() error {
	load := p.in.Vocabulary
	if load == nil {
		load = kind.LoadVocabulary
	}
	for key := range p.in.Want {
		k := kind.ByName(key.Kind)
		if k == nil || p.vocabularies[k.Name] != nil {
			continue
		}
		v, err := load(k)
		if err != nil {
			return fmt.Errorf("plan: %w", err)
		}
		p.vocabularies[k.Name] = v
	}
	return nil
}

// unknownReason is why something is left alone that v1.0 does not name.
const unknownReason = "it is unknown to v1.0, so that it is kept and compared, and not written"

// keepUnknown takes out of what is desired what v1.0 does not name, puts what the tenant has
// in its place, and refuses it where the two differ.
func (d *objectPlan) keepUnknown() {
	v := d.vocabularies[d.kind.Name]
	u := &unknownKeeper{shape: &d.kind.Shape, refuse: d.refuseUnknown}
	section := v.Section(entra.SectionSpec)
	d.desired.Spec = u.members(section, "", jsonpointer.Join(entra.SectionSpec), d.live.Spec, d.desired.Spec)
	if d.arrival == entra.ActionCreate {
		d.unknownStatus(v.Section(entra.SectionStatus))
	}
	for i := range d.kind.Contained {
		c := &d.kind.Contained[i]
		if d.read.Contained(c.Name) {
			d.keepUnknownElements(c, v.Contained(c.Name))
		}
	}
}

// refuseUnknown leaves a part alone. What is created is not short of it without being told,
// and of a list or a single value not at all.
func (d *objectPlan) refuseUnknown(pointer string, whole bool) {
	if whole && d.arrival == entra.ActionCreate {
		place := strings.Join(jsonpointer.Split(pointer)[1:], ".")
		d.refuse("", "its "+place+" holds what is unknown to v1.0, and nothing is left out of a list that is created", "")
		return
	}
	d.refuse(pointer, unknownReason, "")
}

// unknownStatus tells what does not come back with an object that is created.
func (d *objectPlan) unknownStatus(t *kind.Term) {
	for _, name := range keys(d.want.Status, nil) {
		if _, named := t.Member("", []byte(name)); !named {
			d.refuseUnknown(jsonpointer.Join(entra.SectionStatus, name), false)
		}
	}
}

// unknownType is the type of a body, where v1.0 does not name it.
func (p *planner) unknownType(k *kind.Kind, body map[string]any) (string, bool) {
	typ, _ := body[typeProperty].(string)
	return typ, !p.vocabularies[k.Name].Section(entra.SectionSpec).NamesType(typ)
}

// keepUnknownElements does the same for the elements of a contained collection that both sides
// have; those that are created are without what v1.0 does not name.
func (d *objectPlan) keepUnknownElements(c *kind.Contained, t *kind.Term) {
	live, okl := diff.ContainedByKey(c, d.live.Contained[c.Name])
	desired, okd := diff.ContainedByKey(c, d.desired.Contained[c.Name])
	want, okw := diff.ContainedByKey(c, d.want.Contained[c.Name])
	if !okl || !okd || !okw {
		return
	}
	var elements []map[string]any
	for _, key := range keys(desired, nil) {
		at := jsonpointer.Join(entra.SectionContained, c.Name, key)
		if d.selects(entra.SectionContained, c.Name, key) {
			d.unwritable(c, t, at, live[key], want[key])
		}
		if element, ok := d.knownElement(c, t, at, live[key], desired[key]); ok {
			elements = append(elements, element)
		}
	}
	d.desired.Contained[c.Name] = elements
}

// unwritable refuses the properties of an element that are not named, that differ, and that
// nothing writes anyway.
func (d *objectPlan) unwritable(c *kind.Contained, t *kind.Term, at string, live, want map[string]any) {
	if want == nil {
		return
	}
	typ, _ := live[typeProperty].(string)
	for _, name := range keys(live, want) {
		_, named := t.Member(typ, []byte(name))
		if !named && !c.Restorable(name) && !diff.Equal(&c.Shape, name, live[name], want[name]) {
			d.refuse(at+jsonpointer.Join(name), unknownReason, "")
		}
	}
}

// knownElement is an element that is desired. It reports false for one that would be created and
// is not, since a value that v1.0 does not name is its type, or cannot be left out.
func (d *objectPlan) knownElement(c *kind.Contained, t *kind.Term, at string, live, desired map[string]any) (map[string]any, bool) {
	if typ, _ := desired[typeProperty].(string); live == nil && !t.NamesType(typ) {
		d.refuse(at, "its type "+typ+" is unknown to v1.0, so that it is not created again", "")
		return nil, false
	}
	short := false
	u := &unknownKeeper{shape: &c.Shape, refuse: func(pointer string, whole bool) {
		if short = short || whole && live == nil; !short {
			d.refuse(pointer, unknownReason, "")
		}
	}}
	element := u.members(t, "", at, live, desired)
	if short {
		d.refuse(at, "it holds what is unknown to v1.0, and nothing is left out of a list that is created", "")
	}
	return element, !short
}

// selects reports whether a part is among those that the plan is limited to.
func (d *objectPlan) selects(tokens ...string) bool {
	for _, p := range d.in.Parts {
		if p.Touches(tokens) {
			return true
		}
	}
	return len(d.in.Parts) == 0
}

// unknownKeeper puts what the tenant has in the place of what v1.0 does not name.
type unknownKeeper struct {
	shape *kind.Shape
	// refuse is told of each place where the snapshot has something else there; whole marks
	// a value that cannot be told apart further.
	refuse func(pointer string, whole bool)
}

// members returns the members of an object that are desired.
func (u *unknownKeeper) members(t *kind.Term, path, pointer string, live, desired map[string]any) map[string]any {
	lt, _ := live[typeProperty].(string)
	dt, _ := desired[typeProperty].(string)
	typ := lt
	switch {
	case live == nil:
		typ = dt
	case desired != nil && lt != dt:
		return desired // which is refused for that
	}
	kept := map[string]any{}
	for _, name := range keys(live, desired) {
		member, named := t.Member(typ, []byte(name))
		at := pointer + jsonpointer.Join(name)
		value := desired[name]
		switch {
		case diff.Equal(u.shape, below(path, name), live[name], value), name == typeProperty:
		case !named:
			u.refuse(at, false)
			value = live[name]
		default:
			value = u.value(member, below(path, name), at, live[name], value)
		}
		set(kept, name, value)
	}
	return kept
}

// value returns a value that is desired.
func (u *unknownKeeper) value(t *kind.Term, path, pointer string, live, desired any) any {
	ll, isListL := live.([]any)
	dl, isListD := desired.([]any)
	lm, isMapL := live.(map[string]any)
	dm, isMapD := desired.(map[string]any)
	switch {
	case diff.Equal(u.shape, path, live, desired):
		return desired
	case isMapL && (isMapD || desired == nil), isMapD && live == nil:
		return u.object(t, path, pointer, lm, dm)
	case isListD && (isListL || live == nil):
		return u.list(t, path, pointer, ll, dl)
	case desired != nil && holdsUnknown(t, desired):
		u.refuse(pointer, true)
		return live
	}
	return desired
}

// object returns an object that is desired below another: whole as the tenant has it where
// the two are of different types of which one is not named.
func (u *unknownKeeper) object(t *kind.Term, path, pointer string, live, desired map[string]any) any {
	lt, _ := live[typeProperty].(string)
	dt, _ := desired[typeProperty].(string)
	if desired != nil && lt != dt && (!t.NamesType(lt) || !t.NamesType(dt)) {
		u.refuse(pointer, true)
		return anyObject(live)
	}
	if desired == nil && !holdsUnknown(t, live) {
		return nil
	}
	kept := u.members(t, path, pointer, live, desired)
	if desired == nil && lt != "" && len(kept) > 0 {
		kept[typeProperty] = lt // it is still that
	}
	return anyObject(kept)
}

// list returns a list that is desired. An element that the tenant has not is one to be
// written; where v1.0 does not name all of it, the list stays: it is not made shorter.
func (u *unknownKeeper) list(t *kind.Term, path, pointer string, live, desired []any) any {
	same := map[string]any{}
	keyed := diff.IsKeyed(u.shape, path)
	for _, e := range live {
		if key, ok := diff.ElementKey(u.shape, path, e); keyed && ok {
			same[key] = e
		}
	}
	merged := make([]any, len(desired))
	for i, e := range desired {
		key, ok := diff.ElementKey(u.shape, path, e)
		switch {
		case keyed && ok && same[key] != nil:
			merged[i] = u.value(t, path+"[]", pointer+jsonpointer.Join(key), same[key], e)
		case !holdsUnknown(t, e), contains(u.shape, path, live, e):
			merged[i] = e
		default:
			u.refuse(pointer, true)
			return list(live)
		}
	}
	return merged
}

// contains reports whether a list has an element.
func contains(s *kind.Shape, path string, elements []any, element any) bool {
	for _, e := range elements {
		if diff.Equal(s, path+"[]", e, element) {
			return true
		}
	}
	return false
}

// holdsUnknown reports whether a value holds what v1.0 does not name.
func holdsUnknown(t *kind.Term, v any) bool {
	switch v := v.(type) {
	case string:
		return !t.Names(v)
	case []any:
		for _, e := range v {
			if holdsUnknown(t, e) {
				return true
			}
		}
	case map[string]any:
		typ, _ := v[typeProperty].(string)
		for name, value := range v {
			if member, named := t.Member(typ, []byte(name)); !named || holdsUnknown(member, value) {
				return true
			}
		}
	}
	return false
}

// anyObject keeps an object without members an untyped nil.
func anyObject(m map[string]any) any {
	if len(m) == 0 {
		return nil
	}
	return m
}

// below is the path of a member.
func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
