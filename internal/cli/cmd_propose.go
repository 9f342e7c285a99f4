package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/github"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

type proposeOptions struct {
	common
	github.Branches
	page string // the file of the report as a page; none where it is empty
}

func newProposeCmd(env Environment) *cobra.Command {
	o := &proposeOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "propose",
		Short: "keeps one pull request on GitHub with the drift since people last approved",
		Long: `Compares the branch that people approve with the branch of snapshots, and opens a pull request from the second to the first
with the report, or brings the open one up to date; there is never more than one. When nothing differs any more, it is
closed. Both branches must have been pushed. In a GitHub Actions job the report is added to the step's summary, and the
output pull-request is set to the number. It takes GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL from the environment.`,
		Example: `  entragit propose --repo backup
  entragit propose --base approved
  entragit propose --page report.html   and the whole report as a page, for the job to keep`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runPropose(cmd.Context(), o) },
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&o.Base, "base", "main", "people approve the branch `NAME`")
	cmd.Flags().StringVar(&o.Head, "head", "snapshots", "snapshots are on the branch `NAME`")
	cmd.Flags().StringVar(&o.page, "page", "", "write the drift as a page of HTML to `FILE`, too; there is none of a first baseline")
	return cmd
}

func runPropose(ctx context.Context, o *proposeOptions) error {
	client, err := github.New(github.Config{
		API:        o.Getenv("GITHUB_API_URL"),
		Token:      o.Getenv("GITHUB_TOKEN"),
		Repository: o.Getenv("GITHUB_REPOSITORY"),
		UserAgent:  "entragit/" + version(),
	})
	if err != nil {
		return withHint(err, "set GITHUB_REPOSITORY and GITHUB_TOKEN; a GitHub Actions job has both")
	}
	d, err := o.drift(ctx)
	if err != nil {
		return err
	}
	pr, err := o.bringUpToDate(ctx, client, d)
	if err != nil {
		if errors.Is(err, entra.ErrForbidden) {
			err = withHint(err, "give the job pull-requests: write, and let GitHub Actions create pull requests in the repository's settings")
		}
		return err
	}
	if err := o.tellRunner(d, pr); err != nil {
		return err
	}
	if pr.Number == 0 {
		_, err = fmt.Fprintf(o.Out, "No drift between %s and %s\n", o.Base, o.Head)
	} else {
		_, err = fmt.Fprintf(o.Out, "Pull request %d %s: %s\n", pr.Number, pr.Action, pr.URL)
	}
	return err
}

// drift is what the machine saw and people have not approved yet.
type drift struct {
	title string // empty: there is none
	seq   int    // the snapshot that was seen
	report.Document
}

func (o *proposeOptions) drift(ctx context.Context) (drift, error) {
	repo, err := o.open(ctx)
	if err != nil {
		return drift{}, err
	}
	defer repo.Close()
	ignore, err := o.ignoring(repo)
	if err != nil {
		return drift{}, err
	}
	approved, err := repo.At("refs/heads/"+o.Base, o.Now())
	if err != nil {
		return drift{}, err
	}
	seen, err := repo.backedAt("refs/heads/"+o.Head, o.Now())
	if err != nil {
		return drift{}, err
	}
	if len(approved.Manifest().Kinds) == 0 {
		return firstDrift(repo, seen)
	}
	selection, err := diff.ParseSelection(o.kinds, nil)
	if err != nil {
		return drift{}, err
	}
	lines, err := o.lines(ctx, repo)
	if err != nil {
		return drift{}, err
	}
	set, err := diff.Compare(approved, seen, diff.Options{Selection: selection.Following(lines), Lineage: lines, Names: history.NewNamer(seen, approved).Label})
	if err != nil {
		return drift{}, err
	}
	ignore.Following(lines).Apply(set, approved, seen)
	if _, err := o.attribute(ctx, repo, nil, set, approved, seen); err != nil {
		return drift{}, err
	}
	if err := repo.judge(set, approved, seen); err != nil {
		return drift{}, err
	}
	if err := o.keepPage(repo, seen.Manifest().Tenant, set); err != nil {
		return drift{}, err
	}
	d := drift{seq: seen.Point().Seq, Document: report.Changes(set, report.Options{Full: o.verbose})}
	if len(set.Changes) > 0 {
		added, changed, removed := entra.Count(entra.Told(set.Changes))
		d.title = fmt.Sprintf("Drift: +%d ~%d -%d", added, changed, removed)
	}
	return d, nil
}

// firstDrift is that of a baseline which nobody approved yet: everything.
func firstDrift(repo *repository, seen *history.Point) (drift, error) {
	var counts []report.KindCount
	total := 0
	for _, k := range diff.ByRisk(repo.kinds()) {
		n := 0
		for _, err := range seen.Files(k.Name) {
			if err != nil {
				return drift{}, err
			}
			n++
		}
		counts = append(counts, report.KindCount{Kind: k.Name, Objects: n})
		total += n
	}
	return drift{title: fmt.Sprintf("Baseline: %d objects", total), seq: seen.Point().Seq, Document: report.Baseline(seen.Point(), counts)}, nil
}

// bringUpToDate opens, updates or closes the pull request.
func (o *proposeOptions) bringUpToDate(ctx context.Context, client *github.Client, d drift) (github.PullRequest, error) {
	if d.title == "" {
		return client.Withdraw(ctx, o.Branches, fmt.Sprintf("No drift is left: the tenant is as `%s` says, as of snapshot %d.", o.Base, d.seq))
	}
	return client.Propose(ctx, o.Branches, d.title, d.Markdown(report.MarkdownBudget, o.wholeReport()))
}

func (o *proposeOptions) wholeReport() string {
	return fmt.Sprintf("The whole report is what `entragit diff %s %s` prints.", o.Base, o.Head)
}

// tellRunner adds the report to the job's page and sets the step's outputs.
func (o *proposeOptions) tellRunner(d drift, pr github.PullRequest) error {
	runner, ok := github.RunnerFromEnvironment(o.Getenv)
	if !ok {
		return nil
	}
	room, err := runner.SummaryRoom()
	if err != nil {
		return err
	}
	head, number := "", ""
	if pr.Number != 0 && pr.Action != github.Closed {
		number = strconv.Itoa(pr.Number)
		head = fmt.Sprintf("[Pull request %s](%s)\n\n", number, pr.URL)
	}
	if room -= len(head) + 1; room > 0 {
		err = runner.Summarize(head + d.Markdown(room, o.wholeReport()))
	}
	return errors.Join(err, runner.SetOutput("pull-request", number))
}
