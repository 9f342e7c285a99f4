package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/trust"
)

// configFolder is where what belongs to a person, not to a repository, is kept: keys and
// pins.
func configFolder(env Environment) (string, error) {
	folder := env.Getenv("XDG_CONFIG_HOME")
	if folder == "" {
		var err error
		if folder, err = os.UserConfigDir(); err != nil {
			return "", err
		}
	}
	return filepath.Join(folder, "entragit"), nil
}

// openPins opens the pins of the person who runs this. given is what --trust says.
func openPins(env Environment, given string) (*trust.Store, error) {
	folder, err := configFolder(env)
	if err == nil {
		folder = filepath.Join(folder, "trust")
	} else {
		folder = "" // nothing can be kept; a pin that is given counts
	}
	store, err := trust.OpenStore(folder, given)
	return store, withHint(err, "--trust takes a file that entragit verify --print-pin wrote, or its text")
}

// verified opens the chain of snapshots that ends with head.
func (r *repository) verified(ctx context.Context, head gitstore.Hash, now time.Time) (*trust.Chain, error) {
	pin, err := r.pins.Find(r.Repo, head)
	if err != nil {
		return nil, err
	}
	return trust.Open(ctx, r.Repo, pin, head, now)
}

// firstUse pins a history that no pin names, when may says so of who signed its first
// commit, and opens its chain.
func (c *common) firstUse(ctx context.Context, r *repository, head gitstore.Hash, may func(gitstore.Signatory) bool) (*trust.Chain, error) {
	pin, who, err := trust.First(r.Repo, head)
	if err != nil {
		return nil, err
	}
	if !may(who) {
		return nil, fmt.Errorf("the history that begins with %s: %w", pin.Root.Short(), trust.ErrUnpinned)
	}
	chain, err := trust.Open(ctx, r.Repo, pin, head, c.Now())
	if err != nil {
		return nil, err
	}
	return chain, c.keepFirst(r, chain.Pin(), who)
}

// keepFirst keeps the pin of a history that was trusted on first use, and says what that
// means in one line.
func (c *common) keepFirst(r *repository, pin trust.Pin, who gitstore.Signatory) error {
	if _, err := r.pins.Save(pin); err != nil {
		return err
	}
	c.Say("from now on trusts the history of tenant %s that begins with commit %s, signed by %s %s; compare with what entragit verify --print-pin says elsewhere",
		pin.Tenant, pin.Root.Short(), who.Principal, who.Fingerprint)
	return nil
}

// remember keeps the newest snapshot seen. Where it cannot be kept, a rollback will not be
// noticed, which is worth a line and no failure.
func (c *common) remember(r *repository, pin trust.Pin) {
	if _, err := r.pins.Save(pin); err != nil {
		c.Say("cannot remember the newest snapshot seen: %s", sentence(err))
	}
}

// openVerified opens the repository of a command that writes to a tenant or to the
// branch: nothing goes on unless the snapshots verify. may decides whether a history
// that no pin names is trusted from now on.
func (c *common) openVerified(ctx context.Context, may func(gitstore.Signatory) bool) (*repository, error) {
	repo, err := c.openUnread()
	if err != nil {
		return nil, err
	}
	if err := c.verify(ctx, repo, may); err != nil {
		repo.Close()
		return nil, err
	}
	return repo, nil
}

// verify opens the chain of the newest snapshot here and reads the configuration that it
// vouches for.
func (c *common) verify(ctx context.Context, repo *repository, may func(gitstore.Signatory) bool) error {
	head, err := repo.Newest()
	if err != nil {
		return err
	}
	if repo.Chain, err = repo.verified(ctx, head, c.Now()); errors.Is(err, trust.ErrUnpinned) {
		repo.Chain, err = c.firstUse(ctx, repo, head, may)
	}
	if err != nil {
		return repo.explain(err)
	}
	repo.config, err = c.configuration(ctx, repo)
	return err
}

// explain adds how to recover to why snapshots do not verify.
func (r *repository) explain(err error) error {
	if errors.Is(err, trust.ErrUnpinned) {
		return withHint(err, "run entragit verify --repo %s and compare the line it prints with who made the repository, or give --trust", r.dir)
	}
	broken, ok := errors.AsType[*trust.BrokenError](err)
	switch {
	case !ok:
		return err
	case broken.Good != (gitstore.Hash{}):
		return withHint(err, "nothing was written; find out who put %s there, then git -C %s update-ref %s %s goes to the newest snapshot that verifies",
			broken.Commit.Short(), r.dir, snapshotsRef, broken.Good.Short())
	default:
		return withHint(err, "nothing was written; take a clone that has the newest snapshot seen; entragit help signing says what to do when it was given up on purpose")
	}
}

// decidedConfig reads entragit.yaml: the newest version that somebody vouches for, and of
// snapshots that were not verified the newest of all.
func (c *common) decidedConfig(ctx context.Context, r *repository) (file string, data []byte, err error) {
	if r.Chain == nil {
		return r.approvedConfig()
	}
	tip, ok, err := r.Ref(approvedRef)
	if err != nil {
		return "", nil, err
	}
	if !ok {
		tip = r.Chain.Head().Commit
	}
	decision, err := r.Chain.Decision(ctx, tip, config.FileName)
	if errors.Is(err, gitstore.ErrNotFound) {
		return "", nil, r.Foreign(config.FileName + " is missing")
	}
	if err != nil {
		return "", nil, err
	}
	file = decision.At.Short() + ":" + config.FileName
	if decision.At == tip {
		file = "main:" + config.FileName
	}
	if len(decision.Ignored) > 0 {
		c.Say("%s is not taken from main as it is there: nobody who may approve signed commit %s, so %s counts", config.FileName,
			decision.Ignored[0].Short(), file)
		c.Hint("sign a commit that changes it with a key of %s, or give --config FILE; entragit help signing explains", signersPath)
	}
	return file, decision.Data, nil
}

// unvouched lists the files of the wanted objects that nobody vouches for, in a commit to
// put them back from. It is an error that there are any, unless a person said that they
// may pass.
func (o *reconcileOptions) unvouched(ctx context.Context, r *repository, rev *history.Point, wanted iter.Seq[entra.Key]) ([]string, error) {
	files, err := r.unvouchedAt(ctx, rev)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	if files = ofObjects(files, rev, wanted); len(files) == 0 || o.unverified {
		return files, nil
	}
	shown := strings.Join(files[:min(len(files), maxNamed)], ", ")
	if more := len(files) - maxNamed; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	return nil, withHint(fmt.Errorf("commit %.10s: no snapshot ever had this, and nobody who may approve signed it: %s: %w", rev.Point().Commit, shown, entra.ErrUnverified),
		"nothing was written; look at what it says, then sign the commit with a key of %s, or give --unverified", signersPath)
}

// unvouchedAt lists the objects' files of a commit that nobody vouches for.
func (r *repository) unvouchedAt(ctx context.Context, rev *history.Point) ([]string, error) {
	commit, err := gitstore.ParseHash(rev.Point().Commit)
	if err != nil {
		return nil, err
	}
	source, err := r.Chain.Source(commit)
	if err != nil {
		return nil, err
	}
	return source.Unvouched(ctx, "tenant")
}

// ofObjects keeps the files of objects, by their keys, whatever id a file has them by.
func ofObjects(files []string, rev *history.Point, keys iter.Seq[entra.Key]) []string {
	wanted := map[entra.Key]bool{}
	for key := range keys {
		wanted[key], wanted[rev.Stored(key)] = true, true
		wanted[entra.Key{Kind: key.Kind}] = true // a singleton's file says no id
	}
	return slices.DeleteFunc(files, func(file string) bool {
		kind, id, ok := canon.ParsePath(file)
		return !ok || !wanted[entra.Key{Kind: kind, ID: id}]
	})
}

// signatures tells who signed snapshots. Where no pin names their history, the list of
// the first commit is taken as it is: this is for looking, not for judging.
func (r *repository) signatures(head gitstore.Hash) (*trust.Signatures, error) {
	pin, err := r.pins.Find(r.Repo, head)
	if errors.Is(err, entra.ErrUnverified) {
		pin, _, err = trust.First(r.Repo, head)
	}
	if errors.Is(err, entra.ErrUnverified) {
		pin, err = trust.Pin{}, nil // then nobody's signature of it counts
	}
	return trust.NewSignatures(r.Repo, pin), err
}

// maySign refuses a key whose signature would not count after the newest snapshot: the
// branch is never rewritten, so a commit that does not verify would stay.
func (r *repository) maySign(signer gitstore.Signer, now time.Time) error {
	head, err := r.Newest()
	if err != nil {
		return err
	}
	signers, err := trust.SignersAt(r.Repo, head)
	if err != nil {
		return err
	}
	if err := signers.MaySign(signer, now); err != nil {
		return withHint(fmt.Errorf("the signing key would not count: %s of the newest snapshot: %w", signersPath, err),
			"entragit help signing explains whose signatures count")
	}
	return nil
}

// sameTenant refuses a commit that is of another tenant than the snapshots.
func (r *repository) sameTenant(rev *history.Point) error {
	commit, err := gitstore.ParseHash(rev.Point().Commit)
	if err != nil {
		return err
	}
	read, err := r.Commit(commit)
	if err != nil {
		return err
	}
	said, _ := read.Trailer(tenantTrailer)
	for _, other := range []string{said, rev.Manifest().Tenant} {
		if isID(other) && isID(r.Chain.Tenant()) && !strings.EqualFold(other, r.Chain.Tenant()) {
			return withHint(fmt.Errorf("commit %s is of tenant %s, and the snapshots are of %s: %w", commit.Short(), other, r.Chain.Tenant(), entra.ErrRefused),
				"nothing was written; name a commit of this tenant")
		}
	}
	return nil
}
