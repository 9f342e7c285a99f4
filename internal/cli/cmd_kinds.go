package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/report"
)

type kindsOptions struct {
	Environment
	kinds   []string
	cloud   choice
	output  choice
	verbose bool
}

func newKindsCmd(env Environment) *cobra.Command {
	o := &kindsOptions{Environment: env, cloud: choice{what: "cloud", of: words().Clouds}, output: choice{what: "output format", value: "text", of: []string{"text", "markdown", "json"}}}
	cmd := &cobra.Command{
		Use:   "kinds [KIND...]",
		Short: "lists what is captured, and how it is restored",
		Long: `Lists every kind of object: whether it is captured, what of it is restored, and by which operations. What Graph does not let an application
read or write is named with the reason. With -v, or for the kinds that are named, each property, link and permission is listed.`,
		Example: `  entragit kinds
  entragit kinds users conditionalAccessPolicies
  entragit kinds --cloud usgov
  entragit kinds --output json`,
		Args: takes(0, len(kind.All())),
		RunE: func(_ *cobra.Command, args []string) error {
			o.verbose = o.verbose || len(args) > 0
			o.kinds = append(o.kinds, args...)
			return runKinds(o)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.kinds, "kinds", nil, "only these kinds, a comma-separated `LIST`")
	f.Var(&o.cloud, "cloud", "as it is in the national cloud `NAME`: "+strings.Join(o.cloud.of, ", "))
	f.Var(&o.output, "output", "write the result as `FORMAT`: text, markdown, json")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "list each property, link and permission")
	return cmd
}

func runKinds(o *kindsOptions) error {
	kinds, err := kindsByName(o.kinds)
	if err != nil {
		return err
	}
	rows := report.Kinds(kinds, o.cloud.value)
	switch o.output.value {
	case "json":
		return report.KindsJSON(o.Out, rows)
	case "markdown":
		if err := report.KindsMarkdown(o.Out, rows); err != nil || len(o.kinds) > 0 {
			return err
		}
		return report.RecoverableMarkdown(o.Out, rows)
	}
	return report.KindsText(o.Out, rows, o.verbose)
}

// kindsByName returns the named kinds in the order of the table; all, when none is
// named.
func kindsByName(names []string) ([]*kind.Kind, error) {
	if len(names) == 0 {
		return kind.All(), nil
	}
	named := map[string]bool{}
	for _, name := range names {
		if err := checkKind(name); err != nil {
			return nil, err
		}
		named[name] = true
	}
	var kinds []*kind.Kind
	for _, k := range kind.All() {
		if named[k.Name] {
			kinds = append(kinds, k)
		}
	}
	return kinds, nil
}
