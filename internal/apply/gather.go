package apply

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// gathered is how many selected objects are compared with the tenant at a time, so
// that memory grows with the differences and not with the selection.
const gathered = 500

// Asked is what a person asked for, beside the snapshot.
type Asked struct {
	Selection diff.Selection
	// Prune also takes away what was added since.
	Prune bool
	// Ignored is that of [plan.Input].
	Ignored func(key entra.Key, name, pointer string) bool
	// NewNames and DropTaken are as in [plan.Input].
	NewNames  map[string]string
	DropTaken bool
	// Recreate creates what is gone for good under another id.
	Recreate bool
	// Enforce is as in [plan.Input].
	Enforce bool
	// At is when the plan is made.
	At time.Time
}

// Gather reads what a plan needs: the selected objects as they are now, those that were
// deleted together with them, and of what would be written, whether the objects that it
// refers to exist. An object that cannot be read is the plan's to refuse; the error is for
// what ends the run itself.
func Gather(ctx context.Context, src capture.Source, tenant string, from *history.Point, asked Asked) (plan.Input, error) {
	selection, err := asked.Selection.In(from)
	var beyond []entra.Listed
	if err != nil {
		if beyond, err = Beyond(ctx, src, tenant, from, err); err != nil {
			return plan.Input{}, err
		}
	}
	g := gathering{src: src, from: from, recreated: map[entra.Key]bool{}, unlisted: map[string]bool{}, in: plan.Input{
		Tenant: tenant, From: from.Point(), Parts: selection.Parts(), Prune: asked.Prune, Ignored: asked.Ignored, Recreate: asked.Recreate, Enforce: asked.Enforce, At: asked.At,
		NewNames: asked.NewNames, DropTaken: asked.DropTaken,
		Now: map[string]entra.Coverage{}, Unwritable: map[entra.Key]string{}, DeletedAt: map[entra.Key]time.Time{},
	}}
	if err := g.all(ctx, from.Objects(selection)); err != nil {
		return g.in, err
	}
	if err := g.companions(ctx); err != nil {
		return g.in, err
	}
	if asked.Recreate {
		if err := g.neighbours(ctx); err != nil {
			return g.in, err
		}
	}
	if err := g.schedules(ctx); err != nil {
		return g.in, err
	}
	if err := g.added(ctx, selection); err != nil {
		return g.in, err
	}
	g.in.Added = append(g.in.Added, beyond...)
	if asked.Prune && len(g.in.Added) > 0 {
		if err := g.surplus(ctx); err != nil {
			return g.in, err
		}
	}
	if err := g.twins(ctx); err != nil {
		return g.in, err
	}
	if err := g.opposing(ctx); err != nil {
		return g.in, err
	}
	return g.in, g.refer(ctx)
}

// refer finds out whether what the plan would write may refer to what it refers to.
func (g *gathering) refer(ctx context.Context) error {
	for _, k := range kind.All() {
		if g.in.Now[k.Name].State == "" {
			g.in.Now[k.Name] = capture.Extent(k)
		}
	}
	if err := g.holders(ctx); err != nil {
		return err
	}
	refs, err := plan.References(g.in)
	if err != nil {
		return err
	}
	g.in.Find, err = lookUp(ctx, g.src, kind.Addresses{Tenant: g.in.Tenant}, refs)
	return err
}

// gathering is one gathering under way.
type gathering struct {
	src  capture.Source
	from *history.Point
	in   plan.Input
	// unlisted are the kinds of which not every object could be listed.
	unlisted map[string]bool
	// recreated are the ids by which objects of the snapshot go now.
	recreated map[entra.Key]bool
}

// all compares objects with the tenant, some at a time.
func (g *gathering) all(ctx context.Context, objects iter.Seq2[*entra.Object, error]) error {
	var chunk []*entra.Object
	for o, err := range objects {
		if err != nil {
			return err
		}
		if chunk = append(chunk, o); len(chunk) == gathered {
			if err := g.compare(ctx, chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	return g.compare(ctx, chunk)
}

// compare reads objects from the tenant and adds them to the input.
func (g *gathering) compare(ctx context.Context, want []*entra.Object) error {
	if len(want) == 0 {
		return nil
	}
	slices.SortFunc(want, func(a, b *entra.Object) int { return strings.Compare(a.String(), b.String()) })
	identities := make([]entra.Identity, len(want))
	for i, o := range want {
		identities[i] = plan.IdentityOf(kind.ByName(o.Kind), o, o.ID)
	}
	live, err := readLive(ctx, g.src, identities)
	if err != nil {
		return err
	}
	g.note(live)
	for _, o := range want {
		now, deleted := live.Objects[o.Key], live.Deleted[o.Key]
		if now == nil {
			now = deleted
		}
		extent, err := extentOf(g.from, o.Key)
		if err != nil {
			return err
		}
		g.in.Add(plan.Selected{Want: o, Read: extent, Now: now, Deleted: deleted != nil})
	}
	return nil
}

// companions adds the objects that were deleted together with a selected one: taking
// back the one alone would leave it without them.
func (g *gathering) companions(ctx context.Context) error {
	lost := map[kind.Companion]map[string]bool{}
	for key := range g.in.Want {
		gone := g.in.Live[key] == nil && g.in.Recreate && kind.ByName(key.Kind).Recreatable()
		if !g.in.Deleted[key] && !gone {
			continue
		}
		for _, c := range kind.ByName(key.Kind).CascadesTo {
			if lost[c] == nil {
				lost[c] = map[string]bool{}
			}
			lost[c][g.in.Want[key].Text(c.Property)] = true
		}
	}
	for c, values := range lost {
		if err := g.all(ctx, g.with(c, values)); err != nil {
			return err
		}
	}
	return nil
}

// with yields the snapshot's objects of a companion's kind that have one of the values.
func (g *gathering) with(c kind.Companion, values map[string]bool) iter.Seq2[*entra.Object, error] {
	return func(yield func(*entra.Object, error) bool) {
		for f, err := range g.from.Files(c.Kind) {
			var o *entra.Object
			if err == nil {
				o, err = g.from.Object(kind.ByName(c.Kind), f.Path)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if g.in.Want[o.Key] == nil && values[o.Text(c.Property)] && !yield(o, nil) {
				return
			}
		}
	}
}

// note adds what was read of objects to the input.
func (g *gathering) note(live *capture.Live) {
	for name, cover := range live.Coverage {
		g.in.Now[name] = g.in.Now[name].Join(cover)
	}
	maps.Copy(g.in.Unwritable, live.Unwritable)
	maps.Copy(g.in.DeletedAt, live.DeletedAt)
	for _, now := range live.Recreated {
		g.recreated[now] = true
	}
}

// extentOf is what the snapshot read of an object.
func extentOf(from *history.Point, key entra.Key) (entra.Extent, error) {
	path, _ := from.Find(kind.ByName(key.Kind), key.ID)
	return from.Extent(key, path)
}

// Edited lists what a plan would write that the snapshot it was made from does not say.
func Edited(from *history.Point, p *entra.Plan) ([]string, error) {
	source := map[entra.Key]*entra.Object{}
	extents := map[entra.Key]entra.Extent{}
	for _, key := range keysOf(p) {
		k := kind.ByName(key.Kind)
		path, ok := from.Find(k, key.ID)
		if !ok {
			continue
		}
		o, err := from.Object(k, path)
		if errors.Is(err, entra.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		source[o.Key] = o
		if extents[o.Key], err = from.Extent(key, path); err != nil {
			return nil, err
		}
	}
	more, err := unproven(from, p)
	return append(plan.Edited(p, source, extents), more...), err
}

// readLive reads objects as they are now, also those that go by another id since.
func readLive(ctx context.Context, src capture.Source, wanted []entra.Identity) (*capture.Live, error) {
	keys := make([]entra.Key, len(wanted))
	for i, identity := range wanted {
		keys[i] = identity.Key
	}
	live, err := capture.Objects(ctx, src, keys)
	if err != nil {
		return nil, err
	}
	return live, live.Seek(ctx, src, wanted)
}

// Live is a [Reader] of the tenant.
type Live struct{ Source capture.Source }

// Objects implements [Reader].
func (l Live) Objects(ctx context.Context, identities []entra.Identity) (Reading, error) {
	live, err := readLive(ctx, l.Source, identities)
	if err != nil {
		return Reading{}, err
	}
	return Reading{Objects: live.Objects, Coverage: live.Coverage}, nil
}
