package capture_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// stumble notes each operation of a run by what it does, and fails those of one name
// from a given occurrence on.
type stumble struct {
	name string
	from int
	err  error

	mu   sync.Mutex
	seen map[string]int
}

func (s *stumble) step(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[string]int{}
	}
	s.seen[name]++
	if name == s.name && s.seen[name] >= s.from {
		return fmt.Errorf("%s: %w", name, s.err)
	}
	return nil
}

// disk is a snapshot whose operations may fail, named by what is done to files of which
// kind.
type disk struct {
	sink
	*stumble
}

func (d disk) on(op, path string) error {
	kindName, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(path, "tenant/"), ".yaml"), "/")
	return d.step(op + " " + kindName)
}

func (d disk) Paths(prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for path, err := range d.base.Paths(prefix) {
			if err == nil {
				err = d.on("list", prefix)
			}
			if !yield(path, err) || err != nil {
				return
			}
		}
	}
}

func (d disk) Read(path string) ([]byte, error) {
	if err := d.on("read", path); err != nil {
		return nil, err
	}
	return d.base.Read(path)
}

func (d disk) Same(path string, data []byte) (bool, error) {
	return d.base.Same(path, data)
}

func (d disk) Put(path string, data []byte) (entra.ChangeType, error) {
	if err := d.on("put", path); err != nil {
		return "", err
	}
	return d.sink.Put(path, data)
}

func (d disk) Move(from, to string) error {
	return errors.Join(d.on("move", from), d.sink.Move(from, to))
}

func (d disk) Delete(path string) error {
	return errors.Join(d.on("delete", path), d.sink.Delete(path))
}

func (d disk) Reset(prefix string) error {
	return errors.Join(d.on("reset", prefix), d.sink.Reset(prefix))
}

func kindsNamed(names ...string) []*kind.Kind {
	var list []*kind.Kind
	for _, name := range names {
		list = append(list, kind.ByName(name))
	}
	return list
}

// After an operation on the snapshot that failed, nothing may be committed: whichever it
// was, and whatever it was for, the run ends with its error. Two readings only make a
// summary nicer; without them the files are the same.
func TestEveryFailureOfTheSnapshotEndsTheRun(t *testing.T) {
	tn := newTenant(t, few)
	names := []string{"conditionalAccessPolicies", "namedLocations", "groups", "groupSettings", "organizationalBranding", "roleAssignments", eligibility}
	tn.fault(t, settings("ab", "C"))
	base, s := tn.only(t, files{}, entra.Manifest{}, append(names, "authenticationStrengthPolicies")...)
	complete(t, s)
	policy := firstID(t, base, "conditionalAccessPolicies")
	tn.write(t, "PATCH", "/identity/conditionalAccess/policies/"+policy, `{"displayName": "Another name"}`)
	group := ids(base, "groups")[1]
	tn.fault(t,
		emulator.Fault{Method: "GET", Path: "/groups/" + group + "/members", Status: 403, Code: "Authorization_RequestDenied"},
		emulator.Fault{Method: "GET", Path: "/roleManagement/directory/roleAssignments", Status: 403, Code: "Authorization_RequestDenied"},
		emulator.Fault{Method: "GET", Path: "/groupSettings", Body: settings("AB", "c", "e", "E").Body},
		closedFor(slices.Min(slices.Collect(maps.Keys(owners(t, base)))), 403, "Authorization_RequestDenied"))
	for _, location := range ids(base, "namedLocations")[:1] {
		base["tenant/namedLocations/gone.gone.yaml"] = strings.ReplaceAll(base[file(t, base, "namedLocations", location)], location, "gone")
	}
	run := func(st *stumble) (files, error) {
		d := disk{sink{base, maps.Clone(base)}, st}
		_, err := capture.Run(t.Context(), tn.client, d, d, capture.Options{Kinds: kindsNamed(names...), Manifest: s.Manifest})
		return d.now, err
	}
	sound := &stumble{}
	want, err := run(sound)
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	tolerated := map[string]bool{"read conditionalAccessPolicies": true, "read namedLocations": true, "read groupSettings": true}
	for _, name := range slices.Sorted(maps.Keys(sound.seen)) {
		for _, from := range []int{1, sound.seen[name]} {
			got, err := run(&stumble{name: name, from: from, err: full})
			if !errors.Is(err, full) && (err != nil || !tolerated[name] || !cmp.Equal(want, got)) {
				t.Errorf("%s fails for the %d. time: %v", name, from, err)
			}
		}
	}
}

// A tenant that has not changed is compared by the bytes of its files alone: none of the
// snapshot before is parsed, however many there are.
func TestUnchangedFilesAreNotRead(t *testing.T) {
	tn := newTenant(t, few)
	names := []string{"groups", "users", "servicePrincipals", "namedLocations", eligibility}
	base, s := tn.only(t, files{}, entra.Manifest{}, names...)
	complete(t, s)
	d := disk{sink{base, maps.Clone(base)}, &stumble{}}
	if _, err := capture.Run(t.Context(), tn.client, d, d, capture.Options{Kinds: kindsNamed(names...), Manifest: s.Manifest}); err != nil {
		t.Fatal(err)
	}
	for name, n := range d.seen {
		if op, _, _ := strings.Cut(name, " "); op == "read" || op == "delete" || op == "move" || op == "reset" {
			t.Errorf("%s: %d times", name, n)
		}
	}
	if d.seen["put groups"] == 0 {
		t.Error("nothing was put")
	}
}

// A kind that cannot be moved into its shards is not committed either.
func TestShardsThatCannotBeMade(t *testing.T) {
	tn := newTenant(t, few)
	var list []string
	for i := range 1000 {
		list = append(list, fmt.Sprintf(`{"id":"%04d"}`, i))
	}
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/roleManagement/directory/roleAssignments", Body: `{"value":[` + strings.Join(list, ",") + `]}`})
	full := errors.New("disk full")
	for from, want := range map[int]error{1: full, 1000: full, 1001: nil} {
		d := disk{sink{files{}, files{}}, &stumble{name: "move roleAssignments", from: from, err: full}}
		if _, err := capture.Run(t.Context(), tn.client, d, d, capture.Options{Kinds: kindsNamed("roleAssignments")}); !errors.Is(err, want) {
			t.Errorf("from the %d. on: %v", from, err)
		}
	}
}

// Of two ids that differ by case in a kind that is new and large, one has a file in a
// shard and the other none.
func TestTwinsAmongShards(t *testing.T) {
	tn := newTenant(t, few)
	list := []string{`{"id":"ab"}`, `{"id":"AB"}`}
	for i := range 999 {
		list = append(list, fmt.Sprintf(`{"id":"%04d"}`, i))
	}
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/roleManagement/directory/roleAssignments", Body: `{"value":[` + strings.Join(list, ",") + `]}`})
	now, s := tn.only(t, files{}, entra.Manifest{}, "roleAssignments")
	cover := s.Manifest.Kinds["roleAssignments"]
	if len(now) != 1000 || cover.Shard != 2 || len(cover.Exceptions) != 1 || s.Kinds[0].Objects != 1000 {
		t.Errorf("%d files, width %d, exceptions %v, %d objects", len(now), cover.Shard, cover.Exceptions, s.Kinds[0].Objects)
	}
	for path := range now {
		if strings.Count(path, "/") != 3 {
			t.Errorf("%s is in no shard", path)
		}
	}
}

// few is a small tenant, for what is run many times.
var few = emulator.Options{Scale: emulator.Scale{Users: 10, Groups: 10}}

// source is a tenant of which one answer fails, named by its path with "*" for ids.
type source struct {
	*graph.Client
	*stumble
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

func (s source) on(path string) error {
	path, query, _ := strings.Cut(path, "?")
	name := anyID.ReplaceAllString(path, "*")
	if strings.Contains(query, "customSecurityAttributes") {
		name += " with attributes"
	}
	return s.step(name)
}

func (s source) List(ctx context.Context, path string, q url.Values) iter.Seq2[[]byte, error] {
	return s.each(path+"?"+q.Encode(), s.Client.List(ctx, path, q))
}

func (s source) Items(ctx context.Context, answer []byte) iter.Seq2[[]byte, error] {
	return s.each("pages", s.Client.Items(ctx, answer))
}

// each fails a list at its start, and between two objects.
func (s source) each(path string, list iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if err := s.on(path); err != nil {
			yield(nil, err)
			return
		}
		first := true
		for body, err := range list {
			if !first && err == nil {
				err = s.on(path)
			}
			first = false
			if !yield(body, err) || err != nil {
				return
			}
		}
	}
}

func (s source) Get(ctx context.Context, path string, q url.Values) ([]byte, error) {
	if err := s.on(path); err != nil {
		return nil, err
	}
	return s.Client.Get(ctx, path, q)
}

func (s source) Batch(ctx context.Context, reqs []graph.BatchRequest) ([]graph.BatchResponse, error) {
	resps, err := s.Client.Batch(ctx, reqs)
	if err == nil {
		err = s.on("/$batch")
	}
	if err != nil {
		return nil, err
	}
	for i := range resps {
		if err := s.on(reqs[i].Path); err != nil {
			resps[i] = graph.BatchResponse{Err: err}
		}
	}
	return resps, nil
}

// Whichever answer of Graph fails, the first or the last of its sort, no file is lost or
// changed and the coverage says so; and a sign-in that is refused in mid run ends it.
func TestEveryAnswerThatFails(t *testing.T) {
	tn := newTenant(t, few)
	names := []string{
		"administrativeUnits", "authorizationPolicy", "conditionalAccessPolicies", "lifecycleWorkflows", "namedLocations",
		"onPremisesSynchronization", "organizationalBranding", eligibility, "roleAssignments", "groups", "users",
	}
	base, s := tn.only(t, files{}, entra.Manifest{}, names...)
	complete(t, s)
	s.Manifest.Tenant = "" // so that it is asked for
	run := func(st *stumble) (files, *capture.Summary, error) {
		now := maps.Clone(base)
		got, err := capture.Run(t.Context(), source{tn.client, st}, base, sink{base, now}, capture.Options{Kinds: kindsNamed(names...), Manifest: s.Manifest})
		return now, got, err
	}
	sound := &stumble{}
	if now, s, err := run(sound); err != nil || len(s.Incomplete()) > 0 || !cmp.Equal(base, now) {
		t.Fatalf("%v: %v", err, cmp.Diff(base, now))
	}
	for _, name := range slices.Sorted(maps.Keys(sound.seen)) {
		for _, st := range []*stumble{
			{name: name, from: 1, err: entra.ErrForbidden},
			{name: name, from: sound.seen[name], err: entra.ErrUnavailable},
		} {
			now, s, err := run(st)
			if err != nil {
				t.Errorf("%s, %v from the %d. on: the run ended: %v", name, st.err, st.from, err)
				continue
			}
			if strings.HasSuffix(name, "roleAssignmentScheduleInstances") { // an activation looks like an assignment
				maps.DeleteFunc(now, func(path, _ string) bool {
					return base[path] == "" && strings.HasPrefix(path, "tenant/roleAssignments/")
				})
			}
			if d := cmp.Diff(base, now); d != "" {
				t.Errorf("%s, %v from the %d. on: files changed:\n%.2000s", name, st.err, st.from, d)
			}
			if len(s.Incomplete()) == 0 {
				t.Errorf("%s, %v from the %d. on: every kind is complete", name, st.err, st.from)
			}
		}
		if _, _, err := run(&stumble{name: name, from: 1, err: entra.ErrUnauthenticated}); !errors.Is(err, entra.ErrUnauthenticated) {
			t.Errorf("%s, sign-in refused: %v", name, err)
		}
	}
	t.Logf("%d sorts of answers", len(sound.seen))
}

// The same for a few objects: what cannot be read failed, none is taken for gone, and the
// others are read.
func TestEveryAnswerAboutObjectsThatFails(t *testing.T) {
	tn := newTenant(t, few)
	names := []string{"conditionalAccessPolicies", "organizationalBranding", "groups", "users", eligibility}
	base, _ := tn.only(t, files{}, entra.Manifest{}, names...)
	var keys []entra.Key
	for _, name := range names {
		path := file(t, base, name, firstFileID(t, base, name))
		keys = append(keys, decode(t, name, path, base[path]).Key)
	}
	gone := entra.Key{Kind: "users", ID: ids(base, "users")[2]}
	tn.write(t, "DELETE", "/users/"+gone.ID, "")
	never := entra.Key{Kind: "groups", ID: "00000000-0000-4000-8000-000000000000"}
	keys = append(keys, gone, never)
	read := func(st *stumble) (*capture.Live, error) {
		return capture.Objects(t.Context(), source{tn.client, st}, keys)
	}
	sound := &stumble{}
	all, err := read(sound)
	if err != nil || len(all.Objects) != len(names) || len(all.Deleted) != 1 || len(all.Failed) != 0 || len(all.Coverage) != len(names) {
		t.Fatalf("%v, %+v", err, all)
	}
	for _, name := range slices.Sorted(maps.Keys(sound.seen)) {
		for _, from := range slices.Compact([]int{1, sound.seen[name]}) {
			live, err := read(&stumble{name: name, from: from, err: entra.ErrForbidden})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for _, key := range keys {
				extent := live.Coverage[key.Kind].Of(key.ID)
				known := live.Objects[key] != nil || live.Deleted[key] != nil || key == never
				if known == (live.Failed[key] != nil) && key != never || live.Failed[key] != nil && extent.Object() {
					t.Errorf("%s: %s: failed %v, extent %+v", name, key, live.Failed[key], extent)
				}
			}
			if cmp.Equal(live.Coverage, all.Coverage) {
				t.Errorf("%s: the coverage says nothing of it", name)
			}
			if _, err := read(&stumble{name: name, from: from, err: entra.ErrUnauthenticated}); !errors.Is(err, entra.ErrUnauthenticated) {
				t.Errorf("%s, sign-in refused: %v", name, err)
			}
		}
	}
}

// firstFileID is the id in the path of a kind's first file; a singleton has none.
func firstFileID(t *testing.T, f files, name string) string {
	t.Helper()
	for p := range f.Paths(canon.Folder(kind.ByName(name))) {
		_, id, _ := canon.ParsePath(p)
		return id
	}
	t.Fatalf("no file of %s", name)
	return ""
}
