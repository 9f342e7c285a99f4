package capture

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/kind"
)

// names resolves the references that annotated kinds carry into labels such as
// "groups: Break-glass". Of most kinds only wanted values are remembered, so that its size is
// that of the policies and not of the tenant; of the kinds that gloss others, all.
type names struct {
	mu     sync.RWMutex    // guards what follows
	labels map[name]string // "" until the object was seen
	// by lists, for each kind, the properties that some reference names it by.
	by map[string][]string
	// codes are, for each kind that glosses others, the codes that its objects define.
	codes map[string][]*kind.Code
}

// name is one value that a reference holds: the target's kind, the property that
// is held ("id", "appId", …) and its value. With a code it is what that object defines.
type name struct{ kind, by, value, code string }

func newNames() *names {
	n := &names{labels: map[name]string{}, by: map[string][]string{}, codes: map[string][]*kind.Code{}}
	n.expectGlosses()
	return n
}

// want is a canon.Namer that only notes the references that must be resolved.
func (n *names) want(ref *kind.Reference, value string) (string, bool) {
	id, ok := ref.Referent(value)
	if !ok || ref.Code != nil && ref.Code.Defines != nil {
		return "", false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, target := range ref.Targets {
		by := heldBy(ref)
		n.labels[name{kind: target, by: by, value: id}] = ""
		if !slices.Contains(n.by[target], by) {
			n.by[target] = append(n.by[target], by)
		}
	}
	return "", false
}

// label is a canon.Namer over the objects that were seen.
func (n *names) label(ref *kind.Reference, value string) (string, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, target := range ref.Targets {
		if label := n.labels[asked(ref, target, value)]; label != "" {
			return label, true
		}
	}
	return ref.WellKnown(value)
}

// asked is what a value of a reference asks for.
func asked(ref *kind.Reference, target, value string) name {
	if ref.Code != nil && ref.Code.Defines != nil {
		return name{target, heldBy(ref), ref.Holder, ref.Code.Defined() + value}
	}
	id, _ := ref.Referent(value)
	return name{kind: target, by: heldBy(ref), value: id}
}

// see notes an object that came by.
func (n *names) see(k *kind.Kind, id string, body []byte, display string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, by := range n.by[k.Name] {
		value := id
		if by != "id" {
			value = stringProperty(body, by)
		}
		key := name{kind: k.Name, by: by, value: value}
		if _, wanted := n.labels[key]; (wanted || n.codes[k.Name] != nil) && value != "" && display != "" {
			n.labels[key] = k.Name + ": " + display
		}
	}
	if n.codes[k.Name] != nil {
		n.define(k, id, body)
	}
}

// missing yields the wanted ids of a kind that were not seen, sorted.
func (n *names) missing(kindName string) []string {
	var ids []string
	for key := range maps.Keys(n.labels) {
		if key.kind == kindName && key.by == "id" && n.labels[key] == "" {
			ids = append(ids, key.value)
		}
	}
	slices.Sort(ids)
	return ids
}

func heldBy(ref *kind.Reference) string {
	if ref.By == "" {
		return "id"
	}
	return ref.By
}

// nameHeld finds the names that the held objects want: among themselves, since they
// may refer to each other, and among what the snapshot before has.
func (r *run) nameHeld() error {
	for kindName, items := range r.held {
		k := kind.ByName(kindName)
		for _, it := range items {
			r.names.see(k, it.id, it.raw.Body, stringProperty(it.raw.Body, cmp.Or(k.NameFrom, "displayName")))
		}
	}
	return r.fromBase()
}

// fromBase labels references into kinds that were not read in this run by the files
// they keep.
func (r *run) fromBase() error {
	for _, k := range kind.All() {
		for _, id := range r.names.missing(k.Name) {
			o, err := r.before(k, id)
			if err != nil {
				return err
			}
			if o != nil {
				r.names.labels[name{kind: k.Name, by: "id", value: id}] = k.Name + ": " + o.Name
			}
		}
	}
	return nil
}

var _ canon.Namer = (*names)(nil).label
