package entra

import (
	"slices"
	"testing"
)

// extents writes what is read of an object in one line.
func extents(c Coverage, id string) string {
	e := c.Of(id)
	text := ""
	for _, read := range []struct {
		name string
		read bool
	}{{"object", e.Object()}, {"city", e.Property("city")}, {"members", e.Link("members")}, {"keys", e.Contained("keys")}} {
		if read.read {
			text += read.name + " "
		}
	}
	return text
}

func TestOf(t *testing.T) {
	cover := Coverage{
		State: Partial, Properties: []string{"city", "id"}, Links: []string{"members"}, Contained: []string{"keys"},
		Exceptions: []Exception{{ID: "b"}, {ID: "c", Part: "links/members"}, {ID: "d", Part: "contained/keys"}, {ID: "d", Part: "spec/city"}},
	}
	closed := cover
	closed.State = Forbidden
	nothing := cover
	nothing.Properties, nothing.Links, nothing.Contained = []string{"id"}, nil, nil
	for _, tt := range []struct {
		name  string
		cover Coverage
		id    string
		want  string
	}{
		{"no exception", cover, "a", "object city members keys "},
		{"the whole object", cover, "b", ""},
		{"a link", cover, "c", "object city keys "},
		{"two parts", cover, "d", "object members "},
		{"after all of them", cover, "e", "object city members keys "},
		{"a kind that was not listed", closed, "a", ""},
		{"parts closed for the kind", nothing, "a", "object "},
		{"nothing known", Coverage{}, "a", ""},
		{"every property", Coverage{State: Complete}, "a", "object city "},
	} {
		if got := extents(tt.cover, tt.id); got != tt.want {
			t.Errorf("%s: read %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := cover.Of("d").Exceptions(); len(got) != 2 || got[0].Part != "contained/keys" {
		t.Errorf("exceptions of d: %v", got)
	}
}

func TestExcept(t *testing.T) {
	was := Coverage{State: Complete, Exceptions: []Exception{{ID: "b", Part: "links/x", Cause: "old"}, {ID: "c", Part: "links/x"}}}
	got := was.Except(Exception{ID: "c"}, Exception{ID: "b", Part: "links/x", Cause: "new"}, Exception{ID: "a", Part: "links/y"}, Exception{ID: "c", Part: "links/z"})
	want := []Exception{{ID: "a", Part: "links/y"}, {ID: "b", Part: "links/x", Cause: "new"}, {ID: "c"}}
	if !slices.Equal(got.Exceptions, want) || got.State != Partial {
		t.Errorf("%s %v, want %v", got.State, got.Exceptions, want)
	}
	if len(was.Exceptions) != 2 || was.Exceptions[0].Cause != "old" {
		t.Errorf("the coverage itself changed: %v", was.Exceptions)
	}
	if same := was.Except(); same.State != Complete {
		t.Errorf("nothing more makes it %s", same.State)
	}
}

func TestJoin(t *testing.T) {
	one := Coverage{State: Complete, Properties: []string{"city", "id"}, Links: []string{"members", "owners"}, Contained: []string{"keys"}}
	two := Coverage{State: Partial, Cause: "two", Properties: []string{"id"}, Links: []string{"owners"}, Exceptions: []Exception{{ID: "a"}}}
	all := Coverage{State: Complete, Links: []string{"members", "owners"}, Contained: []string{"keys"}}
	lost := Coverage{State: Forbidden}
	for _, tt := range []struct {
		name string
		a, b Coverage
		want string // of object b
		a2   string // of object a
	}{
		{"with nothing", one, Coverage{}, "object city members keys ", "object city members keys "},
		{"nothing with it", Coverage{}, one, "object city members keys ", "object city members keys "},
		{"with less", one, two, "object ", ""},
		{"less with it", two, one, "object ", ""},
		{"with every property", one, all, "object city members keys ", "object city members keys "},
		{"with what was not read", one, lost, "", ""},
		{"not read with it", lost, one, "", ""},
	} {
		got := tt.a.Join(tt.b)
		if extents(got, "b") != tt.want || extents(got, "a") != tt.a2 {
			t.Errorf("%s: read %q and %q, want %q and %q", tt.name, extents(got, "b"), extents(got, "a"), tt.want, tt.a2)
		}
	}
	if got := one.Join(two); got.State != Partial || got.Cause != "two" || got.ReadProperty("city") || !got.ReadLink("owners") {
		t.Errorf("%+v", got)
	}
	if got := one.Join(all); got.ReadProperty("other") {
		t.Error("a property that one side did not ask for counts as read")
	}
}

func TestWhole(t *testing.T) {
	for state, want := range map[CoverageState]bool{
		Complete: true, Absent: true, Unlicensed: true, Partial: false, Forbidden: false, Skipped: false, "": false,
	} {
		if state.Whole() != want {
			t.Errorf("%q is whole: %t", state, !want)
		}
	}
}

func TestLack(t *testing.T) {
	cover := Coverage{
		State: Partial, Cause: "partly", Properties: []string{"city"}, Links: []string{"members"}, Contained: []string{"keys"}, Absent: []string{"links/sponsors"},
		Exceptions: []Exception{{ID: "b", Cause: "all"}, {ID: "c", Part: "links/members", Cause: "them"}},
	}
	for _, tt := range []struct {
		cover    Coverage
		id, part string
		want     *Lack
	}{
		{cover, "a", "", nil},
		{cover, "a", "spec/city", nil},
		{cover, "a", "links/members", nil},
		{cover, "a", "contained/keys", nil},
		{cover, "a", "links/sponsors", nil},
		{cover, "a", "links/owners", &Lack{State: Partial, Cause: "partly"}},
		{cover, "a", "contained/others", &Lack{State: Partial, Cause: "partly"}},
		{cover, "a", "status/age", &Lack{State: Partial, Cause: "partly"}},
		{cover, "b", "spec/city", &Lack{State: Partial, Cause: "all", Own: true}},
		{cover, "c", "links/members", &Lack{State: Partial, Cause: "them", Own: true}},
		{cover, "c", "spec/city", nil},
		{Coverage{State: Forbidden, Cause: "no", Links: []string{"members"}, Contained: []string{"keys"}, Absent: []string{"links/x"}}, "a", "links/members", &Lack{State: Forbidden, Cause: "no"}},
		{Coverage{State: Forbidden, Cause: "no", Contained: []string{"keys"}}, "a", "contained/keys", &Lack{State: Forbidden, Cause: "no"}},
		{Coverage{State: Forbidden, Cause: "no"}, "a", "spec/city", &Lack{State: Forbidden, Cause: "no"}},
		{Coverage{State: Forbidden, Cause: "no", Absent: []string{"links/x"}}, "a", "links/x", &Lack{State: Forbidden, Cause: "no"}},
		{Coverage{}, "a", "spec/city", &Lack{State: Skipped, Cause: "not part of the snapshot"}},
	} {
		got := tt.cover.Of(tt.id).Lack(tt.part)
		if (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
			t.Errorf("%s %q of %s: %+v, want %+v", tt.cover.State, tt.part, tt.id, got, tt.want)
		}
	}
}
