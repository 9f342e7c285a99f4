package history

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
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/trust"
)

// Names that a snapshot has beside those of package trust.
const (
	ManifestPath  = ".entragit/manifest.yaml"
	ModeTrailer   = "Entragit-Mode"
	PartTrailer   = "Entragit-Incomplete" // once for each kind that was not read completely
	branchPrefix  = "refs/heads/"
	numberedAfter = "seq:"
)

// ErrForeign marks a Git repository that is no backup repository.
var ErrForeign = errors.New("not a backup repository")

// Repository is a backup repository as its snapshots.
type Repository struct {
	*gitstore.Repo
	// Chain is the verified chain of snapshots, nil as long as it was not verified.
	Chain *trust.Chain

	judged judgedRecords

	lineage *followed // nil until it was asked for
}

// Newest returns the newest snapshot. A repository whose HEAD is the branch of snapshots
// is ours, and lost the branch; any other is not ours.
func (r *Repository) Newest() (gitstore.Hash, error) {
	head, ok, err := r.Ref(gitstore.SnapshotsRef)
	if err != nil || ok {
		return head, err
	}
	symbolic, err := os.ReadFile(filepath.Join(r.Dir(), "HEAD"))
	if err == nil && strings.TrimSpace(string(symbolic)) == "ref: "+gitstore.SnapshotsRef {
		return r.Head(gitstore.SnapshotsRef)
	}
	return head, r.Foreign("it has no branch snapshots")
}

// Foreign reports a Git repository that is no backup repository, and why, or one that
// lost what every backup repository has.
func (r *Repository) Foreign(why string) error {
	if _, ok, err := r.Ref(gitstore.SnapshotsRef); ok || err != nil {
		return cmp.Or(err, fmt.Errorf("%w: %s", gitstore.ErrDamaged, why))
	}
	dir := strings.TrimSuffix(r.Dir(), string(filepath.Separator)+".git")
	return fmt.Errorf("%s is %w: %s: %w", dir, ErrForeign, why, entra.ErrInvalid)
}

// At opens the point that an expression names: "seq:12", or whatever
// [gitstore.Repo.Resolve] takes; "" is the newest snapshot.
func (r *Repository) At(expr string, now time.Time) (*Point, error) {
	hash, err := r.resolve(expr, now)
	if err != nil {
		return nil, err
	}
	p, err := r.Snapshot(hash)
	if err != nil || p.at.Seq > 0 {
		return p, err
	}
	p.at.Branch, err = r.branch(expr)
	return p, err
}

// branch returns the name of the branch that an expression is, or "".
func (r *Repository) branch(expr string) (string, error) {
	name := strings.TrimPrefix(expr, branchPrefix)
	if strings.ContainsAny(name, "~^: ") || name == "" {
		return "", nil
	}
	if _, ok, err := r.Ref(branchPrefix + name); err != nil || !ok {
		return "", err
	}
	return name, nil
}

func (r *Repository) resolve(expr string, now time.Time) (gitstore.Hash, error) {
	if expr == "" {
		return r.Newest()
	}
	if digits, ok := strings.CutPrefix(expr, numberedAfter); ok {
		return r.bySeq(digits)
	}
	return r.Resolve(expr, now)
}

// bySeq finds a snapshot by its number.
func (r *Repository) bySeq(digits string) (gitstore.Hash, error) {
	head, err := r.Newest()
	if err != nil {
		return head, err
	}
	for c, err := range r.Log(head) {
		if err != nil {
			return gitstore.Hash{}, err
		}
		if seq, ok := c.Trailer(trust.SeqTrailer); ok && seq == digits {
			return c.Hash, nil
		}
	}
	return gitstore.Hash{}, fmt.Errorf("%w: seq:%s", gitstore.ErrUnknownRevision, digits)
}

// Snapshot opens a commit of the repository as a point. Only a commit on the branch of
// snapshots has a number, whatever a commit elsewhere says of itself.
func (r *Repository) Snapshot(hash gitstore.Hash) (*Point, error) {
	commit, err := r.Commit(hash)
	if err != nil {
		return nil, err
	}
	tree, err := r.Tree(hash)
	if err != nil {
		return nil, err
	}
	p := &Point{at: PointOf(commit), files: Tree{tree}, tree: Tree{tree}}
	if p.manifest, err = r.Manifest(tree, hash); err != nil {
		return nil, err
	}
	on, err := r.onBranch(commit, p.at.Seq)
	if err != nil {
		return nil, err
	}
	if !on {
		p.at.Seq, p.at.Time = 0, commit.Committer.When.UTC()
		p.origins = &origins{repo: r, point: p}
	}
	return p, nil
}

// onBranch reports whether a commit that says that it has the number is the snapshot of
// that number on the branch of snapshots.
func (r *Repository) onBranch(commit *gitstore.Commit, seq int) (bool, error) {
	head, ok, err := r.Ref(gitstore.SnapshotsRef)
	if err != nil || !ok {
		return false, err
	}
	if _, numbered := commit.Trailer(trust.SeqTrailer); !numbered || head == commit.Hash {
		return numbered, nil
	}
	for c, err := range r.Log(head) {
		if err != nil {
			return false, err
		}
		if c.Hash == commit.Hash {
			return true, nil
		}
		if PointOf(c).Seq < seq {
			break
		}
	}
	return false, nil
}

// Manifest reads what was read of the tenant for the files of a commit.
func (r *Repository) Manifest(tree *gitstore.Tree, at gitstore.Hash) (entra.Manifest, error) {
	data, err := tree.Read(ManifestPath)
	if errors.Is(err, gitstore.ErrNotFound) {
		return entra.Manifest{}, r.Foreign(fmt.Sprintf("commit %s has no %s", at.Short(), ManifestPath))
	}
	if err != nil {
		return entra.Manifest{}, err
	}
	return canon.DecodeManifest(at.Short()+":"+ManifestPath, data)
}

// PointOf is when and what a commit of the branch of snapshots is. A commit that is no
// capture, such as the first, is of the time it was made.
func PointOf(c *gitstore.Commit) entra.Point {
	p := entra.Point{Commit: c.Hash.String(), Time: c.Committer.When.UTC()}
	if text, ok := c.Trailer(trust.SeqTrailer); ok {
		p.Seq, _ = strconv.Atoi(text) // verify judges trailers; a reader makes do
	}
	if text, ok := c.Trailer(trust.TimeTrailer); ok {
		if when, err := time.Parse(time.RFC3339, text); err == nil {
			p.Time = when
		}
	}
	return p
}
