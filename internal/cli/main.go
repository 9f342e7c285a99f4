package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// Main runs the process's command line and returns its exit code. An interrupt
// cancels what is running; a second one kills it.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return Run(ctx, os.Args[1:], Environment{Streams: ui.System(), Getenv: os.Getenv, Now: time.Now})
}

// Environment is what a command line takes from the process that runs it.
type Environment struct {
	*ui.Streams
	Getenv func(string) string
	Now    func() time.Time
}

// Run runs one command line and returns its exit code.
func Run(ctx context.Context, args []string, env Environment) int {
	root := newRootCmd(env)
	root.SetArgs(args)
	root.SetIn(env.In)
	root.SetOut(env.Out)
	root.SetErr(env.Err)
	err := root.ExecuteContext(ctx)
	code := exitCode(err)
	switch {
	case code == exitDone || errors.Is(err, entra.ErrDrift):
	case code == exitCancelled:
		env.Say("cancelled")
	default:
		env.Say("%s", sentence(err))
		if text := hint(err); text != "" {
			env.Hint("%s", text)
		}
	}
	return code
}
