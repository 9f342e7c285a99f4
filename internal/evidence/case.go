package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
)

// Case is what evidence is made of.
type Case struct {
	// Repo has the snapshots; its chain must have been verified.
	Repo *history.Repository
	// From and To are the two sides of Set. Neither may be gone through meanwhile.
	From, To *history.Point
	Set      *entra.ChangeSet
	// Reports are the comparison in every form.
	Reports []Report
	// Entries are the entries of the directory audit log about the changes, as they were read.
	Entries []json.RawMessage
	// Signer signs the sums. Its key must be among those that sign snapshots.
	Signer gitstore.Signer
	// Now is when the key must count.
	Now time.Time
}

// Report is the comparison in one form.
type Report struct {
	Name  string // of the file, without a folder
	Write func(io.Writer) error
}

// Write writes the archive to w, a ZIP file. The same case gives the same bytes where the
// key's signatures do, as those of Ed25519 keys. Errors wrap [entra.ErrUnverified] where the
// snapshots do not verify or the key is not one of theirs.
func (c Case) Write(w io.Writer) error {
	if c.Repo.Chain == nil {
		return fmt.Errorf("evidence: the snapshots were not verified: %w", entra.ErrUnverified)
	}
	p, err := c.proof()
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	a := newArchive(w, c.Set.From.Time)
	for _, step := range []func(*archive) error{c.reports, p.files, c.entries, p.objects, p.lists} {
		if err := step(a); err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
	}
	if err := a.seal(c.Signer, p); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}

func (c Case) reports(a *archive) error {
	for _, r := range c.Reports {
		if err := a.file(r.Name, r.Write); err != nil {
			return err
		}
	}
	return nil
}

// entries writes the audit log's entries, one to a line.
func (c Case) entries(a *archive) error {
	return a.file("audit.jsonl", func(w io.Writer) error {
		for _, e := range c.Entries {
			if _, err := w.Write(append(e[:len(e):len(e)], '\n')); err != nil {
				return err
			}
		}
		return nil
	})
}
