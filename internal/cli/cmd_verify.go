package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/trust"
	"github.com/entragit/entragit/internal/ui"
)

type verifyOptions struct {
	common
	full     bool
	printPin bool
	maxAge   time.Duration
}

func newVerifyCmd(env Environment) *cobra.Command {
	o := &verifyOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "pins and checks the chain of snapshots",
		Long: `Walks from the newest snapshot back to where the last verify ended, with --full to the first, and answers five questions: integrity
(every file hashes to its name), authenticity (every snapshot is signed by a key that counted there), continuity (one history, from
the pinned first commit to beyond the newest snapshot seen, no number missing, time not running backwards, one tenant), freshness
(how old the newest is) and completeness (what it could not read). The first verify of a clone pins its history, and says so. The
exit code is 6 when one of the first three fails, or when the newest is older than --max-age. Where operations are recorded, their
records are checked as well: whose signature, on which snapshot, and that each file can be read; and where snapshots name files with
entries of the audit log, that each file is what its snapshot was signed with. One that is not here is told and is no failure
("entragit help actors").`,
		Example: `  entragit verify --repo backup
  entragit verify --repo backup --full --max-age 36h
  entragit verify --repo backup --print-pin > contoso.pin
  entragit verify --repo clone --trust contoso.pin`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), o) },
	}
	o.flags(cmd, "text", "json")
	f := cmd.Flags()
	f.BoolVar(&o.full, "full", false, "check again what an earlier verify has checked")
	f.BoolVar(&o.printPin, "print-pin", false, "print the pin, for --trust and ENTRAGIT_TRUST, instead of the answers")
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
	repo, err := o.openUnread()
	if err != nil {
		return err
	}
	defer repo.Close()
	newest, err := repo.At("", o.Now())
	if err != nil {
		return err
	}
	head, err := repo.Newest()
	if err != nil {
		return err
	}
	pin, who, err := repo.pinOrFirst(head)
	if err != nil {
		return repo.explain(err)
	}
	found, err := o.audit(ctx, repo, pin, head)
	if err != nil {
		return err
	}
	checks := append(chainChecks(found), o.freshness(newest.Point()), completeness(newest.Manifest()))
	chain, ok := found.Chain()
	var broken error
	remembered := pin
	if ok {
		var more []check
		if more, broken, err = o.beside(ctx, repo, found, chain); err != nil {
			return err
		}
		checks = append(checks, more...)
		remembered = chain.Pin()
		if slices.ContainsFunc(more, func(c check) bool { return c.Question == auditLog && !c.OK }) {
			remembered.Read = pin.Read // until the files are what they were, verify looks at them again
		}
	}
	if ok && who != nil {
		err = o.keepFirst(repo, remembered, *who)
	} else if ok {
		o.remember(repo, remembered)
	}
	if err != nil {
		return err
	}
	if o.printPin && ok {
		return cmp.Or(o.printThePin(remembered), broken)
	}
	if err := o.print(checks); err != nil {
		return err
	}
	return cmp.Or(o.verdict(repo, found, checks), broken)
}

// pinOrFirst returns the pin of the repository, or one made of what the repository says
// of itself, and then who signed its first commit.
func (r *repository) pinOrFirst(head gitstore.Hash) (trust.Pin, *gitstore.Signatory, error) {
	pin, err := r.pins.Find(r.Repo, head)
	if !errors.Is(err, trust.ErrUnpinned) {
		return pin, nil, err
	}
	pin, who, err := trust.First(r.Repo, head)
	return pin, &who, err
}

func (o *verifyOptions) audit(ctx context.Context, repo *repository, pin trust.Pin, head gitstore.Hash) (*trust.Report, error) {
	progress := o.Progress()
	defer progress.Done()
	return trust.Audit(ctx, repo.Repo, pin, head, trust.AuditOptions{
		Now: o.Now(), Full: o.full, Known: knownFile,
		Progress: func(snapshots int) { progress.Update(fmt.Sprintf("%d snapshots", snapshots)) },
	})
}

// knownFile reports whether a path may be in a backup repository.
func knownFile(path string) bool {
	if path == config.FileName || strings.HasPrefix(path, ".entragit/") {
		return true
	}
	_, _, ok := canon.ParsePath(path)
	return ok
}

// verdict is the answer that fails the command.
func (o *verifyOptions) verdict(repo *repository, found *trust.Report, checks []check) error {
	if n := len(found.Problems); n > 0 {
		return repo.explain(&trust.BrokenError{Problem: found.Problems[n-1]})
	}
	for _, c := range checks {
		if !c.OK && c.Question == "freshness" && o.maxAge > 0 {
			return withHint(fmt.Errorf("%s: %s: %w", c.Question, c.Answer, entra.ErrUnverified),
				"entragit backup takes a snapshot; look why the usual job did not")
		}
	}
	return nil
}

// maxProblems bounds how many problems of one question are told.
const maxProblems = 20

// chainChecks are the answers to the three questions about the chain.
func chainChecks(r *trust.Report) []check {
	read := fmt.Sprintf("%d files in %d snapshots read and hashed", r.Files, r.Snapshots)
	signed := "signed by " + strings.Join(r.Signers, ", ")
	if r.Since >= 0 {
		read += fmt.Sprintf("; those up to number %d were before", r.Since)
	}
	if len(r.Signers) == 0 {
		signed = "signed by nobody who counts"
	}
	if r.Snapshots == 0 {
		signed = "nothing is new since it was verified"
	}
	answers := map[trust.Question]string{
		trust.Integrity: read, trust.Authenticity: signed, trust.Continuity: fmt.Sprintf("snapshots 0 to %d", r.Newest),
	}
	var checks []check
	for _, q := range []trust.Question{trust.Integrity, trust.Authenticity, trust.Continuity} {
		problems := r.Of(q)
		checks = append(checks, check{Question: string(q), OK: len(problems) == 0, Answer: answers[q],
			Problems: problems[:min(len(problems), maxProblems)]})
	}
	return checks
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
	var paid []string
	for _, name := range kindNames() {
		if m.Kinds[name].State == entra.Unlicensed {
			paid = append(paid, name)
		}
	}
	for _, u := range history.Unread(m) {
		c.OK = false
		c.Problems = append(c.Problems, fmt.Sprintf("%s (%s) %s", u.Kind, u.State, u.Cause))
	}
	if len(m.Kinds) == 0 {
		c.OK, c.Answer = false, "there is no backup yet"
	} else if !c.OK {
		c.Answer = "the newest snapshot did not read everything"
	}
	if len(paid) > 0 {
		c.Answer += "; " + report.Unlicensed(paid)
	}
	return c
}

func (o *verifyOptions) printThePin(pin trust.Pin) error {
	text, err := pin.Encode()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Out, "%s\n", text)
	return err
}

func (o *verifyOptions) print(checks []check) error {
	if o.output.value == "json" {
		return report.JSON(o.Out, struct {
			FormatVersion int     `json:"formatVersion"`
			Checks        []check `json:"checks"`
		}{report.FormatVersion, checks})
	}
	p := o.OutPalette()
	var b bytes.Buffer
	for _, c := range checks {
		verdict := p.Added("ok")
		if !c.OK {
			verdict = p.Alarm("no")
		}
		fmt.Fprintf(&b, "%-13s %s  %s\n", c.Question, verdict, ui.Safe(c.Answer))
		for _, problem := range c.Problems {
			fmt.Fprintf(&b, "  ! %s\n", ui.Safe(problem))
		}
	}
	_, err := o.Out.Write(b.Bytes())
	return err
}
