package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

type demoOptions struct {
	Environment
	dir string
}

func newDemoCmd(env Environment) *cobra.Command {
	o := &demoOptions{Environment: env}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "tells the whole story on this machine, in under a minute",
		Long: `Starts an emulated tenant on this machine, takes a first backup, lets an incident happen, shows what changed, restores exactly what the
incident touched, and proves it by comparing the whole tenant with the backup. It needs no tenant, no network and no rights. The
repository stays in DIR/backup.git, to look at.`,
		Example: `  entragit demo
  entragit demo --dir /tmp/demo`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.dir, "dir", "", "leave the repository in `DIR`, by default a new temporary folder")
	return cmd
}

func runDemo(ctx context.Context, o *demoOptions) error {
	started := o.Now()
	if o.dir == "" {
		var err error
		if o.dir, err = os.MkdirTemp("", "entragit-demo-"); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	} else if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	server, err := emulator.New(emulator.Options{})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, server, nil) }()
	d := &demo{demoOptions: o, repo: filepath.Join(o.dir, "backup.git"), url: "http://" + listener.Addr().String()}
	err = d.tell(ctx)
	stop()
	if err := cmp.Or(err, <-served); err != nil {
		return err
	}
	d.say("Done in %s. Look around:", o.Now().Sub(started).Round(100*time.Millisecond))
	fmt.Fprintf(o.Out, "  git -C %[1]s log -p snapshots\n  entragit snapshots --repo %[1]s\n  entragit show --repo %[1]s %[2]s\n",
		d.repo, quoted(policyPath))
	return nil
}

// demo is the story under way.
type demo struct {
	*demoOptions
	repo string
	url  string
	// promoted is the id of the user whose change is none of the incident's.
	promoted string
}

// What the incident touches, as entragit's paths name it.
const (
	policyPath = "conditionalAccessPolicies/" + policyName
	groupPath  = "groups/" + groupName
	userPath   = "users/" + userName
	appPath    = "applications/" + appName
)

func (d *demo) tell(ctx context.Context) error {
	d.say("1. A tenant, and its first backup")
	if err := d.command(ctx, firstLine, "init"); err != nil {
		return err
	}
	if err := d.command(ctx, whole, "backup"); err != nil {
		return err
	}
	d.say("2. An incident, and one honest change beside it")
	if err := d.incident(ctx); err != nil {
		return err
	}
	d.say("3. What changed")
	if err := d.command(ctx, whole, "diff"); err != nil {
		return err
	}
	d.say("4. Putting back what the incident touched, and nothing else")
	if err := d.command(ctx, whole, "reconcile", "--from", "snapshots", "--yes", "--prune", policyPath, groupPath, userPath); err != nil {
		return err
	}
	if err := d.command(ctx, whole, "reconcile", "--from", "snapshots", "--yes", "--property", "web", appPath); err != nil {
		return err
	}
	d.say("5. The proof: the whole tenant against the backup")
	if err := d.command(ctx, whole, "diff"); err != nil {
		return err
	}
	if err := d.prove(ctx); err != nil {
		return err
	}
	if err := d.command(ctx, whole, "backup"); err != nil {
		return err
	}
	return d.command(ctx, whole, "verify")
}

func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.Out, "%s\n\n", d.OutPalette().Strong(fmt.Sprintf(format, args...)))
}

// How much of a command's result the story shows.
const (
	whole = iota
	firstLine
)

// command shows and runs one command line, as a person would have typed it. What it
// says on standard error belongs to the story.
func (d *demo) command(ctx context.Context, show int, args ...string) error {
	shown := make([]string, len(args))
	for i, arg := range args {
		shown[i] = quoted(arg)
	}
	fmt.Fprintf(d.Out, "%s\n", d.OutPalette().Faint("$ entragit "+strings.Join(shown, " ")))
	env := d.env()
	var result bytes.Buffer
	if show == firstLine {
		env.Streams = &ui.Streams{In: d.In, Out: &result, Err: d.Err}
	}
	if code := Run(ctx, args, env); code != exitDone {
		return fmt.Errorf("demo: entragit %s ended with exit code %d", args[0], code)
	}
	if line, _, ok := strings.Cut(result.String(), "\n"); ok {
		fmt.Fprintln(d.Out, line)
	}
	fmt.Fprintln(d.Out)
	return nil
}

// env is the environment of the story's commands: this emulator, this repository, a key
// of its own, and nothing of the person's who runs it.
func (d *demo) env() Environment {
	variables := map[string]string{
		"ENTRAGIT_GRAPH": d.url, "ENTRAGIT_REPO": d.repo, "XDG_CONFIG_HOME": filepath.Join(d.dir, "config"),
	}
	return Environment{Streams: d.Streams, Now: d.Now, Getenv: func(name string) string { return variables[name] }}
}

// quoted writes an argument as a shell takes it.
func quoted(arg string) string {
	if strings.ContainsAny(arg, " '") {
		return `"` + arg + `"`
	}
	return arg
}

// prove compares the whole tenant with the first backup, and accepts one difference:
// the honest change, which nobody asked to put back.
func (d *demo) prove(ctx context.Context) error {
	var result bytes.Buffer
	env := d.env()
	env.Streams = &ui.Streams{In: d.In, Out: &result, Err: d.Err}
	if code := Run(ctx, []string{"diff", "--output", "json"}, env); code != exitDone {
		return fmt.Errorf("demo: the tenant could not be compared: %w", entra.ErrUnverified)
	}
	var set entra.ChangeSet
	if err := json.Unmarshal(result.Bytes(), &set); err != nil {
		return fmt.Errorf("demo: read the comparison: %w", err)
	}
	if len(set.Changes) != 1 || len(set.Unread) > 0 || !d.honest(set.Changes[0]) {
		return fmt.Errorf("demo: %d objects differ where one should: %w", len(set.Changes), entra.ErrUnverified)
	}
	fmt.Fprintf(d.Out, "%s everything the incident touched is as it was; the one difference left is %s's promotion.\n\n",
		d.OutPalette().Added("Proved:"), promoted)
	return nil
}

// honest reports whether a change is the one that the incident made in good faith.
func (d *demo) honest(c entra.Change) bool {
	return c.ID == d.promoted && len(c.Links) == 0 &&
		len(c.Properties) == 1 && c.Properties[0].Pointer == "/spec/jobTitle"
}
