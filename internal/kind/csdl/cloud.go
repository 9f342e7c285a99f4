package csdl

import (
	"slices"
	"strings"
)

// Cloud is what the metadata of a national cloud lacks of the global one.
type Cloud struct {
	// Source names the files that were compared.
	Source string `json:"source"`
	// Paths are what nothing is at and below.
	Paths []string `json:"paths"`
	Types []string `json:"types"`
	// Properties and Navigation are members by the type that declares them.
	Properties map[string][]string `json:"properties"`
	Navigation map[string][]string `json:"navigation"`
}

// HasType reports whether the cloud has a type, by its name with or without namespace.
func (c Cloud) HasType(name string) bool {
	return !slices.Contains(c.Types, strings.TrimPrefix(name, namespace))
}

// HasPath reports whether the cloud may have something at a path.
func (c Cloud) HasPath(path string) bool {
	return !slices.ContainsFunc(c.Paths, func(gone string) bool { return path == gone || strings.HasPrefix(path, gone+"/") })
}

// HasMember reports whether the cloud has a member of a type that the global cloud has: it
// is declared there by the type, by one that the type extends, or by one that extends it.
func (m *Metadata) HasMember(c Cloud, typ, member string) bool {
	typ = strings.TrimPrefix(typ, namespace)
	declared := false
	for name, t := range m.Types {
		if _, property := t.Properties[member]; !property {
			if _, navigation := t.Navigation[member]; !navigation {
				continue
			}
		}
		if !m.isA(typ, name) && !m.isA(name, typ) {
			continue
		}
		declared = true
		if c.HasType(name) && !slices.Contains(c.Properties[name], member) && !slices.Contains(c.Navigation[name], member) {
			return true
		}
	}
	return !declared
}

// isA reports whether a type is another or extends it.
func (m *Metadata) isA(name, base string) bool {
	for t := m.Types[name]; t != nil; name, t = t.Base, m.Types[t.Base] {
		if name == base {
			return true
		}
	}
	return false
}
