package capture_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// What is gone is named as its file names it, or by its path where the file cannot be
// read; an object never goes unnoticed for want of a name.
func TestRemovedObjectsAreNamed(t *testing.T) {
	tn := newTenant(t, few)
	names := []string{"groupSettings", "organizationalBranding"}
	tn.fault(t, settings("a", "b"))
	base, s := tn.only(t, files{}, entra.Manifest{}, names...)
	branding := "tenant/organizationalBranding.yaml"
	o := decode(t, "organizationalBranding", branding, base[branding])
	tn.fault(t,
		emulator.Fault{Method: "GET", Path: "/groupSettings", Body: `{"value":[]}`},
		emulator.Fault{Method: "GET", Path: "/organization/*/branding", Status: 404, Code: "Request_ResourceNotFound"})
	removed := func(d disk) map[string][]capture.ObjectChange {
		got := map[string][]capture.ObjectChange{}
		summary, err := capture.Run(t.Context(), tn.client, d, d, capture.Options{Kinds: kindsNamed(names...), Manifest: s.Manifest})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range summary.Kinds {
			got[k.Kind.Name] = k.Changes
		}
		return got
	}
	change := func(kindName, id, name string) capture.ObjectChange {
		return capture.ObjectChange{Key: entra.Key{Kind: kindName, ID: id}, Name: name, Type: entra.Removed}
	}
	damaged := maps.Clone(base)
	damaged[branding] = "}"
	for path := range only(base, "tenant/groupSettings/") {
		damaged[path] = "}"
	}
	for _, tt := range []struct {
		name string
		disk disk
		want map[string][]capture.ObjectChange
	}{
		{"sound", disk{sink{base, maps.Clone(base)}, &stumble{}}, map[string][]capture.ObjectChange{
			"groupSettings":          {change("groupSettings", "a", "One"), change("groupSettings", "b", "One")},
			"organizationalBranding": {change("organizationalBranding", o.ID, o.Name)},
		}},
		{"unreadable", disk{sink{base, maps.Clone(base)}, &stumble{name: "read organizationalBranding", from: 1, err: errors.New("no")}}, map[string][]capture.ObjectChange{
			"groupSettings":          {change("groupSettings", "a", "One"), change("groupSettings", "b", "One")},
			"organizationalBranding": {change("organizationalBranding", "organizationalBranding", "")},
		}},
		{"damaged", disk{sink{damaged, maps.Clone(damaged)}, &stumble{}}, map[string][]capture.ObjectChange{
			"groupSettings":          {change("groupSettings", "a", "a"), change("groupSettings", "b", "b")},
			"organizationalBranding": {change("organizationalBranding", "organizationalBranding", "")},
		}},
	} {
		if d := cmp.Diff(tt.want, removed(tt.disk)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
		if len(tt.disk.now) != 0 {
			t.Errorf("%s: %d files are left", tt.name, len(tt.disk.now))
		}
	}
}

// Two kinds at a time or all at once, a summary lists them by risk and counts them together.
func TestSummaryOfKinds(t *testing.T) {
	tn := newTenant(t, few)
	names := []string{"users", "groupSettings", "namedLocations", "agreements", "conditionalAccessPolicies"}
	_, s := tn.only(t, files{}, entra.Manifest{}, names...)
	var added, risk int
	order := ""
	for _, k := range s.Kinds {
		if k.Kind.Risk < risk {
			t.Errorf("%s comes after a kind of less risk", k.Kind.Name)
		}
		risk = k.Kind.Risk
		added += k.Added
		order += fmt.Sprintf("%s %d/%d;", k.Kind.Name, k.Objects, k.Added)
		if k.Objects != k.Added || !k.First && k.Kind.Unavailable == "" {
			t.Errorf("%s: %d objects, %d added, first %v", k.Kind.Name, k.Objects, k.Added, k.First)
		}
	}
	if a, c, r := s.Counts(); a != added || c != 0 || r != 0 || len(s.Kinds) != len(names) || len(s.Incomplete()) != 0 {
		t.Errorf("+%d ~%d -%d of %s", a, c, r, order)
	}
}
