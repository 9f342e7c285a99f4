package diff

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

func application(id, name string) *entra.Object {
	return &entra.Object{
		Key: entra.Key{Kind: "applications", ID: id}, Name: name,
		Spec: map[string]any{"displayName": name},
	}
}

// except adds to what a side did not read of single objects.
func (s *side) except(kindName string, more ...entra.Exception) {
	s.manifest.Kinds[kindName] = s.manifest.Kinds[kindName].Except(more...)
}

// lines are what was not read, one line each.
func lines(list []entra.Unread) []string {
	var all []string
	for _, u := range list {
		all = append(all, strings.Join([]string{u.Kind, u.ID, u.Name, u.Link, u.Cause}, "|"))
	}
	return all
}

// busy is that a part of an object was not read.
func busy(id, part string) []entra.Exception {
	return []entra.Exception{{ID: id, Part: part, Cause: "busy"}}
}

// What was not read of single objects is told of what is the same on both sides, too, and
// by the name that the object has on either.
func TestCompareExceptionsOfWhatIsTheSame(t *testing.T) {
	const members, owners, credentials = "links/members", "links/owners", "contained/federatedIdentityCredentials"
	type exceptions = []entra.Exception
	for _, tt := range []struct {
		name           string
		kind           string // that the exceptions are of
		before, after  exceptions
		objects, parts []string
		want           []string
	}{
		{"a part, before", "groups", busy("a1", members), nil, nil, nil, []string{"groups|a1|Same|members|busy"}},
		{"a part, after", "groups", nil, busy("a1", members), nil, nil, []string{"groups|a1|Same|members|busy"}},
		{"two parts", "groups", busy("a1", members), busy("a1", owners), nil, nil,
			[]string{"groups|a1|Same|members|busy", "groups|a1|Same|owners|busy"}},
		{"a part of what came", "groups", nil, busy("a3", members), nil, nil, nil},
		{"an object that has its file before", "groups", nil, busy("a2", ""), nil, nil, []string{"groups|a2|Went||busy"}},
		{"an object that has its file after", "groups", busy("a3", ""), nil, nil, nil, []string{"groups|a3|Came||busy"}},
		{"an object, whatever part is selected", "groups", busy("a3", ""), nil, nil, []string{"links.owners"}, []string{"groups|a3|Came||busy"}},
		{"selected by the name it had", "groups", nil, busy("a2", ""), []string{"groups/Went"}, nil, []string{"groups|a2|Went||busy"}},
		{"selected by the name it has", "groups", busy("a3", ""), nil, []string{"groups/Came"}, nil, []string{"groups|a3|Came||busy"}},
		{"selected by its id alone", "groups", nil, busy("ff", ""), []string{"groups/ff"}, nil, []string{"groups|ff|||busy"}},
		{"a contained collection", "applications", busy("p1", credentials), nil, nil, nil, []string{"applications|p1|Payroll|federatedIdentityCredentials|busy"}},
		{"a singleton", "authorizationPolicy", busy("authorizationPolicy", "spec/x"), nil, nil, nil, []string{"authorizationPolicy|authorizationPolicy|Policy|x|busy"}},
	} {
		a, b := exceptionSides(t)
		a.except(tt.kind, tt.before...)
		b.except(tt.kind, tt.after...)
		s, err := ParseSelection(tt.objects, tt.parts)
		if err != nil {
			t.Fatal(err)
		}
		set, err := Compare(a, b, Options{Selection: s})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if d := cmp.Diff(tt.want, lines(set.Unread)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}

// exceptionSides are two points with objects that stay, go and come.
func exceptionSides(t *testing.T) (a, b *side) {
	t.Helper()
	policy := &entra.Object{Key: entra.Key{Kind: "authorizationPolicy", ID: "authorizationPolicy"}, Name: "Policy", Spec: map[string]any{"displayName": "Policy"}}
	a = point(t, map[string]*entra.Object{
		"tenant/groups/a1.yaml": group("a1", "Same"), "tenant/groups/a2.yaml": group("a2", "Went"),
		"tenant/applications/p1.yaml": application("p1", "Payroll"), "tenant/authorizationPolicy.yaml": policy,
	})
	b = point(t, map[string]*entra.Object{
		"tenant/groups/a1.yaml": group("a1", "Same"), "tenant/groups/a3.yaml": group("a3", "Came"),
		"tenant/applications/p1.yaml": application("p1", "Payroll"), "tenant/authorizationPolicy.yaml": policy,
	})
	return a, b
}

// What a side did not read of any object is told of the kind, not of each object.
func TestCompareExceptionsOfAClosedPart(t *testing.T) {
	for _, tt := range []struct {
		kind, part string
		close      func(*entra.Coverage)
		want       string
	}{
		{"groups", "links/members", func(c *entra.Coverage) { c.Links = []string{"owners"} }, "groups|||members|"},
		{"applications", "contained/extensionProperties", func(c *entra.Coverage) { c.Contained = []string{"federatedIdentityCredentials"} }, "applications|||extensionProperties|"},
	} {
		for _, closed := range []int{0, 1} {
			id := map[string]string{"groups": "a1", "applications": "p1"}[tt.kind]
			a, b := exceptionSides(t)
			sides := []*side{a, b}
			cover := sides[closed].manifest.Kinds[tt.kind]
			tt.close(&cover)
			sides[closed].manifest.Kinds[tt.kind] = cover
			sides[1-closed].except(tt.kind, busy(id, tt.part)...)
			set, err := Compare(a, b, Options{Selection: selection(t, tt.kind)})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]string{tt.want}, lines(set.Unread)); d != "" {
				t.Errorf("%s of %s, closed on side %d (-want +got):\n%s", tt.part, tt.kind, closed, d)
			}
		}
	}
}

// A file that comes from another snapshot than the manifest is judged by that snapshot
// alone, whatever of it was not read.
func TestCompareExceptionsOfFilesFromElsewhere(t *testing.T) {
	const path = "tenant/groups/a1.yaml"
	cover := complete(kind.ByName("groups"))
	for _, tt := range []struct {
		name      string
		members   string // of the group after
		elsewhere []entra.Exception
		want      []string
	}{
		{"all was read", "u1", nil, nil},
		{"another part was not", "u1", busy("a1", "links/owners"), nil},
		{"the object was not", "u1", busy("a1", ""), []string{"groups|a1|g|members|busy"}},
		{"two parts were not", "u2", append(busy("a1", "links/members"), busy("a1", "links/owners")...),
			[]string{"groups|a1|g|members|busy", "groups|a1|g|owners|busy"}},
	} {
		a := point(t, map[string]*entra.Object{path: group("a1", "g", "u1")})
		b := point(t, map[string]*entra.Object{path: group("a1", "g", tt.members)})
		a.except("groups", busy("a1", "links/members")...)
		a.elsewhere = map[string]entra.Coverage{path: cover.Except(tt.elsewhere...)}
		set, err := Compare(a, b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, lines(set.Unread)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}
