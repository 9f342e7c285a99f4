package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/entragit/entragit/internal/ui"
)

// WriteReference writes what a release holds beside the binary: DIR/man has a page of section 1
// for each command, DIR/completions a script for each shell. when is the date of the pages.
func WriteReference(dir string, when time.Time) error {
	root := newRootCmd(Environment{Streams: &ui.Streams{}, Getenv: func(string) string { return "" }, Now: time.Now})
	root.DisableAutoGenTag = true
	man, completions := filepath.Join(dir, "man"), filepath.Join(dir, "completions")
	for _, d := range []string{man, completions} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return fmt.Errorf("write the reference: %w", err)
		}
	}
	header := &doc.GenManHeader{Title: "ENTRAGIT", Section: "1", Source: "entragit " + version(), Manual: "entragit", Date: &when}
	if err := doc.GenManTree(root, header, man); err != nil {
		return fmt.Errorf("write manual pages: %w", err)
	}
	for name, write := range map[string]func(*cobra.Command, string) error{
		"entragit.bash": func(c *cobra.Command, file string) error { return c.GenBashCompletionFileV2(file, true) },
		"_entragit":     (*cobra.Command).GenZshCompletionFile,
		"entragit.fish": func(c *cobra.Command, file string) error { return c.GenFishCompletionFile(file, true) },
		"entragit.ps1":  (*cobra.Command).GenPowerShellCompletionFileWithDesc,
	} {
		if err := write(root, filepath.Join(completions, name)); err != nil {
			return fmt.Errorf("write completions: %w", err)
		}
	}
	return nil
}
