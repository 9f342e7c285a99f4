package attribution

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// cell is the smallest thing of a change that somebody can have done.
type cell struct {
	// part is its pointer: "" is the object's coming or going.
	part string
	outcome
}

// matcher matches one set with one log.
type matcher struct {
	span
	*index
	facts Facts
	// claims are how many cells there are of a tie's key.
	claims map[string]int
	// removed are the changes of objects that are gone, by id.
	removed map[string]*entra.Change
	// used are the entries that say something of the set, by their places in the log.
	used map[int]bool
}

// use notes that an entry says something of the set.
func (m *matcher) use(e *entry) {
	m.used[e.index] = true
	for _, p := range e.pieces {
		m.used[p.index] = true
	}
}

// writesOf are the entries about the object of a change.
func (m *matcher) writesOf(c *entra.Change) []*write {
	writes := m.writes[objectKey(c.Kind, c.ID)]
	for _, w := range m.assigned[c.Kind] {
		for _, id := range w.row.objects(w.entry) {
			if o := m.facts.object(w.row.Assigned, c.ID+"_"+id); o != nil {
				writes = append(slices.Clip(writes), w)
			}
		}
	}
	if len(m.assigned[c.Kind]) > 0 {
		slices.SortFunc(writes, func(a, b *write) int { return earlier(a.entry, b.entry) })
	}
	return writes
}

// existence decides who created or deleted the object of a change.
func (m *matcher) existence(k *kind.Kind, c *entra.Change, there bool) cell {
	var signs []sign
	for _, w := range m.writesOf(c) {
		m.use(w.entry)
		s := sign{entry: w.entry, job: w.row.Job, weak: w.row.Does == destroys}
		switch w.row.Does {
		case creates, restores:
			s.says = says(there)
		case deletes, destroys:
			s.says = says(!there)
		}
		signs = append(signs, s)
	}
	key, tied := m.tiesOf(k, c, there)
	signs = append(signs, tied...)
	o := m.decide(inOrder(signs), m.claims[key])
	o.key = key
	return cell{"", o}
}

func says(yes bool) verdict {
	if yes {
		return brings
	}
	return undoes
}

// natural are the keys of the ties that a change of an object is that its natural key identifies:
// a role that somebody has, a permission that was granted. The second one has a name in place of
// an id, where that is known. None where there are none.
func (m *matcher) natural(k *kind.Kind, c *entra.Change) (keys []string, value func(property string) string) {
	if len(k.NaturalKey) < 2 {
		return nil, nil
	}
	value = func(property string) string {
		for _, p := range c.Properties {
			if tokens := jsonpointer.Split(p.Pointer); len(tokens) == 2 && tokens[1] == property {
				if v, ok := p.After.(string); ok {
					return v
				}
				v, _ := p.Before.(string)
				return v
			}
		}
		if o := m.facts.object(c.Kind, c.ID); o != nil && c.Type == entra.Changed {
			return o.Text(property)
		}
		return ""
	}
	first, second := value(k.NaturalKey[0]), value(k.NaturalKey[1])
	if first == "" || second == "" {
		return nil, nil
	}
	keys = []string{tieKey(k.Name, "", first, second)}
	for _, r := range k.References {
		if r.Path != k.NaturalKey[1] {
			continue
		}
		for _, target := range r.Targets {
			if o := m.facts.object(target, second); o != nil && o.Name != "" {
				keys = append(keys, tieKey(k.Name, "", first, named+o.Name))
			}
		}
	}
	return keys, value
}

// tiesOf are the signs of ties about the coming or going of an object.
func (m *matcher) tiesOf(k *kind.Kind, c *entra.Change, there bool) (key string, signs []sign) {
	keys, value := m.natural(k, c)
	for _, key := range keys {
		for _, n := range m.knots[key] {
			if !n.means(value) {
				continue
			}
			m.use(n.entry)
			s := m.tied(key, n, there)
			if n.valued && n.was != nil && n.value != nil {
				s.says = none // it was there before, and after
			}
			signs = append(signs, s)
		}
	}
	if keys == nil {
		return "", signs
	}
	return keys[0], signs
}

// means reports whether a tie may be the object whose properties value gives.
func (n *knot) means(value func(string) string) bool {
	for property, v := range n.rest {
		if !strings.EqualFold(v, value(property)) {
			return false
		}
	}
	return true
}

// tying are the signs of ties about a property of the object that they are: they do not tell it.
func (m *matcher) tying(k *kind.Kind, c *entra.Change) []sign {
	_, signs := m.tiesOf(k, c, true)
	for i := range signs {
		if signs[i].says != none {
			signs[i].says = touches
		}
	}
	return signs
}

// tied is the sign of one tie.
func (m *matcher) tied(key string, n *knot, there bool) sign {
	s := sign{entry: n.entry, job: n.row.Job, loose: n.loose, says: says(n.on == there)}
	if n.row.Asks || n.row.Passing || m.activation(key, n) {
		s.says = none
	}
	return s
}

// activation reports whether an entry of the directory is about a role that somebody activated, or
// whose activation ended: PIM says so in an entry of its own. No snapshot has such roles.
func (m *matcher) activation(key string, n *knot) bool {
	if !n.goBetween() {
		return false
	}
	for _, other := range m.knots[key] {
		if other.row.Passing && other.on == n.on && near(n.entry, other.entry, togetherPIM) {
			return true
		}
	}
	return false
}

// element decides who added or removed one element of a link or of a contained collection.
func (m *matcher) element(c *entra.Change, k *kind.Kind, part, id string, there bool) cell {
	pointer := "/" + part + jsonpointer.Join(id)
	key := tieKey(c.Kind, part, c.ID, id)
	var signs []sign
	for _, n := range m.knots[key] {
		m.use(n.entry)
		signs = append(signs, m.tied(key, n, there))
	}
	signs = append(signs, m.writing(k, c, entra.PropertyChange{Pointer: pointer}, func(told entra.PropertyChange) verdict {
		return says((told.After != nil) == there)
	})...)
	o := m.decide(inOrder(signs), 1)
	o.key = key
	return cell{pointer, o}
}

// writing are the signs of the writes of an object about one property; judge says what a told
// change of it means.
func (m *matcher) writing(k *kind.Kind, c *entra.Change, p entra.PropertyChange, judge func(entra.PropertyChange) verdict) []sign {
	var signs []sign
	writes, pointer := m.writesOf(c), strings.ToLower(p.Pointer)
	for _, w := range writes {
		m.use(w.entry)
		told := w.told(k)
		s := sign{entry: w.entry, write: w, job: w.row.Job}
		if change, ok := told.changes[pointer]; ok {
			s.says = judge(change)
		} else if w.row.Does == updates && told.touches(p.Pointer) && (!told.blank || !explained(w, writes, k)) {
			s.says = touches
		}
		signs = append(signs, s)
	}
	return append(signs, m.strangers(c)...)
}

// strangers are entries about the object by activities that nobody knows: they may have done
// anything, so that nobody else is the only one who wrote the object.
func (m *matcher) strangers(c *entra.Change) []sign {
	var signs []sign
	for _, e := range m.strange[identity(c.ID)] {
		m.use(e)
		signs = append(signs, sign{entry: e, says: strange})
	}
	return signs
}

// property decides who changed a property: for a set, each element that came or went.
func (m *matcher) property(k *kind.Kind, c *entra.Change, p entra.PropertyChange) []cell {
	tokens := jsonpointer.Split(p.Pointer)
	if len(tokens) == 3 && tokens[0] == entra.SectionContained && (p.Before == nil || p.After == nil) {
		return []cell{m.element(c, k, tokens[0]+"/"+tokens[1], tokens[2], p.After != nil)}
	}
	if len(p.AddedItems)+len(p.RemovedItems) == 0 {
		return []cell{m.value(k, c, p)}
	}
	return m.items(k, c, p)
}

// value decides who gave a property the value that it has.
func (m *matcher) value(k *kind.Kind, c *entra.Change, p entra.PropertyChange) cell {
	signs := m.writing(k, c, p, func(told entra.PropertyChange) verdict { return says(alike(told.After, p.After)) })
	signs = append(signs, m.tying(k, c)...)
	return cell{p.Pointer, m.decide(inOrder(signs), 1)}
}
