package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// Beyond finds in the tenant what arguments mean that mean nothing at a point: objects that
// were added since. The error is the one that was given where the tenant has none either.
func Beyond(ctx context.Context, src capture.Source, tenant string, from *history.Point, settled error) ([]entra.Listed, error) {
	unmatched, ok := errors.AsType[*diff.UnmatchedError](settled)
	if !ok || !errors.Is(settled, entra.ErrNotFound) {
		return nil, settled
	}
	var listed []entra.Listed
	for _, k := range kind.All() {
		cover := from.Manifest().Kinds[k.Name]
		if k.Unavailable != "" || k.Singleton || !cover.Read() || !slices.ContainsFunc(unmatched.Args, func(arg string) bool { return diff.Of(arg, k.Name) }) {
			continue
		}
		found, now, err := capture.Unknown(ctx, src, tenant, k, func(id string) (bool, error) { return from.Has(k, id) })
		if err != nil {
			return nil, err
		}
		if unlisted(now, cover) {
			unmatched.Unread = k.Name // nobody knows
		}
		listed = append(listed, found...)
	}
	picked, err := diff.Pick(unmatched.Args, listed)
	if still, ok := errors.AsType[*diff.UnmatchedError](err); ok {
		unmatched.Args = still.Args
		return nil, settled
	}
	if err != nil {
		return nil, fmt.Errorf("select in the tenant: %w", err)
	}
	return picked, nil
}
