package apply

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// subject is a planned object under way. Its steps are made one after the other, so that
// nothing of it is shared.
type subject struct {
	live    *entra.Object // as read, with what this run has written since; nil where it is not there
	moved   bool          // not as it was when the plan was made
	unread  string        // why it could not be read
	touched bool          // written to in this run
	arrived bool          // taken back or created in this run
	ahead   bool          // taken back by somebody else since the plan was made
	resumed bool          // written to in a run that this one takes up
	// original is the object before that run, where an update of it was interrupted.
	original *entra.Object
	// replication is how long was waited for writes of this run to arrive everywhere.
	replication pauses
}

// note keeps how a step ended.
func (r *run) note(step string, ended entra.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended[step] = ended
}

// endOf is how a step ended.
func (r *run) endOf(step string) entra.Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended[step]
}

// lacking says which step had to be done first, by its object.
func (r *run) lacking(id string, ended entra.Result) string {
	i := slices.IndexFunc(r.plan.Steps, func(s entra.Step) bool { return s.ID == id })
	if i < 0 {
		return "it needs " + id + ", which the plan does not have"
	}
	s, verb := r.plan.Steps[i], "changed"
	switch s.Action {
	case entra.ActionRestore:
		verb = "taken back"
	case entra.ActionCreate:
		verb = "created"
	}
	return fmt.Sprintf("%s %s (%s) had to be %s first, and that %s", kind.ByName(s.Kind).Title, s.Name, s.Key.ID, verb,
		map[entra.Result]string{entra.Failed: "failed", entra.SkipDep: "was skipped"}[ended])
}

// render turns a step into requests, by the ids that are known by now.
func (r *run) render(s entra.Step, live *entra.Object) ([]entra.Request, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.renderer.Render(s, live)
}

// stop ends the run: what is under way is finished, and nothing more is sent. The first
// reason stands.
func (r *run) stop(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end == nil {
		r.end = err
	}
	return err
}

// stopped is why the run was stopped, or nil.
func (r *run) stopped() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.end
}

// learn keeps the identities that Graph chose for what a step has created.
func (r *run) learn(s entra.Step, answer []byte) error {
	if s.Action != entra.ActionCreate {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock.Now()
	learned, err := r.renderer.IDs.learn(&r.plan, s.Key, answer)
	for _, l := range learned {
		l.When = now
		r.lineage = r.lineage.Merge(l)
	}
	return err
}

// recall learns what an interrupted run has created.
func (r *run) recall() {
	if r.taken == nil {
		return
	}
	r.taken.index(&r.plan)
	for _, s := range r.plan.Steps {
		if s.Action != entra.ActionCreate || !r.taken.Sent(s.ID) {
			continue
		}
		_ = r.learn(s, r.taken.tried[s.ID].answer()) // what was not answered is looked for as any lost answer is
	}
}
