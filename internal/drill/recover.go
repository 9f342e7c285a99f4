package drill

import (
	"context"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Recovery is what a recovery took and said.
type Recovery struct {
	// Rounds are how often the command was run: what came back from the deleted items may
	// show more to do.
	Rounds int `json:"rounds"`
	// Done, Failed and Skipped count steps.
	Done    int `json:"done"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	// Requests are those over HTTP, Writes the changes among what they held.
	Requests int64 `json:"requests"`
	Writes   int64 `json:"writes"`
	// Seconds are simulated: what Graph's limits and round trips make of the requests.
	Seconds float64 `json:"seconds"`
	// Accepted are the guards that held the plan back, so that a person has to accept them.
	Accepted []string `json:"accepted,omitempty"`
	// Losses are what does not come back with the objects that were created again.
	Losses []entra.Loss `json:"losses,omitempty"`
	// Error is what ended the recovery before it was done.
	Error string `json:"error,omitempty"`
}

// rounds bounds how often a recovery is run.
const rounds = 3

// together is how many steps are made at a time, as by reconcile.
const together = 320

// recovering is a recovery under way.
type recovering struct {
	*tenant
	opts Options
	done Recovery
	why  reasons
	// lineage is what was created again under another id.
	lineage entra.Lineage
}

// recover does what a person would: reconcile everything from the snapshot, and once more
// while that did something.
func (r *recovering) recover(ctx context.Context) {
	began, requests, writes := r.clock.Now(), r.Requests(), r.server.Stats().Writes
	for r.done.Rounds < rounds {
		r.done.Rounds++
		did, err := r.round(ctx)
		if err != nil {
			r.done.Error = err.Error()
			break
		}
		if !did {
			break
		}
	}
	r.done.Seconds = r.clock.Now().Sub(began).Seconds()
	r.done.Requests, r.done.Writes = r.Requests()-requests, r.server.Stats().Writes-writes
}

// round plans and applies once, and reports whether that changed anything.
func (r *recovering) round(ctx context.Context) (bool, error) {
	judged, err := r.plan(ctx)
	if err != nil {
		return false, err
	}
	p := judged.Plan()
	r.note(&p)
	if len(p.Steps) == 0 {
		return false, nil
	}
	outcome, err := apply.Run(ctx, r, apply.Live{Source: r}, judged, apply.Options{
		Base: r.base, Clock: r.clock, Together: together, Batcher: r, Passwords: forgotten{},
	})
	r.lineage = r.lineage.Merge(outcome.Lineage...)
	steps := map[string]entra.Step{}
	for _, s := range p.Steps {
		steps[s.ID] = s
	}
	did := false
	for _, o := range outcome.Steps {
		switch key := r.original(steps[o.Step].Key); o.Result {
		case entra.Done:
			r.done.Done++
			did = true
		case entra.Failed:
			r.done.Failed++
			r.why.find(key, o.Error)
		case entra.SkipDep:
			r.done.Skipped++
			r.why.find(key, o.Error)
		}
	}
	return did, err
}

// plan makes the plan and has the guards judge it; what they find is accepted, as a person
// would who knows what happened.
func (r *recovering) plan(ctx context.Context) (plan.Judged, error) {
	selection, err := diff.ParseSelection([]string{"**"}, nil)
	if err != nil {
		return plan.Judged{}, err
	}
	lines := r.lineage.Lines()
	from, err := apply.Today(ctx, r, r.id, r.from, lines)
	if err != nil {
		return plan.Judged{}, err
	}
	in, err := apply.Gather(ctx, r, r.id, from, apply.Asked{
		Selection: selection.Following(lines), Prune: true, Recreate: true, Enforce: true, At: r.clock.Now(),
	})
	if err != nil {
		return plan.Judged{}, fmt.Errorf("plan: %w", err)
	}
	in.Names = history.NewNamer(from).Label
	p, err := plan.New(in)
	if err != nil || len(p.Steps) == 0 {
		return plan.Judge(p, plan.Facts{}), err
	}
	sizes, err := r.sizes(&p)
	if err != nil {
		return plan.Judged{}, err
	}
	facts, err := apply.Facts(ctx, r, p, apply.Protected{BreakGlass: r.opts.BreakGlass, Limits: r.opts.Limits, Sizes: sizes})
	if err != nil {
		return plan.Judged{}, fmt.Errorf("plan: %w", err)
	}
	for _, finding := range plan.Judge(p, facts).Held() {
		if !slices.Contains(r.done.Accepted, finding.Rule) {
			r.done.Accepted = append(r.done.Accepted, finding.Rule)
		}
	}
	return plan.Judge(p, facts, r.done.Accepted...), nil
}

// note keeps what a plan leaves alone, and why.
func (r *recovering) note(p *entra.Plan) {
	for _, refusal := range p.Refusals {
		r.why.tell(r.original(refusal.Key), refusal.Pointer, refusal.Reason)
	}
	for _, added := range p.Added {
		r.why.tell(r.original(added.Key), "", "it was added since, and is left alone")
	}
	for _, loss := range p.Losses {
		loss.Key = r.original(loss.Key)
		r.done.Losses = append(r.done.Losses, loss)
	}
	for _, part := range p.AddedParts {
		r.why.tell(r.original(part.Key), part.Pointer, "it was added since, and is left alone")
	}
}

// original is the key that the snapshot has of an object.
func (r *recovering) original(key entra.Key) entra.Key { return r.lineage.Lines().Keys(key)[0] }

// sizes counts the objects of the plan's kinds as the snapshot has them.
func (r *recovering) sizes(p *entra.Plan) (map[string]int, error) {
	sizes := map[string]int{}
	for _, s := range p.Steps {
		if _, counted := sizes[s.Kind]; counted || kind.ByName(s.Kind) == nil {
			continue
		}
		sizes[s.Kind] = 0
		for _, err := range r.from.Files(s.Kind) {
			if err != nil {
				return nil, err
			}
			sizes[s.Kind]++
		}
	}
	return sizes, nil
}

// forgotten keeps no password: nobody signs in to a rehearsal.
type forgotten struct{}

// Keep implements [apply.Passwords].
func (forgotten) Keep(entra.Key, string, string) error { return nil }
