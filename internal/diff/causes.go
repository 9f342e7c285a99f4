package diff

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Past is what was before the older point of a comparison. It is asked about objects that
// came: one that was there before, and was deleted in between, came back.
type Past interface {
	// Last returns, of each object that was there before the older point, the newest time that
	// it was.
	Last(keys []entra.Key) (map[entra.Key]Earlier, error)
}

// Earlier is a point before the older one of a comparison.
type Earlier interface {
	Point() entra.Point
	// Lookup reads an object by its key; nil where the point has none.
	Lookup(entra.Key) (*entra.Object, error)
}

// explain notes on each change what brought it about, where that is another change of the
// set: by the rules of [CauseRules], each part of a change once. A cause that is a consequence
// itself is followed to the change that is told. It also notes which objects came back.
func explain(set *entra.ChangeSet, known marks, past Past) error {
	x := causeIndex{changes: set.Changes, known: known.identities, rules: known.rules, at: make(map[entra.Key]int, len(set.Changes)), before: map[entra.Key]Earlier{}}
	for i, c := range set.Changes {
		x.at[c.Key] = i
	}
	if err := x.returned(past); err != nil {
		return fmt.Errorf("look for what came back: %w", err)
	}
	x.index()
	for i := range set.Changes {
		x.explain(&set.Changes[i])
	}
	for i := range set.Changes {
		x.root(&set.Changes[i])
	}
	return x.err
}

// marks are what the rules need to know of objects beside what changed.
type marks struct {
	identities identities
	// rules are those that the members of objects follow.
	rules map[entra.Key]string
}

// identities are by what objects are known beside their ids.
type identities map[entra.Key]string

func newMarks() marks { return marks{identities{}, map[entra.Key]string{}} }

// note keeps what the rules need of an object.
func (n marks) note(k *kind.Kind, o *entra.Object) {
	if o == nil {
		return
	}
	for _, m := range mirrors {
		if m.kind == k.Name || m.of == k.Name {
			n.identities[o.Key] = o.Text(m.by)
		}
	}
	for _, f := range followings {
		if f.kind == k.Name && locked(k, o, entra.SectionLinks+"/"+f.link) {
			n.rules[o.Key] = o.Text(f.rule)
		}
	}
}

// locked reports whether nobody can change a part of an object, because of what the object is.
func locked(k *kind.Kind, o *entra.Object, part string) bool {
	return slices.ContainsFunc(k.Locks, func(l kind.Lock) bool {
		return slices.Contains(l.Parts, part) && kind.Meets(l.When, o.Property)
	})
}

// causeIndex is the changes of a set as the rules look them up.
type causeIndex struct {
	changes []entra.Change
	known   identities
	rules   map[entra.Key]string
	at      map[entra.Key]int
	// natural has the changes that came or went by what makes them the same, of the kinds
	// that others say the same as.
	natural map[string]*entra.Change
	// identified has the changes by kind and by what they are known by beside the id.
	identified map[entra.Name]*entra.Change
	// naming has what names the objects that come and go with it; nil until asked for.
	naming map[entra.Key]*entra.Change
	// before is the last time that an object which came back was there.
	before map[entra.Key]Earlier
	err    error // of asking the past
}

// returned finds the objects that came back.
func (x *causeIndex) returned(past Past) error {
	if past == nil {
		return nil
	}
	var keys []entra.Key
	for _, c := range x.changes {
		if k := kind.ByName(c.Kind); c.Type == entra.Added && k != nil && k.Deletion.Mode == kind.DeleteSoft {
			keys = append(keys, c.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	var err error
	if x.before, err = past.Last(keys); err != nil {
		return err
	}
	for key, earlier := range x.before {
		point := earlier.Point()
		x.changes[x.at[key]].Restored = &point
	}
	return nil
}

func (x *causeIndex) index() {
	x.natural, x.identified = map[string]*entra.Change{}, map[entra.Name]*entra.Change{}
	for i := range x.changes {
		c := &x.changes[i]
		if slices.ContainsFunc(shadows, func(s shadow) bool { return s.of == c.Kind }) {
			if key, ok := naturalKeyOf(c); ok {
				x.natural[c.Kind+" "+key] = c
			}
		}
		if value := x.known[c.Key]; value != "" {
			x.identified[entra.Name{Kind: c.Kind, Value: value}] = c
		}
	}
}

// find returns the change of the object with the id that is of one of the kinds.
func (x *causeIndex) find(kinds []string, id string) *entra.Change {
	for _, name := range kinds {
		if i, ok := x.at[entra.Key{Kind: name, ID: id}]; ok {
			return &x.changes[i]
		}
	}
	return nil
}

// explain notes the direct causes of a change.
func (x *causeIndex) explain(c *entra.Change) {
	for _, rule := range causeRules {
		for _, cause := range rule.sees(x, c) {
			cause.Why = rule.ID
			c.Causes = append(c.Causes, cause)
			if len(cause.Parts) == 0 {
				c.Causes = []entra.Cause{cause}
				c.Cause = &c.Causes[0]
				return
			}
		}
	}
	if len(c.Causes) > 0 && c.Type == entra.Changed && c.OldID == "" && entra.Explained(*c) {
		c.Cause = &c.Causes[0]
	}
}

// deepest bounds how far causes are followed: a service principal that goes with its
// application takes its grants along, and that is all there is.
const deepest = 8

// root follows the causes of a change to changes that are told. What would be its own cause in
// the end has none.
func (x *causeIndex) root(c *entra.Change) {
	for i := range c.Causes {
		cause := &c.Causes[i]
		of := &x.changes[x.at[cause.Key]]
		for range deepest {
			if of.Cause == nil || of.Key == c.Key {
				break
			}
			of = &x.changes[x.at[of.Cause.Key]]
		}
		if of.Cause != nil {
			c.Cause, c.Causes = nil, nil
			return
		}
		cause.Key, cause.Name = of.Key, of.Name
	}
}

// had reports whether an object that came back had something the last time that it was
// there.
func (x *causeIndex) had(back *entra.Change, key entra.Key, test func(*entra.Object) bool) bool {
	earlier := x.before[back.Key]
	if earlier == nil || x.err != nil {
		return false
	}
	o, err := earlier.Lookup(key)
	if err != nil {
		x.err = fmt.Errorf("look up %s in %s: %w", key, earlier.Point(), err)
		return false
	}
	return o != nil && test(o)
}

// wholly is the cause of a change as a whole.
func wholly(of *entra.Change) []entra.Cause {
	if of == nil {
		return nil
	}
	return []entra.Cause{{Key: of.Key}}
}

// partly gathers the parts of a change by what brought them about.
type partly struct{ causes []entra.Cause }

func (p *partly) add(of *entra.Change, part string) {
	if of == nil {
		return
	}
	for i := range p.causes {
		if p.causes[i].Key == of.Key {
			p.causes[i].Parts = append(p.causes[i].Parts, part)
			return
		}
	}
	p.causes = append(p.causes, entra.Cause{Key: of.Key, Parts: []string{part}})
}

// textAt is a property of an object that came or went, as it was there.
func textAt(c *entra.Change, path ...string) string {
	for _, section := range []string{entra.SectionSpec, entra.SectionStatus} {
		pointer := jsonpointer.Join(append([]string{section}, path...)...)
		for _, p := range c.Properties {
			if p.Pointer == pointer {
				text, _ := standing(c, p).(string)
				return text
			}
		}
	}
	return ""
}

// standing is the value of a property of an object that came or went.
func standing(c *entra.Change, p entra.PropertyChange) any {
	if c.Type == entra.Removed {
		return p.Before
	}
	return p.After
}
