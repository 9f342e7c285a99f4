package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/entra"
)

// recreation are the flags about objects that are gone for good.
type recreation struct {
	recreate  bool
	enforce   bool
	passwords string
}

func (r *recreation) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&r.recreate, "recreate", false, "create objects that are gone for good again, with new ids, and lead what refers to them to the new ones")
	f.BoolVar(&r.enforce, "enforce", false, "with --recreate, create policies as the snapshot says rather than to report only")
	f.StringVar(&r.passwords, "passwords", "", "with --recreate, append the one-time passwords of users to `FILE`, which nobody else may read")
}

// checkPasswords makes sure that there is a place for the passwords of accounts before
// anything is written.
func (r *recreation) checkPasswords(p *entra.Plan) error {
	accounts := apply.NeedsPasswords(p)
	if len(accounts) == 0 {
		return nil
	}
	if r.passwords == "" {
		return withHint(fmt.Errorf("reconcile: %s to be created again, each with a one-time password: %w",
			numbered(len(accounts), "account is", "accounts are"), entra.ErrInvalid), "--passwords FILE says where the passwords are kept; the file is made for you alone")
	}
	file, err := (&passwordFile{path: r.passwords}).open()
	if err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	return file.Close()
}

// keeper keeps passwords in the file that a person named; nil where none is named.
func (r *recreation) keeper() apply.Passwords {
	if r.passwords == "" {
		return nil
	}
	return &passwordFile{path: r.passwords}
}

// passwordFile is a file of one-time passwords, a line for each account: its name, a tab, the
// password. The file is its owner's alone. It implements [apply.Passwords].
type passwordFile struct {
	path string
	mu   sync.Mutex
}

// open opens the file to add to it, and makes it if need be.
func (p *passwordFile) open() (*os.File, error) {
	file, err := os.OpenFile(p.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the file of passwords: %w", err)
	}
	info, err := file.Stat()
	if err == nil && (info.Mode().Perm()&0o077 != 0 || !info.Mode().IsRegular()) {
		err = fmt.Errorf("%s is no file that its owner alone can read: %w", p.path, entra.ErrRefused)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Keep implements [apply.Passwords].
func (p *passwordFile) Keep(_ entra.Key, account, password string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	file, err := p.open()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "%s\t%s\n", account, password)
	return errors.Join(err, file.Sync(), file.Close())
}

// lookAround finds what still names, by the identity that it had, what was created again.
func (o *reconcileOptions) lookAround(ctx context.Context, repo *repository, to *tenant, outcome *entra.Outcome) error {
	if len(outcome.Lineage) == 0 {
		return nil
	}
	source := outcome.Plan.From.Commit
	if outcome.Plan.From.Operation != "" {
		source = "" // a record is no snapshot of the tenant
	}
	from, err := repo.At(source, o.Now())
	if err == nil {
		outcome.Dangling, err = apply.Dangling(ctx, to, to.id, from, outcome.Lineage)
	}
	if err != nil {
		return fmt.Errorf("look for what still names what was created again: %w", err)
	}
	return nil
}
