package emulator

import (
	"slices"
	"strings"
	"testing"
)

// Every name in the table is one that the metadata knows.
func TestTableNamesExist(t *testing.T) {
	meta, err := loadMetadata(CloudGlobal)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range allResources {
		if meta.Types[r.typ] == nil {
			t.Errorf("%s: no type %s", r.path, r.typ)
			continue
		}
		names := slices.Concat(r.readOnly, r.createOnly, r.required, r.alone, r.delegated, r.merge, r.inline,
			r.selectOnly, r.byDefault, r.itemOnly, r.needs, r.alternate, r.bare, r.scope, []string{r.modified, r.created})
		for _, ref := range r.refs {
			root, _, _ := strings.Cut(ref.path, ".")
			names = append(names, root)
			for _, path := range ref.in {
				if other, _, ok := newTable(allResources).find(path); !ok {
					t.Errorf("%s: reference %s to %s, which is no collection", r.path, ref.path, path)
				} else if ref.by != "" && !someTypeHas(meta, other.typ, ref.by) {
					t.Errorf("%s: reference %s by %s, which %s does not have", r.path, ref.path, ref.by, other.typ)
				}
			}
		}
		for _, name := range names {
			if name != "" && !someTypeHas(meta, r.typ, name) {
				t.Errorf("%s: %s has no %s", r.path, r.typ, name)
			}
		}
		for _, l := range r.links {
			checkLinkNames(t, meta, r, l)
		}
	}
}

func checkLinkNames(t *testing.T, meta *metadata, r *resource, l link) {
	t.Helper()
	nav, ok := meta.Types[r.typ].navigation[l.name]
	if !ok || nav.Collection == l.single {
		t.Errorf("%s: %s has no such relationship: %s", r.path, r.typ, l.name)
	}
	for _, to := range l.to {
		if meta.Types[to] != nil && !meta.isA(to, nav.Type) {
			t.Errorf("%s: %s cannot hold %s", r.path, l.name, to)
		}
	}
}

func someTypeHas(meta *metadata, typ, name string) bool {
	for other := range meta.Types {
		if meta.isA(other, typ) && meta.has(other, name) {
			return true
		}
	}
	return false
}

func TestSegments(t *testing.T) {
	for path, want := range map[string][]segment{
		"/users":                   {{name: "users"}},
		"/users/a%2Fb":             {{name: "users"}, {name: "a/b"}},
		"/users/":                  {{name: "users"}},
		"/applications(appId='x')": {{name: "applications", property: "appId", key: "x", keyed: true}},
		"/users('o''neil@x.com')":  {{name: "users", key: "o'neil@x.com", keyed: true}},
		"/users/a%28b%29@x.com":    {{name: "users"}, {name: "a(b)@x.com"}},
		"/users/delta()":           {{name: "users"}, {name: "delta"}},
	} {
		got, err := parsePath(path)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %+v, %v", path, got, err)
		}
	}
}

// Every collection and singleton of the table answers.
func TestEveryCollectionAnswers(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	tenant := c.server.TenantID()
	for _, r := range allResources {
		path := strings.Replace(r.path, "/organization/*", "/organization/"+tenant, 1)
		if strings.Contains(path, "*") {
			continue
		}
		want := []int{200}
		switch {
		case r.delegatedOnly:
			want = []int{403}
		case r.singleton:
			want = []int{200, 404} // the seed may not have it
		case r.denies("LIST"):
			want = []int{405}
		case r.scope != nil || r.source != nil && r.source.castOnly:
			want = []int{400}
		}
		if a := c.do("GET", path, ""); !slices.Contains(want, a.status) {
			t.Errorf("GET %s: %d %s", path, a.status, a.text)
		}
	}
	c.get("/policies/roleManagementPolicies?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'")
	c.refuses(400, "UnknownError", "MissingProvider", "GET", "/policies/roleManagementPolicies?$filter=scopeId eq '/'", "")
}
