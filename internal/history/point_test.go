package history

import (
	"errors"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

func TestFind(t *testing.T) {
	a := newArchive(t)
	manifest := covering("groups", "namedLocations")
	a.snapshot(manifest, filesOf(t, group("a1", "One"), location("l1", "HQ"), location("l2", "Lab"),
		&entra.Object{Key: entra.Key{Kind: "organization", ID: tenantID}, Name: "Contoso", Spec: map[string]any{"displayName": "Contoso"}}))
	p := a.at("")
	for _, tt := range []struct{ kind, id, want string }{
		{"namedLocations", "l2", "tenant/namedLocations/lab.l2.yaml"},
		{"namedLocations", "l3", ""},
		{"groups", "a1", "tenant/groups/a1.yaml"},
		{"organization", tenantID, "tenant/organization.yaml"},
		{"authorizationPolicy", "authorizationPolicy", ""},
	} {
		path, _ := p.Find(kind.ByName(tt.kind), tt.id)
		if path != tt.want {
			t.Errorf("%s/%s is at %q, want %q", tt.kind, tt.id, path, tt.want)
		}
	}
	if _, err := p.Read("tenant/groups/a2.yaml"); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// A snapshot of before a kind became a bulk kind names its files in the old way.
func TestFindInTheOldLayout(t *testing.T) {
	a := newArchive(t)
	_, data := file(t, group("a1", "One"))
	a.snapshot(covering("groups"), map[string]string{"tenant/groups/one.a1.yaml": data})
	p := a.at("")
	for range 2 {
		if path, ok := p.Find(kind.ByName("groups"), "a1"); path != "tenant/groups/one.a1.yaml" || !ok {
			t.Errorf("groups/a1 is at %q", path)
		}
	}
	if path, ok := p.Find(kind.ByName("groups"), "a2"); ok {
		t.Errorf("groups/a2 is at %q", path)
	}
}

func TestMissing(t *testing.T) {
	a := newArchive(t)
	manifest := covering("groups", "namedLocations")
	manifest.Kinds["users"] = entra.Coverage{State: entra.Forbidden}
	a.snapshot(manifest, filesOf(t, group("a1", "One"), location("l1", "HQ")))
	p := a.at("")
	for _, tt := range []struct {
		id    string
		kinds []string
		want  bool
	}{
		{"a1", []string{"namedLocations", "groups"}, false},
		{"l1", []string{"namedLocations", "groups"}, false},
		{"a2", []string{"namedLocations", "groups"}, true},
		{"l1", []string{"groups"}, true},
		{"a2", []string{"groups", "users"}, false}, // nobody knows
		{"../a1", []string{"groups"}, true},
	} {
		if got, err := p.Missing(tt.id, tt.kinds...); err != nil || got != tt.want {
			t.Errorf("%s of %s is missing: %v (%v), want %v", tt.id, tt.kinds, got, err, tt.want)
		}
	}
}

func TestObjects(t *testing.T) {
	a := newArchive(t)
	a.snapshot(covering("groups", "namedLocations"), filesOf(t, group("a1", "One"), group("a2", "Two"), location("l1", "HQ")))
	p := a.at("")
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"groups/a1", "groups/a2", "namedLocations/l1"}},
		{[]string{"groups/Two", "namedLocations"}, []string{"groups/a2", "namedLocations/l1"}},
	} {
		selection, err := diff.ParseSelection(tt.args, nil)
		must(t, err)
		selection, err = selection.In(p)
		must(t, err)
		var got []string
		for o, err := range p.Objects(selection) {
			must(t, err)
			got = append(got, o.String())
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s selects %s, want %s", tt.args, got, tt.want)
		}
		for range p.Objects(selection) {
			break // does not go on
		}
	}
	selection, err := diff.ParseSelection([]string{"groups/Two", "groups/nobody"}, nil)
	must(t, err)
	if _, err := selection.In(p); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("a path that selects nothing: %v", err)
	}
}

func TestNamer(t *testing.T) {
	a := newArchive(t)
	manifest := covering("groups", "namedLocations", "servicePrincipals")
	sp := &entra.Object{Key: entra.Key{Kind: "servicePrincipals", ID: "s1"}, Name: "Payroll", Spec: map[string]any{"displayName": "Payroll"},
		Status: map[string]any{"appId": "app-1"}}
	a.snapshot(manifest, filesOf(t, group("a1", "Old name"), group("a2", "Gone"), location("l1", "HQ"), sp))
	path, _ := file(t, group("a2", "Gone"))
	files := filesOf(t, group("a1", "New name"))
	files[path] = ""
	a.snapshot(manifest, files)
	n := NewNamer(a.at(""), a.at("seq:1"))
	for _, tt := range []struct {
		targets []string
		by      string
		value   string
		want    string
	}{
		{[]string{"groups"}, "", "a1", "groups: New name"},
		{[]string{"groups"}, "", "a2", "groups: Gone"},
		{[]string{"groups"}, "", "a3", ""},
		{[]string{"users", "groups"}, "", "a1", "groups: New name"},
		{[]string{"noSuchKind", "namedLocations"}, "", "l1", "namedLocations: HQ"},
		{[]string{"servicePrincipals"}, "appId", "app-1", "servicePrincipals: Payroll"},
		{[]string{"servicePrincipals"}, "appId", "app-2", ""},
		{[]string{"servicePrincipals"}, "", "app-1", ""},
	} {
		ref := &kind.Reference{Targets: tt.targets, By: tt.by}
		for range 2 { // and again, from memory
			if got, ok := n.Label(ref, tt.value); got != tt.want || ok != (tt.want != "") {
				t.Errorf("%s %s %s is %q, want %q", tt.targets, tt.by, tt.value, got, tt.want)
			}
		}
	}
}

func TestLive(t *testing.T) {
	a := newArchive(t)
	manifest := covering("groups", "namedLocations")
	a.snapshot(manifest, filesOf(t, group("a1", "One"), group("a2", "Two"), group("a4", "Four"), location("l1", "HQ")))
	base := a.at("")
	l, err := NewLive(base)
	must(t, err)
	defer l.Close()
	put := func(o *entra.Object, want entra.ChangeType) string {
		t.Helper()
		path, content := file(t, o)
		got, err := l.Put(path, []byte(content))
		must(t, err)
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
		return path
	}
	put(group("a1", "One"), "")
	put(group("a2", "Two again"), entra.Changed)
	put(group("a3", "Three"), entra.Added)
	gone, _ := file(t, group("a4", "Four"))
	must(t, l.Delete(gone))
	first := put(location("l2", "Temporary"), entra.Added)
	then, _ := file(t, location("l2", "Lab"))
	must(t, l.Move(first, then))

	now := l.Point(manifest, epoch)
	if at := now.Point(); !at.Live() || at.String() != "the tenant at 2026-10-01 06:00 UTC" {
		t.Errorf("the point is %s", at)
	}
	var paths []string
	for _, name := range []string{"groups", "namedLocations"} {
		for f, err := range now.Files(name) {
			must(t, err)
			paths = append(paths, f.Path)
		}
	}
	want := []string{"tenant/groups/a1.yaml", "tenant/groups/a2.yaml", "tenant/groups/a3.yaml", "tenant/namedLocations/hq.l1.yaml", "tenant/namedLocations/lab.l2.yaml"}
	if !slices.Equal(paths, want) {
		t.Errorf("files %s, want %s", paths, want)
	}
	for _, tt := range []struct{ path, want string }{{"tenant/groups/a1.yaml", "One"}, {"tenant/groups/a2.yaml", "Two again"}} {
		if o, err := now.Object(kind.ByName("groups"), tt.path); err != nil || o.Name != tt.want {
			t.Errorf("%s: %v %v", tt.path, o, err)
		}
	}
	must(t, l.Delete("tenant/groups/a1.yaml")) // and found after all
	put(group("a1", "One"), "")
	must(t, l.Reset("tenant/namedLocations"))
	n := 0
	for range now.Files("groups") {
		n++
	}
	if n != 3 {
		t.Errorf("%d groups after one was deleted and put again", n)
	}
	must(t, l.Reset("tenant/groups"))
	n = 0
	for range now.Files("groups") {
		n++
	}
	if n != 3 {
		t.Errorf("%d groups after a reset, want those of the snapshot", n)
	}
}
