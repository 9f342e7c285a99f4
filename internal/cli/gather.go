package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// liveReader reads single objects of the tenant.
type liveReader struct{ src capture.Source }

// Objects reads objects as they are now, by the keys that were asked for; one that does
// not exist is missing.
func (r liveReader) Objects(ctx context.Context, identities []entra.Identity) (map[entra.Key]*entra.Object, error) {
	live, err := readLive(ctx, r.src, identities)
	if err != nil {
		return nil, err
	}
	return live.Objects, nil
}

// readLive reads objects as they are now, also those that go by another id since. One
// that cannot be read is an error: a plan would say less than was asked.
func readLive(ctx context.Context, src capture.Source, wanted []entra.Identity) (*capture.Live, error) {
	keys := make([]entra.Key, len(wanted))
	for i, identity := range wanted {
		keys[i] = identity.Key
	}
	live, err := capture.Objects(ctx, src, keys)
	if err != nil {
		return nil, err
	}
	if err := live.Seek(ctx, src, wanted); err != nil {
		return nil, err
	}
	for _, key := range keys {
		if err := live.Failed[key]; err != nil {
			return nil, err
		}
		for _, e := range live.Coverage[key.Kind].Of(key.ID).Exceptions() {
			return nil, fmt.Errorf("read %s of %s: %s: %w", e.Part, key, e.Cause, entra.ErrIncomplete)
		}
	}
	return live, nil
}

// gathered is how many selected objects are compared with the tenant at a time, so
// that memory grows with the differences and not with the selection.
const gathered = 500

// planInput is what a plan is made from, and how many of the selected objects are not
// in it because they equal the snapshot already.
type planInput struct {
	plan.Input
	matched int
}

// gather reads what a plan needs: the selected objects that differ from the
// snapshot, and of what they refer to, whether it exists.
func gather(ctx context.Context, src capture.Source, rev revision, sel diff.Selection) (*planInput, error) {
	in := &planInput{Input: plan.Input{
		From:       rev.point,
		Tenant:     rev.manifest.Tenant,
		Want:       map[entra.Key]*entra.Object{},
		Live:       map[entra.Key]*entra.Object{},
		Deleted:    map[entra.Key]bool{},
		Snapshot:   rev.manifest.Kinds,
		Now:        map[string]entra.Coverage{},
		Unwritable: map[entra.Key]string{},
		Parts:      sel.Parts(),
	}}
	chunk := map[entra.Key]*entra.Object{}
	for o, err := range selected(rev, sel) {
		if err != nil {
			return nil, err
		}
		if chunk[o.Key] = o; len(chunk) == gathered {
			if err := in.compareLive(ctx, src, chunk); err != nil {
				return nil, err
			}
			clear(chunk)
		}
	}
	if err := in.compareLive(ctx, src, chunk); err != nil {
		return nil, err
	}
	if err := in.companions(ctx, src, rev); err != nil {
		return nil, err
	}
	for _, k := range kind.All() {
		if in.Now[k.Name].State == "" {
			in.Now[k.Name] = capture.Extent(k)
		}
	}
	refs, err := plan.References(in.Input)
	if err != nil {
		return nil, err
	}
	in.Find, err = existing(ctx, src, kind.Addresses{Tenant: rev.manifest.Tenant}, refs)
	return in, err
}

// selected yields the snapshot's objects that a selection means. An argument that means
// none is a [diff.UnmatchedError].
func selected(rev revision, sel diff.Selection) func(yield func(*entra.Object, error) bool) {
	return func(yield func(*entra.Object, error) bool) {
		sel, err := sel.In(rev)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, k := range kind.All() {
			if !sel.Kind(k.Name) {
				continue
			}
			for f, err := range rev.Files(k.Name) {
				o, err := selectedObject(rev, sel, k, f, err)
				if (o != nil || err != nil) && !yield(o, err) || err != nil {
					return
				}
			}
		}
	}
}

// selectedObject reads the object of a file, or returns nil when the selection does
// not mean it.
func selectedObject(rev revision, sel diff.Selection, k *kind.Kind, f diff.File, err error) (*entra.Object, error) {
	_, id, _ := canon.ParsePath(f.Path)
	if err != nil || !sel.Object(f.Path, entra.Key{Kind: k.Name, ID: id}) {
		return nil, err
	}
	return rev.object(k, f.Path)
}

// compareLive reads the same objects from the tenant and adds those that differ to
// the input.
func (in *planInput) compareLive(ctx context.Context, src capture.Source, want map[entra.Key]*entra.Object) error {
	if len(want) == 0 {
		return nil
	}
	var wanted []entra.Identity
	for _, o := range slices.SortedFunc(maps.Values(want), func(a, b *entra.Object) int { return strings.Compare(a.String(), b.String()) }) {
		wanted = append(wanted, plan.IdentityOf(kind.ByName(o.Kind), o, o.ID))
	}
	live, err := readLive(ctx, src, wanted)
	if err != nil {
		return err
	}
	for name, cover := range live.Coverage {
		in.Now[name] = in.Now[name].Join(cover)
	}
	maps.Copy(in.Unwritable, live.Unwritable)
	for _, identity := range wanted {
		key := identity.Key
		now, deleted := live.Objects[key], live.Deleted[key]
		read := diff.Read{Before: in.Now[key.Kind].Of(key.ID), After: in.Snapshot[key.Kind].Of(key.ID)}
		if now != nil && diff.Objects(kind.ByName(key.Kind), now, want[key], read) == nil {
			in.matched++
			continue
		}
		in.Want[key] = want[key]
		if deleted != nil {
			in.Live[key], in.Deleted[key] = deleted, true
		} else if now != nil {
			in.Live[key] = now
		}
	}
	return nil
}

// existing asks the tenant which references lead to an object, and of which kind. What
// is of a kind that entragit does not know, or may not be looked up, is left to Graph
// to judge.
func existing(ctx context.Context, src capture.Source, book kind.Addresses, refs []plan.Reference) (func(*kind.Reference, string) (string, bool), error) {
	type question struct{ id, kind string }
	var reqs []graph.BatchRequest
	var asked []question
	found := map[string]string{}
	for _, ref := range refs {
		for _, target := range ref.Targets {
			id := referenceID(ref.Reference, ref.Value)
			k := kind.ByName(target)
			if k == nil || k.Unavailable != "" {
				found[id] = ""
				continue
			}
			property := "id"
			if ref.By == "" {
				property = cmp.Or(k.IDFrom, property)
			}
			reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: book.Referred(k, ref.By, ref.Value) + "?$select=" + property})
			asked = append(asked, question{id, target})
		}
	}
	if len(reqs) > 0 {
		resps, err := src.Batch(ctx, reqs)
		if err != nil {
			return nil, fmt.Errorf("look up references: %w", err)
		}
		for i, resp := range resps {
			switch {
			case resp.Err == nil:
				found[asked[i].id] = asked[i].kind
			case errors.Is(resp.Err, entra.ErrForbidden):
				if _, known := found[asked[i].id]; !known {
					found[asked[i].id] = ""
				}
			case !errors.Is(resp.Err, entra.ErrNotFound) && !errors.Is(resp.Err, entra.ErrRejected):
				return nil, fmt.Errorf("look up references: %w", resp.Err)
			}
		}
	}
	return func(ref *kind.Reference, identity string) (string, bool) {
		kindName, ok := found[referenceID(ref, identity)]
		return kindName, ok
	}, nil
}

// referenceID tells references apart by what they can lead to.
func referenceID(ref *kind.Reference, value string) string {
	return strings.Join(ref.Targets, ",") + "\x00" + ref.By + "\x00" + value
}
