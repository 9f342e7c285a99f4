package capture_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// Every kind has objects in the seed, and each is read alone, with the others, and as
// a single object, to the same bytes.
func TestEveryWayReadsTheSame(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	all, s := tn.run(t, files{}, entra.Manifest{Tenant: tn.TenantID()})
	complete(t, s)
	for _, k := range kind.All() {
		if k.Unavailable != "" {
			continue
		}
		alone, s := tn.only(t, files{}, entra.Manifest{}, k.Name)
		complete(t, s)
		if len(alone) == 0 {
			t.Errorf("the seed has no %s", k.Name)
		}
		var keys []entra.Key
		for path, data := range alone {
			// Files that carry names may differ in those that were found.
			if all[path] != data && (!k.Annotate && k.GlossedBy == nil || !yaml.EqualIgnoringComments([]byte(all[path]), []byte(data))) {
				t.Errorf("%s differs:\n%s", path, cmp.Diff(all[path], data))
			}
			keys = append(keys, decode(t, k.Name, path, data).Key)
		}
		live, err := capture.Objects(context.Background(), tn.client, keys)
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		for path, data := range alone {
			want := decode(t, k.Name, path, data)
			got := live.Objects[want.Key]
			if got == nil {
				t.Errorf("%s: %v", want.Key, live.Failed[want.Key])
				continue
			}
			got.IDs, got.Answered = nil, nil // of the tenant, and in no file
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s differs by itself:\n%s", want.Key, d)
			}
		}
	}
}

// A kind that no application can read costs no request and does not make every
// capture incomplete.
func TestUnavailable(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	_, s := tn.only(t, files{}, entra.Manifest{}, "agreements")
	complete(t, s)
	cover := s.Manifest.Kinds["agreements"]
	if cover.State != entra.Skipped || cover.Cause != kind.ByName("agreements").Unavailable || tn.Stats().HTTP != 0 {
		t.Errorf("coverage %+v after %d requests", cover, tn.Stats().HTTP)
	}
}

func TestOptionalSingletonThatIsNotThere(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "organizationalBranding")
	complete(t, s)
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/organization/*/branding", Status: 404, Code: "Request_ResourceNotFound"})
	now, s2 := tn.only(t, base, s.Manifest, "organizationalBranding")
	complete(t, s2)
	if len(base) != 1 || len(now) != 0 || s2.Kinds[0].Removed != 1 {
		t.Errorf("%d files before, %d now, %+v", len(base), len(now), s2.Kinds[0])
	}
}

// What needs a permission of its own is left out without it, and kept where the
// snapshot before has it.
func TestExtras(t *testing.T) {
	const extra = "customSecurityAttributes"
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "users", "servicePrincipals")
	complete(t, s)
	for _, name := range []string{"users", "servicePrincipals"} {
		if cover := s.Manifest.Kinds[name]; !cover.ReadProperty(extra) || !slices.Contains(cover.Properties, extra) {
			t.Errorf("%s: coverage lists %v", name, cover.Properties)
		}
	}
	tn.fault(t, emulator.Fault{Method: "GET", Query: extra, Status: 403, Code: "Authorization_RequestDenied"})
	first, fresh := tn.only(t, files{}, entra.Manifest{}, "users")
	complete(t, fresh)
	if fresh.Manifest.Kinds["users"].ReadProperty(extra) || strings.Contains(strings.Join(values(first), ""), extra) {
		t.Error("what was not read is covered")
	}
	_, principals := tn.only(t, files{}, entra.Manifest{}, "servicePrincipals")
	if principals.Manifest.Kinds["servicePrincipals"].ReadProperty(extra) {
		t.Error("what was not read of service principals is covered")
	}
	now, s2 := tn.only(t, base, s.Manifest, "users")
	if d := cmp.Diff(only(base, "tenant/users/"), only(now, "tenant/users/")); d != "" {
		t.Errorf("files changed:\n%s", d)
	}
	if got := details(s2, "users"); !strings.HasPrefix(got, "partial: "+extra+" not read: ") {
		t.Errorf("the summary says %s", got)
	}
	_, s3 := tn.only(t, now, s2.Manifest, "users")
	if got := details(s3, "users"); !strings.HasPrefix(got, "partial: ") {
		t.Errorf("a state that persists became %s", got)
	}
	key := entra.Key{Kind: "users", ID: firstID(t, base, "users")}
	live, err := capture.Objects(context.Background(), tn.client, []entra.Key{key})
	cover := live.Coverage["users"]
	if err != nil || live.Objects[key] == nil || cover.ReadProperty(extra) {
		t.Errorf("read %v, coverage %v, %v", live.Failed[key], cover, err)
	}
}

func only(f files, prefix string) files {
	part := files{}
	for p, data := range f {
		if strings.HasPrefix(p, prefix) {
			part[p] = data
		}
	}
	return part
}

func values(f files) []string {
	var list []string
	for _, data := range f {
		list = append(list, data)
	}
	return list
}

// Directory extensions are only answered by name.
func TestExtensions(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	before, s := tn.only(t, files{}, entra.Manifest{}, "users")
	names := s.Manifest.Kinds["users"].Properties
	i := slices.IndexFunc(names, func(p string) bool { return strings.HasPrefix(p, "extension_") })
	if i < 0 {
		t.Fatalf("no directory extension is asked for: %v", names)
	}
	name := names[i]
	tn.write(t, "PATCH", "/users/"+firstID(t, before, "users"), `{"`+name+`": "kept"}`)
	base, s := tn.only(t, files{}, entra.Manifest{}, "users")
	complete(t, s)
	if !strings.Contains(strings.Join(values(base), ""), "\n  "+name+": kept") {
		t.Fatalf("the value of %s was not read", name)
	}
	tn.fault(t, emulator.Fault{Method: "POST", Path: "/directoryObjects/getAvailableExtensionProperties", Status: 403, Code: "Authorization_RequestDenied"})
	now, s2 := tn.only(t, base, s.Manifest, "users")
	if d := cmp.Diff(base, now); d != "" {
		t.Errorf("files changed:\n%s", d)
	}
	if got := details(s2, "users"); !strings.HasPrefix(got, "partial: directory extensions not read: ") {
		t.Errorf("the summary says %s", got)
	}
}

func TestUnlicensedNamesTheLicence(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "roleEligibilitySchedules", "accessPackages")
	complete(t, s)
	tn.fault(t, emulator.Fault{
		Method: "GET", Path: "/roleManagement/directory/roleEligibilitySchedules", Status: 400, Code: "BadRequest",
		Message: "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
	})
	now, s2 := tn.only(t, base, s.Manifest, "roleEligibilitySchedules", "accessPackages")
	cover := s2.Manifest.Kinds["roleEligibilitySchedules"]
	if cover.State != entra.Skipped || !strings.HasPrefix(cover.Cause, "Microsoft Entra ID P2 is needed: ") {
		t.Errorf("coverage %+v", cover)
	}
	if d := cmp.Diff(base, now); d != "" || len(s2.Incomplete()) != 1 {
		t.Errorf("files changed:\n%s", d)
	}
}

// A kind that is listed group by group asks about the groups that were read already,
// or reads their ids.
func TestParent(t *testing.T) {
	const name = "privilegedAccessGroupEligibilitySchedules"
	tn := newTenant(t, emulator.Options{})
	with, s := tn.only(t, files{}, entra.Manifest{}, "groups", name)
	complete(t, s)
	lists := 0
	for _, r := range tn.Requests() {
		if r.Path == "/groups" {
			lists++
		}
	}
	alone, s := tn.only(t, files{}, entra.Manifest{}, name)
	complete(t, s)
	if d := cmp.Diff(only(with, "tenant/"+name+"/"), alone); d != "" || len(alone) == 0 || lists != 1 {
		t.Errorf("%d lists of groups; alone it reads\n%s", lists, d)
	}
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups", Status: 403, Code: "Authorization_RequestDenied"})
	now, s2 := tn.only(t, with, s.Manifest, "groups", name)
	if d := cmp.Diff(with, now); d != "" || s2.Manifest.Kinds[name].State != entra.Forbidden {
		t.Errorf("%+v\n%s", s2.Manifest.Kinds[name], d)
	}
}

// A role that somebody activated for an hour is not configuration.
func TestTransient(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "roleAssignments")
	complete(t, s)
	id := firstID(t, base, "roleAssignments")
	uses := "/roleManagement/directory/roleAssignmentScheduleInstances"
	tn.fault(t,
		emulator.Fault{Path: uses, Count: 1, Body: `{"value":[{"id":"i","roleAssignmentOriginId":"` + id + `"}]}`},
		emulator.Fault{Path: uses, Count: 1, Status: 403, Code: "TenantNotLicensed"},
		emulator.Fault{Path: uses, Count: 1, Status: 403, Code: "Authorization_RequestDenied"})
	activated, s2 := tn.only(t, base, s.Manifest, "roleAssignments")
	complete(t, s2)
	if _, ok := activated[file(t, base, "roleAssignments", id)]; ok {
		t.Error("a role that is only activated has a file")
	}
	_, s3 := tn.only(t, base, s.Manifest, "roleAssignments")
	complete(t, s3)
	_, s4 := tn.only(t, base, s.Manifest, "roleAssignments")
	if got := details(s4, "roleAssignments"); !strings.HasPrefix(got, "partial: ") {
		t.Errorf("the summary says %s", got)
	}
}

// A policy with preview features is read from the list, and must not be written.
func TestPreview(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, _ := tn.only(t, files{}, entra.Manifest{}, "conditionalAccessPolicies")
	key := entra.Key{Kind: "conditionalAccessPolicies", ID: firstID(t, base, "conditionalAccessPolicies")}
	tn.fault(t, emulator.Fault{
		Path: "/identity/conditionalAccess/policies/" + key.ID, Status: 400, Code: "BadRequest",
		Message: "1037: The policy you requested contains preview features. Use the Beta endpoint to retrieve this policy.",
	})
	live, err := capture.Objects(context.Background(), tn.client, []entra.Key{key})
	if err != nil || live.Objects[key] == nil || live.Unwritable[key] == "" {
		t.Errorf("%v, %+v", err, live)
	}
}

// An assignment that was taken away and given again is the same one, by another id.
func TestSeek(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"roleAssignments", "privilegedAccessGroupEligibilitySchedules"} {
		tn := newTenant(t, emulator.Options{})
		base, _ := tn.only(t, files{}, entra.Manifest{}, name)
		k := kind.ByName(name)
		path := file(t, base, name, firstID(t, base, name))
		o := decode(t, name, path, base[path])
		now := o.Key
		wanted := entra.Identity{Key: entra.Key{Kind: name, ID: "00000000-0000-4000-8000-000000000000"}, NaturalKey: map[string]any{}}
		for _, p := range k.NaturalKey {
			if v := o.Spec[p]; v != nil {
				wanted.NaturalKey[p] = v
			}
		}
		stranger := entra.Identity{Key: entra.Key{Kind: name, ID: "00000000-0000-4000-8000-000000000001"}, NaturalKey: map[string]any{"principalId": "nobody"}}
		live, err := capture.Objects(ctx, tn.client, []entra.Key{wanted.Key, stranger.Key})
		if err == nil {
			err = live.Seek(ctx, tn.client, []entra.Identity{wanted, stranger})
		}
		if err != nil {
			t.Fatal(err)
		}
		if live.Recreated[wanted.Key] != now || live.Objects[wanted.Key] == nil || live.Objects[wanted.Key].Key != now {
			t.Errorf("%s: recreated %v, failed %v", name, live.Recreated, live.Failed)
		}
		if live.Objects[stranger.Key] != nil || live.Failed[stranger.Key] != nil {
			t.Errorf("%s: what does not exist was found: %+v", name, live)
		}
	}
}
