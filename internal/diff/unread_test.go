package diff

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// except adds exceptions of groups to what a side read.
func except(s *side, list ...entra.Exception) *side {
	s.manifest.Kinds["groups"] = s.manifest.Kinds["groups"].Except(list...)
	return s
}

// unreadOf is what was not compared, a line each.
func unreadOf(set *entra.ChangeSet) string {
	var lines []string
	for _, u := range set.Unread {
		lines = append(lines, fmt.Sprintf("%s/%s(%s):%s", u.Kind, u.ID, u.Name, u.Link))
	}
	return strings.Join(lines, " ")
}

// What a side did not read of one object is neither a change nor equal, is told by the
// object, and keeps nothing else from being compared.
func TestExceptions(t *testing.T) {
	// a1 and a2 differ in a property and in a link each; a3 is on one side alone.
	before := func() *side {
		return point(t, map[string]*entra.Object{
			"tenant/groups/a1.yaml": group("a1", "One", "u1"),
			"tenant/groups/a2.yaml": group("a2", "Two", "u1"),
			"tenant/groups/a3.yaml": group("a3", "Three", "u1"),
		})
	}
	after := func() *side {
		return point(t, map[string]*entra.Object{
			"tenant/groups/a1.yaml": group("a1", "One new"),
			"tenant/groups/a2.yaml": group("a2", "Two new"),
		})
	}
	members := func(id string) entra.Exception { return entra.Exception{ID: id, Part: "links/members", Cause: "why"} }
	for _, tt := range []struct {
		name    string
		a, b    *side
		args    []string
		parts   []string
		unread  string
		changed string // ids with how many properties and links
	}{
		{"nothing", before(), after(), nil, nil, "", "a1:1+1 a2:1+1 a3:1+1"},
		{"a link before", except(before(), members("a1")), after(), nil, nil, "groups/a1(One new):members", "a1:1+0 a2:1+1 a3:1+1"},
		{"a link after", before(), except(after(), members("a1")), nil, nil, "groups/a1(One new):members", "a1:1+0 a2:1+1 a3:1+1"},
		{"a link on both sides", except(before(), members("a1")), except(after(), members("a1")), nil, nil, "groups/a1(One new):members", "a1:1+0 a2:1+1 a3:1+1"},
		{"different links", except(before(), members("a1")), except(after(), members("a2")), nil, nil,
			"groups/a1(One new):members groups/a2(Two new):members", "a1:1+0 a2:1+0 a3:1+1"},
		{"an object before", except(before(), entra.Exception{ID: "a2"}), after(), nil, nil, "groups/a2(Two new):", "a1:1+1 a3:1+1"},
		{"an object after", before(), except(after(), entra.Exception{ID: "a2"}), nil, nil, "groups/a2(Two new):", "a1:1+1 a3:1+1"},
		{"an object that is nowhere", before(), except(after(), entra.Exception{ID: "a9"}), nil, nil, "groups/a9():", "a1:1+1 a2:1+1 a3:1+1"},
		{"an object that came", except(after(), entra.Exception{ID: "a3"}), before(), nil, nil, "groups/a3(Three):", "a1:1+1 a2:1+1"},
		{"a link of an object that went", except(before(), members("a3")), after(), nil, nil, "", "a1:1+1 a2:1+1 a3:1+0"},
		{"an object that is not selected", except(before(), members("a1")), after(), []string{"groups/a2"}, nil, "", "a2:1+1"},
		{"an object that is selected by its name", except(before(), members("a1")), after(), []string{"groups/One new"}, nil, "groups/a1(One new):members", "a1:1+0"},
		{"a part that is not selected", except(before(), members("a1")), after(), nil, []string{"displayName"}, "", "a1:1+0 a2:1+0 a3:1+0"},
		{"a part that is selected", except(before(), members("a1")), after(), nil, []string{"links.members"}, "groups/a1(One new):members", "a2:0+1 a3:0+1"},
		{"a property", except(before(), entra.Exception{ID: "a1", Part: "spec/displayName"}), after(), nil, nil, "groups/a1(One new):displayName", "a1:0+1 a2:1+1 a3:1+1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			selection, err := ParseSelection(tt.args, tt.parts)
			if err != nil {
				t.Fatal(err)
			}
			set, err := Compare(tt.a, tt.b, Options{Selection: selection})
			if err != nil {
				t.Fatal(err)
			}
			if got := unreadOf(set); got != tt.unread {
				t.Errorf("not compared: %q, want %q", got, tt.unread)
			}
			var changed []string
			for _, c := range set.Changes {
				changed = append(changed, fmt.Sprintf("%s:%d+%d", c.ID, len(c.Properties), len(c.Links)))
			}
			if got := strings.Join(changed, " "); got != tt.changed {
				t.Errorf("changed: %q, want %q", got, tt.changed)
			}
			for _, u := range set.Unread {
				if u.State != entra.Partial {
					t.Errorf("state %q", u.State)
				}
			}
		})
	}
}

// Where the kind as a whole did not read a link, exceptions of it say nothing more.
func TestClosedLinkSaysItOnce(t *testing.T) {
	a := except(point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "One", "u1")}),
		entra.Exception{ID: "a1", Part: "links/members"}, entra.Exception{ID: "a1", Part: "contained/none"})
	b := point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "One")})
	cover := b.manifest.Kinds["groups"]
	cover.State, cover.Cause, cover.Links = entra.Partial, "closed", []string{"owners"}
	b.manifest.Kinds["groups"] = cover
	set, err := Compare(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []entra.Unread{{Kind: "groups", Link: "members", State: entra.Partial, Cause: "closed"}}
	if d := cmp.Diff(want, set.Unread); d != "" || len(set.Changes) > 0 {
		t.Errorf("%d changes; not compared (-want +got):\n%s", len(set.Changes), d)
	}
	selection, err := ParseSelection(nil, []string{"displayName"})
	if err != nil {
		t.Fatal(err)
	}
	if set, err = Compare(a, b, Options{Selection: selection}); err != nil || len(set.Unread) > 0 {
		t.Errorf("a link that was not asked for: %v, %v", set.Unread, err)
	}
}

// A walk that fails while objects are looked for ends the comparison.
func TestExceptionsOfADamagedSide(t *testing.T) {
	damage := errors.New("damaged")
	a := except(point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "One")}), entra.Exception{ID: "a1"})
	b := point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "One")})
	a.fail = damage
	if _, err := Compare(a, b, Options{}); !errors.Is(err, damage) {
		t.Errorf("error %v", err)
	}
}
