package github

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// MaxSummary is what one step may put into its summary, in bytes
// (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
const MaxSummary = 1 << 20

// Runner is the GitHub Actions job that the process runs in.
type Runner struct {
	summary, output string // files; may be empty
}

// RunnerFromEnvironment returns the runner, or false outside of GitHub Actions.
// getenv is usually [os.Getenv].
func RunnerFromEnvironment(getenv func(string) string) (*Runner, bool) {
	if getenv("GITHUB_ACTIONS") != "true" {
		return nil, false
	}
	return &Runner{summary: getenv("GITHUB_STEP_SUMMARY"), output: getenv("GITHUB_OUTPUT")}, true
}

// SummaryRoom returns how many bytes the step's summary still takes: GitHub drops a
// summary that is larger than [MaxSummary] as a whole.
func (r *Runner) SummaryRoom() (int, error) {
	if r.summary == "" {
		return 0, nil
	}
	info, err := os.Stat(r.summary)
	if errors.Is(err, fs.ErrNotExist) {
		return MaxSummary, nil
	}
	if err != nil {
		return 0, fmt.Errorf("step summary: %w", err)
	}
	return max(0, MaxSummary-int(info.Size())), nil
}

// Summarize appends Markdown to the step's summary, or nothing where the runner
// takes none. What has no room wraps [entra.ErrInvalid]; nothing is written then.
func (r *Runner) Summarize(markdown string) error {
	if r.summary == "" {
		return nil
	}
	room, err := r.SummaryRoom()
	if err != nil {
		return err
	}
	if !strings.HasSuffix(markdown, "\n") {
		markdown += "\n"
	}
	if len(markdown) > room {
		return fmt.Errorf("step summary of %d bytes with room for %d: %w", len(markdown), room, entra.ErrInvalid)
	}
	return appendFile("step summary", r.summary, markdown)
}

var outputName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// SetOutput sets an output of the step, or nothing where the runner takes none. The
// value may hold anything: its end is marked by a random word.
func (r *Runner) SetOutput(name, value string) error {
	if !outputName.MatchString(name) {
		return fmt.Errorf("output name %q: %w", name, entra.ErrInvalid)
	}
	if r.output == "" {
		return nil
	}
	end := "end-" + rand.Text()
	return appendFile("step output", r.output, name+"<<"+end+"\n"+value+"\n"+end+"\n")
}

func appendFile(what, path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	_, err = io.WriteString(f, text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
