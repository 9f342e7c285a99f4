package diff

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

const (
	goneGroup = "9e0c5f0e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	goneApp   = "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	goneAppID = "11111111-7c1d-4f0e-9a53-0f6f0a7c1d22"
)

func policy(id string, excluded, applications []any) *entra.Object {
	return &entra.Object{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: id}, Name: "CA " + id, Spec: map[string]any{
		"displayName": "CA " + id,
		"conditions": map[string]any{
			"users": map[string]any{"excludeGroups": excluded}, "applications": map[string]any{"includeApplications": applications},
		},
	}}
}

func app(id, appID string) *entra.Object {
	return &entra.Object{Key: entra.Key{Kind: "applications", ID: id}, Name: "App", Spec: map[string]any{"displayName": "App"}, Status: map[string]any{"appId": appID}}
}

// What names a removed object is found by its id and by what else it is known by, and only in
// what the newer point still says.
func TestCompareTellsWhoNamesWhatWasRemoved(t *testing.T) {
	a := point(t, map[string]*entra.Object{
		"tenant/groups/" + goneGroup + ".yaml":           group(goneGroup, "Break-glass"),
		"tenant/groups/g1.yaml":                          group("g1", "holds it", goneGroup),
		"tenant/applications/app." + goneApp + ".yaml":   app(goneApp, goneAppID),
		"tenant/conditionalAccessPolicies/ca.p1.yaml":    policy("p1", []any{goneGroup}, nil),
		"tenant/conditionalAccessPolicies/ca.p2.yaml":    policy("p2", nil, []any{goneAppID}),
		"tenant/conditionalAccessPolicies/ca.p3.yaml":    policy("p3", []any{goneGroup}, nil),
		"tenant/conditionalAccessPolicies/ca.p4.yaml":    policy("p4", []any{"aaaaaaaa-7c1d-4f0e-9a53-0f6f0a7c1d22"}, nil),
		"tenant/conditionalAccessPolicies/ca.other.yaml": policy("other", nil, []any{goneApp}), // an id where an appId is asked for names nothing
	})
	b := point(t, map[string]*entra.Object{
		"tenant/groups/g1.yaml":                          group("g1", "holds it", goneGroup), // a link goes with what it leads to
		"tenant/conditionalAccessPolicies/ca.p1.yaml":    policy("p1", []any{goneGroup}, nil),
		"tenant/conditionalAccessPolicies/ca.p2.yaml":    policy("p2", nil, []any{goneAppID}),
		"tenant/conditionalAccessPolicies/ca.p3.yaml":    policy("p3", nil, nil), // says so no longer
		"tenant/conditionalAccessPolicies/ca.p4.yaml":    policy("p4", []any{"aaaaaaaa-7c1d-4f0e-9a53-0f6f0a7c1d22"}, nil),
		"tenant/conditionalAccessPolicies/ca.other.yaml": policy("other", nil, []any{goneApp}),
	})
	b.manifest.Kinds["applications"] = a.manifest.Kinds["applications"]
	set, err := Compare(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range set.Dangling {
		got = append(got, n.ID+" "+n.Pointer+" "+n.Of.String()+" "+n.OfName)
	}
	want := []string{
		"p1 /spec/conditions/users/excludeGroups/0 groups/" + goneGroup + " Break-glass",
		"p2 /spec/conditions/applications/includeApplications/0 applications/" + goneApp + " App",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Where nothing was removed, and in kinds that cannot name what was, no file is read.
func TestCompareReadsNothingWhereNothingWasRemoved(t *testing.T) {
	files := map[string]*entra.Object{
		"tenant/conditionalAccessPolicies/ca.p1.yaml": policy("p1", []any{goneGroup}, nil),
		"tenant/groups/g1.yaml":                       group("g1", "same"),
	}
	a, b := point(t, files), point(t, files)
	if _, err := Compare(a, b, Options{}); err != nil || len(b.read) > 0 {
		t.Errorf("read %q: %v", b.read, err)
	}
	files = map[string]*entra.Object{"tenant/groups/g1.yaml": group("g1", "same"), "tenant/namedLocations/hq.1.yaml": location("1", "HQ")}
	a = point(t, files)
	delete(files, "tenant/namedLocations/hq.1.yaml")
	b = point(t, files)
	b.manifest.Kinds["namedLocations"] = a.manifest.Kinds["namedLocations"]
	if set, err := Compare(a, b, Options{}); err != nil || len(set.Changes) != 1 || len(b.read) > 0 {
		t.Errorf("read %q: %v", b.read, err)
	}
}
