package plan

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// object reads an object from its key and its sections as JSON.
func object(t *testing.T, key, sections string) *entra.Object {
	t.Helper()
	kindName, id, ok := strings.Cut(key, "/")
	if !ok {
		t.Fatalf("key %q", key)
	}
	o := &entra.Object{Key: entra.Key{Kind: kindName, ID: id}, Name: id}
	if err := json.Unmarshal([]byte(sections), o); err != nil {
		t.Fatalf("%s: %v", sections, err)
	}
	return o
}

// allRead is the coverage of a run that read all there is.
func allRead() map[string]entra.Coverage {
	all := map[string]entra.Coverage{}
	for _, k := range kind.All() {
		c := entra.Coverage{State: entra.Complete}
		for _, l := range k.Links {
			c.Links = append(c.Links, l.Name)
		}
		for _, l := range k.Contained {
			c.Contained = append(c.Contained, l.Name)
		}
		all[k.Name] = c
	}
	return all
}

// world is what a plan is made from in a test: a tenant in which "p" and a digit is the id
// of an object of any kind, and what both sides read.
type world struct {
	live, deleted []*entra.Object
	snapshot, now map[string]entra.Coverage // nil: everything
	parts         []string
	failing       map[string]error // lookups that fail
	lastRead      int              // the snapshot that read everything
	unwritable    map[entra.Key]string
	from          entra.Point
	additive      bool // what was added stays, as without --prune
}

// input puts the wanted objects into an input.
func (w *world) input(t *testing.T, want ...*entra.Object) Input {
	t.Helper()
	in := Input{Tenant: "t", From: w.from, Now: w.now, Unwritable: w.unwritable, Find: w.find, Prune: !w.additive}
	if in.Now == nil {
		in.Now = allRead()
	}
	if w.snapshot == nil {
		w.snapshot = allRead()
	}
	if w.lastRead > 0 {
		in.LastRead = func(entra.Key, string) (entra.Point, bool) { return entra.Point{Seq: w.lastRead}, true }
	}
	for _, arg := range w.parts {
		part, err := diff.ParsePart(arg)
		if err != nil {
			t.Fatal(err)
		}
		in.Parts = append(in.Parts, part)
	}
	for _, o := range want {
		s := Selected{Want: o, Read: w.snapshot[o.Kind].Of(o.ID)}
		if now := find(w.live, o.Key); now != nil {
			s.Now = now
		} else if now := find(w.deleted, o.Key); now != nil {
			s.Now, s.Deleted = now, true
		}
		in.Add(s)
	}
	return in
}

func find(objects []*entra.Object, key entra.Key) *entra.Object {
	for _, o := range objects {
		if o.Key == key {
			return o
		}
	}
	return nil
}

func (w *world) find(ref *kind.Reference, id string) (string, error) {
	if err := w.failing[id]; err != nil {
		return "", err
	}
	if len(id) == 2 && id[0] == 'p' {
		return ref.Targets[len(ref.Targets)-1], nil
	}
	for _, target := range ref.Targets {
		if find(w.live, entra.Key{Kind: target, ID: id}) != nil {
			return target, nil
		}
	}
	return "", entra.ErrNotFound
}

// plan makes the plan, and reads it back from a file on the way.
func (w *world) plan(t *testing.T, want ...*entra.Object) entra.Plan {
	t.Helper()
	made, err := New(w.input(t, want...))
	if err != nil {
		t.Fatal(err)
	}
	file, err := Encode(made)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(file, "t")
	if err != nil {
		t.Fatalf("a plan does not read back: %v\n%s", err, file)
	}
	return read
}

// lines are a plan's steps with what they need, one line each, and its refusals.
func lines(plan entra.Plan) []string {
	var all []string
	for _, s := range plan.Steps {
		all = append(all, strings.Join(append([]string{s.ID}, s.Needs...), " "))
	}
	for _, a := range plan.AddedParts {
		all = append(all, "added "+a.String()+a.Pointer)
	}
	for _, r := range plan.Refusals {
		all = append(all, strings.TrimSpace("left alone "+r.String()+r.Pointer+": "+r.Reason+" "+r.Hint))
	}
	return all
}
