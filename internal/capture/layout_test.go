package capture_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// settings answers a listing of group settings with objects of those ids.
func settings(ids ...string) emulator.Fault {
	var objects []string
	for _, id := range ids {
		objects = append(objects, `{"id":"`+id+`","displayName":"One","templateId":"`+id+`"}`)
	}
	return emulator.Fault{Method: "GET", Path: "/groupSettings", Count: 1, Body: `{"value":[` + strings.Join(objects, ",") + `]}`}
}

// Of two ids that differ by case, one object is refused and everything else is kept:
// the same one whatever the order of reading, and never the one that has a file.
func TestIdsThatDifferByCase(t *testing.T) {
	for _, tt := range []struct {
		name    string
		before  []string
		now     []string
		have    string
		refused string
	}{
		{"both new", nil, []string{"AB", "ab", "c"}, "AB c", "ab"},
		{"both new, the other way round", nil, []string{"ab", "AB", "c"}, "AB c", "ab"},
		{"both mixed", nil, []string{"aB", "Ab"}, "Ab", "aB"},
		{"one has a file", []string{"ab"}, []string{"AB", "ab"}, "ab", "AB"},
		{"one has a file and comes first", []string{"ab"}, []string{"ab", "AB"}, "ab", "AB"},
		{"one goes as the other comes", []string{"ab"}, []string{"AB"}, "AB", ""},
		{"three", nil, []string{"aB", "ab", "AB"}, "AB", "aB ab"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tn := newTenant(t, emulator.Options{})
			tn.fault(t, settings(tt.before...), settings(tt.now...))
			base, s := tn.only(t, files{}, entra.Manifest{}, "groupSettings")
			now, s2 := tn.only(t, base, s.Manifest, "groupSettings")
			if got := strings.Join(ids(now, "groupSettings"), " "); got != tt.have {
				t.Errorf("files of %q, want %q", got, tt.have)
			}
			var refused []string
			for _, e := range s2.Manifest.Kinds["groupSettings"].Exceptions {
				if e.Part != "" || !strings.Contains(e.Cause, "by the case of letters") {
					t.Errorf("exception %+v", e)
				}
				refused = append(refused, e.ID)
			}
			if got := strings.Join(refused, " "); got != tt.refused {
				t.Errorf("refused %q, want %q", got, tt.refused)
			}
			if k := s2.Kinds[0]; k.Objects != len(now) || k.Added != len(now)-len(tt.before)+k.Removed {
				t.Errorf("%d files: %d objects, %d added, %d removed", len(now), k.Objects, k.Added, k.Removed)
			}
			for _, c := range s2.Kinds[0].Changes {
				if c.Type == entra.Added && slices.Contains(refused, c.ID) {
					t.Errorf("%s is listed as added", c.ID)
				}
			}
		})
	}
}

// picky is a sink that cannot hold one object, as a repository refuses a path.
type picky struct {
	sink
	no  string
	err error
}

func (p picky) Put(path string, data []byte) (entra.ChangeType, error) {
	if strings.Contains(path, p.no) {
		return "", fmt.Errorf("put %s: %w", path, p.err)
	}
	return p.sink.Put(path, data)
}

// An object that the repository cannot hold is refused alone; a repository that fails
// ends the run.
func TestSinkRefusesOneObject(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	tn.fault(t, settings("a", "b"), settings("a", "b"))
	opts := capture.Options{Kinds: []*kind.Kind{kind.ByName("groupSettings")}}
	now := files{}
	s, err := capture.Run(context.Background(), tn.client, files{}, picky{sink{files{}, now}, ".a.yaml", entra.ErrInvalid}, opts)
	if err != nil {
		t.Fatal(err)
	}
	cover := s.Manifest.Kinds["groupSettings"]
	if got := ids(now, "groupSettings"); !slices.Equal(got, []string{"b"}) || cover.Of("a").Object() || !cover.Of("b").Object() {
		t.Errorf("files of %v, exceptions %v", got, cover.Exceptions)
	}
	broken := errors.New("disk full")
	if _, err := capture.Run(context.Background(), tn.client, files{}, picky{sink{files{}, files{}}, ".a.yaml", broken}, opts); !errors.Is(err, broken) {
		t.Errorf("a broken repository: %v", err)
	}
}

// Only a kind that no snapshot has read is read for the first time.
func TestFirst(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	forbidden := emulator.Fault{Method: "GET", Path: "/groupSettings", Status: 403, Code: "Forbidden", Count: 1}
	base, manifest := files{}, entra.Manifest{}
	for i, step := range []struct {
		answer emulator.Fault
		first  bool
	}{
		{forbidden, true},
		{settings(), true},
		{settings("a", "b"), false},
		{forbidden, false},
		{settings("a", "b", "c"), false},
	} {
		tn.fault(t, step.answer)
		var s *capture.Summary
		base, s = tn.only(t, base, manifest, "groupSettings")
		if s.Kinds[0].First != step.first {
			t.Errorf("run %d: first is %v", i, s.Kinds[0].First)
		}
		manifest = s.Manifest
	}
	if len(base) != 3 {
		t.Errorf("%d files", len(base))
	}
}

// The width of shards is chosen when the first objects come, also where an earlier
// snapshot could not read the kind, and stays.
func TestShardWidth(t *testing.T) {
	tn := newTenant(t, emulator.Options{Scale: emulator.Scale{Users: 1100}})
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/users", Status: 403, Code: "Authorization_RequestDenied", Count: 2})
	base, s := tn.only(t, files{}, entra.Manifest{}, "users")
	if len(base) != 0 || s.Manifest.Kinds["users"].Shard != 0 {
		t.Fatalf("%d files, %+v", len(base), s.Manifest.Kinds["users"])
	}
	now, s := tn.only(t, base, s.Manifest, "users")
	if s.Manifest.Kinds["users"].Shard != 2 {
		t.Errorf("the width is %d", s.Manifest.Kinds["users"].Shard)
	}
	for path := range now {
		if strings.Count(path, "/") != 3 {
			t.Fatalf("%s is in no shard", path)
		}
	}
	again, s := tn.only(t, now, s.Manifest, "users")
	if d := cmp.Diff(now, again); d != "" || s.Manifest.Kinds["users"].Shard != 2 || s.Kinds[0].Changed+s.Kinds[0].Removed != 0 {
		t.Errorf("a second reading: %+v\n%s", s.Kinds[0], d)
	}
}

// A kind that this run was not asked to read is not vouched for, whatever it was before.
func TestNotSelected(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "groupSettings", "namedLocations")
	complete(t, s)
	tn.write(t, "DELETE", "/groupSettings/"+firstID(t, base, "groupSettings"), "")
	now, s2 := tn.only(t, base, s.Manifest, "namedLocations")
	if d := cmp.Diff(base, now); d != "" {
		t.Errorf("files changed:\n%s", d)
	}
	cover := s2.Manifest.Kinds["groupSettings"]
	if cover.State != entra.Skipped || cover.Cause != "not selected" || cover.Of(firstID(t, base, "groupSettings")).Object() {
		t.Errorf("coverage %+v", cover)
	}
	if was := s.Manifest.Kinds["groupSettings"]; !slices.Equal(cover.Properties, was.Properties) || cover.Shard != was.Shard {
		t.Errorf("its extent is lost: %+v", cover)
	}
	if len(s2.Kinds) != 1 {
		t.Errorf("the summary tells of %d kinds", len(s2.Kinds))
	}
}

// A listing whose page token expired begins anew and is complete; one whose tokens
// always expire ends, and the kind keeps its files.
func TestExpiredPageToken(t *testing.T) {
	expired := emulator.Fault{Method: "GET", Path: "/users", Query: "$skiptoken", Status: 400, Code: "Directory_ExpiredPageToken"}
	tn := newTenant(t, emulator.Options{PageSize: 20})
	base, s := tn.only(t, files{}, entra.Manifest{}, "users")
	complete(t, s)
	once := expired
	once.Count, once.Skip = 3, 1
	tn.fault(t, once)
	tn.ClearLog()
	now, s2 := tn.only(t, base, s.Manifest, "users")
	complete(t, s2)
	starts := 0
	for _, r := range tn.Requests() {
		if r.Path == "/users" && !strings.Contains(r.Query, "$skiptoken") {
			starts++
		}
	}
	if d := cmp.Diff(base, now); d != "" || starts < 2 || s2.Kinds[0].Objects != len(base) {
		t.Errorf("%d starts, %d objects of %d\n%s", starts, s2.Kinds[0].Objects, len(base), d)
	}
	tn.fault(t, expired)
	kept, s3 := tn.only(t, base, s2.Manifest, "users")
	if d := cmp.Diff(base, kept); d != "" || s3.Manifest.Kinds["users"].State != entra.Skipped {
		t.Errorf("%+v\n%s", s3.Manifest.Kinds["users"], d)
	}
}

// More unreadable objects than a manifest can name are a kind that was not read.
func TestTooManyUnreadableObjects(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	var odd []string
	for i := range 1001 {
		odd = append(odd, fmt.Sprintf("%04d%s", i, strings.Repeat("x", 300)))
	}
	tn.fault(t, settings("a", "b"), settings(odd[:1000]...), settings(odd...))
	base, s := tn.only(t, files{}, entra.Manifest{}, "groupSettings")
	within, s2 := tn.only(t, base, s.Manifest, "groupSettings")
	if cover := s2.Manifest.Kinds["groupSettings"]; len(cover.Exceptions) != 1000 || cover.State != entra.Partial || len(within) != 0 {
		t.Errorf("%s with %d exceptions, %d files", cover.State, len(cover.Exceptions), len(within))
	}
	beyond, s3 := tn.only(t, base, s.Manifest, "groupSettings")
	cover := s3.Manifest.Kinds["groupSettings"]
	if d := cmp.Diff(base, beyond); d != "" || cover.State != entra.Skipped || !strings.HasPrefix(cover.Cause, "1001 objects could not be read") {
		t.Errorf("%s: %s\n%s", cover.State, cover.Cause, d)
	}
}
