package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Undoing is the operation whose way back is to be planned.
type Undoing struct {
	// Plan and Outcome are the operation's.
	Plan    entra.Plan
	Outcome entra.Outcome
	// Before is the state before it.
	Before *history.Point
	// Newest is the newest snapshot, which says what kinds of objects there are.
	Newest *history.Point
	// Recreate creates what the operation deleted for good under another id.
	Recreate bool
}

// GatherUndo reads what a plan of the way back needs: to take back what the operation did,
// change by change, and nothing else. Objects that it created or took back are to be
// deleted again. What somebody changed since stays as it is, and is among the refusals.
func GatherUndo(ctx context.Context, src capture.Source, tenant string, u Undoing) (plan.Input, error) {
	b := &backing{gathering: gathering{src: src, from: u.Newest, recreated: map[entra.Key]bool{}, in: plan.Input{
		Tenant: tenant, From: u.Before.Point(), Prune: true, Recreate: u.Recreate,
		Now: map[string]entra.Coverage{}, Unwritable: map[entra.Key]string{}, DeletedAt: map[entra.Key]time.Time{},
	}}, undoing: u, steps: map[entra.Key][]entra.Step{}, lines: u.Outcome.Lineage.Lines(),
		extra: plan.Surplus{Objects: map[entra.Key]*entra.Object{}, Kept: map[entra.Key]string{}, Blind: map[string]string{}}}
	for _, s := range made(u) {
		if len(b.steps[s.Key]) == 0 {
			b.keys = append(b.keys, s.Key)
		}
		b.steps[s.Key] = append(b.steps[s.Key], s)
	}
	for some := range slices.Chunk(b.keys, gathered) {
		if err := b.objects(ctx, some); err != nil {
			return b.in, err
		}
	}
	b.in.Surplus = b.extra
	if err := b.referring(ctx); err != nil {
		return b.in, err
	}
	err := b.refer(ctx)
	return b.in, err
}

// made are the steps that changed something, or may have: those that were not skipped. What
// they name goes by the identities that it has since.
func made(u Undoing) []entra.Step {
	skipped := map[string]bool{}
	for _, o := range u.Outcome.Steps {
		skipped[o.Step] = o.Result == entra.SkipDep
	}
	now := map[string]string{}
	for _, l := range u.Outcome.Lineage {
		now[l.Old], now[entra.Gone+l.Old] = l.New, l.Old
	}
	steps := slices.DeleteFunc(slices.Clone(u.Plan.Steps), func(s entra.Step) bool { return skipped[s.ID] })
	for i, s := range steps {
		steps[i].Properties = slices.Clone(s.Properties)
		for j, c := range s.Properties {
			steps[i].Properties[j].Before, steps[i].Properties[j].After = renamed(c.Before, now), renamed(c.After, now)
			steps[i].Properties[j].AddedItems, _ = renamed(c.AddedItems, now).([]any)
			steps[i].Properties[j].RemovedItems, _ = renamed(c.RemovedItems, now).([]any)
		}
		steps[i].Links = slices.Clone(s.Links)
		for j, l := range s.Links {
			steps[i].Links[j].Added, steps[i].Links[j].Removed = renamedIDs(l.Added, now), renamedIDs(l.Removed, now)
		}
	}
	return steps
}

// renamed is a value in which what has another name now goes by that.
func renamed(v any, now map[string]string) any {
	switch v := v.(type) {
	case string:
		return cmp.Or(now[v], v)
	case []any:
		if v == nil {
			return v
		}
		all := make([]any, len(v))
		for i := range v {
			all[i] = renamed(v[i], now)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for name := range v {
			all[name] = renamed(v[name], now)
		}
		return all
	}
	return v
}

func renamedIDs(ids []string, now map[string]string) []string {
	all := slices.Clone(ids)
	for i, id := range all {
		all[i] = cmp.Or(now[id], id)
	}
	return all
}

// backing is the gathering for one way back.
type backing struct {
	gathering
	undoing Undoing
	keys    []entra.Key
	steps   map[entra.Key][]entra.Step
	lines   entra.Lines
	extra   plan.Surplus
}

// objects reads some of the operation's objects, by the keys they have in its plan.
func (b *backing) objects(ctx context.Context, keys []entra.Key) error {
	sought := make([]entra.Identity, len(keys))
	for i, key := range keys {
		identity, ok := b.undoing.Plan.Identities[key.String()]
		if !ok {
			identity = entra.Identity{Key: b.lines.Key(key)}
		}
		sought[i] = identity
	}
	live, err := readLive(ctx, b.src, sought)
	if err != nil {
		return err
	}
	b.note(live)
	for i, key := range keys {
		now, read := live.Objects[sought[i].Key], live.Coverage[key.Kind].Of(sought[i].ID)
		if err := b.object(key, now, live.Deleted[sought[i].Key], read); err != nil {
			return err
		}
	}
	return nil
}

// object plans the way back of one object: now is the object as it is, or nil.
func (b *backing) object(key entra.Key, now, deleted *entra.Object, read entra.Extent) error {
	steps := b.steps[key]
	is := func(actions ...entra.Action) bool {
		return slices.ContainsFunc(steps, func(s entra.Step) bool { return slices.Contains(actions, s.Action) })
	}
	switch lack := read.Lack(""); {
	case lack != nil && now == nil && deleted == nil && lack.Own:
		b.refuse(key, "", "it cannot be read now: "+lack.Cause)
	case is(entra.ActionDelete):
		return b.deleted(key, now, deleted)
	case now == nil && is(entra.ActionCreate) && !b.ended(steps):
		b.refuse(key, "", "the operation may have created it, under an id that nobody knows")
	case now == nil && is(entra.ActionCreate, entra.ActionRestore):
	case now == nil:
		b.refuse(key, "", "it was deleted since")
	case is(entra.ActionCreate, entra.ActionRestore):
		return b.arrived(key, now)
	default:
		want, err := b.back(key, now)
		if err == nil {
			b.in.Add(plan.Selected{Want: want, Read: read, Now: now})
		}
		return err
	}
	return nil
}

// ended reports whether every creation among the steps is known to have been done.
func (b *backing) ended(steps []entra.Step) bool {
	return !slices.ContainsFunc(steps, func(s entra.Step) bool {
		return s.Action == entra.ActionCreate && !slices.ContainsFunc(b.undoing.Outcome.Steps, func(o entra.StepOutcome) bool {
			return o.Step == s.ID && o.Result == entra.Done
		})
	})
}

// back is an object without what the operation did to it.
func (b *backing) back(key entra.Key, now *entra.Object) (*entra.Object, error) {
	k, want := kind.ByName(key.Kind), now
	for _, s := range slices.Backward(b.steps[key]) {
		reverse, left := plan.Reverse(k, want, s)
		for _, pointer := range left {
			b.refuse(key, pointer, "somebody changed it since")
		}
		var err error
		if want, err = plan.After(k, want, reverse); err != nil {
			return nil, fmt.Errorf("the way back of %s: %w", s.ID, err)
		}
	}
	return want, nil
}

// deleted brings back an object that the operation deleted, as it was before.
func (b *backing) deleted(key entra.Key, now, item *entra.Object) error {
	k := kind.ByName(key.Kind)
	if now != nil {
		b.refuse(key, "", "it is there again")
		return nil
	}
	path, ok := b.undoing.Before.Find(k, key.ID)
	if !ok {
		b.refuse(key, "", "how it was before is not recorded")
		return nil
	}
	want, err := b.undoing.Before.Object(k, path)
	if err != nil {
		return err
	}
	extent, err := b.undoing.Before.Extent(key, path)
	if err == nil {
		b.in.Add(plan.Selected{Want: want, Read: extent, Now: item, Deleted: item != nil})
	}
	return err
}

// arrived deletes an object that the operation created or took back, unless somebody
// changed since what it had set.
func (b *backing) arrived(key entra.Key, now *entra.Object) error {
	k := kind.ByName(key.Kind)
	identity := plan.IdentityOf(k, now, now.ID)
	b.in.Added = append(b.in.Added, entra.Listed{Identity: identity, Name: now.Name})
	for _, s := range b.steps[key] {
		if _, left := plan.Reverse(k, now, s); len(left) > 0 {
			b.extra.Kept[identity.Key] = "somebody changed " + left[0] + " since"
			return nil
		}
	}
	b.extra.Objects[identity.Key] = now
	return nil
}

func (b *backing) refuse(key entra.Key, pointer, reason string) {
	b.in.Refused = append(b.in.Refused, entra.Refusal{Key: key, Name: b.steps[key][0].Name, Pointer: pointer, Reason: reason})
}
