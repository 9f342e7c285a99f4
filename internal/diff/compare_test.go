package diff

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// side is a point held in memory.
type side struct {
	manifest entra.Manifest
	files    map[string]string
	read     []string // paths that were read
	fail     error    // after the first file
	// elsewhere is the coverage of files that come from another snapshot.
	elsewhere map[string]entra.Coverage
	backward  bool
}

func (s *side) Point() entra.Point       { return entra.Point{Seq: 1} }
func (s *side) Manifest() entra.Manifest { return s.manifest }

// Extent is by the manifest, unless the file comes from elsewhere.
func (s *side) Extent(key entra.Key, path string) (entra.Extent, error) {
	if cover, ok := s.elsewhere[path]; ok {
		return cover.Of(key.ID), nil
	}
	return s.manifest.Kinds[key.Kind].Of(key.ID), nil
}

func (s *side) Files(kindName string) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		paths := slices.Sorted(maps.Keys(s.files))
		if s.backward {
			slices.Reverse(paths)
		}
		for _, path := range paths {
			if name, _, _ := canon.ParsePath(path); name != kindName {
				continue
			}
			if !yield(File{Path: path, Hash: s.files[path]}, nil) {
				return
			}
			if s.fail != nil {
				yield(File{}, s.fail)
				return
			}
		}
	}
}

// Folder lists the same files. No folder has a hash.
func (s *side) Folder(path string) ([]Entry, error) {
	var files Listing
	for _, path := range slices.Sorted(maps.Keys(s.files)) {
		files = append(files, File{Path: path, Hash: "=" + s.files[path]})
	}
	entries, _ := files.Folder(path)
	if s.backward {
		slices.Reverse(entries)
	}
	if s.fail != nil && path == "tenant/groups" {
		return nil, s.fail
	}
	return entries, nil
}

func (s *side) Read(path string) ([]byte, error) {
	s.read = append(s.read, path)
	return []byte(s.files[path]), nil
}

// point is a side with the files of objects, all kinds that occur read completely.
func point(t *testing.T, files map[string]*entra.Object) *side {
	t.Helper()
	s := &side{manifest: entra.Manifest{Kinds: map[string]entra.Coverage{}}, files: map[string]string{}}
	for path, o := range files {
		k := kind.ByName(o.Kind)
		var e canon.Encoder
		enc, err := e.EncodeObject(k, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.files[path] = string(enc.YAML)
		s.manifest.Kinds[o.Kind] = complete(k)
	}
	return s
}

func complete(k *kind.Kind) entra.Coverage {
	c := entra.Coverage{State: entra.Complete}
	for _, l := range k.Links {
		c.Links = append(c.Links, l.Name)
	}
	for _, l := range k.Contained {
		c.Contained = append(c.Contained, l.Name)
	}
	return c
}

func group(id, name string, members ...string) *entra.Object {
	return &entra.Object{
		Key: entra.Key{Kind: "groups", ID: id}, Name: name,
		Spec:  map[string]any{"displayName": name},
		Links: map[string][]string{"members": members},
	}
}

func location(id, name string) *entra.Object {
	return &entra.Object{
		Key: entra.Key{Kind: "namedLocations", ID: id}, Name: name,
		Spec: map[string]any{"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": name},
	}
}

// summary is a change in one line.
func summary(set *entra.ChangeSet) []string {
	var lines []string
	for _, c := range set.Changes {
		line := string(c.Type) + " " + c.String() + " " + c.Name
		if c.OldName != "" {
			line += " was " + c.OldName
		}
		lines = append(lines, line)
	}
	return lines
}

func TestCompare(t *testing.T) {
	a := point(t, map[string]*entra.Object{
		"tenant/groups/a1.yaml":              group("a1", "same", "u1"),
		"tenant/groups/a2.yaml":              group("a2", "old name", "u1"),
		"tenant/groups/a3.yaml":              group("a3", "removed"),
		"tenant/groups/a5.yaml":              group("a5", "moved"),
		"tenant/namedLocations/hq.1.yaml":    location("1", "HQ"),
		"tenant/namedLocations/lab.2.yaml":   location("2", "Lab"),
		"tenant/namedLocations/store.3.yaml": location("3", "Store"),
	})
	b := point(t, map[string]*entra.Object{
		"tenant/groups/a1.yaml":               group("a1", "same", "u1"),
		"tenant/groups/a2.yaml":               group("a2", "new name", "u1", "u2"),
		"tenant/groups/a4.yaml":               group("a4", "added"),
		"tenant/groups/a5/a5.yaml":            group("a5", "moved"),
		"tenant/namedLocations/hq.1.yaml":     location("1", "HQ"),
		"tenant/namedLocations/office.2.yaml": location("2", "Office"),
	})
	names := func(ref *kind.Reference, id string) (string, bool) { return ref.Targets[0] + ": " + id, id == "u2" }
	set, err := Compare(a, b, Options{Names: names})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"changed namedLocations/2 Office was Lab", // a renamed file is one object
		"removed namedLocations/3 Store",
		"changed groups/a2 new name was old name",
		"removed groups/a3 removed",
		"added groups/a4 added",
	}
	if d := cmp.Diff(want, summary(set)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff(map[string]string{"u2": "users: u2"}, set.Names); d != "" {
		t.Errorf("names (-want +got):\n%s", d)
	}
	// The newer side may be looked through for mentions of what was removed.
	if slices.Contains(a.read, "tenant/groups/a1.yaml") || slices.Contains(a.read, "tenant/groups/a5.yaml") {
		t.Error("read a file that is the same on both sides")
	}
}

func TestCompareIgnoresComments(t *testing.T) {
	a := point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "g", "u1")})
	b := point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "g", "u1")})
	b.files["tenant/groups/a1.yaml"] = strings.Replace(b.files["tenant/groups/a1.yaml"], "\n- u1\n", "\n- u1 # users: Adele\n", 1)
	b.files["tenant/groups/a1.yaml"] = strings.Replace(b.files["tenant/groups/a1.yaml"], "\n  - u1\n", "\n  - u1 # users: Adele\n", 1)
	if a.files["tenant/groups/a1.yaml"] == b.files["tenant/groups/a1.yaml"] {
		t.Fatal("the files do not differ")
	}
	set, err := Compare(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Changes) != 0 {
		t.Errorf("changes: %v", summary(set))
	}
}

// A label may cost a reading of the tenant: each is asked for once.
func TestCompareAsksForEachNameOnce(t *testing.T) {
	a := point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "one"), "tenant/groups/a2.yaml": group("a2", "two")})
	b := point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "one", "u1", "u2"), "tenant/groups/a2.yaml": group("a2", "two", "u2")})
	var asked []string
	names := func(_ *kind.Reference, id string) (string, bool) {
		asked = append(asked, id)
		return "users: " + id, true
	}
	if _, err := Compare(a, b, Options{Names: names}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"u1", "u2"}, asked); d != "" {
		t.Errorf("asked for (-want +got):\n%s", d)
	}
}

// Files that are no objects' are never taken for one another.
func TestDifferingForeignFiles(t *testing.T) {
	foreign := func(path string) view {
		s := &side{files: map[string]string{path: path}}
		return view{Side: s, top: top{"groups": {Name: "groups", Folder: true}}}
	}
	c := comparison{kind: kind.ByName("groups"), a: foreign("tenant/groups/a/b/c"), b: foreign("tenant/groups/d/e/f")}
	pairs, err := c.differing()
	if err != nil {
		t.Fatal(err)
	}
	if want := []pair{{after: "tenant/groups/d/e/f"}, {before: "tenant/groups/a/b/c"}}; !slices.Equal(pairs, want) {
		t.Errorf("pairs %v, want %v", pairs, want)
	}
}

// A kind that was not listed to its end says nothing about its objects.
func TestCompareUnread(t *testing.T) {
	objects := map[string]*entra.Object{
		"tenant/groups/a1.yaml":           group("a1", "g", "u1"),
		"tenant/namedLocations/hq.1.yaml": location("1", "HQ"),
	}
	a, b := point(t, objects), point(t, objects)
	clear(b.files)
	b.manifest.Kinds["groups"] = entra.Coverage{State: entra.Forbidden, Cause: "needs Group.Read.All"}
	delete(b.manifest.Kinds, "namedLocations")
	set, err := Compare(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []entra.Unread{
		{Kind: "namedLocations", State: entra.Skipped, Cause: "not part of the snapshot"},
		{Kind: "groups", State: entra.Forbidden, Cause: "needs Group.Read.All"},
	}
	if d := cmp.Diff(want, set.Unread); d != "" || len(set.Changes) != 0 {
		t.Errorf("changes %v, unread (-want +got):\n%s", summary(set), d)
	}
	b = point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "g")})
	b.manifest.Kinds["groups"] = entra.Coverage{State: entra.Partial, Cause: "members of hidden groups", Links: []string{"owners"}}
	set, err = Compare(a, b, Options{Selection: selection(t, "groups")})
	if err != nil {
		t.Fatal(err)
	}
	want = []entra.Unread{{Kind: "groups", Link: "members", State: entra.Partial, Cause: "members of hidden groups"}}
	if d := cmp.Diff(want, set.Unread); d != "" || len(set.Changes) != 0 {
		t.Errorf("changes %v, unread (-want +got):\n%s", summary(set), d)
	}
}

func selection(t *testing.T, args ...string) Selection {
	t.Helper()
	s, err := ParseSelection(args, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCompareSelected(t *testing.T) {
	a := point(t, map[string]*entra.Object{
		"tenant/groups/a1.yaml":           group("a1", "one"),
		"tenant/groups/a2.yaml":           group("a2", "two", "u1"),
		"tenant/namedLocations/hq.1.yaml": location("1", "HQ"),
	})
	b := point(t, map[string]*entra.Object{
		"tenant/groups/a1.yaml":            group("a1", "uno"),
		"tenant/groups/a2.yaml":            group("a2", "due", "u2"),
		"tenant/namedLocations/hq2.1.yaml": location("1", "HQ2"),
	})
	tests := []struct {
		objects, parts []string
		want           []string
	}{
		{[]string{"groups/one"}, nil, []string{"changed groups/a1 uno was one"}},
		{[]string{"groups/uno"}, nil, []string{"changed groups/a1 uno was one"}},
		{[]string{"groups/a2"}, []string{"mail"}, nil},
		{[]string{"tenant/namedLocations/hq.*"}, nil, []string{"changed namedLocations/1 HQ2 was HQ"}},
		{nil, []string{"links.members"}, []string{"changed groups/a2 due was two"}},
		{[]string{"groups"}, []string{"displayName", "links.members"}, []string{"changed groups/a1 uno was one", "changed groups/a2 due was two"}},
	}
	for _, tt := range tests {
		s, err := ParseSelection(tt.objects, tt.parts)
		if err != nil {
			t.Fatal(err)
		}
		set, err := Compare(a, b, Options{Selection: s})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, summary(set)); d != "" {
			t.Errorf("%v %v (-want +got):\n%s", tt.objects, tt.parts, d)
		}
	}
}

func TestCompareErrorsNameTheKind(t *testing.T) {
	objects := map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "g"), "tenant/groups/a2.yaml": group("a2", "g")}
	a, b := point(t, objects), point(t, objects)
	b.fail = errors.New("torn pack")
	if _, err := Compare(a, b, Options{}); err == nil || !strings.Contains(err.Error(), "compare groups: torn pack") {
		t.Errorf("error %v", err)
	}
	b.fail = nil
	b.backward = true
	if _, err := Compare(a, b, Options{}); err == nil || !strings.Contains(err.Error(), "out of order") {
		t.Errorf("error %v", err)
	}
	b.backward = false
	b.files["tenant/groups/a1.yaml"] = "{"
	if _, err := Compare(a, b, Options{}); err == nil || !strings.Contains(err.Error(), "compare groups: ") {
		t.Errorf("error %v", err)
	}
}

// TestCompareFilesOfSeveralSnapshots: what was read of an object is for the snapshot to
// say that its file comes from, on a branch where files of several lie side by side.
func TestCompareFilesOfSeveralSnapshots(t *testing.T) {
	const path = "tenant/groups/a1.yaml"
	cover := complete(kind.ByName("groups"))
	without := cover.Except(entra.Exception{ID: "a1", Part: "links/members", Cause: "busy"})
	for _, tt := range []struct {
		name            string
		main, file      entra.Coverage
		changes, unread int
	}{
		{"the file's snapshot did not read it", cover, without, 0, 1},
		{"the commit's manifest did not", without, cover, 1, 0},
		{"both did", cover, cover, 1, 0},
		{"neither did", without, without, 0, 1},
	} {
		a := point(t, map[string]*entra.Object{path: group("a1", "g", "u1")})
		b := point(t, map[string]*entra.Object{path: group("a1", "g", "u2")})
		a.manifest.Kinds["groups"], a.elsewhere = tt.main, map[string]entra.Coverage{path: tt.file}
		set, err := Compare(a, b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(set.Changes) != tt.changes || len(set.Unread) != tt.unread {
			t.Errorf("%s: %d changes, unread %v", tt.name, len(set.Changes), set.Unread)
		}
	}
}
