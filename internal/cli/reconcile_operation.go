package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/plan"
	"github.com/entragit/entragit/internal/trust"
)

// recording are the flags of a command that records what it writes to the tenant.
type recording struct {
	signing
	pushing
	resume     bool
	abandon    bool
	undo       bool
	unrecorded bool
	// undoes is the operation that the plan is the way back from; empty for any other plan.
	undoes string
}

func (r *recording) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&r.resume, "resume", false, "go on with the operation that was interrupted")
	f.BoolVar(&r.abandon, "abandon", false, "give up the operation that was interrupted, as far as it came")
	f.BoolVar(&r.undo, "undo", false, "plan the way back from an operation, by default the newest, instead of from a snapshot")
	f.BoolVar(&r.unrecorded, "unrecorded", false, "write without a record: what is done can be neither resumed nor undone")
	r.pushing.flags(cmd)
	r.signing.flags(cmd)
}

// operating is what a run that writes holds of the records of operations.
type operating struct {
	*reconcileOptions
	repo     *repository
	remote   *gitstore.Remote
	recorder *history.Recorder
	release  func()
	// open is the operation that was interrupted here, or nil.
	open *entra.Operation
	// away says that it is one of another machine, which is to be abandoned.
	away bool
}

// operate takes the lock that one run which writes holds, and looks for one that was
// interrupted. The caller releases it.
func (o *reconcileOptions) operate(ctx context.Context, repo *repository) (*operating, error) {
	w := &operating{reconcileOptions: o, repo: repo}
	release, err := repo.LockJournals(ctx)
	if errors.Is(err, gitstore.ErrLocked) {
		err = withHint(fmt.Errorf("another reconcile is writing to this tenant from here: %w: %w", err, entra.ErrRefused), "run again when it has ended")
	}
	if err != nil && o.unrecorded && !errors.Is(err, gitstore.ErrLocked) {
		o.Say("nothing can be written to the repository, so nobody knows whether another run writes to the tenant: %s", sentence(err))
		release, err = func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	w.release = release
	if err := w.look(ctx); err != nil {
		release()
		return nil, err
	}
	return w, nil
}

// look brings the records up to date and finds what is open.
func (w *operating) look(ctx context.Context) error {
	var err error
	if w.remote, err = w.remoteOf(w.repo, w.Environment); err != nil {
		return err
	}
	if err := w.fetchOperations(ctx, w.repo, w.remote); err != nil {
		return err
	}
	if w.open, err = apply.Unfinished(ctx, &w.repo.Repository); errors.Is(err, gitstore.ErrDamaged) {
		return withHint(err, "nothing was written; what a journal says was sent; when that is accounted for, take the file out of %s/entragit/operations", w.repo.Dir())
	} else if err != nil {
		return w.repo.explainOperations(err)
	}
	if w.abandon && len(w.paths) == 1 {
		return w.lookElsewhere(ctx, w.paths[0])
	}
	switch asked := w.resume || w.abandon; {
	case asked && w.open == nil:
		return withHint(fmt.Errorf("reconcile: no operation was interrupted here: %w", entra.ErrInvalid), "entragit operations lists what was done and from where")
	case !asked && w.open != nil:
		return withHint(fmt.Errorf("operation %s of %s was interrupted and is open: %w", w.open.ID, w.open.Begun.Format(time.DateTime), entra.ErrRefused),
			"entragit reconcile --resume goes on with it, --abandon gives it up as it is")
	}
	return w.elsewhere(ctx)
}

// lookElsewhere finds an operation to abandon that was not begun here.
func (w *operating) lookElsewhere(ctx context.Context, id string) error {
	found, err := w.repo.Operation(ctx, id)
	switch {
	case err != nil:
		return withHint(w.repo.explainOperations(err), "entragit operations lists them")
	case found.State != entra.OperationOpen:
		return fmt.Errorf("reconcile: operation %s is not open: %w", found.ID, entra.ErrInvalid)
	case w.open == nil || w.open.ID != found.ID:
		w.open, w.away = &found, true
	}
	return nil
}

// elsewhere tells of operations that are open and were not begun here: they may be running.
func (w *operating) elsewhere(ctx context.Context) error {
	all, err := w.repo.Operations(ctx)
	if err != nil {
		return w.repo.explainOperations(err)
	}
	for _, o := range all {
		if o.State == entra.OperationOpen && (w.open == nil || o.ID != w.open.ID) {
			w.Say("operation %s of %s by %s has no end: it runs on another machine, or was interrupted there; entragit reconcile --abandon %[1]s gives it up", o.ID, o.Begun.Format(time.DateTime), o.Signer)
		}
	}
	return nil
}

// explainOperations adds how to recover to why records of operations do not verify.
func (r *repository) explainOperations(err error) error {
	broken, ok := errors.AsType[*trust.BrokenError](err)
	if !ok {
		return err
	}
	if broken.Good == (gitstore.Hash{}) {
		return withHint(err, "find out who put %s there, then git -C %s update-ref -d %s forgets the records here", broken.Commit.Short(), r.dir, trust.OperationsRef)
	}
	return withHint(err, "find out who put %s there, then git -C %s update-ref %s %s goes to the newest record that verifies",
		broken.Commit.Short(), r.dir, trust.OperationsRef, broken.Good.Short())
}

// sign prepares to record, if the signature will count.
func (w *operating) sign() error {
	if w.unrecorded && !w.resume && !w.abandon {
		return nil
	}
	signer, err := w.signer(w.Environment)
	if err == nil {
		err = w.repo.Chain.MayRecord(signer, w.Now())
	}
	var name, email string
	if err == nil {
		name, email, err = w.person()
	}
	if err != nil {
		return withHint(fmt.Errorf("nothing was written, since it could not be recorded: %w", err),
			"name a key whose signature counts with --signing-key FILE; --unrecorded writes without a record that --resume and --undo need")
	}
	w.recorder = &history.Recorder{Repo: &w.repo.Repository, Signer: signer, Name: name, Email: email, Tenant: w.repo.Chain.Tenant(), Version: version(), Now: w.Now}
	return nil
}

// record prepares the record of a run.
func (w *operating) record(judged plan.Judged) (*apply.Recording, error) {
	switch {
	case w.recorder == nil:
		return nil, nil
	case w.resume:
		return apply.TakeUp(w.recorder, clock.System{}, *w.open)
	}
	return apply.NewRecording(w.recorder, clock.System{}, judged.Plan(), w.undoes, func(ctx context.Context) {
		if err := pushOperations(ctx, w.repo, w.remote); err != nil {
			w.Say("goes on; %s", sentence(err))
		}
	})
}

// finish records how a run ended. One that was stopped stays open.
func (w *operating) finish(ctx context.Context, r *apply.Recording, outcome entra.Outcome, stopped error) error {
	if r == nil || !r.Begun() {
		return stopped
	}
	if stopped != nil {
		w.Say("operation %s is open: entragit reconcile --resume goes on with it, --abandon gives it up as it is", r.ID())
		return errors.Join(stopped, r.Close())
	}
	if err := r.End(ctx, outcome); err != nil {
		return withHint(fmt.Errorf("what was done is told above; its end could not be recorded: %w", err), "entragit reconcile --resume writes nothing twice and records the end")
	}
	w.Say("recorded as operation %s; entragit reconcile --undo %s plans the way back", r.ID(), r.ID())
	return w.told(ctx)
}

// told pushes the end of an operation, and fails where the remote does not have it.
func (w *operating) told(ctx context.Context) error {
	return withHint(pushOperations(ctx, w.repo, w.remote), "it goes with the next backup or reconcile; until then only this machine knows how to undo")
}

// giveUp ends the operation that was interrupted, and writes nothing to the tenant.
func (w *operating) giveUp(ctx context.Context) error {
	if err := w.sign(); err != nil {
		return err
	}
	if err := w.end(ctx); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w.Out, "Operation %s is given up; what it had written stays. entragit reconcile --undo %s plans the way back\n", w.open.ID, w.open.ID); err != nil {
		return err
	}
	return w.told(ctx)
}

// end records that the open operation is given up.
func (w *operating) end(ctx context.Context) error {
	if w.away {
		return apply.AbandonElsewhere(ctx, w.recorder, *w.open)
	}
	taken, err := apply.TakeUp(w.recorder, clock.System{}, *w.open)
	if err != nil {
		return err
	}
	if err := taken.Abandon(ctx); err != nil {
		return errors.Join(err, taken.Close())
	}
	return nil
}

// toApply is what a run is to carry out.
func (w *operating) toApply(ctx context.Context, to *tenant) (entra.Plan, error) {
	if w.resume {
		return w.takenUp()
	}
	return w.loadOrMake(ctx, w.repo, to)
}

// takenUp is the plan of the operation that is resumed.
func (w *operating) takenUp() (entra.Plan, error) {
	encoded, err := w.repo.OperationPlan(*w.open)
	if err != nil {
		return entra.Plan{}, err
	}
	p, err := plan.Decode(encoded, w.repo.Chain.Tenant())
	if err != nil {
		return p, withHint(fmt.Errorf("operation %s: %w", w.open.ID, err), "entragit reconcile --abandon gives it up; then plan again")
	}
	if err := w.tellProgress(len(p.Steps)); err != nil {
		return p, err
	}
	w.accept = append(w.accept, p.Accepted...) // by the person who began it, in a record that verifies
	return p, nil
}

// tellProgress says how far the operation came that was interrupted.
func (w *operating) tellProgress(steps int) error {
	lines, err := w.repo.ReadJournal(w.open.ID)
	if err != nil {
		return err
	}
	came, err := apply.ReadProgress(lines)
	if err != nil {
		return err
	}
	w.Say("operation %s stopped after %s UTC, when %d of %d steps had ended; %s had no answer and will be looked up", w.open.ID,
		came.Since().Format(time.DateTime), len(came.Ended), steps, numbered(came.Open(), "request", "requests"))
	return nil
}
