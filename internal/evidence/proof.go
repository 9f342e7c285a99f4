package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/trust"
)

// signersName is the list of keys in the archive.
const signersName = "allowed_signers"

// proof is what shows that the files are those of signed commits.
type proof struct {
	Case
	signer  string          // the name of the signer's key in the list
	signers []byte          // lines of allowed_signers
	chain   []gitstore.Hash // verified snapshots, oldest first, each the parent of the next
	sides   []side          // before, then after
	people  []string        // names and fingerprints of the keys, as a person compares them
}

// side is one point of the comparison.
type side struct {
	folder string // "before" or "after"
	point  *history.Point
	commit gitstore.Hash // zero of the tenant now
	paths  []string      // files that it has, sorted
	absent []string      // files that only the other side has
}

// proof gathers what the archive will prove, before anything is written.
func (c Case) proof() (*proof, error) {
	p := &proof{Case: c, sides: []side{{folder: "before", point: c.From}, {folder: "after", point: c.To}}}
	for _, step := range []func() error{p.gatherChain, p.gatherSigners, p.gatherPaths, p.gatherSigner} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// gatherChain lists the snapshots from one side to the other.
func (p *proof) gatherChain() error {
	var ends []gitstore.Hash
	for i := range p.sides {
		at := p.sides[i].point.Point()
		if at.Live() {
			continue
		}
		hash, err := gitstore.ParseHash(at.Commit)
		if err != nil {
			return err
		}
		if p.sides[i].commit = hash; p.sides[i].point.Numbered() {
			ends = append(ends, hash)
		}
	}
	if len(ends) == 0 {
		return nil
	}
	if len(ends) == 2 && p.From.Point().Seq > p.To.Point().Seq {
		slices.Reverse(ends)
	}
	for c, err := range p.Repo.Log(ends[len(ends)-1]) {
		if err != nil {
			return err
		}
		p.chain = append(p.chain, c.Hash)
		if c.Hash == ends[0] {
			break
		}
	}
	slices.Reverse(p.chain)
	return nil
}

// gatherSigners collects the keys that were in force at each of the snapshots: those listed
// in its parent. The lists were verified with the chain.
func (p *proof) gatherSigners() error {
	seen := map[gitstore.Hash]bool{}
	for _, hash := range p.chain {
		commit, err := p.Repo.Commit(hash)
		if err != nil {
			return err
		}
		at := hash
		if len(commit.Parents) > 0 {
			at = commit.Parents[0]
		}
		if err := p.addSigners(at, seen); err != nil {
			return err
		}
	}
	head, err := p.Repo.Newest() // the keys that may sign today, for the sums
	if err != nil {
		return err
	}
	return p.addSigners(head, seen)
}

func (p *proof) addSigners(commit gitstore.Hash, seen map[gitstore.Hash]bool) error {
	tree, err := p.Repo.Tree(commit)
	if err != nil {
		return err
	}
	blob, ok, err := tree.Lookup(trust.SignersPath)
	if err != nil || !ok || seen[blob] {
		return err
	}
	seen[blob] = true
	list, err := p.Repo.ReadBlob(blob)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(append(list, '\n')) {
		if text := bytes.TrimSpace(line); len(text) > 0 && text[0] != '#' && !bytes.Contains(p.signers, append(text, '\n')) {
			p.signers = append(append(p.signers, text...), '\n')
		}
	}
	return nil
}

// gatherSigner finds the name of the key that signs the sums.
func (p *proof) gatherSigner() error {
	list, err := gitstore.ParseAllowedSigners(p.signers)
	if err != nil {
		return err
	}
	for s := range list.All() {
		p.people = append(p.people, strings.Join(s.Principals, ",")+" "+s.Fingerprint)
	}
	const trial = "entragit"
	signature, err := p.Signer.Sign(strings.NewReader(trial))
	if err != nil {
		return err
	}
	who, err := list.VerifyMessage([]byte(trial), signature, p.Now)
	if err != nil {
		return fmt.Errorf("the signing key is none of those that sign snapshots: %w: %w", err, entra.ErrUnverified)
	}
	p.signer, _, _ = strings.Cut(who.Principal, ",")
	return nil
}

// gatherPaths finds the files of what changed, and those that say how it was read.
func (p *proof) gatherPaths() error {
	all := map[string]bool{}
	for _, c := range p.Set.Changes {
		k := kind.ByName(c.Kind)
		for _, s := range p.sides {
			for _, id := range []string{c.ID, c.OldID} {
				if id == "" {
					continue
				}
				if path, ok := s.point.Find(k, id); ok {
					all[path] = true
				}
			}
		}
	}
	for i := range p.sides {
		s := &p.sides[i]
		of := maps.Clone(all)
		if s.commit != (gitstore.Hash{}) { // how it was read, and by whose decision
			of[config.FileName], of[history.ManifestPath], of[trust.SignersPath] = true, true, true
		}
		for path := range of {
			_, err := s.point.Read(path)
			switch {
			case err == nil:
				s.paths = append(s.paths, path)
			case errors.Is(err, entra.ErrNotFound):
				s.absent = append(s.absent, path)
			default:
				return err
			}
		}
		slices.Sort(s.paths)
		slices.Sort(s.absent)
	}
	return nil
}

// files adds the files of both sides.
func (p *proof) files(a *archive) error {
	for _, s := range p.sides {
		for _, path := range s.paths {
			data, err := s.point.Read(path)
			if err != nil {
				return err
			}
			if err := a.bytes(s.folder+"/"+path, data); err != nil {
				return err
			}
		}
	}
	return nil
}

// objects adds the commits of the chain and what both sides have, as Git's own objects.
func (p *proof) objects(a *archive) error {
	var extracts []gitstore.Extract
	for _, s := range p.sides {
		if s.commit != (gitstore.Hash{}) {
			extracts = append(extracts, gitstore.Extract{Commit: s.commit, Paths: slices.Concat(s.paths, s.absent)})
		}
	}
	for _, hash := range p.chain {
		extracts = append(extracts, gitstore.Extract{Commit: hash})
	}
	return a.file("objects.pack", func(w io.Writer) error { return p.Repo.WriteExtracts(w, extracts) })
}

// lists adds the keys, and the lists that VERIFY.md goes through.
func (p *proof) lists(a *archive) error {
	if err := a.bytes(signersName, p.signers); err != nil {
		return err
	}
	var chain []string
	for _, hash := range p.chain {
		chain = append(chain, hash.String())
	}
	if err := a.bytes("commits.txt", lines(chain)); err != nil {
		return err
	}
	for _, s := range p.sides {
		if s.commit == (gitstore.Hash{}) {
			continue
		}
		if err := errors.Join(a.bytes(s.folder+".txt", lines(s.paths)), a.bytes(s.folder+"-absent.txt", lines(s.absent))); err != nil {
			return err
		}
	}
	return nil
}

func lines(of []string) []byte {
	if len(of) == 0 {
		return nil
	}
	return []byte(strings.Join(of, "\n") + "\n")
}
