package diff

import (
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// view is one side of a comparison with the identities in it as they read today.
type view struct {
	Side
	top top
	to  kind.Rewriting // nil where every identity stays
}

// viewed looks at two points and follows a lineage as far as they allow: it returns which
// identities are one object's at both. Where one of them has two objects
// of one line, they are two: one was taken back after the other had been created in its
// place. A mention of an identity that its point has no object of, while the point has
// another one of the line, leads nowhere, and stays as it is to be seen.
func viewed(a, b Side, lines entra.Lines) (va, vb view, _ entra.Lines, err error) {
	va.Side, vb.Side = a, b
	if va.top, err = tops(a); err == nil {
		vb.top, err = tops(b)
	}
	if lines.Empty() || err != nil {
		return va, vb, entra.Lines{}, err
	}
	before, err := present(lines, va)
	var after map[entra.Name][]entra.Name
	if err == nil {
		after, err = present(lines, vb)
	}
	if err != nil {
		return va, vb, entra.Lines{}, fmt.Errorf("follow the lineage: %w", err)
	}
	lines = lines.Only(func(first entra.Name) bool { return len(before[first]) < 2 && len(after[first]) < 2 })
	va.to, vb.to = today(lines, before), today(lines, after)
	return va, vb, lines, nil
}

// present finds, by the first name of each line, which identities of the line objects of a
// point have.
func present(lines entra.Lines, s view) (map[entra.Name][]entra.Name, error) {
	first := map[entra.Name]entra.Name{}
	others := map[string][]string{}     // properties other than the id, by kind
	ids := map[string]map[string]bool{} // by kind
	for names := range lines.All() {
		for _, n := range names {
			first[n] = names[0]
			if ids[n.Kind] == nil {
				ids[n.Kind] = map[string]bool{}
			}
			if n.By == "" {
				ids[n.Kind][n.Value] = true
			}
		}
		if names[0].By != "" {
			others[names[0].Kind] = append(others[names[0].Kind], names[0].By)
		}
	}
	found := map[entra.Name][]entra.Name{}
	note := func(n entra.Name) bool {
		line, ok := first[n]
		if ok {
			found[line] = append(found[line], n)
		}
		return ok
	}
	for kindName := range ids {
		k := kind.ByName(kindName)
		if k == nil {
			continue // of a newer version
		}
		paths, err := find(s, k, s.top.of(k), ids[kindName])
		if err != nil {
			return nil, err
		}
		for id, path := range paths {
			if !note(entra.Name{Kind: kindName, Value: id}) || others[kindName] == nil {
				continue
			}
			o, err := read(s, k, path)
			if errors.Is(err, entra.ErrInvalid) {
				continue // the comparison says so
			}
			if err != nil {
				return nil, err
			}
			noteOthers(o, others[kindName], note)
		}
	}
	return found, nil
}

// noteOthers notes by what an object is known beside its id, each property once.
func noteOthers(o *entra.Object, properties []string, note func(entra.Name) bool) {
	noted := map[string]bool{}
	for _, by := range properties {
		if !noted[by] {
			noted[by] = true
			note(entra.Name{Kind: o.Kind, By: by, Value: o.Text(by)})
		}
	}
}

// today rewrites, at a point, the identities that objects have there to those of today, and
// of a line that has no object there all of them.
func today(lines entra.Lines, present map[entra.Name][]entra.Name) kind.Rewriting {
	to := map[entra.Name]string{}
	for names := range lines.All() {
		newest := names[len(names)-1].Value
		these := present[names[0]]
		if len(these) == 0 {
			these = names
		}
		for _, n := range these {
			if n.Value != newest {
				to[n] = newest
			}
		}
	}
	if len(to) == 0 {
		return nil
	}
	return kind.Renamed(to)
}

// succeeded joins what went on one side to what came on the other where the two are one
// object that was created again.
func (c *comparison) succeeded(pairs []pair) []pair {
	if c.lines.Empty() {
		return pairs
	}
	gone := map[entra.Key]int{}
	for i, p := range pairs {
		if key := keyOf(c.kind, p.before); p.before != "" && p.after == "" && c.lines.Has(entra.Name{Kind: key.Kind, Value: key.ID}) {
			gone[c.lines.Key(key)] = i
		}
	}
	joined := make([]pair, 0, len(pairs))
	taken := map[int]bool{}
	for i, p := range pairs {
		j, ok := gone[c.lines.Key(keyOf(c.kind, p.after))]
		if ok && p.before == "" && p.after != "" {
			taken[i], taken[j] = true, true
			joined = append(joined, pair{pairs[j].before, p.after})
		}
	}
	for i, p := range pairs {
		if !taken[i] {
			joined = append(joined, p)
		}
	}
	return joined
}

// again notes on a change that the object was created again in between. An object of which
// nothing else differs has changed, too.
func (c *comparison) again(before, after *entra.Object, what Read, change *entra.Change) *entra.Change {
	switch {
	case before == nil, after == nil, before.ID == after.ID, !what.Object(), !c.lines.Has(entra.Name{Kind: c.kind.Name, Value: after.ID}):
		return change
	case change == nil:
		change = &entra.Change{Key: after.Key, Name: after.Name, Type: entra.Changed}
	}
	change.OldID = before.ID
	return change
}

// read reads an object as it is in its file.
func read(s Side, k *kind.Kind, path string) (*entra.Object, error) {
	data, err := s.Read(path)
	if err != nil {
		return nil, err
	}
	return canon.Decode(k, path, data)
}
