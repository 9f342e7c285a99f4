package capture_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// only captures some kinds on top of a base.
func (tn *tenant) only(t *testing.T, base files, before entra.Manifest, names ...string) (files, *capture.Summary) {
	t.Helper()
	var kinds []*kind.Kind
	for _, name := range names {
		kinds = append(kinds, kind.ByName(name))
	}
	before.Tenant = tn.TenantID()
	s := sink{base: base, now: maps.Clone(base)}
	summary, err := capture.Run(context.Background(), tn.client, base, s, capture.Options{Kinds: kinds, Manifest: before})
	if err != nil {
		t.Fatal(err)
	}
	return s.now, summary
}

func (tn *tenant) fault(t *testing.T, faults ...emulator.Fault) {
	t.Helper()
	if err := tn.AddFaults(faults...); err != nil {
		t.Fatal(err)
	}
}

// details joins what a summary says about a kind.
func details(s *capture.Summary, kindName string) string {
	text := ""
	for _, k := range s.Kinds {
		if k.Kind.Name == kindName {
			text = string(k.Coverage.State) + ": " + k.Coverage.Cause + "\n" + fmt.Sprint(k.Details)
		}
	}
	return text
}

// Objects that Graph should not answer are kept or refused by name; no file is lost.
func TestOddObjects(t *testing.T) {
	const settings = "/groupSettings"
	tests := []struct {
		name    string
		objects string
		want    string   // in what the summary says
		have    []string // parts of paths that must be there
		lost    bool     // whether the file of before may go
	}{
		{"no id", `{"displayName":"Nameless"},{"id":"1","displayName":"One"}`, `groupSettings/? ("Nameless"): object without an id`,
			[]string{"/one.1.yaml"}, false},
		{"id of another type", `{"id":7,"displayName":"Seven"}`, `("Seven")`, nil, false},
		{"id that is a path", `{"id":"../../../etc/passwd","displayName":"Up"},{"id":"con","displayName":"Con"}`, "complete: \n[]",
			[]string{"/up.~2E.~2F..~2F..~2Fetc~2Fpasswd.yaml", ".~63on.yaml"}, true},
		{"id too long", `{"id":"` + strings.Repeat("x", 300) + `","displayName":"Long"}`, "too long for a file name", nil, true},
		{"one id twice", `{"id":"1","displayName":"A"},{"id":"1","displayName":"B"}`, "groupSettings/1: two objects with one id",
			[]string{"/b.1.yaml"}, true},
		{"one object twice", `{"id":"1","displayName":"A"},{"id":"1","displayName":"A"}`, "complete: \n[]", []string{"/a.1.yaml"}, true},
		{"properties of other types", `{"id":"1","displayName":{"a":[1]},"templateId":true,"values":"none"}`, "complete: \n[]",
			[]string{"/unnamed.1.yaml"}, true},
		{"name of 1 MB", `{"id":"1","displayName":"` + strings.Repeat("n", 1<<20) + `"}`, "complete: \n[]", []string{"/nnn"}, true},
		{"no object", `"text"`, `groupSettings/? (""): object without an id`, nil, false},
		{"a member twice", `{"id":"1","displayName":"A","displayName":"B"}`, "duplicate object member name", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tn := newTenant(t, emulator.Options{})
			base, s := tn.only(t, files{}, entra.Manifest{}, "groupSettings")
			complete(t, s)
			tn.fault(t, emulator.Fault{Method: "GET", Path: settings, Body: `{"value":[` + tt.objects + `]}`},
				emulator.Fault{Method: "GET", Path: settings + "/*", Status: 404, Code: "Request_ResourceNotFound"})
			now, s2 := tn.only(t, base, s.Manifest, "groupSettings")
			if got := details(s2, "groupSettings"); !strings.Contains(got, tt.want) {
				t.Errorf("the summary says %.300s, want %q", got, tt.want)
			}
			for _, part := range tt.have {
				if !strings.Contains(strings.Join(sortedPaths(now), "\n"), part) {
					t.Errorf("no file %s among\n%.300s", part, strings.Join(sortedPaths(now), "\n"))
				}
			}
			if !tt.lost {
				for path := range base {
					if now[path] != base[path] {
						t.Errorf("%s is not what it was", path)
					}
				}
			}
			if strings.Count(strings.Join(sortedPaths(now), "\n"), ".1.yaml") > 1 {
				t.Errorf("one id has two files: %v", sortedPaths(now))
			}
		})
	}
}

func sortedPaths(f files) []string {
	var paths []string
	for p := range f {
		paths = append(paths, p)
	}
	return paths
}

// An object of which Graph shows the id alone has not lost its properties.
func TestRedactedObjectIsKept(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "groups")
	id := firstID(t, base, "groups")
	body := `{"@odata.type":"#microsoft.graph.group","id":"` + id + `","displayName":null,"groupTypes":[]}`
	tn.fault(t,
		emulator.Fault{Method: "GET", Path: "/groups", Body: `{"value":[` + body + `]}`},
		emulator.Fault{Method: "GET", Path: "/groups/*", Body: body})
	now, s2 := tn.only(t, base, s.Manifest, "groups")
	path := file(t, base, "groups", id)
	if now[path] != base[path] {
		t.Errorf("the file changed:\n%s", cmp.Diff(base[path], now[path]))
	}
	if got := details(s2, "groups"); !strings.Contains(got, "partial: ") || !strings.Contains(got, "groups/"+id) {
		t.Errorf("the summary says %s", got)
	}
	key := entra.Key{Kind: "groups", ID: id}
	live, err := capture.Objects(context.Background(), tn.client, []entra.Key{key})
	if err != nil || live.Objects[key] != nil || !errors.Is(live.Failed[key], entra.ErrForbidden) {
		t.Errorf("read as %+v, %v", live, err)
	}
}
