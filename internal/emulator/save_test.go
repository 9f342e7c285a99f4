package emulator

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tenant is everything that a save must keep, in a form that can be compared.
func tenantOf(s *store) map[string]any {
	all := map[string]any{"tenant": s.tenantID}
	for path, body := range s.singletons {
		all[path] = body
	}
	for _, path := range s.paths() {
		for _, e := range s.list(path) {
			body := maps.Clone(e.body)
			delete(body, "@odata.type")
			all[path+"/"+e.id] = []any{e.typ, body}
		}
	}
	for id, e := range s.deleted {
		all["deleted/"+id] = []any{e.typ, e.collection, e.body}
	}
	for key, e := range s.links {
		if ids := slices.Sorted(slices.Values(e.ids)); len(ids) > 0 {
			all[fmt.Sprint("link ", key)] = ids
		}
	}
	return all
}

func TestSavedTenantLoadsAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	first, err := New(Options{Save: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := seeded(first.store.tenantID)
	first.store.remove(first.store.get("/users", c.user("apprentice")))
	first.store.remove(first.store.get("/groups", c.id("groups", "announcements")))
	want := tenantOf(first.store)
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	second, err := New(Options{Seed: "empty", Load: dir})
	if err != nil {
		t.Fatal(err)
	}
	if got := tenantOf(second.store); !reflect.DeepEqual(got, want) {
		t.Errorf("the loaded tenant differs (-saved +loaded):\n%.4000s", cmp.Diff(want, got))
	}
	if second.TenantID() != first.TenantID() {
		t.Errorf("tenant %s became %s", first.TenantID(), second.TenantID())
	}
}

func TestSaveReplacesAnEarlierSave(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	s, err := New(Options{Seed: "empty", Save: dir})
	if err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(dir, "users", "stale.json")
	for range 2 {
		if err := s.Save(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(stale); err == nil {
			t.Error("a file of the earlier save is still there")
		}
		if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(stale, []byte(`{"id":"stale"}`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSaveLeavesOtherFoldersAlone(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(dir, "thesis.txt")
	if err := os.WriteFile(precious, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Seed: "empty", Save: dir}); err == nil {
		t.Error("a folder that is not ours would be saved over")
	}
	s, err := New(Options{Seed: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	if err := save(s.store, dir); err == nil {
		t.Error("saved over a folder that is not ours")
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}
