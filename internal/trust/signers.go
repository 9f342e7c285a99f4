package trust

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// The files of a snapshot that say who signs the next one.
const (
	SignersPath = ".entragit/allowed_signers"
	KeyringPath = ".entragit/keyring.asc"
)

// approverPrefix begins the principal of a key that may approve files which no snapshot
// ever had, and may not sign snapshots: "approver:anna@example.com", in capitals or not. A
// line can name principals of both sorts.
const approverPrefix = "approver:"

// Signers are the keys that count at one position of a chain.
type Signers struct {
	snapshots gitstore.Verifier // who may sign snapshots
	all       gitstore.Verifier // and who may only approve
}

func parseSigners(list, keyring []byte) (*Signers, error) {
	s := &Signers{}
	var err error
	if s.all.SSH, err = gitstore.ParseAllowedSigners(list); err != nil {
		return nil, fmt.Errorf("%s: %w", SignersPath, err)
	}
	s.snapshots.SSH = s.all.SSH.Where(func(line gitstore.AllowedSigner) bool {
		return slices.ContainsFunc(line.Principals, func(p string) bool { return !strings.HasPrefix(strings.ToLower(p), approverPrefix) })
	})
	if len(keyring) > 0 {
		if s.all.OpenPGP, err = gitstore.ParseKeyring(keyring); err != nil {
			return nil, fmt.Errorf("%s: %w", KeyringPath, err)
		}
		s.snapshots.OpenPGP = s.all.OpenPGP
	}
	return s, nil
}

// MaySign reports, as an error, why a snapshot that signer signs at the given time would
// not verify.
func (s *Signers) MaySign(signer gitstore.Signer, at time.Time) error {
	return s.snapshots.SSH.MaySign(signer, at)
}

// approved returns who of those that sign snapshots or approve files signed the commit.
// Its date is the signer's own claim and it has no position in the chain, so the key must
// count now.
func (s *Signers) approved(c *gitstore.Commit, now time.Time) (gitstore.Signatory, bool) {
	id, err := s.all.VerifyAt(c, now)
	return id, err == nil
}

// signersFiles are the lists of one snapshot, as it has them.
func signersFiles(tree *gitstore.Tree) (list, keyring []byte, err error) {
	files := [2][]byte{}
	for i, path := range []string{SignersPath, KeyringPath} {
		if files[i], err = tree.Read(path); err != nil && !errors.Is(err, gitstore.ErrNotFound) {
			return nil, nil, err
		}
	}
	return files[0], files[1], nil
}

// SignersAt reads the lists in a commit: who may sign what follows it.
func SignersAt(repo *gitstore.Repo, commit gitstore.Hash) (*Signers, error) {
	return newSignerLists(repo).at(commit)
}

// Signatures tells of single snapshots who signed them, without judging the chain.
type Signatures struct {
	pin   Pin
	lists *signerLists
}

// NewSignatures judges signatures by the lists in the parents of commits, and that of
// the first commit by the pin.
func NewSignatures(repo *gitstore.Repo, pin Pin) *Signatures {
	return &Signatures{pin: pin, lists: newSignerLists(repo)}
}

// Verify returns who signed, or why the signature does not count.
func (s *Signatures) Verify(c *gitstore.Commit) (gitstore.Signatory, error) {
	var signers *Signers
	var err error
	if len(c.Parents) > 0 {
		signers, err = s.lists.at(c.Parents[0])
	} else {
		signers, err = parseSigners([]byte(s.pin.Signers), []byte(s.pin.Keyring))
	}
	if err != nil {
		return gitstore.Signatory{}, err
	}
	return signers.snapshots.Verify(c)
}

// signerLists reads the lists in snapshots. They seldom change, so each is parsed once.
type signerLists struct {
	repo  *gitstore.Repo
	known map[[2]gitstore.Hash]*Signers
}

func newSignerLists(repo *gitstore.Repo) *signerLists {
	return &signerLists{repo: repo, known: map[[2]gitstore.Hash]*Signers{}}
}

func (l *signerLists) at(commit gitstore.Hash) (*Signers, error) {
	tree, err := l.repo.Tree(commit)
	if err != nil {
		return nil, err
	}
	var key [2]gitstore.Hash
	for i, path := range []string{SignersPath, KeyringPath} {
		if key[i], _, err = tree.Lookup(path); err != nil {
			return nil, err
		}
	}
	if s, ok := l.known[key]; ok {
		return s, nil
	}
	list, keyring, err := signersFiles(tree)
	if err != nil {
		return nil, err
	}
	s, err := parseSigners(list, keyring)
	if err != nil {
		return nil, fmt.Errorf("commit %s: %w", commit.Short(), err)
	}
	l.known[key] = s
	return s, nil
}
