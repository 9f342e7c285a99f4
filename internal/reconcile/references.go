package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Reference is another object as a property or link names it.
type Reference struct {
	*kind.Reference
	Value string
}

// String completes the sentence "left alone: …".
func (r Reference) String() string {
	by := cmp.Or(r.By, "id")
	return fmt.Sprintf("%s names %s with %s %s, which does not exist", r.Path, strings.Join(r.Targets, " or "), by, r.Value)
}

// References lists what [Plan] will ask [Input.Exists], so that the caller can find
// out beforehand in few requests: only what would be written, not what the objects
// hold. Each is listed once, in a fixed order. Exists may be nil.
func References(in Input) ([]Reference, error) {
	seen := map[string]bool{}
	var all []Reference
	in.Exists = func(ref *kind.Reference, value string) bool {
		id := strings.Join(ref.Targets, ",") + "\x00" + ref.By + "\x00" + value
		if !seen[id] {
			seen[id] = true
			all = append(all, Reference{ref, value})
		}
		return true
	}
	if _, err := newPlanner(in).drafts(); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Reference) int {
		return cmp.Or(slices.Compare(a.Targets, b.Targets), cmp.Compare(a.By, b.By), cmp.Compare(a.Value, b.Value))
	})
	return all, nil
}

// resolve looks up every reference in a value that is about to be written. It
// returns the objects that must be taken back first, and the references that lead
// nowhere.
func (p *planner) resolve(s *kind.Shape, path string, v any) (restored []entra.Key, missing []Reference) {
	diff.References(s, path, v, func(ref *kind.Reference, value string) {
		key, restoring, ok := p.find(ref, value)
		switch {
		case !ok:
			missing = append(missing, Reference{ref, value})
		case restoring:
			restored = append(restored, key)
		}
	})
	return restored, missing
}

// find looks up one reference. It reports whether there will be such an object, and
// the object's key when the plan takes it back.
func (p *planner) find(ref *kind.Reference, value string) (key entra.Key, restoring, ok bool) {
	if slices.Contains(ref.Special, value) {
		return entra.Key{}, false, true
	}
	for _, target := range ref.Targets {
		key := entra.Key{Kind: target, ID: value}
		if ref.By != "" {
			key = p.wanted(target, ref.By)[value]
		}
		if p.restoring[key] {
			return key, true, true
		}
		if ref.By == "" && p.in.Live[key] != nil && !p.in.Deleted[key] {
			return entra.Key{}, false, true
		}
	}
	return entra.Key{}, false, p.in.Exists == nil || p.in.Exists(ref, value)
}

// wanted indexes the selected objects of a kind by a property other than their id,
// such as appId.
func (p *planner) wanted(kindName, property string) map[string]entra.Key {
	id := kindName + "/" + property
	if index, ok := p.byProperty[id]; ok {
		return index
	}
	index := map[string]entra.Key{}
	for key, o := range p.in.Want {
		if key.Kind != kindName {
			continue
		}
		for _, section := range []map[string]any{o.Spec, o.Status} {
			if v, ok := section[property].(string); ok {
				index[v] = key
			}
		}
	}
	p.byProperty[id] = index
	return index
}
