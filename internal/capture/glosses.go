package capture

import (
	"slices"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// expectGlosses notes which kinds gloss others, by what they are named there and which codes
// they define.
func (n *names) expectGlosses() {
	for _, k := range kind.All() {
		for _, gloss := range k.GlossedBy {
			if n.codes[gloss] == nil {
				n.codes[gloss] = []*kind.Code{}
			}
		}
	}
	for _, k := range kind.All() {
		for ref := range k.EveryReference() {
			n.expect(ref)
		}
		for _, s := range k.Shapes() {
			for i := range s.Codes {
				n.expect(s.Codes[i].Question(""))
			}
		}
	}
}

func (n *names) expect(ref *kind.Reference) {
	for _, target := range ref.Targets {
		if n.codes[target] == nil {
			continue
		}
		if by := heldBy(ref); !slices.Contains(n.by[target], by) {
			n.by[target] = append(n.by[target], by)
		}
		same := func(c *kind.Code) bool { return c.Defined() == ref.Code.Defined() && c.By == ref.Code.By }
		if ref.Code != nil && ref.Code.Defines != nil && ref.Code.Of != "" && !slices.ContainsFunc(n.codes[target], same) {
			n.codes[target] = append(n.codes[target], ref.Code)
		}
	}
}

// define notes what an object defines. The caller holds the lock.
func (n *names) define(k *kind.Kind, id string, body []byte) {
	for _, c := range n.codes[k.Name] {
		of := name{kind: k.Name, by: "id", value: id}
		if c.By != "" {
			of.by, of.value = c.By, stringProperty(body, c.By)
		}
		for code, label := range defined(c, body) {
			of.code = c.Defined() + code
			n.labels[of] = label
		}
	}
}

// defined returns what a body defines for a code, by id.
func defined(c *kind.Code, body []byte) map[string]string {
	parts := map[string]any{}
	for _, d := range c.Defines {
		top := d.Top()
		if parts[top] == nil {
			parts[top] = member(body, top)
		}
	}
	all := map[string]string{}
	for id, label := range c.DefinedBy(parts) {
		all[id] = label
	}
	return all
}

// glosses is the namer for one object of a kind that is glossed: it knows the kinds that were
// read before and what the object itself defines, and so says the same whatever else is read
// at the same time. It is nil where the object's file has no comments.
func (w *writer) glosses(it item) canon.Namer {
	k := w.res.Kind
	if k.GlossedBy == nil || k.GlossedWhen != nil && !k.GlossedWhen.Holds(member(it.raw.Body, k.GlossedWhen.Property)) {
		return nil
	}
	own := map[*kind.Code]map[string]string{}
	return func(ref *kind.Reference, value string) (string, bool) {
		if ref.Code != nil && ref.Code.Defines != nil && ref.Code.Of == "" && ref.Holder == it.id {
			if own[ref.Code] == nil {
				own[ref.Code] = defined(ref.Code, it.raw.Body)
			}
			if label := own[ref.Code][value]; label != "" {
				return label, true
			}
			return ref.WellKnown(value)
		}
		before := *ref
		before.Targets = slices.DeleteFunc(slices.Clone(ref.Targets), func(target string) bool {
			return target == k.Name || !slices.Contains(k.GlossedBy, target)
		})
		if label, ok := w.names.label(&before, value); ok {
			return label, true
		}
		return ref.WellKnown(value)
	}
}

// comments returns the file of before where the object's file differs from it in comments
// alone and keeps those: of a kind that may have very many objects, so that neither a name
// that changed elsewhere nor another version of entragit rewrites thousands of files; and
// where a kind could not be read, whose names are not known. It is nil for all others.
func (w *writer) comments(path string, data []byte) ([]byte, error) {
	k := w.res.Kind
	if !k.Annotate && k.GlossedBy == nil || !k.Bulk && !w.incomplete() {
		return nil, nil
	}
	same, err := w.base.Same(path, data)
	if same || err != nil {
		return nil, err
	}
	old, err := w.base.Read(path)
	if err != nil || !yaml.EqualIgnoringComments(old, data) {
		return nil, nil // there is none, or it says something else
	}
	return old, nil
}

// incomplete reports whether a kind could not be read that an earlier snapshot read: names of
// its objects may stand in comments.
func (r *run) incomplete() bool {
	for _, res := range r.results {
		if res.lost != nil && everRead(res.kept) {
			return true
		}
	}
	return false
}
