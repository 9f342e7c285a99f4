package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/report"
)

// quarantineRefs is where snapshots are kept that nobody should build on before a person
// said that they are true, by the number they would have had.
const quarantineRefs = "refs/entragit/quarantine/"

// shrinkLimit is what entragit.yaml says of sudden losses.
func (r *repository) shrinkLimit(accepted ...string) capture.ShrinkLimit {
	guard := r.config.Guards.Shrink
	return capture.ShrinkLimit{Percent: guard.Percent, Least: guard.Least, Accepted: accepted}
}

// push brings the remote up to date. What is kept aside goes there, too, so that it
// outlives the machine; where the remote has another of that number, that one stays.
func (b *backup) push(ctx context.Context, remote *gitstore.Remote) error {
	if remote == nil {
		return nil
	}
	ref := snapshotsRef
	if b.quarantine != "" {
		ref = b.quarantine
	}
	_, err := b.repo.Push(ctx, *remote, ref)
	if b.quarantine != "" && (errors.Is(err, gitstore.ErrMoved) || errors.Is(err, gitstore.ErrDiverged)) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the snapshot is kept here and was not pushed: %w", err)
	}
	return nil
}

// doubt says what was lost at once, and how to accept it.
func (b *backup) doubt() error {
	if b.quarantine == "" {
		return nil
	}
	var kinds []string
	for _, x := range b.summary.Shrunk {
		b.Say("%s: %s", x.Kind, report.Shrinkage(x))
		if !slices.Contains(kinds, x.Kind) {
			kinds = append(kinds, x.Kind)
		}
	}
	return withHint(fmt.Errorf("%w: so much is gone at once that it may not be true: it is kept in %s, and the branch snapshots stays as it was",
		entra.ErrRefused, b.quarantine),
		"entragit diff snapshots %s shows it; when it is true, run again with --accept-shrink %s", b.quarantine, strings.Join(kinds, ","))
}
