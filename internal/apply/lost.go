package apply

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// settle finds out what became of a step with a request that did not succeed. It may have
// been carried out all the same: its answer was lost, or what it makes is there already and
// Graph says that it conflicts. So the object is read before anything is sent again, and
// only what is not there yet is sent. It returns nil where the step is done, and otherwise
// the first failure.
func (r *run) settle(ctx context.Context, k *kind.Kind, s entra.Step, first error) error {
	on := r.subjects[s.Key]
	waits := pauses{longest: replication}
	doubt, sent := errors.Is(first, graph.ErrUnanswered), 0
	for {
		left, known := r.left(ctx, k, s)
		switch {
		case known && left == nil:
			return nil
		case !doubt || r.stopped() != nil || ctx.Err() != nil:
			return first
		case known && sent < mostAgain && (repeatable(k, s) || waits.spent > replication/2):
			sent++
			if err := r.again(ctx, s, left, on.live); err == nil || !doubtful(err) {
				return err
			}
		case !r.pause(ctx, &waits):
			return first
		}
	}
}

// mostAgain is how often a step whose answer was lost is sent again.
const mostAgain = 2

// left is what of a step is not there, as far as that can be found out.
func (r *run) left(ctx context.Context, k *kind.Kind, s entra.Step) (left *entra.Change, known bool) {
	var objects map[entra.Key]seen
	var err error
	r.courier.aside(func() { objects, err = r.objects(ctx, s.Key) })
	if err == nil && objects[s.Key].object == nil && !repeatable(k, s) {
		if found := r.recognise(ctx, k, s); found != nil {
			return remaining(k, s, found), true
		}
	}
	if err != nil || len(objects[s.Key].extent.Exceptions()) > 0 && objects[s.Key].object == nil {
		return nil, false
	}
	return remaining(k, s, objects[s.Key].object), true
}

// again sends what is left of a step.
func (r *run) again(ctx context.Context, s entra.Step, left *entra.Change, live *entra.Object) error {
	if left.Type == entra.Changed {
		s.Properties, s.Links = left.Properties, left.Links
	}
	requests, err := r.render(s, live)
	if err != nil {
		return err
	}
	return r.send(ctx, s, requests)
}

// doubtful reports whether an error, of a request that was sent again, may say that the
// first one was carried out.
func doubtful(err error) bool {
	return errors.Is(err, entra.ErrUnavailable) || errors.Is(err, entra.ErrNotFound) || errors.Is(err, entra.ErrConflict) || errors.Is(err, entra.ErrRejected)
}

// repeatable reports whether making a step twice is the same as once. A creation is, where
// there can be but one such object: everything else is created a second time.
func repeatable(k *kind.Kind, s entra.Step) bool {
	return s.Action != entra.ActionCreate || k.Recreated()
}

// recognise finds an object that was created although its answer was lost: one that is known
// by the same properties, has every value that was given, and was not there when the plan was
// made. It learns by which identities the object goes. Nil is none that can be told.
func (r *run) recognise(ctx context.Context, k *kind.Kind, s entra.Step) *entra.Object {
	planned, err := plan.After(k, nil, s)
	if err != nil {
		return nil
	}
	r.mu.Lock()
	ids := maps.Clone(r.renderer.IDs)
	r.mu.Unlock()
	sought := entra.Identity{Key: s.Key, NaturalKey: map[string]any{}}
	now := kind.Rewrite(k, planned, ids.now)
	for _, name := range k.Recognition() {
		sought.NaturalKey[name] = now.Property(name)
	}
	var read Reading
	r.courier.aside(func() { read, err = r.reader.Objects(ctx, []entra.Identity{sought}) })
	found := read.Objects[s.Key]
	if err != nil || found == nil || slices.ContainsFunc(r.plan.Added, func(a entra.Listed) bool { return a.Key == found.Key }) {
		return nil
	}
	if seen := ids.view(&r.plan, found); remaining(k, s, seen) != nil {
		return nil
	}
	answer := map[string]any{}
	for _, name := range append(k.Answered, "id", k.IDFrom) {
		answer[name] = found.Property(name)
	}
	if r.learn(s, encode(answer)) != nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.renderer.IDs.view(&r.plan, found)
}
