package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// except is the coverage of a run that read everything else.
func except(exceptions ...entra.Exception) map[string]entra.Coverage {
	all := allRead()
	all["groups"] = all["groups"].Except(exceptions...)
	return all
}

// closed is the coverage of a run that read nothing of the kind.
func closed(state entra.CoverageState, cause string) map[string]entra.Coverage {
	all := allRead()
	all["groups"] = entra.Coverage{State: state, Cause: cause}
	return all
}

// What either side did not read of an object is refused, with the cause and where it can
// be had; it is neither compared nor called equal, and the rest goes on.
func TestPlanRefusesWhatWasNotRead(t *testing.T) {
	members := entra.Exception{ID: "1", Part: "links/members", Cause: "no"}
	whole := entra.Exception{ID: "1", Cause: "no"}
	const differs = `{"Spec":{"description":"x"},"Links":{"members":["p1"]}}`
	tests := []struct {
		name          string
		snapshot, now map[string]entra.Coverage
		live          string
		parts         []string
		want          []string
		matched       int
	}{
		{"a part then", except(members), nil, differs, nil,
			[]string{"groups/1:update", "left alone groups/1/links/members: snapshot 2 did not read it: no the newest snapshot that did is 1"}, 0},
		{"a part now", nil, except(members), differs, nil,
			[]string{"groups/1:update", "left alone groups/1/links/members: it cannot be read now: no"}, 0},
		{"a part both times is told once", except(members), except(members), differs, nil,
			[]string{"groups/1:update", "left alone groups/1/links/members: snapshot 2 did not read it: no the newest snapshot that did is 1"}, 0},
		{"a part, and nothing else differs", except(members), nil, `{}`, nil,
			[]string{"left alone groups/1/links/members: snapshot 2 did not read it: no the newest snapshot that did is 1"}, 0},
		{"a part that is not selected", except(members), nil, `{}`, []string{"description"}, nil, 1},
		{"another object's part", except(entra.Exception{ID: "2", Part: "links/members"}), nil, `{}`, nil, nil, 1},
		{"the object then", except(whole), nil, differs, nil,
			[]string{"left alone groups/1: snapshot 2 did not read it: no the newest snapshot that did is 1"}, 0},
		{"the object now", nil, except(whole), differs, nil, []string{"left alone groups/1: it cannot be read now: no"}, 0},
		{"the object now, which would look deleted", nil, except(whole), "", nil, []string{"left alone groups/1: it cannot be read now: no"}, 0},
		{"the kind then", closed(entra.Forbidden, "permission denied"), nil, differs, nil,
			[]string{"left alone groups/1: snapshot 2 did not read it: permission denied the newest snapshot that did is 1"}, 0},
		{"the kind then, although nothing differs", closed(entra.Skipped, ""), nil, `{}`, nil,
			[]string{"left alone groups/1: snapshot 2 did not read it: skipped the newest snapshot that did is 1"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &world{snapshot: tt.snapshot, now: tt.now, parts: tt.parts, from: entra.Point{Seq: 2, Commit: "c"}, lastRead: 1}
			if tt.live != "" {
				w.live = []*entra.Object{object(t, "groups/1", tt.live)}
			}
			got := w.plan(t, object(t, "groups/1", `{}`))
			if d := cmp.Diff(tt.want, lines(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if got.Matched != tt.matched || len(got.Unread) > 0 {
				t.Errorf("%d matched, unread %+v", got.Matched, got.Unread)
			}
		})
	}
}

// What was not read of one object is refused, also beside what was read of none.
func TestPlanRefusesBesideWhatWasReadOfNone(t *testing.T) {
	now := except(entra.Exception{ID: "1", Part: "links/members", Cause: "no"})
	groups := now["groups"]
	groups.State, groups.Links = entra.Partial, []string{"members"}
	now["groups"] = groups
	w := &world{now: now, live: []*entra.Object{object(t, "groups/1", `{}`)}}
	got := w.plan(t, object(t, "groups/1", `{}`))
	if d := cmp.Diff([]string{"left alone groups/1/links/members: it cannot be read now: no"}, lines(got)); d != "" || got.Matched != 0 {
		t.Errorf("%d matched (-want +got):\n%s", got.Matched, d)
	}
	if len(got.Unread) != 1 || got.Unread[0].Link != "owners" {
		t.Errorf("unread %+v", got.Unread)
	}
}

// What a side read of no object of a kind is told once, also where nothing differs.
func TestPlanTellsWhatWasReadOfNone(t *testing.T) {
	snapshot := allRead()
	c := snapshot["groups"]
	c.State, c.Cause = entra.Partial, "members: permission denied"
	c.Links = slices.DeleteFunc(slices.Clone(c.Links), func(name string) bool { return name == "members" })
	snapshot["groups"] = c
	now := allRead()
	narrow := now["groups"]
	narrow.Properties = []string{"displayName", "id", "description"}
	live := []*entra.Object{object(t, "groups/1", `{}`), object(t, "groups/2", `{"Spec":{"description":"x"},"Links":{"members":["p1"]}}`)}
	want := []*entra.Object{object(t, "groups/1", `{}`), object(t, "groups/2", `{}`)}
	w := &world{snapshot: snapshot, live: live}
	got := w.plan(t, want...)
	if d := cmp.Diff([]string{"groups/2:update"}, lines(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	unread := []entra.Unread{{Kind: "groups", Link: "members", State: entra.Partial, Cause: "members: permission denied"}}
	if d := cmp.Diff(unread, got.Unread); d != "" || got.Matched != 1 {
		t.Errorf("%d matched, unread (-want +got):\n%s", got.Matched, d)
	}
	now["groups"] = narrow
	w = &world{now: now, live: live, parts: []string{"description", "visibility"}}
	got = w.plan(t, want...)
	if len(got.Unread) != 1 || got.Unread[0].Link != "visibility" || len(got.Steps) != 1 {
		t.Errorf("%q, unread %+v", lines(got), got.Unread)
	}
	w = &world{snapshot: snapshot, live: live, parts: []string{"description"}}
	if got = w.plan(t, want...); len(got.Unread) > 0 {
		t.Errorf("a part that is not selected is told: %+v", got.Unread)
	}
}

// A commit that is no snapshot is called by its own name.
func TestPlanNamesTheSource(t *testing.T) {
	w := &world{snapshot: closed(entra.Skipped, "not asked for"), from: entra.Point{Commit: "0123456789abcdef", Branch: "main"}}
	got := w.plan(t, object(t, "groups/1", `{}`))
	if len(got.Refusals) != 1 || !strings.HasPrefix(got.Refusals[0].Reason, "commit 0123456789 on main of ") || got.Refusals[0].Hint != "" {
		t.Errorf("%+v", got.Refusals)
	}
}
