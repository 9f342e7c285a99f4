package diff

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// person is a user as a point has one.
func person(id, name, upn string) *entra.Object {
	return &entra.Object{Key: entra.Key{Kind: "users", ID: id}, Name: name, Spec: map[string]any{"displayName": name, "userPrincipalName": upn}}
}

// called are objects of which several are called alike.
func called(t *testing.T) *side {
	return point(t, map[string]*entra.Object{
		"tenant/users/u1.yaml":  person("u1", "Ada", "ada@x.org"),
		"tenant/users/u2.yaml":  person("u2", "ada@x.org", "mallory@x.org"),
		"tenant/users/u3.yaml":  person("u3", "Grace", "grace@x.org"),
		"tenant/groups/g1.yaml": group("g1", "Grace"),
		"tenant/groups/g2.yaml": group("g2", "Board / EU"),
		"tenant/groups/0123abcd-0000-4000-8000-00000000000a.yaml": group("0123abcd-0000-4000-8000-00000000000a", "GRACE"),
	})
}

func TestBareWords(t *testing.T) {
	const guid = "groups/0123abcd-0000-4000-8000-00000000000a"
	p := called(t)
	for _, tt := range []struct{ arg, want string }{
		{"u1", "users/u1"},
		{"Ada", "users/u1"},
		{"ADA", "users/u1"},
		{"ada@x.org", "users/u1"}, // who alone goes by it, before who is called so
		{"ADA@X.ORG", "2: users/u1 users/u2"},
		{"users/ada@x.org", "users/u1"},
		{"Grace", "2: groups/g1 users/u3"},
		{"grace", "3: " + guid + " groups/g1 users/u3"},
		{"GRACE", guid},
		{"groups/grace", guid + " groups/g1"}, // of one kind, all of a name
		{"Board / EU", "groups/g2"},
		{"board / eu", "groups/g2"},
		{"0123ABCD-0000-4000-8000-00000000000A", guid},
		{"groups/0123ABCD-0000-4000-8000-00000000000A", guid},
		{"GROUPS/g1", "groups/g1"},
		{"nobody", "not found"},
		{"group/g1", "not found, near groups/g1"},
		{"userz", "not found, near users"},
		{"mallory@x.orgg", "not found, near users/mallory@x.org"},
	} {
		if got := settledKeys(t, tt.arg, p); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.arg, got, tt.want)
		}
	}
}

// settledKeys are the keys of what an argument selects, or how it failed.
func settledKeys(t *testing.T, arg string, p *side) string {
	t.Helper()
	s, err := ParseSelection([]string{arg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err = s.In(p)
	var keys []string
	if ambiguous, ok := errors.AsType[*AmbiguousError](err); ok {
		for _, c := range ambiguous.Candidates {
			keys = append(keys, c.String())
		}
		return fmt.Sprintf("%d: %s", len(keys), strings.Join(keys, " "))
	}
	if unmatched, ok := errors.AsType[*UnmatchedError](err); ok {
		for _, kind := range []string{"users", "groups"} {
			if s.Open(kind) || s.Object("tenant/users/u1.yaml", entra.Key{Kind: "users", ID: "u1"}) {
				t.Errorf("%s selects nothing, and yet something of %s", arg, kind)
			}
		}
		if len(unmatched.Near) > 0 {
			return "not found, near " + unmatched.Near[0]
		}
		return "not found"
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, kindName := range []string{"groups", "users"} {
		for f := range p.Files(kindName) {
			key := entra.Key{Kind: kindName, ID: id(f.Path)}
			if s.Object(f.Path, key) {
				keys = append(keys, key.String())
			}
		}
	}
	return strings.Join(keys, " ")
}

func TestBareWordThatIsOneObjectByTwoIDs(t *testing.T) {
	before := point(t, map[string]*entra.Object{"tenant/groups/g1.yaml": group("g1", "Sales")})
	after := point(t, map[string]*entra.Object{"tenant/groups/g9.yaml": group("g9", "Sales")})
	s, err := ParseSelection([]string{"Sales"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.In(before, after); err == nil {
		t.Error("two groups of one name are taken for one")
	}
	s = s.Following(entra.Lineage{{Kind: "groups", Old: "g1", New: "g9"}}.Lines())
	if _, err := s.In(before, after); err != nil {
		t.Errorf("one group by two ids: %v", err)
	}
}

func TestPick(t *testing.T) {
	listed := []entra.Listed{
		{Identity: entra.Identity{Key: entra.Key{Kind: "users", ID: "u1"}}, Name: "Ada", Aliases: []string{"ada@x.org"}},
		{Identity: entra.Identity{Key: entra.Key{Kind: "groups", ID: "g1"}}, Name: "Ada"},
		{Identity: entra.Identity{Key: entra.Key{Kind: "groups", ID: "g2"}}, Name: "Board"},
	}
	for _, tt := range []struct {
		args string
		want string
	}{
		{"ada@X.org", "users/u1"}, {"groups/Ada", "groups/g1"}, {"u1 board", "users/u1 groups/g2"}, {"Ada", "ambiguous"}, {"groups/u1", "unmatched"}, {"board nobody", "unmatched"},
	} {
		picked, err := Pick(strings.Fields(tt.args), listed)
		var got []string
		for _, o := range picked {
			got = append(got, o.String())
		}
		text := strings.Join(got, " ")
		if _, ok := errors.AsType[*AmbiguousError](err); ok {
			text = "ambiguous"
		} else if _, ok := errors.AsType[*UnmatchedError](err); ok {
			text = "unmatched"
		}
		if text != tt.want {
			t.Errorf("%s: %s, want %s (error %v)", tt.args, text, tt.want, err)
		}
	}
}

func TestParsePart(t *testing.T) {
	for arg, want := range map[string]string{
		"state":                          "state",
		"conditions.users.excludeGroups": "conditions users excludeGroups",
		"appRoles[a.b]":                  "appRoles a.b",
		"appRoles[a.b].isEnabled":        "appRoles a.b isEnabled",
		"[@odata.type]":                  "@odata.type",
		"members[ada@x.org]":             "members ada@x.org",
		"a[b][c].d":                      "a b c d",
		"/spec/a~1b/c":                   "a/b c",
		"links.members":                  "members",
	} {
		p, err := ParsePart(arg)
		if got := strings.Join(p.Tokens, " "); err != nil || got != want {
			t.Errorf("%s: %q, want %q (error %v)", arg, got, want, err)
		}
	}
	for _, arg := range []string{"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[b", "a.[]", "/state"} {
		if p, err := ParsePart(arg); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%q: %v, error %v", arg, p.Tokens, err)
		}
	}
}

// A name in brackets is the id of the object that it names, where the part holds ids.
func TestNamedParts(t *testing.T) {
	p := called(t)
	for _, tt := range []struct{ object, part, want string }{
		{"groups", "members[ada@x.org]", "members u1"},
		{"groups", "members[users: Grace]", "members u3"},
		{"groups", "members[u2]", "members u2"},
		{"groups", "links.members[Ada]", "members u1"},
		{"groups", "members[Grace]", "ambiguous"},
		{"groups", "members[nobody]", `"members[nobody]": not found`},
		{"groups", "displayName", "displayName"},
		{"conditionalAccessPolicies", "conditions.users.excludeUsers[Ada]", "conditions users excludeUsers u1"},
		{"conditionalAccessPolicies", "conditions.users.includeUsers[All]", "conditions users includeUsers All"},
		{"applications", "appRoles[Ada]", "appRoles Ada"},
	} {
		s, err := ParseSelection([]string{tt.object}, []string{tt.part})
		if err != nil {
			t.Fatal(err)
		}
		s, err = s.In(p)
		got := ""
		if _, ok := errors.AsType[*AmbiguousError](err); ok {
			got = "ambiguous"
		} else if err != nil {
			got = err.Error()
		} else {
			got = strings.Join(s.Parts()[0].Tokens, " ")
		}
		if got != tt.want {
			t.Errorf("%s of %s: %s, want %s", tt.part, tt.object, got, tt.want)
		}
	}
}

// What a member's name selects of a change is that member's coming or going.
func TestLimitToOneMember(t *testing.T) {
	s := Selection{parts: []Part{{Sections: []string{entra.SectionLinks}, Tokens: []string{"members", "u1"}}}}
	c := s.limit(&entra.Change{Links: []entra.LinkChange{{Link: "members", Added: []string{"u2"}, Removed: []string{"u1", "u3"}}, {Link: "owners", Added: []string{"u1"}}}})
	if c == nil || len(c.Links) != 1 || len(c.Links[0].Added) != 0 || strings.Join(c.Links[0].Removed, " ") != "u1" {
		t.Errorf("%+v", c)
	}
	set := entra.PropertyChange{Pointer: "/spec/conditions/users/excludeUsers", AddedItems: []any{"u1", "u2"}, RemovedItems: []any{"u3"}}
	s = Selection{parts: []Part{{Sections: []string{entra.SectionSpec}, Tokens: []string{"conditions", "users", "excludeUsers", "u1"}}}}
	c = s.limit(&entra.Change{Properties: []entra.PropertyChange{set}})
	if c == nil || fmt.Sprint(c.Properties[0].AddedItems, c.Properties[0].RemovedItems) != "[u1] []" {
		t.Errorf("%+v", c)
	}
	set.AddedItems, set.RemovedItems = []any{"u2"}, nil
	if c = s.limit(&entra.Change{Properties: []entra.PropertyChange{set}}); c != nil {
		t.Errorf("a change of another element: %+v", c)
	}
}
