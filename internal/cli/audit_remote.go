package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/audit"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// fetchAudit takes what the remote keeps of the audit log beyond what is here. It needs no
// judgement: a file counts only where a verified snapshot names it by its hash. That it cannot be
// had keeps nobody from working: it is told.
func (c *common) fetchAudit(ctx context.Context, repo *repository, remote *gitstore.Remote) error {
	if remote == nil || !repo.config.Attributes() {
		return nil
	}
	switch _, err := repo.Fetch(ctx, *remote, audit.Ref); {
	case err == nil:
	case ctx.Err() != nil:
		return err
	case errors.Is(err, gitstore.ErrDiverged):
		c.Say("two machines kept parts of the audit log, and neither has those of the other: %s", sentence(err))
		c.Hint("who did it stays known here; entragit help actors says how to put them together")
	default:
		c.Say("goes on without what others kept of the audit log: %s", sentence(err))
	}
	return nil
}

// pushAudit sends what is kept of the audit log to the remote, if there is anything.
func pushAudit(ctx context.Context, repo *repository, remote *gitstore.Remote) error {
	if remote == nil {
		return nil
	}
	if _, ok, err := repo.Ref(audit.Ref); err != nil || !ok {
		return err
	}
	if _, err := repo.Push(ctx, *remote, audit.Ref); err != nil {
		return fmt.Errorf("%w: who changed what is kept here and was not pushed: %w", entra.ErrIncomplete, err)
	}
	return nil
}
