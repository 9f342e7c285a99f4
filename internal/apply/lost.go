package apply

import (
	"context"
	"errors"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// settle finds out what became of a step with a request that did not succeed. It may have
// been carried out all the same: its answer was lost, or what it makes is there already and
// Graph says that it conflicts. So the object is read before anything is sent again, and
// only what is not there yet is sent. It returns nil where the step is done, and otherwise
// the first failure. Since is when the step began.
func (r *run) settle(ctx context.Context, k *kind.Kind, s entra.Step, since time.Time, first error) error {
	on := r.subjects[s.Key]
	waits := pauses{longest: replication}
	doubt, sent := errors.Is(first, graph.ErrUnanswered), 0
	for {
		left, known := r.left(ctx, k, s)
		if known && left != nil && doubt && renewed(k, s) {
			var found bool
			if found, known = r.found(ctx, k, s, since); found {
				return nil
			}
		}
		switch {
		case known && left == nil:
			return nil
		case !doubt || r.stopped() != nil || ctx.Err() != nil:
			return first
		case known && sent < mostAgain && (!renewed(k, s) || waits.spent > replication/2):
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
