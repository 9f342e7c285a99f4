package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Writer sends one write to Graph. Errors wrap the sentinels of package entra and
// carry Graph's own message.
type Writer interface {
	Do(ctx context.Context, method, path string, body []byte) ([]byte, error)
}

// Reader reads objects as the tenant has them now, in canonical form, with links and
// contained objects. The result is by the key that was asked for; an object that was
// found by its natural key has its own. One that does not exist is missing.
type Reader interface {
	Objects(ctx context.Context, identities []entra.Identity) (map[entra.Key]*entra.Object, error)
}

// Options are what an apply needs beside the plan.
type Options struct {
	// Base is the versioned base URL of Graph.
	Base string
	// Clock waits for replication. Nil is the machine's own.
	Clock clock.Clock
	// Done is called after each step; may be nil.
	Done func(step entra.Step, outcome entra.StepOutcome)
}

// Run makes the plan's writes in order and reads back what became of them. It first
// reads every planned object again and leaves alone one that is not as it was when the
// plan was made. A step that fails stops only those that need it. What is already as
// planned counts as done, so that applying again changes nothing more.
//
// The outcome says how each step ended; the error is for what ended the run itself:
// nothing could be read, before or after, or the context was cancelled.
func Run(ctx context.Context, w Writer, r Reader, p entra.Plan, opts Options) (entra.Outcome, error) {
	outcome := entra.Outcome{Plan: p}
	if opts.Clock == nil {
		opts.Clock = clock.System{}
	}
	run := &run{
		writer: w, reader: r, plan: p, clock: opts.Clock, renderer: NewRenderer(opts.Base, &p),
		ended: map[string]entra.Result{}, touched: map[entra.Key]bool{}, arrived: map[entra.Key]bool{},
	}
	if err := run.begin(ctx); err != nil {
		return outcome, fmt.Errorf("apply: read the planned objects: %w", err)
	}
	for _, s := range p.Steps {
		o := entra.StepOutcome{Step: s.ID}
		o.Result, o.Error = run.step(ctx, s)
		run.ended[s.ID] = o.Result
		outcome.Steps = append(outcome.Steps, o)
		if opts.Done != nil {
			opts.Done(s, o)
		}
	}
	if err := ctx.Err(); err != nil {
		return outcome, fmt.Errorf("apply: %w", err)
	}
	var err error
	if outcome.Remaining, err = run.readBack(ctx); err != nil {
		return outcome, fmt.Errorf("apply: read back: %w", err)
	}
	return outcome, nil
}

// run is one apply under way.
type run struct {
	writer   Writer
	reader   Reader
	plan     entra.Plan
	clock    clock.Clock
	renderer Renderer

	keys    []entra.Key
	live    map[entra.Key]*entra.Object // as read, with what this run has written since
	moved   map[entra.Key]bool          // not as it was when the plan was made
	ended   map[string]entra.Result
	touched map[entra.Key]bool // written to in this run
	arrived map[entra.Key]bool // taken back or created in this run
}

// objects reads planned objects, by the key they have in the plan.
func (r *run) objects(ctx context.Context, keys ...entra.Key) (map[entra.Key]*entra.Object, error) {
	sought := make([]entra.Identity, len(keys))
	for i, key := range keys {
		sought[i] = entra.Identity{Key: key}
		if identity, ok := r.plan.Identities[key.String()]; ok {
			sought[i] = identity
		}
	}
	found, err := r.reader.Objects(ctx, sought)
	if err != nil {
		return nil, err
	}
	objects := make(map[entra.Key]*entra.Object, len(found))
	for i, key := range keys {
		if o := found[sought[i].Key]; o != nil {
			objects[key] = o
		}
	}
	return objects, nil
}

// begin reads every planned object and finds those that moved on.
func (r *run) begin(ctx context.Context) error {
	r.moved = map[entra.Key]bool{}
	for _, s := range r.plan.Steps {
		if _, known := r.moved[s.Key]; !known {
			r.moved[s.Key] = false
			r.keys = append(r.keys, s.Key)
		}
	}
	var encoder canon.Encoder
	var err error
	if r.live, err = r.objects(ctx, r.keys...); err != nil {
		return err
	}
	for _, key := range r.keys {
		now, err := plan.Hash(&encoder, kind.ByName(key.Kind), r.live[key])
		if err != nil {
			return err
		}
		noted, ok := r.plan.Live[key.String()]
		r.moved[key] = !ok || now != noted
	}
	return nil
}

// step makes one step and says how it ended.
func (r *run) step(ctx context.Context, s entra.Step) (entra.Result, string) {
	if err := ctx.Err(); err != nil {
		return entra.SkipDep, err.Error()
	}
	for _, need := range s.Needs {
		if ended := r.ended[need]; ended != entra.Done {
			return entra.SkipDep, fmt.Sprintf("it needs %s, which was %s", need, ended)
		}
	}
	k := kind.ByName(s.Kind)
	if err := r.readArrived(ctx, s.Key); err != nil {
		return entra.Failed, err.Error()
	}
	live := r.live[s.Key]
	left := remaining(k, s, live)
	switch {
	case left == nil:
		return entra.Done, ""
	case r.moved[s.Key]:
		return entra.SkipDep, "it moved on since the plan was made: " + unlike(k, s, live)
	case r.arrived[s.Key] && live != nil:
		s.Properties, s.Links = left.Properties, left.Links
	case !r.arrived[s.Key]:
		if why := unlike(k, s, live); why != unseen {
			return entra.SkipDep, "the plan says otherwise: " + why
		}
	}
	return r.make(ctx, k, s, live)
}

// make renders a step, sends it, and notes what became of the object.
func (r *run) make(ctx context.Context, k *kind.Kind, s entra.Step, live *entra.Object) (entra.Result, string) {
	requests, err := r.renderer.Render(s, live)
	if err != nil {
		return entra.Failed, err.Error()
	}
	if err := r.send(ctx, s, requests); err != nil && !r.created(ctx, k, s) {
		return entra.Failed, err.Error()
	}
	switch {
	case s.Action == entra.ActionRestore || s.Action == entra.ActionCreate:
		r.arrived[s.Key] = true
		delete(r.live, s.Key)
	case live != nil:
		if r.live[s.Key], err = plan.After(k, live, s); err != nil {
			return entra.Failed, err.Error()
		}
	}
	return entra.Done, ""
}

// created reports whether what a step was to create is there as planned although its
// request failed: it was made in another run, or the answer was lost.
func (r *run) created(ctx context.Context, k *kind.Kind, s entra.Step) bool {
	if s.Action != entra.ActionCreate {
		return false
	}
	objects, err := r.objects(ctx, s.Key)
	return err == nil && remaining(k, s, objects[s.Key]) == nil
}

// readArrived reads an object that this run has taken back or created. A deleted item
// shows neither its links nor all of its properties, so the plan sets more than may be
// needed: only what did not come back as planned is written. An object that does not
// show for a while is left unread, and its links are written all the same.
func (r *run) readArrived(ctx context.Context, key entra.Key) error {
	if !r.arrived[key] || r.live[key] != nil {
		return nil
	}
	err := r.wait(ctx, func() (bool, error) {
		objects, err := r.objects(ctx, key)
		if o := objects[key]; o != nil {
			r.live[key] = o
		}
		return objects[key] != nil, err
	})
	if err != nil {
		return fmt.Errorf("read what came back: %w", err)
	}
	return nil
}

// send makes the requests of a step. Those of a link are independent of each other, so
// that one that fails does not hold up the rest; any others follow one another.
func (r *run) send(ctx context.Context, s entra.Step, requests []entra.Request) error {
	independent := s.Action == entra.ActionAddLink || s.Action == entra.ActionRemoveLink
	var first error
	failed := 0
	for _, request := range requests {
		if err := r.request(ctx, s, request); err != nil {
			if !independent {
				return err
			}
			failed++
			if first == nil {
				first = err
			}
		}
	}
	if failed > 1 {
		return fmt.Errorf("%d of %d requests failed, the first with: %w", failed, len(requests), first)
	}
	return first
}

// request makes one request. A write that follows another of this run may come before
// the first has reached every replica, so it is tried again for a while.
func (r *run) request(ctx context.Context, s entra.Step, q entra.Request) error {
	follows := r.touched[s.Key] || len(s.Needs) > 0
	var last error
	err := r.wait(ctx, func() (bool, error) {
		_, last = r.writer.Do(ctx, q.Method, q.Path, q.Body)
		if last == nil {
			r.touched[s.Key] = true
		}
		again := last != nil && !alreadyApplied(s.Action, last) && (concurrent(last) || follows && replicating(last))
		return !again, nil
	})
	if err != nil {
		return err
	}
	if last != nil && alreadyApplied(s.Action, last) {
		return nil
	}
	return last
}

// Waiting for replication: five tries within fifteen seconds and a bit. Microsoft
// documents "a minute or two" for the worst case; what takes longer is reported and
// done by applying again.
const (
	tries     = 5
	firstWait = time.Second
)

// wait calls try until it succeeds, fails, or the tries are used up.
func (r *run) wait(ctx context.Context, try func() (bool, error)) error {
	pause := firstWait
	for i := range tries {
		if i > 0 {
			if err := r.clock.Sleep(ctx, pause); err != nil {
				return err
			}
			pause *= 2
		}
		if ok, err := try(); ok || err != nil {
			return err
		}
	}
	return nil
}

// alreadyApplied reports whether an error says that the step's effect is already there.
// Graph has no code of its own for this, so its messages are read: "One or more added
// object references already exist …", "Permission being assigned already exists on the
// object", "One or more removed object references do not exist …".
func alreadyApplied(action entra.Action, err error) bool {
	text := err.Error()
	switch action {
	case entra.ActionAddLink, entra.ActionCreateContained:
		return strings.Contains(text, "already exist")
	case entra.ActionRemoveLink, entra.ActionDeleteContained:
		return errors.Is(err, entra.ErrNotFound) || strings.Contains(text, "do not exist")
	}
	return false
}

// replicating reports whether an error may go away once an earlier write has reached
// every replica: "The source resource object or one of the objects being referenced
// don't exist", or a plain 404.
func replicating(err error) bool {
	return errors.Is(err, entra.ErrNotFound) || errors.Is(err, entra.ErrRejected) && strings.Contains(err.Error(), "don't exist")
}

// concurrent reports whether two writes met; Microsoft asks to try again.
func concurrent(err error) bool {
	return strings.Contains(err.Error(), "Directory_ConcurrencyViolation")
}
