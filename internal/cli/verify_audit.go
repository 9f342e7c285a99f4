package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/audit"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/trust"
)

// errAltered marks files of the audit log that are not what their snapshots were signed with.
var errAltered = errors.New("what was kept of the audit log was altered")

// beside judges what lies beside the snapshots and rests on them.
func (o *verifyOptions) beside(ctx context.Context, repo *repository, found *trust.Report, chain *trust.Chain) (checks []check, broken error, err error) {
	checks, broken, err = o.operations(ctx, repo, chain)
	if err != nil {
		return nil, nil, err
	}
	kept, altered, err := keptAudit(ctx, repo, chain.Head().Commit, found.Since)
	return append(checks, kept...), cmp.Or(broken, altered), err
}

// keptAudit judges the files that the snapshots after the one of a number name.
func keptAudit(ctx context.Context, repo *repository, head gitstore.Hash, after int) (checks []check, altered error, err error) {
	found, err := audit.Check(ctx, &repo.Repository, head, after)
	if err != nil || found.Snapshots+len(found.Problems) == 0 {
		return nil, nil, err
	}
	c := check{Question: auditLog, OK: len(found.Problems) == 0, Problems: found.Problems[:min(len(found.Problems), maxProblems)],
		Answer: fmt.Sprintf("%d files that %d snapshots name read and hashed", found.Files, found.Snapshots)}
	if n := len(found.Lost); n > 0 {
		which := fmt.Sprintf("snapshot %d", found.Lost[0])
		if n > 1 {
			which = fmt.Sprintf("%d snapshots, the newest of them %d", n, found.Lost[0])
		}
		c.Answer += "; not all is here of " + which + ": deleted, or not fetched"
	}
	if !c.OK {
		altered = withHint(fmt.Errorf("%w: %s: %w", errAltered, found.Problems[0], entra.ErrUnverified),
			"who did it is not believed of an altered file; a clone or the remote may have what it was (entragit help actors)")
	}
	return []check{c}, altered, nil
}
