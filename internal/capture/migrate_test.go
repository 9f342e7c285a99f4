package capture_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// named gives the files of a bulk kind the names that an older version gave them.
func named(f files, kindName string) files {
	old := files{}
	for path, data := range f {
		if k, id, _ := canon.ParsePath(path); k == kindName {
			path = "tenant/" + kindName + "/some-name." + id + ".yaml"
		}
		old[path] = data
	}
	return old
}

// A bulk kind whose files carry names is moved to where it belongs, byte for byte; what
// is there already stays, and a second call does nothing.
func TestMigrate(t *testing.T) {
	for _, tt := range []struct{ objects, width int }{{1, 0}, {999, 0}, {1000, 2}} {
		base := files{"tenant/users/a.yaml": "user", "tenant/namedLocations/hq.1.yaml": "location"}
		manifest := entra.Manifest{Kinds: map[string]entra.Coverage{"applications": {State: entra.Complete, Links: []string{"owners"}}, "users": {State: entra.Complete}}}
		users := manifest.Kinds["users"]
		for i := range tt.objects {
			base[fmt.Sprintf("tenant/applications/some-name.%04x-a.yaml", i)] = fmt.Sprint("bytes ", i)
		}
		now := maps.Clone(base)
		moved, err := capture.Migrate(base, sink{base, now}, manifest)
		if err != nil || len(moved) != 1 || moved["applications"] != tt.objects {
			t.Fatalf("%d objects: %v, %v", tt.objects, moved, err)
		}
		cover := manifest.Kinds["applications"]
		if cover.Shard != tt.width || cover.State != entra.Complete || len(cover.Links) != 1 || !cmp.Equal(users, manifest.Kinds["users"]) {
			t.Errorf("%d objects: manifest %+v", tt.objects, manifest)
		}
		if len(now) != len(base) || now["tenant/users/a.yaml"] != "user" || now["tenant/namedLocations/hq.1.yaml"] != "location" {
			t.Errorf("%d objects: %d files of %d", tt.objects, len(now), len(base))
		}
		for i := range tt.objects {
			path, _ := canon.Path(kind.ByName("applications"), tt.width, fmt.Sprintf("%04x-a", i), "")
			if now[path] != fmt.Sprint("bytes ", i) {
				t.Errorf("%s holds %q", path, now[path])
			}
		}
		if again, err := capture.Migrate(now, sink{now, maps.Clone(now)}, manifest); err != nil || len(again) != 0 {
			t.Errorf("again: %v, %v", again, err)
		}
	}
}

func TestMigrateRefusesWhatIsNotOurs(t *testing.T) {
	base := files{"tenant/applications/some-name.1.yaml": "", "tenant/applications/READ.ME.yaml": ""}
	if _, err := capture.Migrate(base, sink{base, maps.Clone(base)}, entra.Manifest{Kinds: map[string]entra.Coverage{}}); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("error %v", err)
	}
}

// A reading on top of the old layout, as a comparison with the tenant makes it, finds
// each object's file: what cannot be read is carried over, and nothing counts as lost.
func TestReadingOnTopOfTheOldLayout(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "applications")
	complete(t, s)
	old := named(base, "applications")
	now, s2 := tn.only(t, old, s.Manifest, "applications")
	complete(t, s2)
	if d := cmp.Diff(base, now); d != "" || s2.Kinds[0].Removed != 0 || s2.Kinds[0].Before != len(base) || len(s2.Shrunk) > 0 {
		t.Errorf("%+v\n%s", s2.Kinds[0], d)
	}
	id := firstID(t, base, "applications")
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/applications/" + id + "/owners", Status: 403, Code: "Authorization_RequestDenied"})
	now, s3 := tn.only(t, old, s.Manifest, "applications")
	if d := cmp.Diff(base, now); d != "" || len(s3.Manifest.Kinds["applications"].Exceptions) != 1 {
		t.Errorf("%+v\n%s", s3.Manifest.Kinds["applications"], d)
	}
	if n := strings.Count(strings.Join(sortedPaths(now), "\n"), id); n != 1 {
		t.Errorf("%d files of one application", n)
	}
}
