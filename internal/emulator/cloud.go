package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CloudGlobal is the name of the cloud that the metadata describes.
const CloudGlobal = "global"

// Clouds lists the names of the clouds that can be served, the global one first. The two
// of the US Government have one metadata (Microsoft's page "National cloud deployments":
// graph.microsoft.us and dod-graph.microsoft.us).
func Clouds() []string { return []string{CloudGlobal, "usgov", "usgov-dod", "china"} }

// metadataOf names the cloud whose metadata a cloud has.
func metadataOf(cloud string) string {
	if cloud == "usgov-dod" {
		return "usgov"
	}
	return cloud
}

// lacking is what the metadata of a national cloud does not have of the global one. The
// reference pages agree: each has a table of the clouds that an API is available in.
type lacking struct {
	// Paths are what nothing is at and below.
	Paths []string `json:"paths"`
	Types []string `json:"types"`
	// Properties and Navigation are members by the type that declares them.
	Properties map[string][]string `json:"properties"`
	Navigation map[string][]string `json:"navigation"`
	// Exchange is the audience of tokens that the cloud exchanges for its own, in place of
	// "api://AzureADTokenExchange" (Microsoft's page "Configure an app to trust an external
	// identity provider").
	Exchange string `json:"exchange"`
}

// cloudOf returns what a cloud lacks.
func (m *metadata) cloudOf(name string) (lacking, error) {
	if name == "" || name == CloudGlobal {
		return lacking{}, nil
	}
	l, known := m.Clouds[metadataOf(name)]
	if !known {
		return lacking{}, fmt.Errorf("no such cloud as %q: there are %s", name, strings.Join(Clouds(), ", "))
	}
	return l, nil
}

// takeFrom takes out of the metadata what the cloud lacks. It comes before inheritance is
// resolved: what extends a type that is gone extends the type below it.
func (l lacking) takeFrom(m *metadata) {
	for _, name := range l.Types {
		gone := m.Types[name]
		if gone == nil {
			continue
		}
		delete(m.Types, name)
		for _, t := range m.Types {
			if t.Base == name {
				t.Base = gone.Base
			}
		}
	}
	remove := func(members func(*entityType) map[string]string, from map[string][]string) {
		for name, gone := range from {
			if t := m.Types[name]; t != nil {
				maps.DeleteFunc(members(t), func(member, _ string) bool { return slices.Contains(gone, member) })
			}
		}
	}
	remove(func(t *entityType) map[string]string { return t.Declared }, l.Properties)
	remove(func(t *entityType) map[string]string { return t.Navigates }, l.Navigation)
}

// resources returns the resources that the cloud has, with the relationships that it has.
func (m *metadata) resources(all []*resource) []*resource {
	l := m.lacks
	types := map[string]string{}
	for _, r := range all {
		types[r.path] = r.typ
	}
	var kept []*resource
	for _, r := range all {
		if l.has(m, types, r) {
			kept = append(kept, l.reduced(r))
		}
	}
	return kept
}

// has reports whether the cloud has a resource; types are those of all of them, by path.
func (l lacking) has(m *metadata, types map[string]string, r *resource) bool {
	if m.Types[r.typ] == nil {
		return false
	}
	for _, path := range l.Paths {
		if r.path == path || strings.HasPrefix(r.path, path+"/") {
			return false
		}
	}
	owner, name := r.path[:strings.LastIndexByte(r.path, '/')], lastSegment(r.path)
	return !slices.Contains(l.Navigation[types[strings.TrimSuffix(owner, "/*")]], name)
}

// reduced returns a resource without the relationships that the cloud lacks.
func (l lacking) reduced(r *resource) *resource {
	gone := l.Navigation[r.typ]
	less := *r
	less.links = slices.DeleteFunc(slices.Clone(r.links), func(x link) bool { return slices.Contains(gone, x.name) })
	less.views = slices.DeleteFunc(slices.Clone(r.views), func(x view) bool { return slices.Contains(gone, x.name) })
	less.toOne = slices.DeleteFunc(slices.Clone(r.toOne), func(x toOne) bool { return slices.Contains(gone, x.name) })
	less.embed = maps.Clone(r.embed)
	maps.DeleteFunc(less.embed, func(path, _ string) bool {
		return slices.ContainsFunc(slices.Concat(slices.Collect(maps.Values(l.Navigation))...), func(name string) bool { return strings.HasSuffix(path, "."+name) })
	})
	return &less
}

// reduce takes out of a value of a type, as the seed has it, what the cloud lacks: members,
// and values of types that are not there. It reports whether anything is left of the value.
func (m *metadata) reduce(typ string, value any) bool {
	body, ok := value.(object)
	if !ok {
		return true
	}
	if named, ok := body["@odata.type"].(string); ok {
		typ = typeName(named)
		if m.Types[typ] == nil {
			return false
		}
	}
	t := m.Types[typ]
	if t == nil {
		return true // not a type of the metadata: a value that is kept as it is
	}
	for name, inner := range body {
		member, declared := m.member(t, name)
		if !declared && m.lacks.hasNo(t, name) {
			delete(body, name)
			continue
		}
		if list, ok := inner.([]any); ok {
			body[name] = slices.DeleteFunc(slices.Clone(list), func(x any) bool { return !m.reduce(member, x) })
		} else if !m.reduce(member, inner) {
			delete(body, name)
		}
	}
	return true
}

// hasNo reports whether the cloud lacks a member of a type.
func (l lacking) hasNo(t *entityType, name string) bool {
	return slices.ContainsFunc(append([]string{t.Name}, t.ancestors...), func(typ string) bool {
		return slices.Contains(l.Properties[typ], name) || slices.Contains(l.Navigation[typ], name)
	})
}

// member returns the type of a member and reports whether the type has it.
func (m *metadata) member(t *entityType, name string) (typ string, declared bool) {
	if p, ok := t.properties[name]; ok {
		return p.Type, true
	}
	n, ok := t.navigation[name]
	return n.Type, ok
}
