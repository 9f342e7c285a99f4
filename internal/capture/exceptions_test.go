package capture_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// ids are the ids of a kind's objects, sorted.
func ids(f files, kindName string) []string {
	var list []string
	for p := range f {
		if k, id, ok := canon.ParsePath(p); ok && k == kindName {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// One group whose members are refused costs that group's members and nothing else.
func TestOneRefusalCostsOnePart(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "groups")
	complete(t, s)
	all := ids(base, "groups")
	one := all[len(all)/2]
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups/" + one + "/members", Count: 2, Status: 403, Code: "Authorization_RequestDenied"})

	fresh, s2 := tn.only(t, files{}, entra.Manifest{}, "groups")
	cover := s2.Manifest.Kinds["groups"]
	want := []entra.Exception{{ID: one, Part: "links/members", Cause: "permission denied: 403 Authorization_RequestDenied"}}
	if d := cmp.Diff(want, cover.Exceptions); d != "" || cover.State != entra.Partial || !cover.ReadLink("members") {
		t.Errorf("coverage %+v\n%s", cover, d)
	}
	if want := "members of 1 object not read: permission denied: 403 Authorization_RequestDenied"; cover.Cause != want {
		t.Errorf("the cause is %q", cover.Cause)
	}
	for path, data := range base {
		_, id, _ := canon.ParsePath(path)
		if id != one && fresh[path] != data {
			t.Errorf("%s suffered:\n%s", path, cmp.Diff(data, fresh[path]))
		}
		extent := cover.Of(id)
		if extent.Link("members") != (id != one) || !extent.Link("owners") || !extent.Object() {
			t.Errorf("%s: members read %v, owners read %v", id, extent.Link("members"), extent.Link("owners"))
		}
	}
	if o := decode(t, "groups", file(t, fresh, "groups", one), fresh[file(t, fresh, "groups", one)]); o.Links["members"] != nil {
		t.Errorf("members out of nowhere: %v", o.Links)
	}

	// On top of a snapshot that has them, the members stay, and the next good run heals.
	kept, s3 := tn.only(t, base, s.Manifest, "groups")
	if d := cmp.Diff(base, kept); d != "" {
		t.Errorf("the members were not kept:\n%s", d)
	}
	now, s4 := tn.only(t, kept, s3.Manifest, "groups")
	complete(t, s4)
	if d := cmp.Diff(base, now); d != "" || len(s4.Manifest.Kinds["groups"].Exceptions) > 0 {
		t.Errorf("after healing:\n%s", d)
	}
}

// Only where every one of many objects refuses a part is the part closed for the kind,
// and no longer asked for.
func TestPartThatEveryObjectRefuses(t *testing.T) {
	const groups = 400
	tn := newTenant(t, emulator.Options{Scale: emulator.Scale{Groups: groups}})
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups/*/members", Status: 403, Code: "Authorization_RequestDenied"})
	tn.ClearLog()
	_, s := tn.only(t, files{}, entra.Manifest{}, "groups")
	cover := s.Manifest.Kinds["groups"]
	if cover.ReadLink("members") || !cover.ReadLink("owners") || len(cover.Exceptions) > 0 {
		t.Errorf("coverage %+v", cover)
	}
	if !strings.HasPrefix(cover.Cause, "members not read: permission denied: 403") {
		t.Errorf("the cause is %q", cover.Cause)
	}
	asked := 0
	for _, r := range tn.Requests() {
		if strings.HasSuffix(r.Path, "/members") {
			asked++
		}
	}
	if asked >= groups/2 {
		t.Errorf("members were asked for %d times", asked)
	}
}

// A part that some give and very many do not is closed once the exceptions would fill
// the manifest.
func TestExceptionsAreBounded(t *testing.T) {
	tn := newTenant(t, emulator.Options{Scale: emulator.Scale{Groups: 1200}})
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups/*/members", Skip: 5, Status: 403, Code: "Authorization_RequestDenied"})
	now, s := tn.only(t, files{}, entra.Manifest{}, "groups")
	cover := s.Manifest.Kinds["groups"]
	refused := len(ids(now, "groups")) - 5
	if cover.ReadLink("members") || len(cover.Exceptions) > 0 {
		t.Errorf("%d exceptions, links %v", len(cover.Exceptions), cover.Links)
	}
	if want := fmt.Sprintf("members not read, since %d objects did not give it: ", refused); !strings.HasPrefix(cover.Cause, want) {
		t.Errorf("the cause is %q, want %q", cover.Cause, want)
	}
}

// A child that is not found is settled by its owner: a part that is missing, or two
// answers that contradict each other, of which neither is a deletion.
func TestChildNotFound(t *testing.T) {
	for _, tt := range []struct {
		name      string
		also      string // below the group's path, what is not found either
		exception entra.Exception
	}{
		{"the owner is there", "/members", entra.Exception{Part: "links/members", Cause: "not found: 404 Request_ResourceNotFound"}},
		{"the owner is not found either", "", entra.Exception{Cause: "not found: 404 Request_ResourceNotFound"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tn := newTenant(t, emulator.Options{})
			base, s := tn.only(t, files{}, entra.Manifest{}, "groups")
			tt.exception.ID = firstID(t, base, "groups")
			for _, path := range []string{"/members", tt.also} {
				tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups/" + tt.exception.ID + path, Status: 404, Code: "Request_ResourceNotFound"})
			}
			now, s2 := tn.only(t, base, s.Manifest, "groups")
			if d := cmp.Diff(base, now); d != "" {
				t.Errorf("files changed:\n%s", d)
			}
			if d := cmp.Diff([]entra.Exception{tt.exception}, s2.Manifest.Kinds["groups"].Exceptions); d != "" {
				t.Errorf("exceptions (-want +got):\n%s", d)
			}
		})
	}
}

// A group that is deleted while the run is on is among the deleted items, and so is no
// contradiction: the run is complete and the file goes.
func TestDeletedDuringTheRun(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	tn.ClearLog()
	base, s := tn.only(t, files{}, entra.Manifest{}, "groups")
	var list string
	for _, r := range tn.Requests() {
		if r.Path == "/groups" {
			list = tn.read(t, "/groups?"+r.Query)
		}
	}
	var id string
	for path, data := range base {
		if o := decode(t, "groups", path, data); o.Spec["groupTypes"] != nil && o.Status["onPremisesSyncEnabled"] == nil {
			id = o.ID
		}
	}
	tn.write(t, "DELETE", "/groups/"+id, "")
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups", Count: 1, Body: list})
	now, s2 := tn.only(t, base, s.Manifest, "groups")
	complete(t, s2)
	if _, ok := now[file(t, base, "groups", id)]; ok || len(now) != len(base)-1 {
		t.Errorf("%d files of %d; that of the deleted group is there: %v", len(now), len(base), ok)
	}
}

// Of a few objects, the one that cannot be read and the part that cannot cost themselves.
func TestObjectsFailOneByOne(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, _ := tn.only(t, files{}, entra.Manifest{}, "groups", "conditionalAccessPolicies")
	groups := ids(base, "groups")
	tn.fault(t,
		emulator.Fault{Method: "GET", Path: "/groups/" + groups[0], Status: 403, Code: "Authorization_RequestDenied"},
		emulator.Fault{Method: "GET", Path: "/groups/" + groups[1] + "/members", Status: 403, Code: "Authorization_RequestDenied"},
		emulator.Fault{Method: "GET", Path: "/identity/conditionalAccess/policies/*", Status: 400, Code: "BadRequest"})
	keys := []entra.Key{{Kind: "conditionalAccessPolicies", ID: firstID(t, base, "conditionalAccessPolicies")}}
	for _, id := range groups[:3] {
		keys = append(keys, entra.Key{Kind: "groups", ID: id})
	}
	live, err := capture.Objects(context.Background(), tn.client, keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ object, failed, members bool }{
		{false, true, false}, {false, true, false}, {true, false, false}, {true, false, true},
	} {
		key := keys[i]
		extent := live.Coverage[key.Kind].Of(key.ID)
		if (live.Objects[key] != nil) != want.object || (live.Failed[key] != nil) != want.failed ||
			extent.Object() != want.object || extent.Link("members") != want.members {
			t.Errorf("%s: object %v, failed %v, extent %+v", key, live.Objects[key] != nil, live.Failed[key], extent.Exceptions())
		}
	}
}
