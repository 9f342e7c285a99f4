package cli

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/config"
)

// topics is the manual: one Markdown file per topic. A file's first line is its
// title.
//
//go:embed help/*.md
var topics embed.FS

func newHelpCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC]",
		Short: "explains a command or a topic",
		Example: `  entragit help reconcile
  entragit help revisions`,
		Args: takes(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Root().Help()
			}
			return runHelp(cmd, args[0])
		},
	}
}

func runHelp(cmd *cobra.Command, word string) error {
	if text, ok := topic(word); ok {
		_, err := fmt.Fprint(cmd.OutOrStdout(), text)
		return err
	}
	known := commandNames(cmd)
	if slices.Contains(known, word) {
		for _, c := range cmd.Root().Commands() {
			if c.Name() == word {
				return c.Help()
			}
		}
	}
	return withHint(config.CheckWord("topic", word, append(known, topicNames()...)), "entragit help lists commands and topics")
}

func topic(name string) (string, bool) {
	data, err := topics.ReadFile("help/" + name + ".md")
	return string(data), err == nil
}

// topicNames lists the topics, sorted.
func topicNames() []string {
	entries, err := topics.ReadDir("help")
	if err != nil {
		return nil // embedded: there is always one
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".md")
	}
	return names
}

func topicList() string {
	return columns(func(row func(left, right string)) {
		for _, name := range topicNames() {
			text, _ := topic(name)
			title, _, _ := strings.Cut(text, "\n")
			row(name, strings.TrimPrefix(title, "# "))
		}
	})
}
