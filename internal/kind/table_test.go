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

// keepsID reports whether the body has its id: a contained object that is known by
// something else has not.
func (s *shape) keepsID() bool {
	for i := range s.owner.Contained {
		if c := &s.owner.Contained[i]; &c.Shape == s.Shape {
			return slices.Contains(c.Key, "id")
		}
	}
	return true
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
		if k.Title == "" || k.Type == "" || !strings.HasPrefix(k.Path, "/") || len(k.Permissions.Read) == 0 {
			t.Errorf("%s: lacks a title, type, path or permission to read", k.Name)
		}
		if len(k.Update)+len(k.Create)+len(k.Links)+len(k.Contained) > 0 && len(k.Permissions.Write) == 0 {
			t.Errorf("%s: lacks a permission to write", k.Name)
		}
		if k.Risk < 0 || k.Risk > 9 {
			t.Errorf("%s: risk %d", k.Name, k.Risk)
		}
		for _, path := range k.Spares {
			if _, set := k.Sets[path]; !set {
				t.Errorf("%s: Spares names %s, which is no set", k.Name, path)
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
		if s.keepsID() {
			places["id"] = 1
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
			check("Strings", path, func(p csdl.Path) bool { return !p.Collection })
		}
		for _, path := range s.Dates {
			check("Dates", path, func(p csdl.Path) bool { return p.Type == "DateTimeOffset" })
		}
		for _, path := range s.Reduce {
			check("Reduce", path, func(p csdl.Path) bool { return s.paths[path+".id"].Type == "String" })
		}
		for _, r := range s.References {
			check("References", r.Path, func(p csdl.Path) bool { return p.Type == "String" || p.Type == "Guid" })
		}
		for _, path := range s.DisableFirst {
			check("DisableFirst", path, func(csdl.Path) bool { return s.paths[path+"[].isEnabled"].Type == "Boolean" })
		}
		for _, path := range s.Drop {
			// An open type answers more than the metadata declares.
			first, _, _ := strings.Cut(path, ".")
			if _, declared := s.members[first]; s.paths[path].Path == "" && (declared || !s.open) {
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
		for _, name := range slices.Concat(s.Sticky, s.Alone) {
			if !slices.Contains(s.Update, name) {
				t.Errorf("%s: %s is Sticky or Alone but not in Update", s.label, name)
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
			n := members[c.Name]
			if !n.Navigation || !n.Collection || "microsoft.graph."+n.Type != c.Type {
				t.Errorf("%s: contained %s: the metadata says %+v", k.Name, c.Name, n)
			}
			for _, key := range c.Key {
				if _, ok := m.Members(c.Type, c.Polymorphic)[key]; !ok {
					t.Errorf("%s: contained %s: no property %s", k.Name, c.Name, key)
				}
			}
		}
	}
}

func TestLocksNameParts(t *testing.T) {
	for _, k := range kind.All() {
		parts := map[string]bool{}
		for _, name := range slices.Concat(k.Update, k.Create) {
			parts["spec/"+name] = true
		}
		for _, l := range k.Links {
			parts["links/"+l.Name] = true
		}
		for _, c := range k.Contained {
			parts["contained/"+c.Name] = true
		}
		for _, lock := range k.Locks {
			if lock.Reason == "" || len(lock.When) == 0 || len(lock.Parts) > 0 && len(lock.Except) > 0 {
				t.Errorf("%s: lock %q is not whole", k.Name, lock.Reason)
			}
			for _, part := range slices.Concat(lock.Parts, lock.Except) {
				if !parts[part] {
					t.Errorf("%s: lock %q names %s", k.Name, lock.Reason, part)
				}
			}
			for _, c := range lock.When {
				if !k.Restorable(c.Property) && !slices.Contains(k.Status, c.Property) {
					t.Errorf("%s: lock %q depends on %s, which is not kept", k.Name, lock.Reason, c.Property)
				}
			}
		}
	}
}
