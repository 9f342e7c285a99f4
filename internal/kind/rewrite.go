package kind

import (
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// Rewriting says by which identity an object that a reference names goes instead; false
// where it keeps the one it has.
type Rewriting func(ref *Reference, identity string) (string, bool)

// Renamed is the rewriting by a table of identities: of the kinds that a reference may
// lead to, the first that has another one counts.
func Renamed(to map[entra.Name]string) Rewriting {
	return func(ref *Reference, identity string) (string, bool) {
		for _, target := range ref.Targets {
			if other, ok := to[entra.Name{Kind: target, By: ref.By, Value: identity}]; ok {
				return other, true
			}
		}
		return "", false
	}
}

// Rewrite returns the object as it reads when the objects that it mentions go by other
// identities: in lists, scalars, texts that hold identities, links and contained objects,
// in the names of directory extensions, and in what the object itself is known by beside
// its id ([Recovery.Answered]). Its own id stays. The given object is not changed; what the
// two have in common they may share.
func Rewrite(k *Kind, o *entra.Object, to Rewriting) *entra.Object {
	w := *o
	w.Spec, w.Status = k.rewriteSection(o.Spec, to), k.rewriteSection(o.Status, to)
	w.Links = maps.Clone(o.Links)
	for name, ids := range o.Links {
		w.Links[name] = rewriteIDs(k.LinkReference(name), ids, to)
	}
	w.Contained, w.IDs = maps.Clone(o.Contained), maps.Clone(o.IDs)
	for i := range k.Contained {
		c := &k.Contained[i]
		if elements := o.Contained[c.Name]; elements != nil {
			w.Contained[c.Name], w.IDs = c.rewriteElements(elements, w.IDs, to)
		}
	}
	return &w
}

// RewriteBody returns a body of the shape with the identities in it rewritten.
func (s *Shape) RewriteBody(body map[string]any, to Rewriting) map[string]any {
	if len(s.References) == 0 || body == nil {
		return body
	}
	w, _ := s.rewrite("", body, to).(map[string]any)
	return w
}

// rewriteSection rewrites the spec or the status of an object.
func (k *Kind) rewriteSection(section map[string]any, to Rewriting) map[string]any {
	w := k.RewriteBody(section, to)
	if len(k.Answered) == 0 && !k.Extensions || w == nil {
		return w
	}
	w = maps.Clone(w)
	for _, name := range k.Answered {
		own := Reference{Targets: []string{k.Name}, By: name}
		if text, ok := w[name].(string); ok {
			w[name] = own.replace(text, func(id string) (string, bool) { return to(&own, id) })
		}
	}
	if k.Extensions {
		renamed := make(map[string]any, len(w))
		for name, v := range w {
			renamed[k.RewriteName(name, to)] = v
		}
		w = renamed
	}
	return w
}

// extensionOf is what the name of a directory extension refers to.
var extensionOf = Reference{Targets: []string{"applications"}, By: "appId", Within: true}

// RewriteName is the name of a top-level property as the object has it when the objects
// that it mentions go by other identities: a directory extension is named after the appId of
// the application that defines it.
func (k *Kind) RewriteName(name string, to Rewriting) string {
	if !k.Extensions {
		return name
	}
	return replaceExtension(name, func(id string) (string, bool) { return to(&extensionOf, id) })
}

// rewrite returns a value that is at a path of the shape, rewritten.
func (s *Shape) rewrite(path string, v any, to Rewriting) any {
	switch v := v.(type) {
	case map[string]any:
		w := make(map[string]any, len(v))
		for name, member := range v {
			below := name
			if path != "" {
				below = path + "." + name
			}
			w[name] = s.rewrite(below, member, to)
		}
		return w
	case []any:
		w := make([]any, len(v))
		for i, element := range v {
			w[i] = s.rewrite(path+"[]", element, to)
		}
		s.sortSet(path, w)
		return w
	case string:
		bare := strings.TrimSuffix(path, "[]")
		for i := range s.References {
			if ref := &s.References[i]; strings.TrimSuffix(ref.Path, "[]") == bare {
				v = ref.replace(v, func(id string) (string, bool) { return to(ref, id) })
			}
		}
		return v
	}
	return v
}

// rewriteElements rewrites the elements of the collection, and the keys by which the ids
// of all collections' elements are known.
func (c *Contained) rewriteElements(elements []map[string]any, ids map[string]map[string]string, to Rewriting) ([]map[string]any, map[string]map[string]string) {
	w := make([]map[string]any, len(elements))
	var known map[string]string
	for i, element := range elements {
		w[i] = c.RewriteBody(element, to)
		before, _ := c.KeyOf(element)
		if id, ok := ids[c.Name][before]; ok {
			if known == nil {
				known = make(map[string]string, len(elements))
			}
			after, _ := c.KeyOf(w[i])
			known[after] = id
		}
	}
	if known != nil {
		ids[c.Name] = known
	}
	slices.SortStableFunc(w, func(a, b map[string]any) int {
		x, _ := c.KeyOf(a)
		y, _ := c.KeyOf(b)
		return strings.Compare(x, y)
	})
	return w, ids
}

// rewriteIDs is a list of ids that a reference holds, rewritten and sorted.
func rewriteIDs(ref *Reference, ids []string, to Rewriting) []string {
	rewritten := make([]string, len(ids))
	for i, id := range ids {
		rewritten[i] = id
		if other, ok := to(ref, id); ok {
			rewritten[i] = other
		}
	}
	slices.Sort(rewritten)
	return rewritten
}
