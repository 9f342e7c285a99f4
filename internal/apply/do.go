package apply

import (
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/entra"
)

// Journal keeps what a run is about to send and what came of it, so that a run that was
// killed can be taken up again. It is called from several goroutines.
type Journal interface {
	// Intent is called before a request is sent, and returns when it is kept. Where it
	// fails, the request is not sent, and no other is. The number is for Answer.
	Intent(step entra.Step, q entra.Request) (number int, err error)
	// Answer is called with what became of the request; err is nil where Graph took it.
	Answer(number int, answer []byte, err error) error
}

// do sends one request. It is the only way from a run to the tenant: what was not noted in
// the journal is not sent, and after the run was stopped nothing is.
func (r *run) do(ctx context.Context, s entra.Step, q entra.Request) ([]byte, error) {
	if err := r.stopped(); err != nil {
		return nil, unsent{err}
	}
	body, err := content(q)
	if err != nil {
		return nil, fmt.Errorf("%s %s: the content is no base64: %w", q.Method, q.Path, entra.ErrInvalid)
	}
	if r.journal == nil {
		r.attempt(s)
		return r.sent(r.courier.Do(ctx, q.Method, q.Path, body))
	}
	number, err := r.journal.Intent(s, q)
	if err != nil {
		return nil, unsent{r.stop(fmt.Errorf("nothing more was sent, since it could not be noted before: %w", err))}
	}
	r.attempt(s)
	answer, err := r.sent(r.courier.Do(ctx, q.Method, q.Path, body))
	if kept := r.journal.Answer(number, answer, err); kept != nil {
		return answer, errors.Join(err, r.stop(fmt.Errorf("nothing more was sent, since an answer could not be noted: %w", kept)))
	}
	return answer, err
}

// unsent is why a request was not sent.
type unsent struct{ error }

// Unwrap returns the reason.
func (u unsent) Unwrap() error { return u.error }

// untried reports whether an error says that a step was not even begun.
func (r *run) untried(s entra.Step, err error) bool {
	_, not := errors.AsType[unsent](err)
	r.mu.Lock()
	defer r.mu.Unlock()
	return not && !r.attempted[s.ID]
}

// attempt notes that a request of a step is sent.
func (r *run) attempt(s entra.Step) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempted[s.ID] = true
}

// sent passes on what became of a request. A sign-in that was refused, and that a fresh
// token did not mend, ends the run.
func (r *run) sent(answer []byte, err error) ([]byte, error) {
	if errors.Is(err, entra.ErrUnauthenticated) {
		return nil, r.stop(err)
	}
	return answer, err
}
