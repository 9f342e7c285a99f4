package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/trust"
)

// The branches of a backup repository, and the files in it that are no objects.
const (
	snapshotsRef  = gitstore.SnapshotsRef
	approvedRef   = "refs/heads/main"
	manifestPath  = history.ManifestPath
	signersPath   = trust.SignersPath
	seqTrailer    = trust.SeqTrailer
	timeTrailer   = trust.TimeTrailer
	tenantTrailer = trust.TenantTrailer
	modeTrailer   = history.ModeTrailer
	partTrailer   = history.PartTrailer
	// severityTrailer is the worst that the changes of a snapshot can do; absent for none.
	severityTrailer = "Entragit-Severity"
	versionTrailer  = "Entragit-Version"
	nonceTrailer    = "Entragit-Nonce" // of the first commit alone
)

// repository is an open backup repository.
type repository struct {
	history.Repository
	dir    string // as it was given
	config config.Config
	pins   *trust.Store
}

// Close releases the files. They were open for reading: what was written is already
// durable, so there is no error worth telling.
func (r *repository) Close() { _ = r.Repo.Close() }

// openUnread opens the backup repository and reads nothing of it.
func (c *common) openUnread() (*repository, error) {
	pins, err := openPins(c.Environment, c.trust)
	if err != nil {
		return nil, err
	}
	r, err := gitstore.Open(c.repo)
	if err != nil {
		return nil, err
	}
	return &repository{Repository: history.Repository{Repo: r}, dir: c.repo, pins: pins}, nil
}

// open opens the backup repository of a command that writes nowhere, and reads its
// configuration. Snapshots that do not verify can be looked at, and it says so; of a
// clone that was never verified it says nothing.
func (c *common) open(ctx context.Context) (*repository, error) {
	repo, err := c.openUnread()
	if err != nil {
		return nil, err
	}
	head, err := repo.Newest()
	if err == nil {
		repo.Chain, err = repo.verified(ctx, head, c.Now())
	}
	if broken, ok := errors.AsType[*trust.BrokenError](err); ok {
		c.Say("these snapshots do not verify: %s", broken.Text)
		err = nil
	}
	if err == nil || errors.Is(err, trust.ErrUnpinned) {
		repo.config, err = c.configuration(ctx, repo)
	}
	if err != nil {
		repo.Close()
		return nil, err
	}
	return repo, nil
}

// configuration reads entragit.yaml and lays what was given for this run over it.
func (c *common) configuration(ctx context.Context, repo *repository) (config.Config, error) {
	file, data, err := c.config, []byte(nil), error(nil)
	if file != "" {
		if data, err = os.ReadFile(file); err != nil {
			return config.Config{}, fmt.Errorf("read the configuration: %w: %w", err, entra.ErrInvalid)
		}
	} else if file, data, err = c.decidedConfig(ctx, repo); err != nil {
		return config.Config{}, err
	}
	cfg, err := config.Decode(file, data, words())
	if err != nil {
		return config.Config{}, withHint(err, "entragit help config explains every key")
	}
	for _, name := range c.kinds {
		if err := checkKind(name); err != nil {
			return config.Config{}, fmt.Errorf("--kinds: %w", err)
		}
	}
	return cfg.With(config.Overrides{Kinds: c.kinds}), nil
}

// approvedConfig reads entragit.yaml from the newest commit that people approved, or
// before there is one, from the newest snapshot.
func (r *repository) approvedConfig() (file string, data []byte, err error) {
	branch := approvedRef
	head, ok, err := r.Ref(branch)
	if err == nil && !ok {
		branch = snapshotsRef
		head, err = r.Newest()
	}
	if err != nil {
		return "", nil, err
	}
	file = strings.TrimPrefix(branch, "refs/heads/") + ":" + config.FileName
	tree, err := r.Tree(head)
	if err != nil {
		return "", nil, err
	}
	data, err = tree.Read(config.FileName)
	if errors.Is(err, gitstore.ErrNotFound) {
		return "", nil, r.Foreign(file + " is missing")
	}
	return file, data, err
}

// backedAt opens a point that holds something.
func (r *repository) backedAt(expr string, now time.Time) (*history.Point, error) {
	p, err := r.At(expr, now)
	if err != nil {
		return nil, err
	}
	return p.Backed()
}

// ignore is what people decided not to hear of, as it counts now.
func (r *repository) ignore(now time.Time) (history.Ignore, error) {
	ignore, err := history.NewIgnore(r.config, now)
	return ignore, withHint(err, "entragit help config explains the rules")
}

// kinds returns the kinds that the configuration keeps, in the order of the table.
func (r *repository) kinds() []*kind.Kind { return keptKinds(r.config) }

// words are what entragit.yaml may name.
func words() config.Words {
	w := config.Words{Kinds: kindNames()}
	for _, c := range graph.Clouds() {
		w.Clouds = append(w.Clouds, c.Name)
	}
	return w
}

func kindNames() []string {
	var names []string
	for _, k := range kind.All() {
		names = append(names, k.Name)
	}
	return names
}

func checkKind(name string) error {
	return withHint(config.CheckWord("kind", name, kindNames()), "entragit kinds lists the kinds")
}
