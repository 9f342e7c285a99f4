package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/ui"
)

type doctorOptions struct {
	common
	connection
	signing
	write bool
}

func newDoctorCmd(env Environment) *cobra.Command {
	o := &doctorOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "finds what keeps a backup from being complete",
		Long: `Looks at everything a backup needs and says what is missing: the repository and the signing key, the cloud, the sign-in, the tenant, the
clocks, in a GitHub Actions job the subject of its token, and for each kind, by one small request, whether it can be read; if
not, which permission is missing. Kinds that the tenant has not bought, or that its cloud lacks, are no failure, and neither is an
audit log that cannot be read ("entragit help actors"). It writes nothing to the tenant, and without --write nothing at all. The exit
code is 3 when something cannot be read and 4 when nobody is signed in.

With --write, the kinds that the tenant has not bought are left out in entragit.yaml: in a signed commit on main, or in the
file that --config names. Comments and the order of the file stay. A kind that is forbidden is never left out, nor is one that
an earlier snapshot read. Of those that are left out, doctor says which can be read now: the licence may have been bought.`,
		Example: `  entragit doctor --repo backup
  entragit doctor --kinds users,groups --output json
  entragit doctor --repo backup --write`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), o) },
	}
	o.common.flags(cmd, "text", "json")
	cmd.Flags().BoolVar(&o.write, "write", false, "leave out in entragit.yaml what the tenant has not bought")
	o.connection.flags(cmd)
	o.signing.flags(cmd)
	return cmd
}

// finding is what doctor says of one thing.
type finding struct {
	// About is what was looked at: "repository", "sign-in", or a kind with what of it.
	About string `json:"about"`
	OK    bool   `json:"ok"`
	// State is the coverage that a backup would have; set for kinds only.
	State entra.CoverageState `json:"state,omitempty"`
	// Answer is what was seen, in one sentence, and Advice what to do about it.
	Answer string `json:"answer,omitempty"`
	Advice string `json:"advice,omitempty"`
	// Optional is set where no backup is less complete for want of it.
	Optional bool `json:"optional,omitempty"`
	err      error
	part     bool // of a kind
}

// examination gathers findings.
type examination struct {
	*doctorOptions
	config   config.Config
	recorded string // the tenant of the newest snapshot
	repo     *repository
	head     *history.Point // the newest snapshot; nil where none could be opened
	tenant   *tenant
	findings []finding
}

func runDoctor(ctx context.Context, o *doctorOptions) error {
	e := &examination{doctorOptions: o}
	e.lookAtRepository(ctx)
	if e.repo != nil {
		defer e.repo.Close()
	}
	e.lookAtSigner()
	e.lookAtGitHub(ctx)
	e.lookAtTenant(ctx)
	if e.tenant != nil {
		e.lookAtClock()
		e.lookAtPermissions(ctx)
		e.lookAtAudit(ctx)
		if err := e.lookAtKinds(ctx); err != nil {
			return err
		}
	}
	if err := e.print(); err != nil {
		return err
	}
	if e.write {
		if err := e.exclude(ctx); err != nil {
			return err
		}
	}
	return e.verdict()
}

func (e *examination) add(f finding) {
	if f.err != nil {
		f.Answer = sentence(f.err)
		f.Advice = cmp.Or(f.Advice, hint(f.err))
	}
	e.findings = append(e.findings, f)
}

// verdict is the worst finding as an error: nobody signed in before something that
// cannot be read before anything else.
func (e *examination) verdict() error {
	var other error
	unread := 0
	for _, f := range e.findings {
		switch {
		case f.OK, f.Optional:
		case f.State != "":
			unread++
		case errors.Is(f.err, entra.ErrUnauthenticated):
			return f.err
		case other == nil:
			if other = f.err; other == nil {
				other = fmt.Errorf("%s: %s: %w", f.About, f.Answer, entra.ErrInvalid)
			}
		}
	}
	if unread > 0 {
		return fmt.Errorf("%w: %d of the kinds, or parts of them, cannot be read", entra.ErrIncomplete, unread)
	}
	return other
}

func (e *examination) print() error {
	if e.output.value == "json" {
		return report.JSON(e.Out, struct {
			FormatVersion int       `json:"formatVersion"`
			Findings      []finding `json:"findings"`
		}{report.FormatVersion, e.findings})
	}
	p := e.OutPalette()
	wide := 0
	for _, f := range e.findings {
		if e.shown(f) {
			wide = max(wide, len(f.About))
		}
	}
	readable := 0
	for _, f := range e.findings {
		if f.State == entra.Complete && !f.part {
			readable++
		}
		if !e.shown(f) {
			continue
		}
		verdict := p.Added("ok")
		if !f.OK {
			verdict = p.Alarm("no")
		}
		fmt.Fprintf(e.Out, "%-*s  %s  %s\n", wide, f.About, verdict, ui.Safe(f.Answer))
		if f.Advice != "" {
			fmt.Fprintf(e.Out, "%-*s      %s\n", wide, "", ui.Safe(f.Advice))
		}
	}
	if readable > 0 && !e.verbose {
		fmt.Fprintf(e.Out, "%-*s  %s  %d can be read\n", wide, "kinds", p.Added("ok"), readable)
	}
	return nil
}

// shown reports whether a finding is printed: of the kinds that can be read, only on
// demand.
func (e *examination) shown(f finding) bool { return !f.OK || f.State == "" || e.verbose }

// lookAtKinds asks for a little of each kind.
func (e *examination) lookAtKinds(ctx context.Context) error {
	progress := e.Progress()
	progress.Update("asking for each kind")
	probes, err := capture.Probes(ctx, e.tenant, e.tenant.id, keptKinds(e.config))
	progress.Done()
	if err != nil {
		return err
	}
	for _, p := range probes {
		e.add(probed(p))
	}
	return cmp.Or(e.lookAtLicences(), e.lookAtExcluded(ctx))
}
