package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/validate"
)

type validateOptions struct {
	common
	at    string
	paths []string
}

func newValidateCmd(env Environment) *cobra.Command {
	o := &validateOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "validate [PATH...]",
		Short: "checks files against their schemas and each other",
		Long: `Checks each file against the schema of its kind, and that what it refers to exists in the same revision; of entragit.yaml also that
break-glass accounts exist and that ignore rules are about something. In a checkout of a backup
repository the files are checked as they lie there; elsewhere, and with --at, those of a snapshot. An unknown property is a
warning: Microsoft may have added it. The exit code is 1 when there is an error.`,
		Example: `  entragit validate
  entragit validate --repo backup --at "3 days ago" conditionalAccessPolicies
  entragit validate --output github                   annotations in a pull request's check
  entragit validate --output sarif > entragit.sarif`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runValidate(cmd.Context(), o)
		},
	}
	o.flags(cmd, "text", "json", "sarif", "github")
	cmd.Flags().StringVar(&o.at, "at", "", "check the files of the revision `REV`, not those of the checkout")
	return cmd
}

func runValidate(ctx context.Context, o *validateOptions) error {
	for _, name := range o.kinds {
		if err := checkKind(name); err != nil {
			return fmt.Errorf("--kinds: %w", err)
		}
	}
	selection, err := diff.ParseSelection(append(o.kinds, o.paths...), nil)
	if err != nil {
		return err
	}
	tree, done, err := o.tree(ctx)
	if err != nil {
		return err
	}
	defer done()
	result, err := validate.Run(ctx, validate.Options{Tree: tree, Selection: selection, Words: words(), Now: o.Now()})
	if err != nil {
		return fmt.Errorf("validate: %w", err)
	}
	return o.print(result)
}

// tree opens the files to check: those that lie in the folder, when it is a checkout.
func (o *validateOptions) tree(ctx context.Context) (tree validate.Tree, done func(), err error) {
	if _, err := os.Stat(filepath.Join(o.repo, config.FileName)); err == nil && o.at == "" {
		root, err := os.OpenRoot(o.repo)
		if err != nil {
			return nil, nil, fmt.Errorf("validate: %w", err)
		}
		return validate.Folder{FS: root.FS()}, func() { _ = root.Close() }, nil
	}
	repo, err := o.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	rev, err := repo.At(o.at, o.Now())
	if err != nil {
		repo.Close()
		return nil, nil, err
	}
	return rev.Tree(), func() { repo.Close() }, nil
}

func (o *validateOptions) print(result *validate.Result) error {
	problems, faults := result.Problems, result.Errors()
	var err error
	switch o.output.value {
	case "json":
		err = report.ProblemsJSON(o.Out, problems)
	case "sarif":
		err = report.ProblemsSARIF(o.Out, problems, version())
	case "github":
		err = report.ProblemsGitHub(o.Out, problems)
	default:
		if err = report.ProblemsText(o.Out, problems, o.OutPalette()); err == nil && len(problems) == 0 {
			_, err = fmt.Fprintf(o.Out, "%d files: no problem\n", result.Files)
		}
	}
	if err != nil || faults == 0 {
		return err
	}
	return fmt.Errorf("validate: %d of %d problems are errors: %w", faults, len(problems), entra.ErrInvalid)
}
