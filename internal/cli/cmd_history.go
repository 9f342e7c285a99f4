package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

type historyOptions struct {
	common
	object     string
	from, to   string
	properties []string
}

func newHistoryCmd(env Environment) *cobra.Command {
	o := &historyOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "history OBJECT [A..B]",
		Short: "shows each change of one object",
		Long: `Goes through the snapshots, newest first, and shows each change of each property and link of one object: when, in which snapshot, who signed it,
what it was and what it became. An object is followed through other names and, where it had to be created again, through its
ids; one that is gone is found by what it was called last. OBJECT is as in show; with A..B, or --from and --to, only what changed after A and
not after B counts.`,
		Example: `  entragit history "conditionalAccessPolicies/CA001 - Require MFA for admins"
  entragit history Break-glass "last friday..yesterday"
  entragit history ada@contoso.com --property accountEnabled --from 2026-10-01
  entragit history groups/3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22 --property members --output json
  entragit history Break-glass --output html > history.html`,
		Args: takes(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.object = args[0]
			if err := o.between(args[1:]); err != nil {
				return err
			}
			return runHistory(cmd.Context(), o)
		},
	}
	o.reportFlags(cmd, "text", "markdown", "html", "json")
	f := cmd.Flags()
	f.StringVar(&o.from, "from", "", "only what changed after the snapshot at the revision `REV`")
	f.StringVar(&o.to, "to", "", "only what changed up to the snapshot at the revision `REV`, by default the newest")
	f.StringArrayVar(&o.properties, "property", nil, "only the property, link or part `P`; can be given more than once")
	return cmd
}

// between reads A..B.
func (o *historyOptions) between(args []string) error {
	if len(args) == 0 {
		return nil
	}
	from, to, ok := strings.Cut(args[0], rangeWord)
	if !ok || from+to == "" || o.from+o.to != "" {
		return withHint(fmt.Errorf("history: %q is not A..B, or --from and --to contradict it: %w", args[0], entra.ErrInvalid), "entragit help revisions shows the forms of a revision")
	}
	o.from, o.to = from, to
	return nil
}

func runHistory(ctx context.Context, o *historyOptions) error {
	repo, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer repo.Close()
	to, err := o.numbered(repo, o.to)
	if err != nil {
		return err
	}
	h := &report.History{To: to.Point()}
	after := 0
	if o.from != "" {
		from, err := o.numbered(repo, o.from)
		if err != nil {
			return err
		}
		point := from.Point()
		if h.From, after = &point, point.Seq; after > h.To.Seq {
			return fmt.Errorf("history: %s is after %s: %w", point, h.To, entra.ErrInvalid)
		}
	}
	lines, err := o.lines(ctx, repo)
	if err != nil {
		return err
	}
	track := history.Track{Lines: lines, From: after}
	if track.To, err = gitstore.ParseHash(h.To.Commit); err != nil {
		return err
	}
	if err := o.find(repo, to, h, &track); err != nil {
		return err
	}
	if err := o.gather(repo, h, track); err != nil {
		return err
	}
	return o.print(h)
}

// numbered opens a point that is a snapshot: only they follow each other.
func (o *historyOptions) numbered(repo *repository, expr string) (*history.Point, error) {
	if expr == liveWord {
		expr = ""
	}
	p, err := repo.At(expr, o.Now())
	if err == nil && !p.Numbered() {
		err = withHint(fmt.Errorf("history: %s is no snapshot: %w", p.Point(), entra.ErrInvalid), "entragit snapshots lists them")
	}
	return p, err
}

// find settles which object was asked for, one that the newest snapshot has or else one that
// went, and which parts of it.
func (o *historyOptions) find(repo *repository, to *history.Point, h *report.History, track *history.Track) error {
	selection, err := diff.ParseSelection([]string{o.object}, o.properties)
	if err != nil {
		return withHint(err, "entragit help revisions shows the forms of objects and properties")
	}
	selection, err = selection.Following(track.Lines).In(to)
	track.Parts = selection.Parts()
	if _, unmatched := errors.AsType[*diff.UnmatchedError](err); unmatched {
		key, _, gone := repo.Gone(o.object, track.To)
		if track.Key = key; !errors.Is(gone, entra.ErrNotFound) {
			err = gone
		}
	} else if err == nil {
		var object *entra.Object
		if object, err = theOne(to, selection, o.object); err == nil {
			track.Key, h.Name = object.Key, object.Name
		}
	}
	h.Key = track.Key
	if err != nil {
		return fmt.Errorf("history up to %s: %w", to.Point(), err)
	}
	return nil
}

// gather collects what became of the object.
func (o *historyOptions) gather(repo *repository, h *report.History, track history.Track) error {
	signatures, err := repo.signatures(track.To)
	if err != nil {
		return err
	}
	if ids := track.Lines.Of(entra.Name{Kind: track.Key.Kind, Value: track.Key.ID}); len(ids) > 1 {
		h.IDs = ids
	}
	h.Names = map[string]string{}
	attribute := o.attributeEvents(repo, track)
	for e, err := range repo.Events(track) {
		if err != nil {
			return err
		}
		attribute(&e)
		event := report.HistoryEvent{Snapshot: history.PointOf(e.Commit), First: e.Change.Type == "", Change: e.Change}
		if event.Risks, err = repo.risksOf(e); err != nil {
			return err
		}
		if who, err := signatures.Verify(e.Commit); err != nil {
			event.Problem = err.Error()
		} else {
			event.Signer = who.Principal + " " + who.Fingerprint
		}
		h.Name = cmp.Or(h.Name, e.Change.Name)
		maps.Copy(h.Names, e.Names)
		h.Events = append(h.Events, event)
	}
	return nil
}

func (o *historyOptions) print(h *report.History) error {
	doc := h.Object(report.Options{Full: o.verbose})
	switch o.output.value {
	case "html":
		return h.HTML(o.Out, report.Options{Full: o.verbose})
	case "json":
		return h.JSON(o.Out)
	}
	return o.write(doc, "The whole history is what `entragit history` prints.")
}
