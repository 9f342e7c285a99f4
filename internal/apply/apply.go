package apply

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"sync"

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
// contained objects. The error is for what ends the run; what could not be read of single
// objects is in the result.
type Reader interface {
	Objects(ctx context.Context, identities []entra.Identity) (Reading, error)
}

// Reading is what was read.
type Reading struct {
	// Objects are by the key that was asked for; an object that was found by its natural
	// key has its own. One that does not exist is missing.
	Objects map[entra.Key]*entra.Object
	// Coverage says what was read of the objects of each kind, by the id that was asked
	// for.
	Coverage map[string]entra.Coverage
}

// Options are what an apply needs beside the plan.
type Options struct {
	// Base is the versioned base URL of Graph.
	Base string
	// Clock waits for replication. Nil is the machine's own.
	Clock clock.Clock
	// Together is how many steps may be under way at once; 0 and 1 make one after the
	// other, in the plan's order.
	Together int
	// Batcher sends requests of steps that are under way together; nil sends each by
	// itself.
	Batcher Batcher
	// Journal keeps every request and its answer; nil keeps none.
	Journal Journal
	// Before is given the planned objects as they are before the first write, some at a
	// time; may be nil.
	Before func(Reading) error
	// Taken is how far the plan came in a run that was interrupted, to go on from there; nil
	// starts from its beginning.
	Taken *Progress
	// Passwords keeps the one-time passwords of accounts that are created. Only a plan that
	// creates none can do without.
	Passwords Passwords
	// Done is called after each step; may be nil.
	Done func(step entra.Step, outcome entra.StepOutcome)
}

// Run makes the writes of a plan and reads back what became of them: in the order of
// [plan.Phases], those together that can be made together. A plan that the guards hold back
// it refuses, with an error that wraps [entra.ErrRefused]. It reads every planned object
// again before it writes to it, and leaves alone one that is not as it was when the plan was
// made. A step that fails stops only those that need it. What is already as
// planned counts as done, so that applying again changes nothing more.
//
// The outcome says how each step ended; the error is for what ended the run itself:
// nothing could be read, before or after, the sign-in was refused, the journal could not be
// kept, or the context was cancelled.
func Run(ctx context.Context, w Writer, r Reader, judged plan.Judged, opts Options) (entra.Outcome, error) {
	p := judged.Plan()
	outcome := entra.Outcome{Plan: p}
	if held := judged.Held(); len(held) > 0 {
		return outcome, fmt.Errorf("apply: held back by the guard %s: %s: %w", held[0].Rule, held[0].Sentence, entra.ErrRefused)
	}
	if opts.Clock == nil {
		opts.Clock = clock.System{}
	}
	if keys := NeedsPasswords(&p); len(keys) > 0 && opts.Passwords == nil {
		return outcome, fmt.Errorf("apply: nothing keeps the one-time password of %s: %w", keys[0], entra.ErrInvalid)
	}
	run := &run{
		reader: r, journal: opts.Journal, plan: p, clock: opts.Clock, renderer: NewRenderer(opts.Base, &p),
		courier: &courier{writer: w, batcher: opts.Batcher}, subjects: map[entra.Key]*subject{}, ended: map[string]entra.Result{}, attempted: map[string]bool{}, taken: opts.Taken,
	}
	run.renderer.Passwords = opts.Passwords
	s := run.newSchedule(ctx, opts)
	if err := s.prepare(opts.Before); err != nil {
		return outcome, fmt.Errorf("apply: read the planned objects: %w", err)
	}
	outcome.Steps = s.all()
	outcome.Lineage = run.lineage
	if err := cmp.Or(run.stopped(), ctx.Err()); err != nil {
		return outcome, fmt.Errorf("apply: %w", err)
	}
	if err := run.readBack(ctx, &outcome); err != nil {
		return outcome, fmt.Errorf("apply: read back: %w", err)
	}
	return outcome, nil
}

// run is one apply under way.
type run struct {
	courier  *courier
	reader   Reader
	journal  Journal
	plan     entra.Plan
	clock    clock.Clock
	renderer Renderer
	taken    *Progress // of a run that was interrupted, or nil

	keys     []entra.Key
	subjects map[entra.Key]*subject // all of keys

	mu    sync.Mutex // guards what follows, and the renderer's ids
	end   error      // why nothing more is sent
	ended map[string]entra.Result
	// attempted are the steps of which a request was sent.
	attempted map[string]bool
	// arrivals are the ids of what this run has taken back or created, in lower case.
	arrivals map[string]bool
	// lineage is what was created again under another identity.
	lineage entra.Lineage
}

// seen is a planned object as it was read: nil where there is none, and what was read.
type seen struct {
	object *entra.Object
	extent entra.Extent
}

// objects reads planned objects, by the key they have in the plan.
func (r *run) objects(ctx context.Context, keys ...entra.Key) (map[entra.Key]seen, error) {
	r.mu.Lock()
	ids := maps.Clone(r.renderer.IDs)
	r.mu.Unlock()
	return look(ctx, r.reader, &r.plan, ids, keys)
}

// look reads planned objects, by the key they have in the plan.
func look(ctx context.Context, r Reader, p *entra.Plan, ids IDs, keys []entra.Key) (map[entra.Key]seen, error) {
	sought := make([]entra.Identity, len(keys))
	for i, key := range keys {
		sought[i] = ids.identity(p, key)
	}
	found, err := r.Objects(ctx, sought)
	if err != nil {
		return nil, err
	}
	objects := make(map[entra.Key]seen, len(keys))
	for i, key := range keys {
		objects[key] = seen{ids.view(p, found.Objects[sought[i].Key]), found.Coverage[key.Kind].Of(sought[i].ID)}
	}
	return objects, nil
}

// Planned reads the objects of a plan's steps, by the key they have in the plan.
func Planned(ctx context.Context, r Reader, p *entra.Plan) (map[entra.Key]*entra.Object, error) {
	objects, err := look(ctx, r, p, nil, keysOf(p))
	if err != nil {
		return nil, fmt.Errorf("read the planned objects: %w", err)
	}
	live := make(map[entra.Key]*entra.Object, len(objects))
	for key, o := range objects {
		if o.object != nil {
			live[key] = o.object
		}
	}
	return live, nil
}

// keysOf are the objects of a plan's steps, each once, in the order of the steps.
func keysOf(p *entra.Plan) []entra.Key {
	known := map[entra.Key]bool{}
	var keys []entra.Key
	for _, s := range p.Steps {
		if !known[s.Key] {
			known[s.Key] = true
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// same reports whether an object that the plan knows by its natural key has that key.
func (r *run) same(k *kind.Kind, key entra.Key, o *entra.Object) bool {
	identity, ok := r.plan.Identities[key.String()]
	if !ok || o == nil {
		return true
	}
	want, _ := kind.ElementKey(identity.NaturalKey, k.NaturalKey)
	got, _ := kind.ElementKey(kind.NaturalKey(k, o), k.NaturalKey)
	return want == got
}

// step makes one step and says how it ended.
func (r *run) step(ctx context.Context, s entra.Step) (entra.Result, string) {
	if err := cmp.Or(r.stopped(), ctx.Err()); err != nil {
		return entra.SkipDep, err.Error()
	}
	for _, need := range s.Needs {
		if ended := r.endOf(need); ended != entra.Done {
			return entra.SkipDep, r.lacking(need, ended)
		}
	}
	if r.taken.done(s.ID) {
		return entra.Done, ""
	}
	on := r.subjects[s.Key]
	if on.unread != "" {
		return entra.SkipDep, "it cannot be read now: " + on.unread
	}
	k := kind.ByName(s.Kind)
	if err := r.readArrived(ctx, s.Key); err != nil {
		return entra.Failed, err.Error()
	}
	if r.came(s, on) {
		return entra.Done, ""
	}
	if on.live == nil && r.taken.lost(s) && !repeatable(k, s) {
		if result, why := r.lookFor(ctx, k, s, on); result != "" {
			return result, why
		}
	}
	left := remaining(k, s, on.live)
	if on.resumed && !on.moved && left != nil && on.live != nil && !on.arrived {
		var err error
		if s, err = r.rest(k, s, on); err != nil {
			return entra.Failed, err.Error()
		}
	}
	switch {
	case left == nil:
		return entra.Done, ""
	case on.moved:
		return entra.SkipDep, "it moved on since the plan was made: " + unlike(k, s, on.live)
	case on.ahead && changedSince(k, s, on.live) != "":
		return entra.SkipDep, "it moved on since the plan was made: " + changedSince(k, s, on.live)
	case on.arrived && on.live != nil:
		s.Properties, s.Links = left.Properties, left.Links
	case !on.arrived && (on.live == nil || !r.taken.between(s)):
		if why := unlike(k, s, on.live); why != unseen {
			return entra.SkipDep, "the plan says otherwise: " + why
		}
	}
	return r.make(ctx, k, s, on)
}

// make renders a step, sends it, and notes what became of the object.
func (r *run) make(ctx context.Context, k *kind.Kind, s entra.Step, on *subject) (entra.Result, string) {
	requests, err := r.render(s, on.live)
	if err != nil {
		return entra.Failed, err.Error()
	}
	if requests, err = r.hold(ctx, k, s, on, requests); err != nil {
		return entra.Failed, err.Error()
	}
	if err = r.send(ctx, s, requests); err != nil && splits(k, s, err) {
		return r.apart(ctx, k, s, err)
	}
	if err != nil && r.untried(s, err) {
		return entra.SkipDep, err.Error()
	}
	if err != nil {
		if err = r.settle(ctx, k, s, err); err != nil {
			return entra.Failed, explained(s, err)
		}
	}
	switch {
	case s.Action == entra.ActionRestore || s.Action == entra.ActionCreate:
		on.arrived, on.live = true, nil
		r.cameBy(s.Key)
		on.replication = pauses{longest: replication} // it is awaited itself now, not what it names
	case on.live != nil:
		if on.live, err = plan.After(k, on.live, s); err != nil {
			return entra.Failed, err.Error()
		}
	}
	return entra.Done, ""
}

// readArrived looks again for an object that this run has taken back or created and that
// did not show. A deleted item shows neither its links nor all of its properties, so the
// plan sets more than may be needed: only what did not come back as planned is written. An
// object that does not show for a while is left unread, and its links are written all the
// same.
func (r *run) readArrived(ctx context.Context, key entra.Key) error {
	on := r.subjects[key]
	if !on.arrived || on.live != nil {
		return nil
	}
	for on.live == nil && r.pause(ctx, &on.replication) {
		var objects map[entra.Key]seen
		var err error
		r.courier.aside(func() { objects, err = r.objects(ctx, key) })
		if err != nil {
			return fmt.Errorf("read what came back: %w", err)
		}
		on.live = objects[key].object
	}
	return ctx.Err()
}
