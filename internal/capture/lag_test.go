package capture_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// Replicas that lag cost no object its file: users who were deleted and taken back are missing
// in a list that does not know of it yet. Those who stay deleted lose theirs, once every
// replica knows.
func TestCaptureUnderLag(t *testing.T) {
	const lag = time.Minute
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	tn := newTenant(t, emulator.Options{Lag: lag, Now: func() time.Time { return now }})
	base, before := tn.only(t, files{}, entra.Manifest{}, "users", "groups")
	var users []string
	for path, data := range base {
		if strings.HasPrefix(path, "tenant/users/") && !strings.Contains(data, "onPremisesSyncEnabled: true") {
			users = append(users, strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], ".yaml"))
		}
	}
	slices.Sort(users)
	back, gone := users[:8], users[8:12]
	for _, id := range slices.Concat(back, gone) {
		tn.write(t, "DELETE", "/users/"+id, "")
	}
	now = now.Add(lag)
	for _, id := range back {
		tn.write(t, "POST", "/directory/deletedItems/"+id+"/restore", "")
	}
	kept := func(after files, id string) bool {
		return slices.ContainsFunc(slices.Collect(keysOf(after)), func(path string) bool { return strings.Contains(path, id) })
	}
	for _, wait := range []time.Duration{lag/2 + time.Second, lag / 2} {
		now = now.Add(wait)
		after, s := tn.only(t, base, before.Manifest, "users", "groups")
		missing := 0
		for _, id := range back {
			if !kept(after, id) {
				missing++ // no replica has it, so that nobody could know
			}
		}
		if wait == lag/2 && missing > 0 || missing > 3 {
			t.Errorf("%s after: %d users are gone", wait, missing)
		}
		for _, id := range gone {
			if kept(after, id) {
				t.Errorf("%s after: the user %s is there", wait, id)
			}
		}
		cover := s.Manifest.Kinds["users"]
		for _, e := range cover.Exceptions {
			if !slices.Contains(back, e.ID) || e.Part != "" || e.Cause != "not found: 404 Request_ResourceNotFound" && !strings.HasSuffix(e.Cause, "not listed, and yet found by its id") {
				t.Errorf("%s after: %+v", wait, e)
			}
		}
		if wait == lag/2 && cover.State != entra.Complete {
			t.Errorf("%s after: %s, %s", wait, cover.State, cover.Cause)
		}
	}
}

// keysOf are the paths of a snapshot.
func keysOf(f files) func(func(string) bool) {
	return func(yield func(string) bool) {
		for path := range f {
			if !yield(path) {
				return
			}
		}
	}
}

// An object that the list has no longer is gone when its id is answered with 404, and not when
// there is no answer.
func TestWhatCannotBeDoubtedIsKept(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, before := tn.only(t, files{}, entra.Manifest{}, "groups")
	group := ids(base, "groups")[0]
	tn.write(t, "DELETE", "/groups/"+group, "")
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/groups/" + group, Status: 503})
	after, s := tn.only(t, base, before.Manifest, "groups")
	if !slices.ContainsFunc(slices.Collect(keysOf(after)), func(path string) bool { return strings.Contains(path, group) }) {
		t.Error("nobody knows whether the group is there, and its file is gone")
	}
	if cover := s.Manifest.Kinds["groups"]; cover.State != entra.Partial || len(cover.Exceptions) != 1 || cover.Exceptions[0].ID != group {
		t.Errorf("%+v", cover)
	}
	tn.heal(t)
	if after, _ = tn.only(t, after, s.Manifest, "groups"); slices.ContainsFunc(slices.Collect(keysOf(after)), func(path string) bool { return strings.Contains(path, group) }) {
		t.Error("the group is gone, and its file is there")
	}
}
