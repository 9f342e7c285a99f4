package cli

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/report"
)

// build says what a binary was built from, as the Go tool recorded it.
type build struct {
	FormatVersion int    `json:"formatVersion"`
	Version       string `json:"version"` // a tag, or a pseudo-version; "devel" where nothing was recorded
	Commit        string `json:"commit,omitempty"`
	Date          string `json:"date,omitempty"` // of the commit, RFC 3339
	Go            string `json:"go"`
	Platform      string `json:"platform"`
}

func newVersionCmd(env Environment) *cobra.Command {
	output := choice{what: "output format", value: "text", of: []string{"text", "json"}}
	cmd := &cobra.Command{
		Use:   "version",
		Short: "prints the version, and what it was built from",
		Example: `  entragit version
  entragit version --output json`,
		Args: takes(0, 0),
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			if output.value == "json" {
				return report.JSON(env.Out, b)
			}
			return b.text(env.Out)
		},
	}
	cmd.Flags().Var(&output, "output", "write the result as `FORMAT`: text, json")
	return cmd
}

// text writes a row for each fact that was recorded.
func (b build) text(w io.Writer) error {
	for _, row := range [][2]string{{"entragit", b.Version}, {"commit", b.Commit}, {"date", b.Date}, {"go", b.Go}, {"platform", b.Platform}} {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%-8s %s\n", row[0], row[1]); err != nil {
			return err
		}
	}
	return nil
}

func thisBuild() build {
	b := build{FormatVersion: report.FormatVersion, Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "(devel)" {
		b.Version = cmp.Or(info.Main.Version, b.Version)
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Date = s.Value
		}
	}
	return b
}

// version is a tag, or a pseudo-version of the commit that the binary was built from.
func version() string { return thisBuild().Version }
