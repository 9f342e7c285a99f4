package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

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
	follows := r.subjects[s.Key].touched || len(s.Needs) > 0
	var last error
	err := r.wait(ctx, func() (bool, error) {
		var answer []byte
		answer, last = r.do(ctx, s, q)
		if last == nil {
			r.subjects[s.Key].touched = true
			last = r.learn(s, answer)
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
	case entra.ActionDelete:
		return errors.Is(err, entra.ErrNotFound)
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
