package apply

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// send makes the requests of a step, one after another.
func (r *run) send(ctx context.Context, s entra.Step, requests []entra.Request) error {
	if s.Action == entra.ActionAddLink || s.Action == entra.ActionRemoveLink {
		return r.links(ctx, s, requests)
	}
	for _, request := range requests {
		if err := r.request(ctx, s, request); err != nil {
			return err
		}
	}
	return nil
}

// request makes one request. A write that follows another of this run may come before
// the first has reached every replica, and two writes may meet: it is tried again for a
// while.
func (r *run) request(ctx context.Context, s entra.Step, q entra.Request) error {
	on := r.subjects[s.Key]
	follows := on.touched || len(s.Needs) > 0
	met, pause := pauses{longest: meeting}, &on.replication
	for {
		answer, err := r.do(ctx, s, q)
		switch {
		case err == nil:
			on.touched = true
			return r.learn(s, answer)
		case alreadyApplied(s.Action, err):
			return nil
		case concurrent(err) && r.pause(ctx, &met), follows && (replicating(err) || r.early(s, err)) && r.pause(ctx, pause):
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			return err
		}
	}
}

// How long a run waits for what takes a while. Microsoft says of replication that it is
// brief as a rule (https://learn.microsoft.com/graph/api/group-post-members), and documents
// a minute or two for the worst case; what takes longer is reported and done by applying
// again. All waits of one object for replication count together, those before it was there
// and those after.
const (
	firstWait   = time.Second
	longestWait = 30 * time.Second
	replication = 2 * time.Minute
	meeting     = 15 * time.Second // of two writes that meet, after the client itself tried again
)

// pauses are waits that double, until they have taken as long as they may.
type pauses struct {
	longest, last, spent time.Duration
}

// pause waits once more, and reports false where that has to end.
func (r *run) pause(ctx context.Context, p *pauses) bool {
	wait := min(max(p.last*2, firstWait), longestWait, p.longest-p.spent)
	if wait <= 0 {
		return false
	}
	var err error
	r.courier.aside(func() { err = r.clock.Sleep(ctx, wait) })
	p.last, p.spent = wait, p.spent+wait
	return err == nil
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
	case entra.ActionDelete:
		return errors.Is(err, entra.ErrNotFound)
	case entra.ActionRemoveLink, entra.ActionDeleteContained:
		return errors.Is(err, entra.ErrNotFound) || strings.Contains(text, "removed object references do not exist")
	}
	return false
}

// replicating reports whether an error may go away once an earlier write has reached every
// replica: a plain 404, or a refusal in words that Graph has for it.
func replicating(err error) bool {
	return errors.Is(err, entra.ErrNotFound) ||
		errors.Is(err, entra.ErrRejected) && slices.ContainsFunc(unreplicated, func(words string) bool { return strings.Contains(err.Error(), words) })
}

// early reports whether Graph refused a write for the sake of an object that this run has made
// a moment ago, which has not reached the service that checks it: the answer names the object.
// Conditional Access says "1021: Invalid group value: …", entitlement management "The
// subject '…' does not exist".
func (r *run) early(s entra.Step, err error) bool {
	answer, ok := errors.AsType[*graph.Error](err)
	if !ok || !errors.Is(err, entra.ErrRejected) {
		return false
	}
	text := strings.ToLower(answer.Message)
	r.mu.Lock()
	defer r.mu.Unlock()
	own := strings.ToLower(r.renderer.IDs.Of(s.Key))
	for id := range r.arrivals {
		if id != own && strings.Contains(text, id) {
			return true
		}
	}
	return false
}

// cameBy notes that an object is there by now, and under which id.
func (r *run) cameBy(key entra.Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.arrivals == nil {
		r.arrivals = map[string]bool{}
	}
	r.arrivals[strings.ToLower(r.renderer.IDs.Of(key))] = true
}

// unreplicated is what Graph says of a write that comes before what it names has reached
// every replica.
var unreplicated = []string{
	// "The source resource object or one of the objects being referenced do not exist"
	// (https://learn.microsoft.com/graph/api/group-post-members; seen with "don't" as well).
	"objects being referenced",
	// "The appId '…' of the service principal does not reference a valid application object."
	// (msgraph-sdk-dotnet issue 3108)
	"does not reference a valid application object",
	// An app role assignment (msgraph-bicep-types issue 193).
	"Not a valid reference update",
}

// concurrent reports whether two writes met; Microsoft asks to try again.
func concurrent(err error) bool {
	return strings.Contains(err.Error(), "Directory_ConcurrencyViolation")
}
