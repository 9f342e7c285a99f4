package cli

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/drill"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

type drillOptions struct {
	common
	signing
	deadline
	from      string
	scenarios []string
	all       bool
	seed      uint64
}

func newDrillCmd(env Environment) *cobra.Command {
	o := &drillOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "drill",
		Short: "rehearses a recovery on this machine, with a snapshot of yours",
		Long: `Loads a snapshot into the emulator, lets an incident happen there, recovers with the code that recovers a tenant, and shows what came back,
what did not and why, and how long it would take. It never touches a tenant: it signs in nowhere and speaks to this machine alone.
The exit code is 0 only if everything came back that the plan did not say cannot, and nothing else was changed. "entragit help
drill" lists the incidents and says how to write one.`,
		Example: `  entragit drill                                      every incident that comes with entragit
  entragit drill --scenario conditional-access-wiped --from "3 days ago"
  entragit drill --scenario ours.yaml --seed 7
  entragit drill --all --output markdown > drill.md`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runDrill(cmd.Context(), o) },
	}
	o.reportFlags(cmd, "text", "markdown", "json")
	f := cmd.Flags()
	f.StringVar(&o.from, "from", "", "rehearse with the snapshot at the revision `REV`, by default the newest")
	f.StringArrayVar(&o.scenarios, "scenario", nil, "the incident `NAME`, or the one in a file; can be given more than once")
	f.BoolVar(&o.all, "all", false, "every incident that comes with entragit, as when none is named")
	f.Uint64Var(&o.seed, "seed", 0, "let chance hit other objects for another number `N`")
	o.signing.flags(cmd)
	o.flag(f)
	o.bound(cmd)
	return cmd
}

func runDrill(ctx context.Context, o *drillOptions) error {
	scenarios, err := o.chosen()
	if err != nil {
		return err
	}
	repo, err := o.openVerified(ctx, func(gitstore.Signatory) bool { return o.InTTY })
	if err != nil {
		return err
	}
	defer repo.Close()
	from, err := repo.backedAt(o.from, o.Now())
	if err != nil {
		return err
	}
	if files, err := repo.unvouchedAt(ctx, from); err != nil {
		return err
	} else if len(files) > 0 {
		return withHint(fmt.Errorf("drill with %s: no snapshot ever had this, and nobody who may approve signed it: %s: %w", from.Point(), firstOf(files), entra.ErrUnverified),
			"rehearse with a snapshot: entragit snapshots lists them")
	}
	keeper, err := o.recorder(repo)
	if err != nil {
		return err
	}
	before, err := trend(ctx, repo)
	if err != nil {
		return err
	}
	result, err := o.rehearse(ctx, repo, from, scenarios)
	if err != nil {
		return err
	}
	result.Before = before
	if err := o.print(result); err != nil {
		return err
	}
	if keeper != nil {
		if err := o.keep(ctx, keeper, result); err != nil {
			return err
		}
	}
	if !result.Complete() {
		return fmt.Errorf("%w: not everything came back that Graph allows", entra.ErrIncomplete)
	}
	return nil
}

// drillGC is how much garbage may be beside what is in use, in percent: a drill holds a
// tenant, its plan and what became of it at once, and is to run beside other things.
const drillGC = 40

// rehearse runs the drill.
func (o *drillOptions) rehearse(ctx context.Context, repo *repository, from *history.Point, scenarios []drill.Scenario) (*drill.Result, error) {
	progress := o.Progress()
	defer progress.Done()
	defer debug.SetGCPercent(debug.SetGCPercent(drillGC))
	return drill.Run(ctx, from, scenarios, drill.Options{
		Now: o.Now(), Seed: o.seed, Cloud: repo.config.Cloud, Agent: "entragit/" + version(), Progress: progress.Update,
		BreakGlass: repo.config.Guards.BreakGlass, Limits: limits(repo.config.Guards),
	})
}

// chosen reads the scenarios that were named.
func (o *drillOptions) chosen() ([]drill.Scenario, error) {
	all, err := drill.Scenarios()
	if err != nil {
		return nil, err
	}
	var chosen []drill.Scenario
	if o.all || len(o.scenarios) == 0 {
		chosen = all
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	for _, word := range o.scenarios {
		if i := slices.Index(names, word); i >= 0 {
			if !o.all {
				chosen = append(chosen, all[i])
			}
			continue
		}
		if !strings.ContainsAny(word, "./\\") {
			return nil, withHint(fmt.Errorf("--scenario: %w", config.CheckWord("scenario", word, names)),
				"entragit help drill lists them; a file is named with its ending")
		}
		data, err := os.ReadFile(word)
		if err != nil {
			return nil, fmt.Errorf("--scenario: %w: %w", err, entra.ErrInvalid)
		}
		s, err := drill.Parse(word, data)
		if err != nil {
			return nil, withHint(err, "entragit help drill explains the form of a scenario")
		}
		chosen = append(chosen, s)
	}
	return chosen, nil
}

func (o *drillOptions) print(result *drill.Result) error {
	doc := report.Drill(result, report.Options{Full: o.verbose})
	if o.output.value == "json" {
		return report.DrillJSON(o.Out, result)
	}
	return o.write(doc, "The whole report is what `entragit drill -v` prints.")
}
