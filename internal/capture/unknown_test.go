package capture_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// What a capture keeps is what the cheap list shows, in every kind: an object that only one
// of the two saw would look as if it had been added since.
func TestUnknownIsWhatACaptureKeeps(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.run(t, files{}, entra.Manifest{})
	for _, k := range s.Kinds {
		if k.Kind.Unavailable != "" {
			continue
		}
		tn.ClearLog()
		found, cover, err := capture.Unknown(t.Context(), tn.client, tn.TenantID(), k.Kind, func(string) (bool, error) { return false, nil })
		if err != nil || cover.State != entra.Complete {
			t.Errorf("%s: %+v, %v", k.Kind.Name, cover, err)
		}
		if len(found) != k.Objects {
			t.Errorf("%s: %d listed, %d captured", k.Kind.Name, len(found), k.Objects)
		}
		for _, o := range found {
			if k.Kind.Singleton {
				continue
			}
			path := file(t, base, k.Kind.Name, o.ID)
			kept := decode(t, k.Kind.Name, path, base[path])
			if d := cmp.Diff(kind.NaturalKey(k.Kind, kept), naturalKey(o)); d != "" || o.Name != "" && o.Name != kept.Name {
				t.Errorf("%s is called %q, not %q (-kept +listed):\n%s", o.Key, o.Name, kept.Name, d)
			}
		}
		for _, r := range tn.Requests() {
			if strings.Contains(r.Query, "expand") || k.Kind.Select && strings.Count(r.Query, ",") > 4 {
				t.Errorf("%s: more is read than needed: %s?%s", k.Kind.Name, r.Path, r.Query)
			}
		}
	}
}

// naturalKey is never nil, as kind.NaturalKey is not.
func naturalKey(o entra.Listed) map[string]any {
	if o.NaturalKey == nil {
		return map[string]any{}
	}
	return o.NaturalKey
}

func TestUnknownRemembersOnlyTheUnknown(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	tn.write(t, "POST", "/groups", `{"displayName":"New","mailNickname":"new","mailEnabled":false,"securityEnabled":true}`)
	base, _ := tn.only(t, files{}, entra.Manifest{}, "groups")
	var fresh string
	for path := range base {
		if strings.Contains(base[path], "displayName: New\n") {
			fresh = decode(t, "groups", path, base[path]).ID
		}
	}
	groups := kind.ByName("groups")
	found, cover, err := capture.Unknown(t.Context(), tn.client, tn.TenantID(), groups, func(id string) (bool, error) { return id != fresh, nil })
	want := []entra.Listed{{Identity: entra.Identity{Key: entra.Key{Kind: "groups", ID: fresh}}, Name: "New"}}
	if d := cmp.Diff(want, found); d != "" || err != nil || cover.State != entra.Complete {
		t.Errorf("%+v, %v (-want +got):\n%s", cover, err, d)
	}
	failed := errors.New("the snapshot cannot be read")
	if _, _, err := capture.Unknown(t.Context(), tn.client, tn.TenantID(), groups, func(string) (bool, error) { return false, failed }); !errors.Is(err, failed) {
		t.Errorf("an error of the caller: %v", err)
	}
}

// What was not listed is told, and what was found before is not lost.
func TestUnknownOfWhatCannotBeListed(t *testing.T) {
	none := func(string) (bool, error) { return false, nil }
	forbidden := entra.Coverage{State: entra.Forbidden, Cause: "permission denied: 403 Authorization_RequestDenied"}
	tn := newTenant(t, emulator.Options{})
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups", Status: 403, Code: "Authorization_RequestDenied"})
	found, cover, err := capture.Unknown(t.Context(), tn.client, tn.TenantID(), kind.ByName("groups"), none)
	if d := cmp.Diff(forbidden, cover); d != "" || len(found) > 0 || err != nil {
		t.Errorf("a list that is closed: %v, %v (-want +got):\n%s", found, err, d)
	}

	tn = newTenant(t, emulator.Options{})
	base, _ := tn.only(t, files{}, entra.Manifest{}, eligibility)
	of := owners(t, base)
	for group := range of {
		tn.fault(t, closedFor(group, 403, "Authorization_RequestDenied"))
		found, cover, err = capture.Unknown(t.Context(), tn.client, tn.TenantID(), kind.ByName(eligibility), none)
		if d := cmp.Diff(forbidden, cover); d != "" || len(found) != len(ids(base, eligibility))-len(of[group]) || err != nil {
			t.Errorf("a group that is closed: %d found, %v (-want +got):\n%s", len(found), err, d)
		}
		break
	}

	tn = newTenant(t, emulator.Options{})
	assignments := kind.ByName("roleAssignments")
	tn.fault(t, emulator.Fault{Method: "GET", Path: assignments.Transient.Path, Status: 403, Code: "Authorization_RequestDenied"})
	if _, cover, err = capture.Unknown(t.Context(), tn.client, tn.TenantID(), assignments, none); err != nil || cover.State != entra.Forbidden {
		t.Errorf("nobody knows which assignments come and go: %+v, %v", cover, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err = capture.Unknown(cancelled, tn.client, tn.TenantID(), kind.ByName("groups"), none); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that was cancelled: %v", err)
	}
}
