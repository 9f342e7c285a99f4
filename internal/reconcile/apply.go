package reconcile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
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

// Hooks let the caller watch and tests control time. The zero value does neither.
type Hooks struct {
	// Sleep waits, or returns the context's error when that comes first. Nil really
	// waits.
	Sleep func(ctx context.Context, d time.Duration) error
	// Done is called after each step.
	Done func(step entra.Step, outcome entra.StepOutcome)
}

// Apply makes the plan's writes in order and reads back what became of them. It first
// reads every planned object again and leaves alone one that is not as it was when the
// plan was made. A step that fails stops only those that need it. What is already as
// planned counts as done, so that applying again changes nothing more.
//
// The outcome says how each step ended; the error is for what ended the run itself:
// nothing could be read, before or after, or the context was cancelled.
func Apply(ctx context.Context, w Writer, r Reader, plan entra.Plan, hooks Hooks) (entra.Outcome, error) {
	outcome := entra.Outcome{Plan: plan}
	if hooks.Sleep == nil {
		hooks.Sleep = sleep
	}
	run := &run{
		writer: w, reader: r, plan: plan, sleep: hooks.Sleep,
		ended: map[string]entra.Result{}, touched: map[entra.Key]bool{}, arrived: map[entra.Key]bool{},
	}
	if err := run.begin(ctx); err != nil {
		return outcome, fmt.Errorf("apply: read the planned objects: %w", err)
	}
	for _, s := range plan.Steps {
		o := entra.StepOutcome{Step: s.ID}
		o.Result, o.Error = run.step(ctx, s)
		run.ended[s.ID] = o.Result
		outcome.Steps = append(outcome.Steps, o)
		if hooks.Done != nil {
			hooks.Done(s, o)
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

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// run is one apply under way.
type run struct {
	writer Writer
	reader Reader
	plan   entra.Plan
	sleep  func(context.Context, time.Duration) error

	keys    []entra.Key
	live    map[entra.Key]*entra.Object
	moved   map[entra.Key]bool // not as it was when the plan was made
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
	for _, s := range r.plan.Steps {
		if !slices.Contains(r.keys, s.Key) {
			r.keys = append(r.keys, s.Key)
		}
	}
	var encoder canon.Encoder
	var err error
	if r.live, err = r.objects(ctx, r.keys...); err != nil {
		return err
	}
	r.moved = map[entra.Key]bool{}
	for _, key := range r.keys {
		now, err := hash(&encoder, kind.ByName(key.Kind), r.live[key])
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
	if r.moved[s.Key] {
		rest := remaining(k, s, r.live[s.Key])
		if rest == nil {
			return entra.Done, ""
		}
		return entra.SkipDep, moved(k, s, r.live[s.Key])
	}
	requests := s.Requests
	if r.arrived[s.Key] {
		var err error
		if requests, err = r.unsettled(ctx, k, s); err != nil {
			return entra.Failed, err.Error()
		}
	} else if err := (&checker{&r.plan, k, s}).asLive(r.live[s.Key]); err != nil {
		return entra.Failed, err.Error()
	}
	if err := r.send(ctx, s, requests); err != nil && !r.created(ctx, k, s) {
		return entra.Failed, err.Error()
	}
	if s.Action == entra.ActionRestore || s.Action == entra.ActionCreate {
		r.arrived[s.Key] = true
		delete(r.live, s.Key)
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

// moved says what of a step's object is not as it was when the plan was made.
func moved(k *kind.Kind, s entra.Step, now *entra.Object) string {
	const since = "it moved on since the plan was made: "
	if now == nil {
		return since + "it no longer exists"
	}
	for _, p := range s.Properties {
		place, ok := diff.Locate(k, p.Pointer)
		if ok && !diff.Equal(place.Shape, place.Path, diff.Value(k, now, p.Pointer), p.Before) {
			return since + p.Pointer + " has another value"
		}
	}
	for _, l := range s.Links {
		for _, id := range l.Added {
			if slices.Contains(now.Links[l.Link], id) {
				return since + jsonpointer.Join(entra.SectionLinks, l.Link) + " has " + id
			}
		}
		for _, id := range l.Removed {
			if !slices.Contains(now.Links[l.Link], id) {
				return since + jsonpointer.Join(entra.SectionLinks, l.Link) + " has no " + id
			}
		}
	}
	return since + "something outside the plan has another value"
}

// unsettled returns what of a step is still to be done for an object that this run
// has taken back. A deleted item shows neither its links nor all of its properties, so
// the plan sets more than may be needed: what came back as planned is not written.
func (r *run) unsettled(ctx context.Context, k *kind.Kind, s entra.Step) ([]entra.Request, error) {
	if r.live[s.Key] == nil {
		err := r.wait(ctx, func() (bool, error) {
			objects, err := r.objects(ctx, s.Key)
			r.live[s.Key] = objects[s.Key]
			return objects[s.Key] != nil, err
		})
		if err != nil {
			return nil, fmt.Errorf("read what came back: %w", err)
		}
	}
	now := r.live[s.Key]
	if now == nil {
		return s.Requests, nil // not replicated yet: what is there already will be said so
	}
	left := remaining(k, s, now)
	switch {
	case left == nil:
		return nil, nil
	case s.Action == entra.ActionUpdate:
		return narrow(s.Requests, left.Properties), nil
	case s.Action == entra.ActionAddLink && len(s.Requests) == len(s.Links[0].Added):
		var requests []entra.Request
		for i, id := range s.Links[0].Added {
			if !slices.Contains(now.Links[s.Target], id) {
				requests = append(requests, s.Requests[i])
			}
		}
		return requests, nil
	}
	return s.Requests, nil
}

// narrow takes out of the bodies what no longer differs.
func narrow(requests []entra.Request, left []entra.PropertyChange) []entra.Request {
	differs := map[string]bool{typeProperty: true}
	for _, p := range left {
		differs[jsonpointer.Split(p.Pointer)[1]] = true
	}
	var rest []entra.Request
	for _, q := range requests {
		var body map[string]json.RawMessage
		if err := json.Unmarshal(q.Body, &body); err != nil {
			return requests // sent as it is: Graph says what is wrong with it
		}
		maps.DeleteFunc(body, func(name string, _ json.RawMessage) bool { return !differs[name] })
		if n := len(body); n > 1 || n == 1 && body[typeProperty] == nil {
			q.Body = encode(body)
			rest = append(rest, q)
		}
	}
	return rest
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
			if err := r.sleep(ctx, pause); err != nil {
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
