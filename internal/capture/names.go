package capture

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/kind"
)

// names resolves the references that annotated kinds carry into labels such as
// "groups: Break-glass". Only wanted values are remembered, so its size is that of
// the policies and not of the tenant.
type names struct {
	labels map[name]string // "" until the object was seen
	// by lists, for each kind, the properties that some reference names it by.
	by map[string][]string
}

// name is one value that a reference holds: the target's kind, the property that
// is held ("id", "appId", …) and its value.
type name struct{ kind, by, value string }

func newNames() *names {
	return &names{labels: map[name]string{}, by: map[string][]string{}}
}

// want is a canon.Namer that only notes what must be resolved.
func (n *names) want(ref *kind.Reference, value string) (string, bool) {
	if slices.Contains(ref.Special, value) {
		return "", false
	}
	for _, target := range ref.Targets {
		by := heldBy(ref)
		n.labels[name{target, by, value}] = ""
		if !slices.Contains(n.by[target], by) {
			n.by[target] = append(n.by[target], by)
		}
	}
	return "", false
}

// label is a canon.Namer over what was seen.
func (n *names) label(ref *kind.Reference, value string) (string, bool) {
	for _, target := range ref.Targets {
		if label := n.labels[name{target, heldBy(ref), value}]; label != "" {
			return label, true
		}
	}
	return "", false
}

// see notes an object that came by.
func (n *names) see(k *kind.Kind, body []byte, display string) {
	for _, by := range n.by[k.Name] {
		key := name{k.Name, by, stringProperty(body, by)}
		if _, wanted := n.labels[key]; wanted {
			n.labels[key] = k.Name + ": " + display
		}
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

// stringProperty returns a top-level string property of a JSON object, or "".
func stringProperty(body []byte, property string) string {
	d := jsontext.NewDecoder(bytes.NewReader(body))
	if tok, err := d.ReadToken(); err != nil || tok.Kind() != '{' {
		return ""
	}
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			return ""
		}
		if key.String() != property {
			if d.SkipValue() != nil {
				return ""
			}
			continue
		}
		if value, err := d.ReadToken(); err == nil && value.Kind() == '"' {
			return value.String()
		}
		return ""
	}
	return ""
}

// seeHeld notes the objects of the annotated kinds, which may refer to each other.
func (r *run) seeHeld(kinds []*kind.Kind, held [][]item) {
	for i, k := range kinds {
		for _, it := range held[i] {
			r.names.see(k, it.raw.Body, stringProperty(it.raw.Body, cmp.Or(k.NameFrom, "displayName")))
		}
	}
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
				r.names.labels[name{k.Name, "id", id}] = k.Name + ": " + o.Name
			}
		}
	}
	return nil
}

var _ canon.Namer = (*names)(nil).label
