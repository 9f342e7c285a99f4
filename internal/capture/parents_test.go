package capture_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

const eligibility = "privilegedAccessGroupEligibilitySchedules"

// owners groups the eligibilities of a snapshot by their group.
func owners(t *testing.T, f files) map[string][]string {
	t.Helper()
	of := map[string][]string{}
	for _, id := range ids(f, eligibility) {
		path := file(t, f, eligibility, id)
		group, _ := decode(t, eligibility, path, f[path]).Spec["groupId"].(string)
		of[group] = append(of[group], id)
	}
	return of
}

// closedFor refuses the eligibilities of one group, or of all where it is "".
func closedFor(group string, status int, code string) emulator.Fault {
	query := "groupId eq '" + group
	return emulator.Fault{Method: "GET", Path: kind.ByName(eligibility).Path, Query: query, Status: status, Code: code}
}

// One group that refuses its eligibilities costs those and no other group's.
func TestOneParentThatRefuses(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, eligibility)
	complete(t, s)
	of := owners(t, base)
	groups := slices.Sorted(maps.Keys(of))
	if len(groups) < 2 {
		t.Fatalf("the seed has eligibilities of %v", groups)
	}
	closed, open := groups[0], groups[1]
	tn.fault(t, closedFor(closed, 403, "Authorization_RequestDenied"))
	path := file(t, base, eligibility, of[open][0])
	old := maps.Clone(base)
	old[path] += "# stale\n"
	gone := strings.Replace(base[path], of[open][0], "gone", 1)
	old["tenant/"+eligibility+"/gone.yaml"] = gone
	now, s2 := tn.only(t, old, s.Manifest, eligibility)
	if d := cmp.Diff(base, now); d != "" {
		t.Errorf("what the closed group has must stay, what is gone from the open one must go (-want +got):\n%s", d)
	}
	cover := s2.Manifest.Kinds[eligibility]
	var want []entra.Exception
	for _, id := range of[closed] {
		want = append(want, entra.Exception{ID: id, Cause: "permission denied: 403 Authorization_RequestDenied"})
	}
	if d := cmp.Diff(want, cover.Exceptions); d != "" || cover.State != entra.Partial || s2.Kinds[0].Removed != 1 {
		t.Errorf("%s, %d removed\n%s", cover.State, s2.Kinds[0].Removed, d)
	}
	if !strings.Contains(cover.Cause, "all for groups not read: permission denied: 403") || !strings.Contains(details(s2, eligibility), eligibility+" of groups/"+closed+": ") {
		t.Errorf("the summary says %s", details(s2, eligibility))
	}
	// A group of which nothing is known yet leaves no exception, and is told all the same.
	_, s3 := tn.only(t, files{}, entra.Manifest{}, eligibility)
	if cover := s3.Manifest.Kinds[eligibility]; cover.State != entra.Partial || len(cover.Exceptions) != 0 {
		t.Errorf("a first reading: %+v", cover)
	}
}

// The groups are listed by their ids and what decides, on the largest pages.
func TestParentsAreListedBriefly(t *testing.T) {
	tn := newTenant(t, few)
	tn.ClearLog()
	tn.only(t, files{}, entra.Manifest{}, eligibility)
	for _, r := range tn.Requests() {
		if query, _ := url.QueryUnescape(r.Query); r.Path == "/groups" && query != "$select=id,isAssignableToRole&$top=999" {
			t.Errorf("the groups are listed by %s", query)
		}
	}
}

// A group that is gone by now, or never was used like this, has no eligibilities.
func TestParentThatIsNotFound(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, eligibility)
	of := owners(t, base)
	group := slices.Sorted(maps.Keys(of))[0]
	tn.fault(t, closedFor(group, 404, "ResourceNotFound"))
	now, s2 := tn.only(t, base, s.Manifest, eligibility)
	complete(t, s2)
	if left := owners(t, now); len(left) != len(of)-1 || left[group] != nil || s2.Kinds[0].Removed != len(of[group]) {
		t.Errorf("left %v", left)
	}
}

// Where no group gives its eligibilities, the kind cannot be listed.
func TestEveryParentRefuses(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, eligibility)
	tn.fault(t, closedFor("", 403, "Authorization_RequestDenied"))
	now, s2 := tn.only(t, base, s.Manifest, eligibility)
	if d := cmp.Diff(base, now); d != "" || s2.Manifest.Kinds[eligibility].State != entra.Forbidden || len(s2.Manifest.Kinds[eligibility].Exceptions) != 0 {
		t.Errorf("%+v\n%s", s2.Manifest.Kinds[eligibility], d)
	}
}

// Of many groups that all refuse, only the first are asked; one of them that answers keeps
// the others being asked.
func TestManyParentsThatRefuse(t *testing.T) {
	const groups = 700
	for _, tt := range []struct {
		name  string
		skip  int
		asked int
		state entra.CoverageState
	}{
		{"all", 0, 320, entra.Forbidden},
		{"all but one", 1, groups, entra.Partial},
	} {
		tn := newTenant(t, emulator.Options{})
		var list []string
		for i := range groups {
			list = append(list, fmt.Sprintf(`{"id":"%04d","isAssignableToRole":%v}`, i, true))
		}
		list = append(list, `{"id":"9999","isAssignableToRole":false}`)
		refused := closedFor("", 403, "Authorization_RequestDenied")
		refused.Skip = tt.skip
		tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups", Body: `{"value":[` + strings.Join(list, ",") + `]}`}, refused)
		tn.ClearLog()
		_, s := tn.only(t, files{}, entra.Manifest{}, eligibility)
		asked := 0
		for _, r := range tn.Requests() {
			if r.Path == kind.ByName(eligibility).Path {
				asked++
			}
		}
		if asked != tt.asked || s.Manifest.Kinds[eligibility].State != tt.state {
			t.Errorf("%s: %d groups asked, want %d: %+v", tt.name, asked, tt.asked, s.Manifest.Kinds[eligibility])
		}
	}
}

// What is sought among the objects of a group that does not give them failed, and is not
// taken for gone; what was found elsewhere is found.
func TestSeekForAParentThatRefuses(t *testing.T) {
	ctx := context.Background()
	tn := newTenant(t, emulator.Options{})
	base, _ := tn.only(t, files{}, entra.Manifest{}, eligibility)
	of := owners(t, base)
	groups := slices.Sorted(maps.Keys(of))
	tn.fault(t, closedFor(groups[0], 403, "Authorization_RequestDenied"))
	var lost []entra.Identity
	var keys []entra.Key
	for i, group := range groups[:2] {
		path := file(t, base, eligibility, of[group][0])
		o := decode(t, eligibility, path, base[path])
		key := entra.Key{Kind: eligibility, ID: "00000000-0000-4000-8000-00000000000" + string(rune('0'+i))}
		lost = append(lost, entra.Identity{Key: key, NaturalKey: kind.NaturalKey(kind.ByName(eligibility), o)})
		keys = append(keys, key)
	}
	live, err := capture.Objects(ctx, tn.client, keys)
	if err == nil {
		err = live.Seek(ctx, tn.client, lost)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(live.Failed[keys[0]], entra.ErrForbidden) || live.Objects[keys[0]] != nil {
		t.Errorf("in the closed group: %v", live.Failed[keys[0]])
	}
	if live.Failed[keys[1]] != nil || live.Objects[keys[1]] == nil {
		t.Errorf("in the open group: %v", live.Failed[keys[1]])
	}
}

// Each kind that is listed for the objects of another says which property names them.
func TestOwnersAreNamed(t *testing.T) {
	for _, k := range kind.All() {
		named := func(ref kind.Reference) bool {
			return k.Parent != nil && ref.By == "" && slices.Equal(ref.Targets, []string{k.Parent.Kind}) && slices.Contains(slices.Concat(k.Create, k.Status), ref.Path)
		}
		if k.Parent != nil && !slices.ContainsFunc(k.References, named) {
			t.Errorf("%s: no property that never changes names its %s", k.Name, k.Parent.Kind)
		}
	}
}

// The policies of a group whose list is refused keep their files: the reference is in what is
// observed, not in what can be written.
func TestPoliciesOfAClosedGroupStay(t *testing.T) {
	const name = "privilegedAccessGroupPolicies"
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "groups", name)
	closed := ""
	for _, id := range ids(base, name) {
		path := file(t, base, name, id)
		closed = decode(t, name, path, base[path]).Text("scopeId")
	}
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/policies/roleManagementPolicies", Query: closed, Status: 403})
	now, s2 := tn.only(t, base, s.Manifest, "groups", name)
	if had, has := len(ids(base, name)), len(ids(now, name)); had == 0 || has != had {
		t.Errorf("%d files of %d are left\n%s", has, had, details(s2, name))
	}
}
