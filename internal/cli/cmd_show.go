package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

type showOptions struct {
	common
	connection
	object string
	at     string
}

func newShowCmd(env Environment) *cobra.Command {
	o := &showOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "show OBJECT",
		Short: "shows one object as it was",
		Long: `Prints the file of one object at a point in time, with a name beside each id. OBJECT is an id, a name, a userPrincipalName or
an appId, with its kind in front where several objects are called so, or a file. With --at live the object is read from the tenant.`,
		Example: `  entragit show "conditionalAccessPolicies/CA001 - Require MFA for admins"
  entragit show users/3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22 --at "3 days ago"
  entragit show ada@contoso.com --at "last friday"
  entragit show authorizationPolicy --at live`,
		Args: takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.object = args[0]
			return runShow(cmd.Context(), o)
		},
	}
	o.common.flags(cmd)
	cmd.Flags().StringVar(&o.at, "at", "", "as it was at the revision `REV`, by default in the newest snapshot")
	o.connection.flags(cmd)
	return cmd
}

func runShow(ctx context.Context, o *showOptions) error {
	repo, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer repo.Close()
	expr := o.at
	if expr == liveWord {
		expr = ""
	}
	rev, err := repo.backedAt(expr, o.Now())
	if err != nil {
		return err
	}
	lines, err := o.lines(ctx, repo)
	if err != nil {
		return err
	}
	object, err := o.find(rev, lines)
	if o.at == liveWord {
		object, err = o.now(ctx, repo, rev, lines, object, err)
	}
	if err != nil {
		return repo.wasThere(err, rev, "entragit show --at seq:%d %q")
	}
	// The names of references are for the reader, in every kind, not only in those whose
	// files carry them.
	named := *kind.ByName(object.Kind)
	named.Annotate = true
	var enc canon.Encoder
	out, err := enc.EncodeObject(&named, object, history.NewNamer(rev).Label)
	if err != nil {
		return err
	}
	_, err = o.Out.Write(out.YAML)
	return err
}

// find returns the one object that was asked for.
func (o *showOptions) find(rev *history.Point, lines entra.Lines) (*entra.Object, error) {
	selection, err := diff.ParseSelection([]string{o.object}, nil)
	if err != nil {
		return nil, withHint(err, "entragit show OBJECT: an id, a name, KIND/ID or KIND/NAME")
	}
	var found *entra.Object
	if selection, err = selection.Following(lines).In(rev); err == nil {
		found, err = theOne(rev, selection, o.object)
	}
	if err != nil {
		return nil, fmt.Errorf("show at %s: %w", rev.Point(), err)
	}
	return found, nil
}

// theOne returns the object that a selection of one argument, settled at the point, means.
func theOne(rev *history.Point, selection diff.Selection, arg string) (*entra.Object, error) {
	var found []*entra.Object
	for object, err := range rev.Objects(selection) {
		if err != nil {
			return nil, err
		}
		if found = append(found, object); len(found) > maxNamed {
			break
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("%q: %w", arg, entra.ErrNotFound)
	case 1:
		return found[0], nil
	}
	var keys []string
	for _, object := range found {
		keys = append(keys, object.String())
	}
	slices.Sort(keys)
	if len(keys) > maxNamed {
		keys[maxNamed] = "…"
	}
	return nil, withHint(fmt.Errorf("%q: more than one object: %w", arg, entra.ErrInvalid), "name one: %s", strings.Join(keys, ", "))
}

// maxNamed bounds how many objects a hint names.
const maxNamed = 5

// now reads the object from the tenant: the one that a snapshot has, or one that none has.
func (o *showOptions) now(ctx context.Context, repo *repository, rev *history.Point, lines entra.Lines, found *entra.Object, missing error) (*entra.Object, error) {
	source, err := o.connect(ctx, o.Environment, repo.config, rev.Manifest().Tenant)
	if err != nil {
		return nil, err
	}
	if missing == nil {
		object, err := readLive(ctx, source, found.Key)
		if again := lines.Key(found.Key); errors.Is(err, entra.ErrNotFound) && again != found.Key {
			return readLive(ctx, source, again)
		}
		return object, err
	}
	added, err := apply.Beyond(ctx, source, source.id, rev, missing)
	if err != nil {
		return nil, err
	}
	if len(added) > 1 {
		return nil, &diff.AmbiguousError{Arg: o.object, Candidates: added}
	}
	return readLive(ctx, source, added[0].Key)
}

// readLive reads an object from the tenant.
func readLive(ctx context.Context, source *tenant, key entra.Key) (*entra.Object, error) {
	live, err := capture.Objects(ctx, source, []entra.Key{key})
	if err != nil {
		return nil, err
	}
	switch {
	case live.Failed[key] != nil:
		return nil, live.Failed[key]
	case live.Objects[key] != nil:
		return live.Objects[key], nil
	case live.Deleted[key] != nil:
		return nil, withHint(fmt.Errorf("show %s: %w in the tenant: it was deleted", key, entra.ErrNotFound),
			"entragit reconcile --from REV %s takes it back", key)
	}
	return nil, fmt.Errorf("show %s: %w in the tenant", key, entra.ErrNotFound)
}
