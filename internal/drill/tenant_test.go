package drill

import (
	"testing"

	"github.com/entragit/entragit/internal/emulator"
)

// A snapshot that was loaded and captured again is the same, object for object.
func TestLoadedTenantIsTheSnapshot(t *testing.T) {
	from := snapshot(t, emulator.Options{})
	loaded, err := newTenant(from, snapshotTime, "entragit/test", "")
	must(t, err)
	defer loaded.Close()
	s, err := loaded.look(t.Context(), nil)
	must(t, err)
	defer s.Close()
	for key, c := range s.changes {
		t.Errorf("%s (%s) was %s: %+v %+v", key, c.Name, c.Type, c.Properties, c.Links)
	}
	for _, u := range s.unread {
		t.Errorf("%s: %s", u.Kind, u.Cause)
	}
}
