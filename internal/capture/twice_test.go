package capture_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// One object may come several times: a listing began anew, or it moved between pages while
// somebody renamed it. The last answer counts, and leaves one file.
func TestOneObjectSeveralTimes(t *testing.T) {
	for _, tt := range []struct {
		before string
		now    string // names in the order in which they come
		file   string
		counts [3]int // added, changed, removed, where the answers agree
		told   bool
	}{
		{"", "A", "a", [3]int{1, 0, 0}, false},
		{"", "A A", "a", [3]int{1, 0, 0}, false},
		{"", "A B", "b", [3]int{}, true},
		{"", "A B A", "a", [3]int{}, true},
		{"A", "A", "a", [3]int{0, 0, 0}, false},
		{"A", "B", "b", [3]int{0, 1, 0}, false},
		{"A", "B B", "b", [3]int{0, 1, 0}, false},
		{"A", "A B", "b", [3]int{}, true},
		{"A", "B A", "a", [3]int{}, true},
		{"A", "B C", "c", [3]int{}, true},
		{"A", "B C D", "d", [3]int{}, true},
		{"A", "", "", [3]int{0, 0, 1}, false},
	} {
		t.Run(tt.before+" to "+tt.now, func(t *testing.T) {
			tn := newTenant(t, emulator.Options{Seed: "empty"})
			answer := func(names string) emulator.Fault {
				var objects []string
				for _, name := range strings.Fields(names) {
					objects = append(objects, `{"id":"1","displayName":"`+name+`"}`)
				}
				return emulator.Fault{Method: "GET", Path: "/groupSettings", Count: 1, Body: `{"value":[` + strings.Join(objects, ",") + `]}`}
			}
			tn.fault(t, answer(tt.before), answer(tt.now))
			base, s := tn.only(t, files{}, entra.Manifest{}, "groupSettings")
			now, s2 := tn.only(t, base, s.Manifest, "groupSettings")
			var want string
			if tt.file != "" {
				want = "tenant/groupSettings/" + tt.file + ".1.yaml"
			}
			if got := strings.Join(sortedPaths(now), " "); got != want {
				t.Errorf("files %q, want %q", got, want)
			}
			if k := s2.Kinds[0]; !tt.told && [3]int{k.Added, k.Changed, k.Removed} != tt.counts {
				t.Errorf("+%d ~%d -%d, want %v", k.Added, k.Changed, k.Removed, tt.counts)
			}
			if got := strings.Contains(details(s2, "groupSettings"), "two objects with one id"); got != tt.told {
				t.Errorf("the summary says %s", details(s2, "groupSettings"))
			}
		})
	}
}

// An object whose second answer the repository cannot hold keeps the file of the first.
func TestSecondAnswerThatIsRefused(t *testing.T) {
	tn := newTenant(t, emulator.Options{Seed: "empty"})
	list := func(names ...string) emulator.Fault {
		var objects []string
		for _, name := range names {
			objects = append(objects, `{"id":"1","displayName":"`+name+`"}`)
		}
		return emulator.Fault{Method: "GET", Path: "/groupSettings", Count: 1, Body: `{"value":[` + strings.Join(objects, ",") + `]}`}
	}
	for _, tt := range []struct {
		names []string
		file  string
	}{
		{[]string{"A", "Bad"}, "a"},
		{[]string{"Bad", "C"}, "c"},
		{[]string{"Bad", "A"}, "a"},
		{[]string{"C", "Bad"}, "c"},
		{[]string{"Bad", "Bad"}, "a"},
	} {
		tn.fault(t, list("A"), list(tt.names...))
		base, s := tn.only(t, files{}, entra.Manifest{}, "groupSettings")
		now := maps.Clone(base)
		_, err := capture.Run(t.Context(), tn.client, base, picky{sink{base, now}, "/bad.", entra.ErrInvalid}, capture.Options{Kinds: kindsNamed("groupSettings"), Manifest: s.Manifest})
		if got := strings.Join(sortedPaths(now), " "); err != nil || got != "tenant/groupSettings/"+tt.file+".1.yaml" {
			t.Errorf("%v: %s, %v", tt.names, got, err)
		}
	}
}

// An object that could not be read when it came first, and could when it came again, was
// read, and counts.
func TestObjectThatIsReadAtLast(t *testing.T) {
	tn := newTenant(t, emulator.Options{Seed: "empty"})
	odd := `{"@odata.type":"#microsoft.graph.directorySetting","id":"a"}`
	answer := settings("a")
	answer.Body = strings.Replace(answer.Body, "[", "["+odd+",", 1)
	tn.fault(t, settings("a"), answer)
	base, s := tn.only(t, files{}, entra.Manifest{}, "groupSettings")
	now, s2 := tn.only(t, base, s.Manifest, "groupSettings")
	complete(t, s2)
	if s2.Kinds[0].Objects != 1 || len(now) != 1 || s2.Kinds[0].Removed != 0 {
		t.Errorf("%d objects, %d files", s2.Kinds[0].Objects, len(now))
	}
}
