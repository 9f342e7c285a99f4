package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/ui"
)

// common are the flags that every command about a backup repository has.
type common struct {
	Environment
	repo    string
	config  string
	trust   string
	output  choice
	kinds   []string
	verbose bool
	columns uint // of text; 0 breaks no line
}

func newRootCmd(env Environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "entragit COMMAND",
		Short: "entragit keeps the configuration of a Microsoft Entra ID tenant in Git, and puts any part of it back",
		Long: `entragit reads every object of a tenant through Microsoft Graph, writes each as one YAML file, and commits
the whole state, signed, to an append-only branch. Any two points in time can be compared; any path, from any
commit, can be put back, down to one property.`,
		Example: `  entragit demo                                       the whole story, without a tenant
  entragit init --repo backup --tenant contoso.com
  entragit backup --repo backup
  entragit diff --repo backup`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return withHint(config.CheckWord("command", args[0], commandNames(cmd)), "entragit help lists the commands")
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd, env.Getenv) }
	root.SetFlagErrorFunc(explainFlag)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { fmt.Fprint(cmd.OutOrStdout(), usage(cmd)) })
	root.SetHelpCommand(newHelpCmd())
	root.AddCommand(
		newInitCmd(env),
		newBackupCmd(env),
		newSnapshotsCmd(env),
		newShowCmd(env),
		newHistoryCmd(env),
		newFindCmd(env),
		newDiffCmd(env),
		newReconcileCmd(env),
		newDrillCmd(env),
		newOperationsCmd(env),
		newVerifyCmd(env),
		newMaintainCmd(env),
		newValidateCmd(env),
		newDoctorCmd(env),
		newKindsCmd(env),
		newPermissionsCmd(env),
		newProposeCmd(env),
		newEmulateCmd(env),
		newDemoCmd(env),
		newVersionCmd(env),
	)
	for _, c := range root.Commands() {
		c.Flags().SortFlags = false
	}
	return root
}

func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Root().Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// flags binds the common flags of a command about a backup repository. formats are
// the forms its result can take, the default first.
func (c *common) flags(cmd *cobra.Command, formats ...string) {
	f := cmd.Flags()
	f.StringVar(&c.repo, "repo", ".", "the backup repository, a bare Git repository or a clone, in `DIR`")
	f.StringVar(&c.config, "config", "", "take the configuration from `FILE` instead of the repository's entragit.yaml")
	f.StringVar(&c.trust, "trust", "", "judge the snapshots by the pin in `FILE`, or by its text, instead of the one that was kept here")
	f.StringSliceVar(&c.kinds, "kinds", nil, "only these kinds, a comma-separated `LIST`")
	f.BoolVarP(&c.verbose, "verbose", "v", false, "shorten nothing, and say more")
	if len(formats) > 0 {
		c.output = choice{what: "output format", value: formats[0], of: formats}
		f.Var(&c.output, "output", "write the result as `FORMAT`: "+strings.Join(formats, ", "))
	}
}

// reportFlags are the flags of a command whose text is a report.
func (c *common) reportFlags(cmd *cobra.Command, formats ...string) {
	c.flags(cmd, formats...)
	cmd.Flags().UintVar(&c.columns, "width", report.TextColumns, "break lines of text after `N` columns; 0 breaks none, for grep")
}

// write writes a report for people: as text, or as Markdown that ends with a sentence about
// where the whole of it is.
func (c *common) write(doc report.Document, whole string) error {
	if c.output.value == "markdown" {
		_, err := fmt.Fprint(c.Out, doc.Markdown(report.MarkdownBudget, whole))
		return err
	}
	return c.text(c.Out, doc, c.OutPalette())
}

// text writes a report as text, as wide as was asked for.
func (c *common) text(w io.Writer, doc report.Document, p ui.Palette) error {
	return doc.Wide(int(c.columns)).Text(w, p)
}

// takes allows between least and most arguments.
func takes(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		var err error
		switch {
		case len(args) < least:
			err = fmt.Errorf("%s: an argument is missing: %w", cmd.Name(), entra.ErrInvalid)
		case len(args) > most:
			err = fmt.Errorf("%s: unexpected argument %q: %w", cmd.Name(), args[most], entra.ErrInvalid)
		}
		return withHint(err, "%s", strings.TrimSuffix(cmd.UseLine(), " [flags]"))
	}
}

// choice is a flag that takes one of some words.
type choice struct {
	what  string
	value string
	of    []string
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return "WORD" }

// Set takes a word that is allowed.
func (c *choice) Set(value string) error {
	if err := config.CheckWord(c.what, value, c.of); err != nil {
		return withHint(err, "one of %s", strings.Join(c.of, ", "))
	}
	c.value = value
	return nil
}
