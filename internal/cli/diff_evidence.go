package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/audit"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/evidence"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/ui"
)

// packing are the flags of what packs evidence.
type packing struct {
	signing
	file string
}

func (p *packing) flags(flags *pflag.FlagSet) {
	flags.StringVar(&p.file, "evidence", "", "pack report, files, commits and signatures into the archive `FILE.zip`, which is checked without entragit")
	p.keyFlags(flags)
}

// ready refuses, before anything is read, what cannot end in an archive.
func (p *packing) ready(o *common, repo *repository) (gitstore.Signer, error) {
	if p.file == "" {
		return nil, nil
	}
	if _, err := os.Lstat(p.file); err == nil {
		return nil, withHint(fmt.Errorf("--evidence: %s is there already: %w", p.file, entra.ErrInvalid), "evidence is not written over; name another file")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--evidence: %w", err)
	}
	if repo.Chain == nil {
		return nil, withHint(fmt.Errorf("--evidence: the snapshots of this repository were not verified: %w", entra.ErrUnverified), "entragit verify --repo %s says why, and pins a history that is new here", repo.dir)
	}
	signer, err := p.signer(o.Environment)
	if _, pgp := signer.(*gitstore.OpenPGPSigner); pgp {
		err = withHint(fmt.Errorf("--evidence: the sums are signed with an SSH key, and this is an OpenPGP key: %w", entra.ErrInvalid), "name an SSH key that signs snapshots with --signing-key FILE")
	}
	return signer, err
}

// pack writes the archive and says where it is. A run that ends before leaves no file of
// that name.
func (o *diffOptions) pack(repo *repository, signer gitstore.Signer, from, to *history.Point, set *entra.ChangeSet, told audit.Source) error {
	if signer == nil {
		return nil
	}
	c := evidence.Case{
		Repo: &repo.Repository, From: from, To: to, Set: set, Reports: o.everyForm(repo, from.Manifest().Tenant, set), Entries: told.Entries(set),
		Signer: signer, Now: o.Now(),
	}
	temporary, err := os.CreateTemp(filepath.Dir(o.file), ".evidence-*.zip")
	if err != nil {
		return fmt.Errorf("--evidence: %w: %w", err, entra.ErrInvalid)
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	err = c.Write(temporary)
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err != nil {
		if errors.Is(err, entra.ErrUnverified) {
			err = withHint(err, "name a key that signs snapshots with --signing-key FILE")
		}
		return err
	}
	if err := os.Rename(temporary.Name(), o.file); err != nil {
		return fmt.Errorf("--evidence: %w", err)
	}
	o.Say("evidence is in %s; VERIFY.md in it says how to check it", o.file)
	return nil
}

// everyForm is the report in every form, nothing shortened.
func (o *diffOptions) everyForm(repo *repository, tenant string, set *entra.ChangeSet) []evidence.Report {
	full := report.Options{Full: true}
	return []evidence.Report{
		{Name: "report.txt", Write: func(w io.Writer) error { return report.Changes(set, full).Text(w, ui.Palette{}) }},
		{Name: "report.md", Write: func(w io.Writer) error {
			_, err := io.WriteString(w, report.Changes(set, full).Markdown(0, ""))
			return err
		}},
		{Name: "report.html", Write: func(w io.Writer) error { return writePage(w, repo, tenant, set, full) }},
		{Name: "report.json", Write: func(w io.Writer) error { return report.ChangesJSON(w, set) }},
		{Name: "report.csv", Write: func(w io.Writer) error { return report.ChangesCSV(w, set) }},
	}
}
