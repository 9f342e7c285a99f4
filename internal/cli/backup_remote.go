package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/trust"
)

// pushing are the flags of every command that pushes what it recorded.
type pushing struct {
	remote        string
	acceptRewound bool
}

func (p *pushing) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&p.remote, "remote", "", "push to the repository at `URL`, by default the remote origin")
	f.BoolVar(&p.acceptRewound, "accept-rewound", false, "go on although the remote lost snapshots that it had, and push them again")
}

// remoteOf returns where to push, or nil.
func (p *pushing) remoteOf(repo *repository, env Environment) (*gitstore.Remote, error) {
	origin, err := repo.RemoteURL("origin")
	if err != nil {
		return nil, err
	}
	remote := &gitstore.Remote{
		URL: cmp.Or(p.remote, origin), Token: env.Getenv("ENTRAGIT_REMOTE_TOKEN"), Name: "origin", AcceptRewound: p.acceptRewound,
	}
	if remote.URL == "" {
		return nil, nil
	}
	if remote.URL != origin {
		remote.Name = gitstore.BlobHash([]byte(remote.URL)).Short()
	}
	return remote, nil
}

// ownHistory tells a history that begins with a commit of the key that signs here. Only
// who holds the key can have made it, so that it may be trusted on first use.
func ownHistory(signer gitstore.Signer) func(gitstore.Signatory) bool {
	return func(who gitstore.Signatory) bool {
		key, ok := signer.(*gitstore.SSHSigner)
		return ok && key.Fingerprint() == who.Fingerprint
	}
}

// catchUp takes the snapshots that the remote has beyond those here, if they verify.
func (o *backupOptions) catchUp(ctx context.Context, repo *repository, remote gitstore.Remote, may func(gitstore.Signatory) bool) error {
	_, err := repo.FetchIf(ctx, remote, func(u gitstore.RefUpdate) error {
		_, err := repo.verified(ctx, u.New, o.Now())
		if errors.Is(err, trust.ErrUnpinned) {
			_, err = o.firstUse(ctx, repo, u.New, may)
		}
		if broken, ok := errors.AsType[*trust.BrokenError](err); ok {
			return withHint(err, "nothing was taken from it, and the snapshots here are as they were; find out who wrote %s there, then put the branch back: "+
				"git -C %s push --force REMOTE %s", broken.Commit.Short(), repo.dir, snapshotsRef)
		}
		return repo.explain(err)
	}, snapshotsRef)
	return err
}

// check verifies what the run wrote, before anybody else sees it: of a program that signs,
// or an OpenPGP key, it is only known now whether the signature counts.
func (b *backup) check(ctx context.Context) (*trust.Chain, error) {
	if b.quarantine != "" {
		return b.repo.Chain, nil
	}
	chain, err := b.repo.verified(ctx, b.commit.Hash, b.Now())
	if err != nil {
		return nil, fmt.Errorf("the snapshot that was written: %w", b.repo.explain(err))
	}
	return chain, nil
}
