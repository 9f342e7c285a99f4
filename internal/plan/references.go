package plan

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Reference is another object as a property or link names it.
type Reference struct {
	*kind.Reference
	// Value is the object's identity, without what may precede it in the property.
	Value string
}

// ErrUnusable is the answer of [Input.Find] about an object that is there and is not what
// [kind.Reference.Usable] asks for.
var ErrUnusable = errors.New("cannot be named")

// References lists what [New] will ask [Input.Find], so that the caller can find
// out beforehand in few requests: only what would be written, not what the objects
// hold. Each is listed once, in a fixed order. Find may be nil.
func References(in Input) ([]Reference, error) {
	seen := map[string]bool{}
	var all []Reference
	in.Find = func(ref *kind.Reference, identity string) (string, error) {
		id := strings.Join(ref.Targets, ",") + "\x00" + ref.By + "\x00" + identity
		if !seen[id] {
			seen[id] = true
			all = append(all, Reference{ref, identity})
		}
		return ref.Targets[0], nil
	}
	if _, err := newPlanner(in).objectPlans(); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Reference) int {
		return cmp.Or(slices.Compare(a.Targets, b.Targets), cmp.Compare(a.By, b.By), cmp.Compare(a.Value, b.Value))
	})
	return all, nil
}

// resolve looks up every reference in a value that is about to be written. It
// returns the objects that must arrive first, and the references that lead nowhere.
func (p *planner) resolve(s *kind.Shape, path string, v any) (incoming []entra.Key, missing []dangling) {
	for m := range s.Mentions("", path, v) {
		key, err := p.find(m.Reference, m.Referent)
		switch {
		case err != nil:
			missing = append(missing, p.dangling(m.Reference, m.Referent, err))
		case p.incoming[key] != "":
			incoming = append(incoming, key)
		}
	}
	return incoming, missing
}

// dangling is a reference that leads nowhere, with the name that its object is known by.
func (p *planner) dangling(ref *kind.Reference, referent string, err error) dangling {
	d := dangling{Reference: Reference{ref, referent}, err: err}
	var absent *Absent
	if errors.As(err, &absent) {
		d.name = absent.Name
	}
	if p.in.Names != nil && d.name == "" {
		if label, ok := p.in.Names(ref, referent); ok {
			_, d.name, _ = strings.Cut(label, ": ")
		}
	}
	return d
}

// find looks up one reference. It returns the key of the object that there will be; for a
// reference by another property than the id, only when the plan takes the object back or
// creates it. One that may be elsewhere, and is not known to be deleted here, is left to
// Graph to judge.
func (p *planner) find(ref *kind.Reference, identity string) (entra.Key, error) {
	for _, target := range ref.Targets {
		key := entra.Key{Kind: target, ID: identity}
		if ref.By != "" {
			key = p.wanted(target, ref.By)[identity]
		}
		if p.incoming[key] != "" || ref.By == "" && p.in.Live[key] != nil && !p.in.Deleted[key] {
			return key, p.usable(ref, key)
		}
	}
	found, err := ref.Targets[0], error(nil)
	if p.in.Find != nil {
		found, err = p.in.Find(ref, identity)
	}
	if _, deleted := errors.AsType[*Absent](err); ref.MayBeExternal && !deleted {
		err = nil
	}
	if ref.By != "" {
		return entra.Key{}, err
	}
	return entra.Key{Kind: found, ID: identity}, err
}

// usable refuses a selected object that a write cannot name, neither as it is nor as the
// plan puts it back.
func (p *planner) usable(ref *kind.Reference, key entra.Key) error {
	is := func(o *entra.Object) bool { return o != nil && ref.Usable.Holds(o.Property(ref.Usable.Property)) }
	if ref.Usable == nil || is(p.in.Live[key]) || is(p.in.Want[key]) {
		return nil
	}
	return ErrUnusable
}

// wanted indexes the selected objects of a kind, those that are deleted among them, by a property other than their id,
// such as appId.
func (p *planner) wanted(kindName, property string) map[string]entra.Key {
	id := kindName + "/" + property
	if index, ok := p.byProperty[id]; ok {
		return index
	}
	index := map[string]entra.Key{}
	for _, objects := range []map[entra.Key]*entra.Object{p.in.Surplus.Objects, p.in.Want} {
		for key, o := range objects {
			if key.Kind != kindName {
				continue
			}
			if v := o.Text(property); v != "" {
				index[v] = key
			}
		}
	}
	p.byProperty[id] = index
	return index
}
