package diff

import (
	"reflect"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// walker compares values of one shape and collects what differs.
type walker struct {
	shape    *kind.Shape
	observed bool
	changes  []entra.PropertyChange
}

// value compares a and b, found at the pointer; path is the same place as the
// shape names it. Either may be nil for absent.
func (w *walker) value(pointer, path string, a, b any) {
	if reflect.DeepEqual(a, b) {
		return
	}
	if key, ok := w.shape.Set(path); ok {
		if la, lb, ok := lists(a, b); ok {
			w.set(pointer, path, key, la, lb)
			return
		}
	}
	if separator, ok := w.shape.Strings[path]; ok {
		if sa, sb, ok := texts(a, b); ok {
			c := entra.PropertyChange{Pointer: pointer, Before: a, After: b}
			ea, eb := elements(sa, separator), elements(sb, separator)
			c.RemovedItems, c.AddedItems = subtract(ea, eb), subtract(eb, ea)
			if len(c.AddedItems)+len(c.RemovedItems) > 0 || a == nil || b == nil {
				w.emit(c) // an empty string is not an absent one
			}
			return
		}
	}
	if blank(a) && blank(b) {
		return
	}
	if ma, mb, ok := maps2(a, b); ok {
		for _, name := range union(ma, mb) {
			w.value(pointer+jsonpointer.Join(name), path+"."+name, ma[name], mb[name])
		}
		return
	}
	w.emit(entra.PropertyChange{Pointer: pointer, Before: a, After: b})
}

// blank reports whether a value says nothing: some services answer an empty text with null, and
// null with an empty text.
func blank(v any) bool { return v == nil || v == "" }

func (w *walker) emit(c entra.PropertyChange) {
	c.Observed = w.observed
	w.changes = append(w.changes, c)
}

// set compares two lists whose order means nothing. Elements that have the same key
// are compared inside; where a key is missing or not unique, only whole elements can
// be told apart.
func (w *walker) set(pointer, path, key string, a, b []any) {
	ia, oka := byKey(a, key)
	ib, okb := byKey(b, key)
	c := entra.PropertyChange{Pointer: pointer, Before: list(a), After: list(b)}
	if oka && okb {
		c.RemovedItems, c.AddedItems = without(ia, ib), without(ib, ia)
		for _, id := range union(ia, ib) {
			if ia[id] != nil && ib[id] != nil {
				w.value(pointer+jsonpointer.Join(id), path+"[]", ia[id], ib[id])
			}
		}
	} else {
		c.RemovedItems, c.AddedItems = subtract(a, b), subtract(b, a)
	}
	if len(c.AddedItems)+len(c.RemovedItems) > 0 {
		w.emit(c)
	}
}

// contained compares the elements of a contained collection by their natural key.
func (w *walker) contained(c *kind.Contained, a, b []map[string]any) {
	at := jsonpointer.Join(entra.SectionContained, c.Name)
	ia, oka := ContainedByKey(c, a)
	ib, okb := ContainedByKey(c, b)
	if !oka || !okb {
		w.observed = false
		w.set(at, "", "", anys(a), anys(b))
		return
	}
	for _, key := range union(ia, ib) {
		ea, eb := ia[key], ib[key]
		if ea == nil || eb == nil {
			w.observed = false
			w.emit(entra.PropertyChange{Pointer: at + jsonpointer.Join(key), Before: object(ea), After: object(eb)})
			continue
		}
		for _, name := range union(ea, eb) {
			w.observed = name != typeProperty && !c.Restorable(name)
			w.value(at+jsonpointer.Join(key, name), name, ea[name], eb[name])
		}
	}
}

// ContainedByKey indexes the elements of a contained collection by their natural
// key, that of [kind.Contained.KeyOf]. It reports false when an
// element has no key or two have the same.
func ContainedByKey(c *kind.Contained, elements []map[string]any) (map[string]map[string]any, bool) {
	index := make(map[string]map[string]any, len(elements))
	for _, e := range elements {
		key, ok := c.KeyOf(e)
		if !ok || index[key] != nil {
			return nil, false
		}
		index[key] = e
	}
	return index, true
}

// Equal reports whether two values are the same at a path of the shape, sets
// compared as sets.
func Equal(s *kind.Shape, path string, a, b any) bool {
	w := walker{shape: s}
	w.value("", path, a, b)
	return len(w.changes) == 0
}

func lists(a, b any) (la, lb []any, ok bool) {
	la, oka := a.([]any)
	lb, okb := b.([]any)
	return la, lb, (oka || a == nil) && (okb || b == nil)
}

func texts(a, b any) (sa, sb string, ok bool) {
	sa, oka := a.(string)
	sb, okb := b.(string)
	return sa, sb, (oka || a == nil) && (okb || b == nil)
}

func maps2(a, b any) (ma, mb map[string]any, ok bool) {
	ma, oka := a.(map[string]any)
	mb, okb := b.(map[string]any)
	return ma, mb, (oka || a == nil) && (okb || b == nil)
}

// elements splits a string that holds a set. Blanks around an element mean nothing.
func elements(s, separator string) []any {
	var all []any
	if bare := strings.TrimSpace(separator); bare != "" {
		separator = bare
	}
	for part := range strings.SplitSeq(s, separator) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// without returns the values of a whose keys b lacks, in the order of the keys.
func without(a, b map[string]any) []any {
	var rest []any
	for _, key := range union(a, nil) {
		if _, ok := b[key]; !ok {
			rest = append(rest, a[key])
		}
	}
	return rest
}

// subtract returns the elements of a that b does not have as often, in a's order.
func subtract(a, b []any) []any {
	count := make(map[string]int, len(b))
	for _, v := range b {
		count[quoted(v)]++
	}
	var rest []any
	for _, v := range a {
		if t := quoted(v); count[t] > 0 {
			count[t]--
		} else {
			rest = append(rest, v)
		}
	}
	return rest
}

// list and object keep an absent value an untyped nil.
func list(l []any) any {
	if len(l) == 0 {
		return nil
	}
	return l
}

func object(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}

func anys(elements []map[string]any) []any {
	all := make([]any, len(elements))
	for i, e := range elements {
		all[i] = e
	}
	return all
}

// Items returns what comes and goes when one value of a declared set at a path of the
// shape becomes the other; nothing for any other path.
func Items(s *kind.Shape, path string, before, after any) (added, removed []any) {
	w := walker{shape: s}
	w.value("", path, before, after)
	for _, c := range w.changes {
		if c.Pointer == "" {
			return c.AddedItems, c.RemovedItems
		}
	}
	return nil, nil
}
