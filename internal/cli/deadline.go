package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/entra"
)

// backupDeadline is what a backup may take when nobody says otherwise: it runs where
// nobody watches, and GitHub ends a job after as long.
const backupDeadline = 6 * time.Hour

// pastDeadline is why a run ended that took too long.
type pastDeadline struct{ after time.Duration }

// Error names the deadline.
func (e pastDeadline) Error() string {
	return fmt.Sprintf("the deadline of %s has passed", deadline(e.after))
}

// Unwrap makes it a deadline for those who look for any.
func (pastDeadline) Unwrap() error { return context.DeadlineExceeded }

// deadline is a flag that bounds a whole run; 0 is no bound.
type deadline time.Duration

func (d *deadline) flag(f *pflag.FlagSet) {
	f.Var(d, "deadline", "end the run after `DURATION`, such as 90m; 0 lets it run")
}

// String is empty for no bound.
func (d deadline) String() string {
	if d == 0 {
		return ""
	}
	text := time.Duration(d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Type is the word for the flag's values.
func (*deadline) Type() string { return "DURATION" }

// Set takes a duration that is not negative.
func (d *deadline) Set(text string) error {
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return fmt.Errorf("%q is no duration such as 90m or 6h: %w", text, entra.ErrInvalid)
	}
	*d = deadline(value)
	return nil
}

// bound ends the runs of a command at the deadline.
func (d *deadline) bound(cmd *cobra.Command) {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *d == 0 {
			return run(cmd, args)
		}
		late := pastDeadline{time.Duration(*d)}
		ctx, cancel := context.WithTimeoutCause(cmd.Context(), late.after, late)
		defer cancel()
		cmd.SetContext(ctx)
		err := run(cmd, args)
		if err == nil || !errors.Is(context.Cause(ctx), late) {
			return err
		}
		if !errors.Is(err, late) {
			err = fmt.Errorf("%w: %w", late, err)
		}
		return withHint(err, "--deadline gives a run more time; what was not finished is not in the repository")
	}
}
