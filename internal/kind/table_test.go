package kind_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/kind/csdl"
)

const metadataFile = "../emulator/metadata.json"

func readMetadata(t *testing.T) *csdl.Metadata {
	t.Helper()
	m, err := csdl.Read(metadataFile)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// shape is the body of a kind or of a contained collection, with what the metadata
// says of it.
type shape struct {
	*kind.Shape
	label   string
	owner   *kind.Kind
	members map[string]csdl.Member
	paths   map[string]csdl.Path
	open    bool
	// unknown reports whether the metadata lacks a type.
	unknown func(typ string) bool
}

// shapes returns the body of every kind and of every contained collection.
func shapes(t *testing.T) []shape {
	t.Helper()
	m := readMetadata(t)
	var all []shape
	add := func(owner *kind.Kind, label string, s *kind.Shape) {
		typ := m.Lookup(s.Type)
		if typ == nil {
			t.Fatalf("%s: the metadata has no type %s", label, s.Type)
		}
		sh := shape{Shape: s, label: label, owner: owner, open: typ.Open, paths: map[string]csdl.Path{}}
		sh.unknown = func(typ string) bool {
			return strings.Contains(typ, ".") && m.Lookup(typ) == nil && m.Enums[typ] == nil
		}
		sh.members = m.Members(s.Type, s.Polymorphic)
		for _, p := range m.Paths(s.Type, s.Polymorphic, sh.carries) {
			sh.paths[p.Path] = p
		}
		all = append(all, sh)
	}
	for _, k := range kind.All() {
		add(k, k.Name, &k.Shape)
		for i := range k.Contained {
			add(k, k.Name+"."+k.Contained[i].Name, &k.Contained[i].Shape)
		}
	}
	return all
}

// contained returns the contained collection whose body it is, or nil.
func (s *shape) contained() *kind.Contained {
	for i := range s.owner.Contained {
		if &s.owner.Contained[i].Shape == s.Shape {
			return &s.owner.Contained[i]
		}
	}
	return nil
}

// undeclared reports whether nothing can be said about a path: an open type answers
// more than the metadata declares, and the metadata leaves some types out.
func (s *shape) undeclared(path string) bool {
	first, _, _ := strings.Cut(strings.ReplaceAll(path, "[]", ""), ".")
	top, ok := s.members[first]
	return !ok && s.open || ok && s.unknown(top.Type)
}

// opaque reports whether nothing can be said about what a path ends in: it leads through a
// navigation property or a base type, whose members the metadata does not list there.
func (s *shape) opaque(path string) bool {
	at := strings.LastIndex(path, ".")
	if at < 0 {
		return false
	}
	parent := strings.TrimSuffix(path[:at], "[]")
	for known := range s.paths {
		if strings.HasPrefix(known, parent+".") || strings.HasPrefix(known, parent+"[].") {
			return false
		}
	}
	first, _, _ := strings.Cut(path, ".")
	return s.members[strings.TrimSuffix(first, "[]")].Type != ""
}

// carries reports whether the body holds a navigation property.
func (s *shape) carries(path string) bool {
	return s.Restorable(path) || slices.Contains(s.Status, path) || slices.Contains(s.Reduce, path)
}

// below reports whether path is one of the prefixes or lies below one.
func below(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool {
		rest, ok := strings.CutPrefix(path, prefix)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// left reports whether a path of the metadata is in a file at all.
func (s *shape) left(path string) bool { return !below(path, s.Drop) && !below(path, s.Reduce) }

func TestKindsAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range kind.All() {
		if seen[k.Name] {
			t.Errorf("%s: two kinds of that name", k.Name)
		}
		seen[k.Name] = true
		if kind.ByName(k.Name) != k {
			t.Errorf("%s: ByName does not find it", k.Name)
		}
		if k.Title == "" || k.Type == "" || !strings.HasPrefix(k.Path, "/") {
			t.Errorf("%s: lacks a title, type or path", k.Name)
		}
		if reads := len(k.Permissions.Read) > 0; reads == (k.Unavailable != "") {
			t.Errorf("%s: has a permission to read if, and only if, it can be read", k.Name)
		}
		writable := len(k.Update)+len(k.Create)+len(k.Links)+len(k.Contained) > 0 && k.Unavailable == ""
		if writes := len(k.Permissions.Write) > 0; writes != writable || writable && k.NeverWritten != "" {
			t.Errorf("%s: has a permission to write if, and only if, it can be written", k.Name)
		}
		if k.Risk < 0 || k.Risk > 9 {
			t.Errorf("%s: risk %d", k.Name, k.Risk)
		}
		if e := k.Enforcement; e != nil {
			for _, s := range slices.Concat(e.Includes, e.Excludes) {
				if _, set := k.Sets[s.Path]; !set && s.By != kind.ByGuest || kind.ByName(s.Of) == nil {
					t.Errorf("%s: a scope is %s of %s, which is no set of a known kind", k.Name, s.Path, s.Of)
				}
			}
		}
		if k.Listed && !k.Singleton {
			t.Errorf("%s: only a singleton can be listed", k.Name)
		}
		soft := k.Deletion.DeletedPath != "" && k.Deletion.RestorePath != ""
		if soft != (k.Deletion.Mode == kind.DeleteSoft) || k.Singleton && k.Deletion.Mode != kind.DeleteNone {
			t.Errorf("%s: deletion mode and paths do not fit", k.Name)
		}
	}
}

func TestEveryPropertyHasOnePlace(t *testing.T) {
	for _, s := range shapes(t) {
		places := map[string]int{}
		if c := s.contained(); c == nil || slices.Contains(c.Key, "id") {
			places["id"] = 1 // otherwise it is another one after re-creation
		}
		for _, name := range slices.Concat(s.Update, s.Create, s.Status) {
			places[name]++
			if _, ok := s.members[name]; !ok {
				t.Errorf("%s: %s has no property %s", s.label, s.Type, name)
			}
		}
		for _, path := range s.Drop {
			if !strings.ContainsAny(path, ".[") {
				places[path]++
			}
		}
		for name, member := range s.members {
			if n := places[name]; n != 1 && (!member.Navigation || n != 0) {
				t.Errorf("%s: %s is in %d of Update, Create, Status and Drop", s.label, name, n)
			}
		}
	}
}

func TestPathsExist(t *testing.T) {
	for _, s := range shapes(t) {
		check := func(list, path string, fits func(csdl.Path) bool) {
			if p, ok := s.paths[path]; !ok || !fits(p) {
				t.Errorf("%s: %s names %q, which the metadata does not have or has otherwise", s.label, list, path)
			}
		}
		collection := func(p csdl.Path) bool { return p.Collection }
		for path, key := range s.Sets {
			if s.undeclared(path) {
				continue
			}
			check("Sets", path, collection)
			for part := range strings.SplitSeq(key, "+") {
				if _, ok := s.paths[path+"[]."+part]; !ok && key != "" {
					t.Errorf("%s: elements of %s have no %q", s.label, path, part)
				}
			}
		}
		for _, path := range s.Ordered {
			check("Ordered", path, collection)
		}
		for path := range s.Strings {
			check("Strings", path, func(p csdl.Path) bool { return s.paths[path+".id"].Path == "" })
		}
		for _, path := range s.Dates {
			check("Dates", path, func(p csdl.Path) bool { return p.Type == "DateTimeOffset" })
		}
		for path := range s.Typed {
			check("Typed", path, func(csdl.Path) bool { return slices.Contains(s.Update, path) })
		}
		for _, path := range s.Reduce {
			check("Reduce", path, func(p csdl.Path) bool { return s.paths[path+".id"].Type == "String" })
		}
		for _, r := range s.References {
			if _, typed := s.Typed[r.Path]; typed && r.Joined != "" || s.opaque(r.Path) {
				continue
			}
			check("References", r.Path, func(p csdl.Path) bool { return p.Type == "String" || p.Type == "Guid" })
		}
		for _, path := range s.DisableFirst {
			check("DisableFirst", path, func(csdl.Path) bool { return s.paths[path+"[].isEnabled"].Type == "Boolean" })
		}
		for _, path := range s.Drop {
			if s.paths[path].Path == "" && !s.undeclared(path) {
				t.Errorf("%s: Drop names %q, which the metadata does not have", s.label, path)
			}
		}
	}
}

func TestNothingIsForgotten(t *testing.T) {
	for _, s := range shapes(t) {
		for path, p := range s.paths {
			_, set := s.Sets[path]
			if p.Collection && s.left(path) && set == slices.Contains(s.Ordered, path) {
				t.Errorf("%s: the collection %s must be in one of Sets and Ordered", s.label, path)
			}
			if p.Type == "DateTimeOffset" && s.left(path) && !slices.Contains(s.Dates, path) {
				t.Errorf("%s: the date %s is in neither Dates nor Drop", s.label, path)
			}
		}
	}
}

func TestListsOfPropertiesFit(t *testing.T) {
	for _, s := range shapes(t) {
		for name, reason := range s.NotRestored {
			if !slices.Contains(s.Status, name) || reason == "" {
				t.Errorf("%s: NotRestored names %s, which is not in Status or has no reason", s.label, name)
			}
		}
		for _, name := range slices.Concat(s.NotClearable, s.OwnRequest) {
			if !slices.Contains(s.Update, name) {
				t.Errorf("%s: %s is NotClearable or OwnRequest but not in Update", s.label, name)
			}
		}
		for _, name := range s.Personal {
			if !s.Restorable(name) && !slices.Contains(s.Status, name) {
				t.Errorf("%s: %s is personal but not kept", s.label, name)
			}
		}
		name := s.NameFrom
		if name == "" {
			name = "displayName"
		}
		if _, ok := s.members[name]; !ok && s.owner.Name == s.label {
			t.Errorf("%s: NameFrom %s does not exist", s.label, name)
		}
	}
}

func TestTargetsAreKinds(t *testing.T) {
	known := func(label string, targets []string) {
		for _, target := range targets {
			if kind.ByName(target) == nil {
				t.Errorf("%s: there is no kind %s", label, target)
			}
		}
		if len(targets) == 0 {
			t.Errorf("%s: has no target", label)
		}
	}
	for _, s := range shapes(t) {
		for _, r := range s.References {
			known(s.label+": "+r.Path, r.Targets)
		}
	}
	for _, k := range kind.All() {
		for _, l := range k.Links {
			known(k.Name+": "+l.Name, l.Targets)
		}
	}
}

func TestLinksAndContainedAreNavigation(t *testing.T) {
	m := readMetadata(t)
	for _, k := range kind.All() {
		members := m.Members(k.Type, k.Polymorphic)
		for _, l := range k.Links {
			if n := members[l.Name]; !n.Navigation || n.Collection == l.Single {
				t.Errorf("%s: link %s: the metadata says %+v", k.Name, l.Name, n)
			}
		}
		for _, c := range k.Contained {
			if h := c.Holder; h != nil {
				other := kind.ByName(h.Kind)
				if other == nil || !slices.ContainsFunc(other.Contained, func(c kind.Contained) bool { return c.Name == h.Contained }) {
					t.Errorf("%s: contained %s: what it is about is in %s of %s, which is none", k.Name, c.Name, h.Contained, h.Kind)
				}
			}
			n := members[c.Name]
			if !n.Navigation || n.Collection == c.Single || "microsoft.graph."+n.Type != c.Type {
				t.Errorf("%s: contained %s: the metadata says %+v", k.Name, c.Name, n)
			}
		}
	}
}

func TestKeysExist(t *testing.T) {
	for _, s := range shapes(t) {
		if c := s.contained(); c != nil {
			for _, key := range c.Key {
				if s.paths[key].Path == "" {
					t.Errorf("%s: the key %s does not exist", s.label, key)
				}
			}
			continue
		}
		for _, name := range s.owner.NaturalKey {
			if !slices.Contains(s.Create, name) {
				t.Errorf("%s: the natural key %s is not given at creation", s.label, name)
			}
		}
		if id := s.owner.ChosenID; id != "" && id != "id" && !slices.Contains(s.Create, id) {
			t.Errorf("%s: the chosen id %s is not given at creation", s.label, id)
		}
		if id := s.owner.IDFrom; id != "" && s.members["id"].Name != "" {
			t.Errorf("%s: is identified by %s but has an id", s.label, id)
		}
	}
}

func TestOperationsNameProperties(t *testing.T) {
	for _, s := range shapes(t) {
		for _, a := range s.Actions {
			for _, name := range a.Properties {
				if !slices.Contains(s.Update, name) {
					t.Errorf("%s: %s writes %s, which is not in Update", s.label, a.Name, name)
				}
			}
			if (a.Add != "") != (a.Remove != "") || a.Add != "" && (len(a.Properties) != 1 || s.Sets[a.Properties[0]] == "") {
				t.Errorf("%s: %s must add to and remove from one set with a key", s.label, a.Name)
			}
		}
		for path, c := range s.Keep {
			if _, set := s.Sets[path]; !set || s.paths[path+"[]."+c.Property].Path == "" {
				t.Errorf("%s: Keep of %s by %s: no such set or property", s.label, path, c.Property)
			}
		}
		requests, expand := s.owner.Requests, s.owner.Expand
		if c := s.contained(); c != nil {
			requests, expand = c.Requests, c.Expand
		}
		if requests != nil {
			for _, name := range requests.Send {
				if !s.Restorable(name) {
					t.Errorf("%s: a request sends %s, which is not in Update or Create", s.label, name)
				}
			}
		}
		for _, name := range expand {
			if n := s.members[name]; !n.Navigation || n.Collection {
				t.Errorf("%s: Expand of %s: the metadata says %+v", s.label, name, n)
			}
		}
	}
}

func TestReadingOrder(t *testing.T) {
	before := map[string]bool{}
	for _, k := range kind.All() {
		if k.Parent != nil && !before[k.Parent.Kind] {
			t.Errorf("%s: its parent %s must be read before it", k.Name, k.Parent.Kind)
		}
		if k.Parent != nil && k.Annotate {
			t.Errorf("%s: the names that its files carry are wanted too late: it is read after those who have them", k.Name)
		}
		before[k.Name] = true
		for _, e := range k.Extras {
			for _, name := range e.Properties {
				if !k.Restorable(name) && !slices.Contains(k.Status, name) {
					t.Errorf("%s: the extra %s has no place", k.Name, name)
				}
			}
		}
	}
}
