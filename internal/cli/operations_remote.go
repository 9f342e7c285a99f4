package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/trust"
)

// errAhead marks records that cannot be judged before newer snapshots are fetched.
var errAhead = errors.New("they rest on snapshots that are not here")

// fetchOperations takes the records of operations that the remote has beyond those here, if
// they verify. That others cannot be asked keeps nobody from working: it is told.
func (c *common) fetchOperations(ctx context.Context, repo *repository, remote *gitstore.Remote) error {
	if remote == nil {
		return nil
	}
	_, err := repo.FetchIf(ctx, *remote, func(u gitstore.RefUpdate) error {
		judged, err := repo.Chain.Operations(ctx, u.New)
		if err == nil && judged.Ahead {
			return errAhead
		}
		if err == nil {
			_, err = judged.Verified()
		}
		return err
	}, trust.OperationsRef)
	switch broken, forged := errors.AsType[*trust.BrokenError](err); {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return err
	case forged:
		return withHint(fmt.Errorf("the records of operations at the remote: %w", err),
			"nothing was taken from it; find out who wrote %s there, and take it out of %s: entragit help operations", broken.Commit.Short(), trust.OperationsRef)
	case errors.Is(err, errAhead):
		c.Say("goes on without the operations that others recorded: %s", sentence(err))
		c.Hint("git -C %s fetch URL snapshots:snapshots brings the snapshots, and entragit verify checks them", repo.dir)
		return nil
	case errors.Is(err, gitstore.ErrDiverged):
		c.Say("two machines recorded operations, and neither knows those of the other: %s", sentence(err))
		c.Hint("entragit help operations says how to put them together")
		return nil
	}
	c.Say("goes on without the operations that others recorded: %s", sentence(err))
	return nil
}

// pushOperations sends the records of operations to the remote, if there are any.
func pushOperations(ctx context.Context, repo *repository, remote *gitstore.Remote) error {
	if remote == nil {
		return nil
	}
	if _, ok, err := repo.Ref(trust.OperationsRef); err != nil || !ok {
		return err
	}
	if _, err := repo.Push(ctx, *remote, trust.OperationsRef); err != nil {
		return fmt.Errorf("%w: the record of the operation is kept here and was not pushed: %w", entra.ErrIncomplete, err)
	}
	return nil
}

// upToDate takes what the remote has beyond what is here, and verifies it all.
func (o *backupOptions) upToDate(ctx context.Context, repo *repository, signer gitstore.Signer) (*gitstore.Remote, error) {
	remote, err := o.remoteOf(repo, o.Environment)
	if err != nil {
		return nil, err
	}
	if remote != nil {
		if err := o.catchUp(ctx, repo, *remote, ownHistory(signer)); err != nil {
			return nil, fmt.Errorf("look at the remote: %w", err)
		}
	}
	if err := o.verify(ctx, repo, ownHistory(signer)); err != nil {
		return nil, err
	}
	if err := o.fetchAudit(ctx, repo, remote); err != nil {
		return nil, err
	}
	return remote, o.fetchOperations(ctx, repo, remote)
}
