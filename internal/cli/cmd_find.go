package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

type findOptions struct {
	common
	word string
	at   string
	ever bool
}

func newFindCmd(env Environment) *cobra.Command {
	o := &findOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "find TEXT",
		Short: "shows which objects name a person, an id, an address",
		Long: `Searches the objects of a snapshot for TEXT: an id, a name, a userPrincipalName, an appId, an address, any part of a value. Where TEXT means one
object, what names it by its id or another of its identities is found, too; an IP address or a range is found in every range that it is
in or overlaps. With --ever all snapshots are searched, and each place is shown with the first and the last that has it.`,
		Example: `  entragit find ada@contoso.com                which groups, policies and roles name her
  entragit find 203.0.113.7                    which named locations hold the address
  entragit find "CA-Break-glass" --ever        since when, and what named it once
  entragit find https://old.contoso.com --at "last friday"`,
		Args: takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.word = args[0]
			return runFind(cmd.Context(), o)
		},
	}
	o.reportFlags(cmd, "text", "markdown", "json")
	cmd.Flags().StringVar(&o.at, "at", "", "as it was at the revision `REV`, by default in the newest snapshot")
	cmd.Flags().BoolVar(&o.ever, "ever", false, "in every snapshot up to that one")
	return cmd
}

func runFind(ctx context.Context, o *findOptions) error {
	repo, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer repo.Close()
	rev, err := repo.backedAt(o.at, o.Now())
	if err != nil {
		return err
	}
	lines, err := o.lines(ctx, repo)
	if err != nil {
		return err
	}
	found := &report.Found{Word: o.word, At: rev.Point(), Ever: o.ever, Unread: history.Unread(rev.Manifest())}
	quarry, err := o.quarry(repo, rev, lines, found)
	if err != nil {
		return err
	}
	if o.ever {
		if !rev.Numbered() {
			return withHint(fmt.Errorf("find: %s is no snapshot: %w", rev.Point(), entra.ErrInvalid), "entragit snapshots lists them")
		}
		newest, err := gitstore.ParseHash(rev.Point().Commit)
		if err != nil {
			return err
		}
		all, err := repo.Ever(quarry, newest)
		if err != nil {
			return err
		}
		for _, a := range all {
			found.Appeared(a)
		}
		return o.verdict(found)
	}
	for hit, err := range rev.Search(quarry) {
		if err != nil {
			return err
		}
		found.Place(hit)
	}
	return o.verdict(found)
}

// verdict prints what was found; what was not read may name it as well.
func (o *findOptions) verdict(found *report.Found) error {
	if err := o.print(found); err != nil {
		return err
	}
	if len(found.Unread) > 0 {
		return fmt.Errorf("%w: %d kinds were not read whole", entra.ErrIncomplete, len(found.Unread))
	}
	return nil
}

// quarry is the text, or every identity of the object that the text means.
func (o *findOptions) quarry(repo *repository, rev *history.Point, lines entra.Lines, found *report.Found) (history.Quarry, error) {
	selection, err := diff.ParseSelection([]string{o.word}, nil)
	if err != nil {
		return history.NewQuarry(o.word), nil // a text, and no object's name
	}
	words := []string{o.word}
	if isPath(o.word) {
		words = nil
	}
	selection, err = selection.Following(lines).In(rev)
	if err == nil {
		var object *entra.Object
		if object, err = theOne(rev, selection, o.word); err == nil {
			found.Object, found.Name = &object.Key, object.Name
			return history.NewQuarry(append(words, history.Identities(object, lines)...)...), nil
		}
	}
	if _, unmatched := errors.AsType[*diff.UnmatchedError](err); unmatched && o.ever {
		key, gone := o.gone(repo, rev)
		if gone == nil {
			found.Object = &key
			return history.NewQuarry(append(words, lines.Of(entra.Name{Kind: key.Kind, Value: key.ID})...)...), nil
		}
		if !errors.Is(gone, entra.ErrNotFound) {
			return history.Quarry{}, gone
		}
	}
	if len(words) == 0 || !errors.Is(err, entra.ErrNotFound) && !errors.Is(err, entra.ErrInvalid) {
		return history.Quarry{}, err
	}
	return history.NewQuarry(words...), nil // a text, or what several objects are called
}

// gone finds the object that snapshots before a point had.
func (o *findOptions) gone(repo *repository, rev *history.Point) (entra.Key, error) {
	newest, err := gitstore.ParseHash(rev.Point().Commit)
	if err != nil {
		return entra.Key{}, err
	}
	key, _, err := repo.Gone(o.word, newest)
	return key, err
}

func (o *findOptions) print(found *report.Found) error {
	doc := found.Document(report.Options{Full: o.verbose})
	if o.output.value == "json" {
		return found.JSON(o.Out)
	}
	return o.write(doc, "The whole report is what `entragit find` prints.")
}
