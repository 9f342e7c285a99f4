package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usage is the help text of a command: what it does, examples, flags with their
// variables, and the exit codes.
func usage(cmd *cobra.Command) string {
	var b strings.Builder
	long := cmd.Long
	if long == "" {
		long = cmd.Short
	}
	fmt.Fprintf(&b, "%s\n\nUsage:\n  %s\n", long, strings.TrimSuffix(cmd.UseLine(), " [flags]"))
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	if commands := commandList(cmd); commands != "" {
		fmt.Fprintf(&b, "\nCommands:\n%s", commands)
		fmt.Fprintf(&b, "\nTopics (entragit help TOPIC):\n%s", topicList())
	}
	if flags := flagList(cmd.Flags()); flags != "" {
		fmt.Fprintf(&b, "\nFlags, each with the variable that sets it:\n%s", flags)
	}
	fmt.Fprintf(&b, "\nExit codes:\n%s", exitCodes)
	return b.String()
}

func commandList(cmd *cobra.Command) string {
	return columns(func(row func(left, right string)) {
		for _, c := range cmd.Commands() {
			if !c.Hidden {
				row(c.Name(), c.Short)
			}
		}
	})
}

func flagList(flags *pflag.FlagSet) string {
	return columns(func(row func(left, right string)) {
		flags.VisitAll(func(f *pflag.Flag) {
			if f.Hidden || f.Name == "help" {
				return
			}
			value, what := pflag.UnquoteUsage(f)
			left := "--" + f.Name
			if f.Shorthand != "" {
				left = "-" + f.Shorthand + ", " + left
			}
			if value != "" {
				left += " " + value
			}
			if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" && f.DefValue != "0" {
				what += " (" + f.DefValue + ")"
			}
			row(left, what+"\n\t"+variable(f.Name))
		})
	})
}

// columns lays rows out in two columns.
func columns(rows func(row func(left, right string))) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	rows(func(left, right string) { fmt.Fprintf(w, "  %s\t%s\n", left, right) })
	_ = w.Flush() // a Builder takes everything
	return b.String()
}
