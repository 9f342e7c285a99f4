package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// named is a group whose description and members are given; its file takes it away where
// both are empty.
func (a *archive) named(files map[string]string, id, description string, members ...string) {
	o := &entra.Object{Key: entra.Key{Kind: "groups", ID: id}, Name: "Group " + id, Spec: map[string]any{"description": description, "displayName": "Group " + id}}
	if len(members) > 0 {
		o.Links = map[string][]string{"members": members}
	}
	path, content := file(a.t, o)
	if description == "" && len(members) == 0 {
		content = ""
	}
	files[path] = content
}

func TestEver(t *testing.T) {
	a := newArchive(t) // 0: nothing was read
	for _, groups := range []map[string][]string{
		{"still": {"x", "ada"}, "went": {"x", "ada"}, "later": {"x"}, "gone": {"x", "ada"}, "said": {"about Ada"}}, // 1
		{"went": {"x"}, "later": {"x", "ada"}},               // 2
		{"went": {"x", "ada"}, "said": {"about Bob"}},        // 3
		{"went": {"x"}, "gone": {""}, "later": {"y", "ada"}}, // 4
	} {
		files := map[string]string{}
		for id, of := range groups {
			a.named(files, id, of[0], of[1:]...)
		}
		a.snapshot(covering("groups"), files)
	}
	a.snapshot(covering("groups"), nil) // 5: nothing changed
	head, err := a.repo.Newest()
	must(t, err)
	all, err := a.repo.Ever(NewQuarry("ADA"), head)
	must(t, err)
	var lines []string
	for _, p := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s %d-%d since=%t now=%t gaps=%t", p.ID, p.Pointer, p.Name, p.First.Seq, p.Last.Seq, p.Since, p.Now, p.Gaps))
	}
	want := []string{
		"later /links/members Group later 2-5 since=false now=true gaps=false",
		"still /links/members Group still 1-5 since=true now=true gaps=false",
		"gone /links/members Group gone 1-3 since=true now=false gaps=false",
		"went /links/members Group went 1-3 since=true now=false gaps=true",
		"said /spec/description Group said 1-2 since=true now=false gaps=false",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	point, err := a.repo.Snapshot(head)
	must(t, err)
	var now []string
	for hit, err := range point.Search(NewQuarry("ada")) {
		must(t, err)
		now = append(now, hit.ID)
	}
	if slices.Sort(now); !slices.Equal(now, []string{"later", "still"}) {
		t.Errorf("now %v", now)
	}
}

func TestIdentities(t *testing.T) {
	lines := entra.Lineage{{Kind: "applications", Old: "a", New: "b"}}.Lines()
	o := &entra.Object{Key: entra.Key{Kind: "applications", ID: "b"}, Status: map[string]any{"appId": "app"}}
	if got := Identities(o, lines); !slices.Equal(got, []string{"a", "b", "app"}) {
		t.Errorf("%q", got)
	}
	if got := lines.Of(entra.Name{Kind: "applications", Value: "a"}); len(got) != 2 {
		t.Errorf("the lineage changed: %q", got)
	}
}

func TestUnread(t *testing.T) {
	m := covering("groups")
	for name, state := range map[string]entra.CoverageState{
		"users": entra.Partial, "domains": entra.Forbidden, "apiConnectors": entra.Absent, "accessPackages": entra.Unlicensed, "agreements": entra.Skipped,
	} {
		m.Kinds[name] = entra.Coverage{State: state, Cause: "why"}
	}
	var names []string
	for _, u := range Unread(m) {
		names = append(names, u.Kind+" "+u.Cause)
	}
	if slices.Sort(names); !slices.Equal(names, []string{"domains why", "users why"}) {
		t.Errorf("%q", names)
	}
}
