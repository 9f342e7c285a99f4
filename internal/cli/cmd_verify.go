package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/ui"
)

type verifyOptions struct {
	common
	signers string
	maxAge  time.Duration
}

func newVerifyCmd(env Environment) *cobra.Command {
	o := &verifyOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "checks the chain of snapshots",
		Long: `Walks from the newest snapshot to the first and answers five questions: integrity (every file hashes to its name), authenticity (every
snapshot is signed by a key that counts), continuity (one parent each, no number missing, time not running backwards, one
tenant), freshness (how old the newest is) and completeness (what it could not read). The exit code is 6 when one of the first
three fails, or when the newest is older than --max-age.`,
		Example: `  entragit verify --repo backup
  entragit verify --repo backup --signers /etc/entragit/allowed_signers --max-age 36h`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), o) },
	}
	o.flags(cmd, "text", "json")
	f := cmd.Flags()
	f.StringVar(&o.signers, "signers", "", "count the signatures of the keys in `FILE`, not those that the repository lists")
	f.DurationVar(&o.maxAge, "max-age", 0, "fail when the newest snapshot is older than `DURATION`, such as 36h")
	return cmd
}

// check is the answer to one question.
type check struct {
	Question string   `json:"question"`
	OK       bool     `json:"ok"`
	Answer   string   `json:"answer"`
	Problems []string `json:"problems,omitempty"`
}

func runVerify(ctx context.Context, o *verifyOptions) error {
	repo, err := o.open()
	if err != nil {
		return err
	}
	defer repo.Close()
	head, err := repo.At("", o.Now())
	if err != nil {
		return err
	}
	signers, err := newSigners(repo, o.signers)
	if err != nil {
		return err
	}
	progress := o.Progress()
	chain := chainCheck{repo: repo, signers: signers, progress: progress.Update}
	err = chain.walk(ctx)
	progress.Done()
	if err != nil {
		return err
	}
	checks := append(chain.checks(), o.freshness(head.Point()), completeness(head.Manifest()))
	if err := o.print(checks); err != nil {
		return err
	}
	for _, c := range checks {
		if !c.OK && (c.Question != "freshness" || o.maxAge > 0) && c.Question != "completeness" {
			return withHint(fmt.Errorf("%s: %w", c.Question, entra.ErrUnverified),
				"nothing was changed; compare with another clone, and trust the one that verifies")
		}
	}
	return nil
}

// usualAge is what a daily backup stays below, with room for a late start.
const usualAge = 36 * time.Hour

func (o *verifyOptions) freshness(newest entra.Point) check {
	limit := o.maxAge
	if limit == 0 {
		limit = usualAge
	}
	age := o.Now().Sub(newest.Time)
	c := check{Question: "freshness", OK: age <= limit, Answer: fmt.Sprintf("the newest snapshot is %s old", duration(age))}
	if age < 0 {
		c.OK, c.Problems = false, []string{"the newest snapshot is from the future"}
	}
	return c
}

// duration is a length of time as people say it.
func duration(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	default:
		return fmt.Sprintf("%d seconds", d/time.Second)
	}
}

// completeness reports what the newest snapshot could not read. It is no verdict on the
// repository.
func completeness(m entra.Manifest) check {
	c := check{Question: "completeness", OK: true, Answer: "the newest snapshot read all it was asked to"}
	for _, name := range kindNames() {
		cover, ok := m.Kinds[name]
		if ok && cover.State != entra.Complete && kind.ByName(name).Unavailable == "" {
			c.OK = false
			c.Problems = append(c.Problems, fmt.Sprintf("%s (%s) %s", name, cover.State, cover.Cause))
		}
	}
	if len(m.Kinds) == 0 {
		c.OK, c.Answer = false, "there is no backup yet"
	} else if !c.OK {
		c.Answer = "the newest snapshot did not read everything"
	}
	return c
}

func (o *verifyOptions) print(checks []check) error {
	if o.output.value == "json" {
		return report.JSON(o.Out, struct {
			FormatVersion int     `json:"formatVersion"`
			Checks        []check `json:"checks"`
		}{report.FormatVersion, checks})
	}
	p := o.OutPalette()
	for _, c := range checks {
		verdict := p.Added("ok")
		if !c.OK {
			verdict = p.Alarm("no")
		}
		fmt.Fprintf(o.Out, "%-13s %s  %s\n", c.Question, verdict, ui.Safe(c.Answer))
		for _, problem := range c.Problems {
			fmt.Fprintf(o.Out, "  ! %s\n", ui.Safe(problem))
		}
	}
	return nil
}
