package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// The branches of a backup repository, and the files in it that are no objects.
const (
	snapshotsRef   = gitstore.SnapshotsRef
	approvedRef    = "refs/heads/main"
	manifestPath   = ".entragit/manifest.yaml"
	signersPath    = ".entragit/allowed_signers"
	keyringPath    = ".entragit/keyring.asc"
	seqTrailer     = "Entragit-Seq"
	timeTrailer    = "Entragit-Captured-At"
	tenantTrailer  = "Entragit-Tenant"
	modeTrailer    = "Entragit-Mode"
	partTrailer    = "Entragit-Incomplete"
	versionTrailer = "Entragit-Version"
)

// repository is an open backup repository.
type repository struct {
	*gitstore.Repo
	dir    string // as it was given
	config config.Config
}

// Close releases the files. They were open for reading: what was written is already
// durable, so there is no error worth telling.
func (r *repository) Close() { _ = r.Repo.Close() }

// open opens the backup repository and reads its configuration.
func (c *common) open() (*repository, error) {
	r, err := gitstore.Open(c.repo)
	if err != nil {
		return nil, err
	}
	repo := &repository{Repo: r, dir: c.repo}
	if repo.config, err = c.configuration(repo); err != nil {
		repo.Close()
		return nil, err
	}
	return repo, nil
}

// configuration reads entragit.yaml and lays what was given for this run over it.
func (c *common) configuration(repo *repository) (config.Config, error) {
	file, data, err := c.config, []byte(nil), error(nil)
	if file != "" {
		if data, err = os.ReadFile(file); err != nil {
			return config.Config{}, fmt.Errorf("read the configuration: %w: %w", err, entra.ErrInvalid)
		}
	} else if file, data, err = repo.approvedConfig(); err != nil {
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
		head, err = r.snapshotsHead()
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
		return "", nil, r.foreign(file + " is missing")
	}
	return file, data, err
}

// snapshotsHead returns the newest snapshot. A repository whose HEAD is the branch of
// snapshots is ours, and lost it; any other is not ours.
func (r *repository) snapshotsHead() (gitstore.Hash, error) {
	head, ok, err := r.Ref(snapshotsRef)
	if err != nil || ok {
		return head, err
	}
	symbolic, err := os.ReadFile(filepath.Join(r.Dir(), "HEAD"))
	if err == nil && strings.TrimSpace(string(symbolic)) == "ref: "+snapshotsRef {
		return r.Head(snapshotsRef)
	}
	return head, r.foreign("it has no branch snapshots")
}

// foreign reports a Git repository that is no backup repository, or one that lost what
// every backup repository has.
func (r *repository) foreign(why string) error {
	if _, ok, err := r.Ref(snapshotsRef); ok || err != nil {
		return cmp.Or(err, fmt.Errorf("%w: %s", gitstore.ErrDamaged, why))
	}
	return withHint(fmt.Errorf("%s is not a backup repository: %s: %w", r.dir, why, entra.ErrInvalid),
		"entragit init --repo DIR --tenant TENANT makes one; in a clone, git fetch origin snapshots:snapshots brings the branch")
}

// revision opens a snapshot by a revision expression; "" is the newest.
func (r *repository) revision(expr string, now time.Time) (revision, error) {
	hash, err := r.resolve(expr, now)
	if err != nil {
		return revision{}, err
	}
	return r.snapshot(hash)
}

func (r *repository) resolve(expr string, now time.Time) (gitstore.Hash, error) {
	if expr == "" {
		return r.snapshotsHead()
	}
	if digits, ok := strings.CutPrefix(expr, "seq:"); ok {
		return r.bySeq(digits)
	}
	return r.Resolve(expr, now)
}

// bySeq finds a snapshot by its number.
func (r *repository) bySeq(digits string) (gitstore.Hash, error) {
	head, err := r.snapshotsHead()
	if err != nil {
		return head, err
	}
	for c, err := range r.Log(head) {
		if err != nil {
			return gitstore.Hash{}, err
		}
		if seq, ok := c.Trailer(seqTrailer); ok && seq == digits {
			return c.Hash, nil
		}
	}
	return gitstore.Hash{}, fmt.Errorf("%w: seq:%s", gitstore.ErrUnknownRevision, digits)
}

// snapshot opens a commit of the repository.
func (r *repository) snapshot(hash gitstore.Hash) (revision, error) {
	commit, err := r.Commit(hash)
	if err != nil {
		return revision{}, err
	}
	tree, err := r.Tree(hash)
	if err != nil {
		return revision{}, err
	}
	manifest, err := r.manifest(tree, hash)
	return revision{treeBase: treeBase{tree}, point: pointOf(commit), manifest: manifest}, err
}

func (r *repository) manifest(tree *gitstore.Tree, at gitstore.Hash) (entra.Manifest, error) {
	data, err := tree.Read(manifestPath)
	if errors.Is(err, gitstore.ErrNotFound) {
		return entra.Manifest{}, r.foreign(fmt.Sprintf("commit %s has no %s", at.Short(), manifestPath))
	}
	if err != nil {
		return entra.Manifest{}, err
	}
	return canon.DecodeManifest(at.Short()+":"+manifestPath, data)
}

// pointOf is when and what a commit is. A commit that is no capture, such as the
// first, is of the time it was made.
func pointOf(c *gitstore.Commit) entra.Point {
	p := entra.Point{Commit: c.Hash.String(), Time: c.Committer.When.UTC()}
	if text, ok := c.Trailer(seqTrailer); ok {
		p.Seq, _ = strconv.Atoi(text) // verify judges trailers; a reader makes do
	}
	if text, ok := c.Trailer(timeTrailer); ok {
		if when, err := time.Parse(time.RFC3339, text); err == nil {
			p.Time = when
		}
	}
	return p
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
