package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Progress is how far a run came that was interrupted, as its journal says.
type Progress struct {
	// Operation and Plan are what the first entry names.
	Operation, Plan string
	// Ended is how steps ended, by their id.
	Ended map[string]entra.StepOutcome
	// Before returns a planned object as it was before the first write.
	Before func(entra.Identity) (*entra.Object, error)

	at    time.Time           // of the last line
	last  int                 // the number of the last intent
	tried map[string]*attempt // by step
	steps map[entra.Key][]entra.Step
	back  map[string]bool // ids of what was taken back, or may have been
}

// attempt is what a step has sent.
type attempt struct {
	sent, answered, taken int
	id, appID             string
}

// ReadProgress reads the lines of a journal. Errors wrap [entra.ErrInvalid] and name the
// line.
func ReadProgress(lines [][]byte) (*Progress, error) {
	p := &Progress{Ended: map[string]entra.StepOutcome{}, tried: map[string]*attempt{}}
	for i, line := range lines {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("journal: line %d: %w: %w", i+1, err, entra.ErrInvalid)
		}
		p.read(e)
	}
	if p.Operation == "" && len(lines) > 0 {
		return nil, fmt.Errorf("journal: line 1 names no operation: %w", entra.ErrInvalid)
	}
	return p, nil
}

func (p *Progress) read(e Entry) {
	p.at = e.At
	if e.Operation != "" {
		p.Operation, p.Plan = e.Operation, e.Plan
	}
	if e.Step == "" {
		return
	}
	a := p.tried[e.Step]
	if a == nil {
		a = &attempt{}
		p.tried[e.Step] = a
	}
	switch {
	case e.Intent > 0:
		a.sent++
		p.last = max(p.last, e.Intent)
	case e.Answer > 0 && e.Error == "":
		a.answered++
		a.taken++
		if e.ID != "" {
			a.id, a.appID = e.ID, e.AppID
		}
	case e.Answer > 0:
		a.answered++
	case e.Result != "":
		p.Ended[e.Step] = entra.StepOutcome{Step: e.Step, Result: e.Result, Error: e.Error}
	}
}

// Sent reports whether a request of the step was sent, or may have been.
func (p *Progress) Sent(step string) bool {
	return p != nil && p.tried[step] != nil && p.tried[step].sent > 0
}

// Open counts the requests of which nobody knows what became of them.
func (p *Progress) Open() int {
	open := 0
	for _, a := range p.tried {
		open += a.sent - a.answered
	}
	return open
}

// lineage is what the run that was interrupted has created under another identity, as far
// as Graph answered.
func (p *Progress) lineage(of *entra.Plan, now time.Time) (all entra.Lineage) {
	ids := NewRenderer("", of).IDs
	for _, s := range of.Steps {
		if s.Action != entra.ActionCreate || !p.Sent(s.ID) {
			continue
		}
		learned, _ := ids.learn(of, s.Key, p.tried[s.ID].answer()) // without an answer nothing is known
		for _, l := range learned {
			l.When = now
			all = all.Merge(l)
		}
	}
	return all
}

// answer is what Graph said of what was created, as far as the journal keeps it.
func (a *attempt) answer() []byte {
	return encode(map[string]any{"id": a.id, "appId": a.appID})
}

// lost reports whether a step asked for something to be created, and no answer says that it
// was.
func (p *Progress) lost(s entra.Step) bool {
	if s.Action != entra.ActionCreate || !p.Sent(s.ID) {
		return false
	}
	return p.tried[s.ID].taken == 0
}

// index finds the steps of the plan by their objects.
func (p *Progress) index(of *entra.Plan) {
	p.steps, p.back = map[entra.Key][]entra.Step{}, map[string]bool{}
	for _, s := range of.Steps {
		p.steps[s.Key] = append(p.steps[s.Key], s)
		if s.Action == entra.ActionRestore && p.Sent(s.ID) {
			p.back[s.Key.ID] = true
		}
	}
}

// done reports whether a step was ended as done before the run was interrupted.
func (p *Progress) done(step string) bool { return p != nil && p.Ended[step].Result == entra.Done }

// between reports whether an update of an object may have been interrupted between its
// requests: what it writes may have a value that is neither the old nor the new one.
func (p *Progress) between(s entra.Step) bool {
	return s.Action == entra.ActionUpdate && p.Sent(s.ID) && p.Ended[s.ID].Result == ""
}

// came reports whether a step takes back or creates what the run that was interrupted has
// taken back or created already.
func (r *run) came(s entra.Step, on *subject) bool {
	if s.Action != entra.ActionRestore && s.Action != entra.ActionCreate || !r.taken.Sent(s.ID) {
		return false
	}
	return on.live != nil || r.taken.tried[s.ID].taken > 0
}

// lookFor looks for what a run that was interrupted may have created under another id: it
// asked for it, and nobody knows the answer. What was created may not show for a while; only
// when it should by now is it created again, and the result is empty.
func (r *run) lookFor(ctx context.Context, k *kind.Kind, s entra.Step, on *subject) (entra.Result, string) {
	waits := pauses{}
	if r.taken.Ended[s.ID].Result == "" {
		waits.longest = replication/2 - r.clock.Now().Sub(r.taken.at)
	}
	for {
		left, known := r.left(ctx, k, s)
		switch {
		case known && (left == nil || left.Type == entra.Changed):
			on.arrived, on.live = true, nil
			return entra.Done, ""
		case r.pause(ctx, &waits):
		case ctx.Err() != nil:
			return entra.SkipDep, ctx.Err().Error()
		case !known:
			return entra.Failed, "the run that was interrupted may have created it, and it cannot be looked for now"
		default:
			return "", ""
		}
	}
}

// takeUp judges an object of a run that is taken up again. It is as the plan noted it, or as
// the run left it that was interrupted: with some of the plan's changes, and linked again to
// what was taken back. Any other moved on.
func (r *run) takeUp(k *kind.Kind, key entra.Key, on *subject, encoder *canon.Encoder) error {
	if r.taken == nil {
		return nil
	}
	on.resumed = true
	for _, s := range r.taken.steps[key] {
		switch {
		case s.Action != entra.ActionRestore && s.Action != entra.ActionCreate || !r.taken.Sent(s.ID):
		case on.live != nil, r.taken.tried[s.ID].taken > 0:
			on.arrived = true // as the deleted item, or as nothing, the plan knew it
		}
	}
	if on.arrived {
		on.moved = false
	}
	if on.arrived || on.live == nil || !on.moved {
		return nil
	}
	identity, ok := r.plan.Identities[key.String()]
	if !ok {
		identity = entra.Identity{Key: key}
	}
	original, err := r.taken.Before(identity)
	if err != nil || original == nil {
		return err
	}
	before, err := r.takenBack(k, key, on.live, original)
	if err != nil {
		return err
	}
	hash, err := plan.Hash(encoder, k, before)
	if err != nil {
		return err
	}
	noted, ok := r.plan.Live[key.String()]
	on.moved, on.original = !ok || hash != noted || !r.same(k, key, on.live), original
	return nil
}

// takenBack is an object without what the run that was interrupted may have changed.
func (r *run) takenBack(k *kind.Kind, key entra.Key, live, original *entra.Object) (*entra.Object, error) {
	for _, s := range r.taken.steps[key] {
		back, _ := plan.Reverse(k, live, s)
		if r.taken.between(s) {
			planned, err := plan.After(k, original, s)
			if err != nil {
				return nil, err
			}
			back.Properties = ours(k, entire(s, live, original), original, planned)
		}
		var err error
		if live, err = plan.After(k, live, back); err != nil {
			return nil, err
		}
	}
	before := *live
	before.Links = map[string][]string{}
	for name, ids := range live.Links {
		before.Links[name] = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
			return r.taken.back[id] && !slices.Contains(original.Links[name], id)
		})
	}
	return &before, nil
}

// ours are those of the changes back whose property has a value that an update gives it:
// the one before, the one after, or the one in between.
func ours(k *kind.Kind, back []entra.PropertyChange, original, planned *entra.Object) []entra.PropertyChange {
	return slices.DeleteFunc(back, func(c entra.PropertyChange) bool {
		name := jsonpointer.Split(c.Pointer)[1]
		between := disable(&k.Shape, []string{name}, original.Spec, planned.Spec)
		return !slices.ContainsFunc([]any{original.Spec[name], planned.Spec[name], between[name]}, func(v any) bool {
			return diff.Equal(&k.Shape, name, c.Before, v)
		})
	})
}

// rest is what of a step is still to be made, where some of it was before the run was
// interrupted. What was interrupted between its requests is made from the object as it was.
func (r *run) rest(k *kind.Kind, s entra.Step, on *subject) (entra.Step, error) {
	s.Properties = slices.DeleteFunc(slices.Clone(s.Properties), func(c entra.PropertyChange) bool {
		return plan.Reached(k, c, diff.Value(k, on.live, c.Pointer))
	})
	if left := remaining(k, entra.Step{Key: s.Key, Links: s.Links}, on.live); left != nil {
		s.Links = left.Links
	}
	if !r.taken.between(s) || on.original == nil {
		return s, nil
	}
	planned, err := plan.After(k, on.original, r.planned(s.ID))
	if err == nil {
		s.Properties = entire(s, on.live, planned)
	}
	return s, err
}

// planned is a step as the plan has it.
func (r *run) planned(id string) entra.Step {
	return r.plan.Steps[slices.IndexFunc(r.plan.Steps, func(s entra.Step) bool { return s.ID == id })]
}

// entire are the changes from one object to another in every property of the object that a
// step changes, each as a whole.
func entire(s entra.Step, from, to *entra.Object) []entra.PropertyChange {
	var all []entra.PropertyChange
	for _, name := range changed(s) {
		all = append(all, entra.PropertyChange{Pointer: jsonpointer.Join(entra.SectionSpec, name), Before: from.Spec[name], After: to.Spec[name]})
	}
	return all
}

// observed is a [Reader] that shows what it reads.
type observed struct {
	Reader
	show func(Reading) error
}

// Objects implements [Reader].
func (o observed) Objects(ctx context.Context, identities []entra.Identity) (Reading, error) {
	read, err := o.Reader.Objects(ctx, identities)
	if err == nil {
		err = o.show(read)
	}
	return read, err
}
