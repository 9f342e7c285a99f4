package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
)

// fromEnvironment gives every flag that was not set the value of its variable. An
// empty variable counts as none: that is what an input that was left out looks like in
// GitHub Actions.
func fromEnvironment(cmd *cobra.Command, getenv func(string) string) error {
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value := getenv(variable(f.Name))
		if failed != nil || f.Changed || value == "" || f.Name == "help" {
			return
		}
		if err := cmd.Flags().Set(f.Name, value); err != nil {
			failed = explainFlag(cmd, err)
			if _, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
				failed = badValue(variable(f.Name), value, err)
			}
		}
	})
	return failed
}

// variable is the environment variable of a flag.
func variable(flag string) string {
	return "ENTRAGIT_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// explainFlag turns pflag's complaint about a flag into ours.
func explainFlag(cmd *cobra.Command, err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return badValue("--"+invalid.GetFlag().Name, invalid.GetValue(), err)
	}
	if args := cmd.Flags().Args(); !cmd.HasParent() && len(args) > 0 {
		return cmd.Args(cmd, args) // the command is what is unknown, not its flag
	}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok && len(unknown.GetSpecifiedName()) > 1 {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
		slices.Sort(known)
		err = config.CheckWord("flag", "--"+unknown.GetSpecifiedName(), known)
	} else {
		err = fmt.Errorf("%w: %w", err, entra.ErrInvalid)
	}
	return withHint(err, "%s --help lists the flags", cmd.CommandPath())
}

// badValue says what is wrong with the value of a flag or of its variable.
func badValue(name, value string, err error) error {
	var why error
	switch cause := errors.Unwrap(err); {
	case isNumber(cause):
		why = fmt.Errorf("%q is not a number: %w", value, entra.ErrInvalid)
	case isBool(cause):
		why = fmt.Errorf("%q is neither true nor false: %w", value, entra.ErrInvalid)
	default:
		why = fmt.Errorf("%w: %w", cause, entra.ErrInvalid)
	}
	return fmt.Errorf("%s: %w", name, why)
}

func isNumber(err error) bool {
	e, ok := errors.AsType[*strconv.NumError](err)
	return ok && e.Func != "ParseBool"
}

func isBool(err error) bool {
	e, ok := errors.AsType[*strconv.NumError](err)
	return ok && e.Func == "ParseBool"
}
