package history

import (
	"errors"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// What one object asks of the repository and cannot have is that object's fault; the
// others are stored, and told apart by what the snapshot before has.
func TestSink(t *testing.T) {
	a := newArchive(t)
	a.snapshot(entra.Manifest{Tenant: tenantID}, map[string]string{"tenant/users/same.yaml": "1", "tenant/users/other.yaml": "1"})
	w, err := a.repo.Begin(t.Context(), gitstore.SnapshotsRef, gitstore.BeginOptions{})
	must(t, err)
	defer w.Abort()
	sink := Sink{w}
	for _, tt := range []struct {
		path string
		data []byte
		want entra.ChangeType
		err  error
	}{
		{"tenant/users/same.yaml", []byte("1"), "", nil},
		{"tenant/users/other.yaml", []byte("2"), entra.Changed, nil},
		{"tenant/users/new.yaml", []byte("1"), entra.Added, nil},
		{"tenant/users/../up.yaml", []byte("1"), "", entra.ErrInvalid},
		{"tenant/users/large.yaml", make([]byte, 64<<20), entra.Added, nil},
		{"tenant/users/larger.yaml", make([]byte, 64<<20+1), "", entra.ErrInvalid},
		{"tenant/users/other.yaml", make([]byte, 64<<20+1), "", entra.ErrInvalid},
	} {
		if got, err := sink.Put(tt.path, tt.data); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, %v", tt.path, got, err)
		}
	}
}
