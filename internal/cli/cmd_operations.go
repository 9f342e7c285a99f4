package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/plan"
	"github.com/entragit/entragit/internal/report"
)

type operationsOptions struct {
	common
	limit int
	// show is the operation that is asked about; asked says that one is.
	show  string
	asked bool
}

func newOperationsCmd(env Environment) *cobra.Command {
	o := &operationsOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "operations [show [OPERATION]]",
		Short: "lists what was written to the tenant, and shows one with its plan and outcome",
		Long: `Lists the operations by which reconcile wrote to the tenant, newest first: when each began, from which state, how its steps ended, who
recorded it and which later one undid it. With show, one operation: its plan, and how each step ended. OPERATION is an id, or
the beginning of one; by default the newest. Nothing is shown of records that do not verify.`,
		Example: `  entragit operations --repo backup
  entragit operations show 20261124T2145
  entragit operations show --output json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.asked = len(args) > 0; o.asked && args[0] != "show" {
				return withHint(fmt.Errorf("operations: %q is not show: %w", args[0], entra.ErrInvalid), "entragit operations show OPERATION")
			}
			o.show = strings.Join(args[min(len(args), 1):], " ")
			return takes(0, 2)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return runOperations(cmd.Context(), o) },
	}
	o.reportFlags(cmd, "text", "markdown", "json")
	cmd.Flags().IntVar(&o.limit, "limit", 30, "list the newest `N`; 0 lists all")
	return cmd
}

func runOperations(ctx context.Context, o *operationsOptions) error {
	repo, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer repo.Close()
	if o.asked {
		return repo.explainOperations(o.one(ctx, repo))
	}
	all, err := repo.Operations(ctx)
	if err != nil {
		return repo.explainOperations(err)
	}
	if o.limit > 0 {
		all = all[:min(len(all), o.limit)]
	}
	if o.output.value == "json" {
		return report.OperationsJSON(o.Out, all)
	}
	return o.write(report.Operations(all), "")
}

// one shows one operation.
func (o *operationsOptions) one(ctx context.Context, repo *repository) error {
	operation, err := repo.Operation(ctx, o.show)
	if err != nil {
		return withHint(err, "entragit operations lists them")
	}
	encoded, err := repo.OperationPlan(operation)
	if err != nil {
		return err
	}
	p, err := plan.Decode(encoded, operation.Tenant)
	if err != nil {
		return fmt.Errorf("operation %s: %w", operation.ID, err)
	}
	if operation.End == "" {
		if o.output.value == "json" {
			return report.OperationJSON(o.Out, operation, &p, nil)
		}
		return o.write(report.Operation(operation, report.Plan(&p, report.Options{Full: o.verbose})), "")
	}
	outcome, err := repo.OperationOutcome(operation)
	if err != nil {
		return err
	}
	outcome.Plan = p
	if o.output.value == "json" {
		return report.OperationJSON(o.Out, operation, &p, &outcome)
	}
	return o.write(report.Operation(operation, report.Outcome(&outcome, report.Options{Full: o.verbose})), "")
}
