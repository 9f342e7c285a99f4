package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/plan"
)

// undoPlan plans the way back from an operation: what it did, change by change.
func (o *reconcileOptions) undoPlan(ctx context.Context, repo *repository, to *tenant) (entra.Plan, error) {
	operation, err := repo.Operation(ctx, strings.Join(o.paths, " "))
	if err != nil {
		return entra.Plan{}, withHint(repo.explainOperations(err), "entragit operations lists them")
	}
	if operation.State == entra.OperationOpen {
		return entra.Plan{}, withHint(fmt.Errorf("operation %s is open: %w", operation.ID, entra.ErrRefused),
			"entragit reconcile --resume goes on with it, --abandon gives it up as it is; then it can be undone")
	}
	done, err := o.undoing(repo, operation)
	if err != nil {
		return entra.Plan{}, fmt.Errorf("undo operation %s: %w", operation.ID, err)
	}
	in, err := apply.GatherUndo(ctx, to, to.id, done)
	if err != nil {
		return entra.Plan{}, fmt.Errorf("undo operation %s: %w", operation.ID, err)
	}
	in.Names, in.LastRead = history.NewNamer(done.Newest).Label, repo.LastRead()
	o.undoes = operation.ID
	return plan.New(in)
}

// undoing reads what was recorded of an operation.
func (o *reconcileOptions) undoing(repo *repository, operation entra.Operation) (apply.Undoing, error) {
	u := apply.Undoing{Recreate: o.recreate}
	encoded, err := repo.OperationPlan(operation)
	if err == nil {
		u.Plan, err = plan.Decode(encoded, operation.Tenant)
	}
	if err == nil {
		u.Outcome, err = repo.OperationOutcome(operation)
	}
	if err == nil {
		u.Before, err = repo.OperationBefore(operation)
	}
	if err == nil {
		u.Newest, err = repo.At("", o.Now())
	}
	return u, err
}
