package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/ui"
)

// run runs a command line with the given variables.
func run(t *testing.T, variables map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runAt(t, time.Now, variables, args...)
}

// runAt is run by another clock.
func runAt(t *testing.T, now func() time.Time, variables map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(t.Context(), args, Environment{
		Streams: &ui.Streams{In: strings.NewReader(""), Out: &out, Err: &errs},
		Getenv:  unbroken(variables), Now: now,
	})
	return code, out.String(), errs.String()
}

// unbroken is an environment in which a line of a report is a line.
func unbroken(variables map[string]string) func(string) string {
	return func(name string) string {
		if name == "ENTRAGIT_WIDTH" {
			return "0"
		}
		return variables[name]
	}
}

func TestExitCode(t *testing.T) {
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{fmt.Errorf("disk full"), 1},
		{fmt.Errorf("x: %w", entra.ErrInvalid), 1},
		{entra.ErrDrift, 2},
		{fmt.Errorf("%w: %w", entra.ErrIncomplete, entra.ErrForbidden), 3},
		{fmt.Errorf("x: %w", entra.ErrForbidden), 4},
		{fmt.Errorf("x: %w", gitstore.ErrUnauthorized), 4},
		{fmt.Errorf("x: %w", entra.ErrRefused), 5},
		{fmt.Errorf("x: %w", gitstore.ErrRewound), 5},
		{fmt.Errorf("x: %w", entra.ErrUnverified), 6},
		{fmt.Errorf("x: %w", gitstore.ErrDamaged), 6},
		{fmt.Errorf("%w: %w", entra.ErrUnavailable, context.Canceled), 130},
		{withHint(entra.ErrRefused, "advice"), 5},
	} {
		if got := exitCode(test.err); got != test.want {
			t.Errorf("exit code of %v is %d, want %d", test.err, got, test.want)
		}
	}
}

func TestBadCommandLines(t *testing.T) {
	for _, test := range []struct {
		line      string
		variables map[string]string
		want      string
	}{
		{line: "bakup", want: "entragit: unknown command \"bakup\", did you mean \"backup\"\nhint: entragit help lists the commands\n"},
		{line: "bakup --repo x", want: "entragit: unknown command \"bakup\", did you mean \"backup\"\nhint: entragit help lists the commands\n"},
		{line: "emulate --lsten x", want: "entragit: unknown flag \"--lsten\", did you mean \"--listen\"\nhint: entragit emulate --help lists the flags\n"},
		{line: "emulate -x", want: "entragit: unknown shorthand flag: 'x' in -x\nhint: entragit emulate --help lists the flags\n"},
		{line: "emulate --listen", want: "entragit: flag needs an argument: --listen\nhint: entragit emulate --help lists the flags\n"},
		{line: "emulate --users many", want: "entragit: --users: \"many\" is not a number\n"},
		{line: "emulate", variables: map[string]string{"ENTRAGIT_USERS": "1e9"}, want: "entragit: ENTRAGIT_USERS: \"1e9\" is not a number\n"},
		{line: "emulate", variables: map[string]string{"ENTRAGIT_THROTTLE": "maybe"}, want: "entragit: ENTRAGIT_THROTTLE: \"maybe\" is neither true nor false\n"},
		{line: "emulate --seed cntoso", want: "entragit: --seed: unknown seed \"cntoso\", did you mean \"contoso\"\nhint: one of contoso, empty\n"},
		{line: "emulate --audit-delay -5s", want: "entragit: emulate: audit delay -5s: no entry shows before it is made\n"},
		{line: "emulate here", want: "entragit: emulate: unexpected argument \"here\"\nhint: entragit emulate\n"},
		{line: "help revisons", want: "entragit: unknown topic \"revisons\", did you mean \"revisions\"\nhint: entragit help lists commands and topics\n"},
	} {
		code, stdout, stderr := run(t, test.variables, strings.Fields(test.line)...)
		if code != exitError || stdout != "" || stderr != test.want {
			t.Errorf("%s: exit code %d, stdout %q, stderr\n%swant\n%s", test.line, code, stdout, stderr, test.want)
		}
	}
}

// TestFlagBeatsVariable holds the precedence; an empty variable is none.
func TestFlagBeatsVariable(t *testing.T) {
	for _, test := range []struct {
		args  []string
		value string
		want  string
	}{
		{nil, "", "default"},
		{nil, "variable", "variable"},
		{[]string{"--some-flag", "flag"}, "variable", "flag"},
		{[]string{"--some-flag", ""}, "variable", ""},
	} {
		var got string
		cmd := &cobra.Command{RunE: func(*cobra.Command, []string) error { return nil }}
		cmd.Flags().StringVar(&got, "some-flag", "default", "")
		cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
			return fromEnvironment(cmd, func(name string) string {
				return map[string]string{"ENTRAGIT_SOME_FLAG": test.value}[name]
			})
		}
		cmd.SetArgs(append([]string{}, test.args...))
		if err := cmd.Execute(); err != nil || got != test.want {
			t.Errorf("flag %v, variable %q: %q, %v; want %q", test.args, test.value, got, err, test.want)
		}
	}
}

// TestEveryCommandExplainsItself holds what every help text must have.
func TestEveryCommandExplainsItself(t *testing.T) {
	root := newRootCmd(Environment{Streams: &ui.Streams{}})
	for _, cmd := range append(root.Commands(), root) {
		text := usage(cmd)
		for _, want := range []string{exitCodes, "Examples:\n  entragit "} {
			if !strings.Contains(text, want) {
				t.Errorf("the help of %s lacks %q:\n%s", cmd.Name(), want, text)
			}
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s is not explained", cmd.Name(), f.Name)
			}
		})
	}
	if _, stdout, _ := run(t, nil, "help", "reconcile"); !strings.HasPrefix(stdout, "# Putting things back\n") {
		t.Errorf("help reconcile is\n%s", stdout)
	}
}

func TestTopics(t *testing.T) {
	for _, name := range []string{"config", "exit-codes", "format", "github", "reconcile", "remotes", "revisions", "sign-in", "signing"} {
		code, stdout, _ := run(t, nil, "help", name)
		if code != exitDone || !strings.HasPrefix(stdout, "# ") || len(stdout) < 500 {
			t.Errorf("help %s: exit code %d, %d bytes", name, code, len(stdout))
		}
	}
}

func TestCutLines(t *testing.T) {
	lines := strings.Repeat("0123456789\n", 100) + "last"
	for limit, want := range map[int]string{
		len(lines):     lines,
		len(lines) - 1: strings.Repeat("0123456789\n", 96) + "(5 more lines)",
		62:             strings.Repeat("0123456789\n", 2) + "(99 more lines)",
		50:             "(101 more lines)",
	} {
		if got := cutLines(lines, limit); got != want || len(got) > limit {
			t.Errorf("cut to %d bytes: %d bytes, %q", limit, len(got), got)
		}
	}
}
