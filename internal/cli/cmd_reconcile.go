package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/report"
)

type reconcileOptions struct {
	common
	connection
	concessions
	recording
	changedSince
	from       string
	paths      []string
	properties []string
	planFile   string
	planOut    string
	dryRun     bool
	yes        bool
	unverified bool
	prune      bool
	accept     []string
	recreation
}

func newReconcileCmd(env Environment) *cobra.Command {
	o := &reconcileOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "reconcile --from REV PATH...",
		Short: "puts objects back to what a snapshot says",
		Long: `Plans how to make the selected objects what the snapshot says, shows every step, asks, applies, and reads everything back. Only what differs is
written, and nothing else is touched. What the plan leaves alone it lists with the reason, and what was added since by name. The
exit code is 0 only if reading back showed no difference and nothing was left alone.`,
		Example: `  entragit reconcile --from "3 days ago" --dry-run conditionalAccessPolicies
  entragit reconcile --from snapshots~1 "conditionalAccessPolicies/CA001 - Require MFA for admins"
  entragit reconcile --from 2026-10-01 --property web.redirectUris "applications/Payroll"
  entragit reconcile --from seq:12 --plan-out plan.json --dry-run users/3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22
  entragit reconcile --from 2026-10-01 --recreate "groups/Break-glass"
  entragit reconcile --from yesterday --prune roleAssignments "groups/Tier 0 Administrators"
  entragit reconcile --from seq:12 --recreate --dry-run "conditionalAccessPolicies/*"
  entragit reconcile --plan plan.json --yes
  entragit reconcile --from yesterday --prune --dry-run roleAssignments roleEligibilitySchedules "groups/Tier 0 Administrators"
  entragit reconcile --resume
  entragit reconcile --undo --dry-run`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			if err := o.check(); err != nil {
				return err
			}
			return runReconcile(cmd.Context(), o)
		},
	}
	o.reportFlags(cmd, "text", "markdown", "json")
	f := cmd.Flags()
	f.StringVar(&o.from, "from", "", "put back what the snapshot at the revision `REV` says")
	f.StringArrayVar(&o.properties, "property", nil, "only the property, link or part `P`; can be given more than once")
	f.BoolVar(&o.dryRun, "dry-run", false, "show the plan and stop; nothing can be written")
	f.StringVar(&o.planOut, "plan-out", "", "write the plan to `FILE`")
	f.StringVar(&o.planFile, "plan", "", "apply exactly the plan in `FILE`")
	f.BoolVar(&o.unverified, "unverified", false, "also put back files that no snapshot ever had and nobody who may approve signed")
	f.BoolVar(&o.prune, "prune", false, "also take away what was added since")
	f.BoolVar(&o.yes, "yes", false, "do not ask")
	f.StringSliceVar(&o.accept, "accept", nil, "apply the plan although the guards of `LIST` hold it back: "+strings.Join(ruleNames(), ", "))
	o.changedSince.flags(f)
	o.concessions.flags(f)
	o.recreation.flags(cmd)
	o.recording.flags(cmd)
	o.connection.flags(cmd)
	return cmd
}

// check refuses what contradicts itself.
func (o *reconcileOptions) check() error {
	var problem string
	switch {
	case o.undo:
		if o.resume || o.abandon || o.planFile+o.from+o.planOut != "" || len(o.paths) > 1 || len(o.properties) > 0 || o.prune {
			problem = "--undo takes back what one operation did, and takes nothing else that says what to put back"
			break
		}
		return o.checkAccepted()
	case o.resume || o.abandon:
		most := 0
		if o.abandon {
			most = 1 // one of another machine
		}
		if o.resume == o.abandon || o.planFile+o.from+o.planOut != "" || len(o.paths) > most || len(o.properties) > 0 || o.since != "" || o.prune || o.recreate || o.dryRun || o.unrecorded {
			problem = "--resume and --abandon are about the operation that was interrupted, and take nothing that says what to put back"
			break
		}
		return o.checkAccepted()
	case o.planFile != "" && (o.from != "" || o.planOut != "" || len(o.paths)+len(o.properties) > 0 || o.prune || o.recreate || o.enforce || o.since != ""):
		problem = "--plan says what to put back; --from, --property, --changed-since, --prune, --recreate, --enforce, --plan-out and paths would contradict it"
	case o.planFile == "" && o.enforce && !o.recreate:
		problem = "--enforce is about what --recreate creates"
	case o.prune && len(o.properties) > 0:
		problem = "--prune is about whole objects; a part that --property names is put back as the snapshot says, without what was added to it"
	case o.planFile == "" && o.from == "":
		problem = "--from is missing: nothing says which snapshot to put back"
	case o.planFile == "" && len(o.paths) == 0 && o.since == "":
		problem = "nothing says which objects to put back"
	default:
		return o.checkAccepted()
	}
	return withHint(fmt.Errorf("reconcile: %s: %w", problem, entra.ErrInvalid), "entragit reconcile --from REV PATH...")
}

func runReconcile(ctx context.Context, o *reconcileOptions) error {
	repo, err := o.openVerified(ctx, func(gitstore.Signatory) bool { return o.InTTY && !o.yes })
	if err != nil {
		return err
	}
	defer repo.Close()
	newest, err := repo.At("", o.Now())
	if err != nil {
		return err
	}
	if o.dryRun {
		to, err := o.connect(ctx, o.Environment, repo.config, newest.Manifest().Tenant)
		if err != nil {
			return err
		}
		return o.preview(ctx, repo, to)
	}
	w, err := o.operate(ctx, repo)
	if err != nil {
		return err
	}
	defer w.release()
	if o.abandon {
		return w.giveUp(ctx)
	}
	return w.run(ctx, newest.Manifest().Tenant)
}

// run plans, confirms, applies and reads back.
func (o *operating) run(ctx context.Context, tenant string) error {
	repo := o.repo
	to, writer, err := o.connectToWrite(ctx, o.Environment, repo.config, tenant)
	if err != nil {
		return err
	}
	p, err := o.toApply(ctx, to)
	if err != nil {
		return err
	}
	judged, held, err := o.judge(ctx, repo, to, p)
	if err != nil {
		return err
	}
	plan := judged.Plan()
	if held != nil {
		return cmp.Or(o.text(o.Err, report.Plan(&plan, o.full()), o.ErrPalette()), held)
	}
	if len(plan.Steps) == 0 {
		if err := o.printPlan(plan, nil); err != nil {
			return err
		}
		return leftAlone(plan)
	}
	if err := o.checkPasswords(&plan); err != nil {
		return err
	}
	if err := o.sign(); err != nil {
		return err
	}
	if err := o.confirm(plan, to); err != nil {
		return err
	}
	record, err := o.record(judged)
	if err != nil {
		return err
	}
	outcome, err := o.apply(ctx, repo, to, writer, judged, record)
	err = o.finish(ctx, record, outcome, err)
	return cmp.Or(err, verdictOf(outcome))
}

// preview shows the plan, and with -v what would be sent.
func (o *reconcileOptions) preview(ctx context.Context, repo *repository, to *tenant) error {
	judged, held, err := o.plan(ctx, repo, to)
	if err != nil {
		return err
	}
	made := judged.Plan()
	var requests map[string][]entra.Request
	if o.verbose {
		live, err := apply.Planned(ctx, apply.Live{Source: to}, &made)
		if err != nil {
			return err
		}
		if requests, err = apply.Preview(to.base, &made, live); err != nil {
			return err
		}
	}
	if err := o.printPlan(made, requests); err != nil {
		return err
	}
	return cmp.Or(held, leftAlone(made))
}

func (o *reconcileOptions) printPlan(plan entra.Plan, requests map[string][]entra.Request) error {
	opts := o.full()
	opts.Requests = requests
	if o.output.value == "json" {
		return report.PlanJSON(o.Out, plan, requests)
	}
	return o.write(report.Plan(&plan, opts), "The whole plan is in the plan file.")
}

func (o *reconcileOptions) full() report.Options { return report.Options{Full: o.verbose} }

// confirm shows the plan to the person who answers for it, and asks.
func (o *reconcileOptions) confirm(plan entra.Plan, to *tenant) error {
	if err := o.text(o.Err, report.Plan(&plan, o.full()), o.ErrPalette()); err != nil {
		return err
	}
	if o.yes {
		return nil
	}
	yes, err := o.Confirm("Apply this plan to " + to.label() + "?" + takesAway(plan))
	if err == nil && !yes {
		return context.Canceled
	}
	return err
}

func (o *reconcileOptions) printOutcome(outcome entra.Outcome) error {
	if o.output.value == "json" {
		return report.OutcomeJSON(o.Out, &outcome)
	}
	return o.write(report.Outcome(&outcome, o.full()), "")
}

// verdictOf turns an outcome into an error. When not one step was even tried, the
// objects have moved on since the plan was made.
func verdictOf(o entra.Outcome) error {
	ended := map[entra.Result]int{}
	for _, s := range o.Steps {
		ended[s.Result]++
	}
	switch {
	case o.Complete() && len(o.Unreviewed) > 0:
		return unreviewed(o)
	case o.Complete():
		return leftAlone(o.Plan)
	case ended[entra.SkipDep] == len(o.Steps) && len(o.Unverified) == 0:
		return withHint(fmt.Errorf("the plan is stale, nothing was written: %w", entra.ErrRefused), "make a new plan")
	default:
		return withoutEither(o, fmt.Errorf("%w: %d of %d steps done, %d objects still differ, %d could not be read back", entra.ErrIncomplete, ended[entra.Done], len(o.Steps),
			len(o.Remaining), len(o.Unverified)))
	}
}

// leftAlone reports a plan that could not do all that was asked, or that leaves more in the
// tenant than the snapshot has.
func leftAlone(plan entra.Plan) error {
	var what []string
	if n := len(plan.Refusals) + len(plan.Unread); n > 0 {
		what = append(what, numbered(n, "part of what was asked was", "parts of what was asked were")+" left alone, with the reasons above")
	}
	if n := len(plan.Losses); n > 0 {
		what = append(what, numbered(n, "thing does", "things do")+" not come back with what is created again")
	}
	added := addedSince(plan)
	if added != "" {
		what = append(what, added)
	}
	if len(what) == 0 {
		return nil
	}
	err := fmt.Errorf("%w: %s", entra.ErrIncomplete, strings.Join(what, "; "))
	if added != "" {
		return withHint(err, "%s", pruneHint(plan))
	}
	return err
}
