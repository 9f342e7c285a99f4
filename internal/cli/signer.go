package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// signing are the flags of every command that commits.
type signing struct {
	key     string
	program string
	author  string
}

func (s *signing) flags(cmd *cobra.Command) {
	s.keyFlags(cmd.Flags())
	cmd.Flags().StringVar(&s.author, "author", "entragit <entragit@localhost>", "who commits, `NAME <EMAIL>`")
}

// keyFlags are those of a command that signs and does not commit.
func (s *signing) keyFlags(f *pflag.FlagSet) {
	f.StringVar(&s.key, "signing-key", "", "sign with the private key in `FILE`, by default the one that init made")
	f.StringVar(&s.program, "signing-program", "", "let `PROGRAM` sign, called as git calls gpg.ssh.program")
}

// person splits the author into name and e-mail address.
func (s *signing) person() (name, email string, err error) {
	name, rest, _ := strings.Cut(s.author, "<")
	name, email = strings.TrimSpace(name), strings.TrimSuffix(rest, ">")
	if name == "" || email == "" || !strings.HasSuffix(rest, ">") {
		return "", "", fmt.Errorf("--author %q is not of the form NAME <EMAIL>: %w", s.author, entra.ErrInvalid)
	}
	return name, email, nil
}

// path returns where the signing key is: where it was said to be, or in the user's
// configuration folder, outside of every repository.
func (s *signing) path(env Environment) (string, error) {
	if s.key != "" {
		return s.key, nil
	}
	folder, err := configFolder(env)
	if err != nil {
		return "", withHint(fmt.Errorf("find the signing key: %w", err), "name a key with --signing-key FILE")
	}
	return filepath.Join(folder, "signing_key"), nil
}

// signer loads the key.
func (s *signing) signer(env Environment) (gitstore.Signer, error) {
	path, err := s.path(env)
	if err != nil {
		return nil, err
	}
	if s.program != "" {
		return gitstore.ProgramSigner{Program: s.program, Key: path}, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, withHint(fmt.Errorf("no signing key at %s: %w", path, entra.ErrInvalid),
			"copy the key that init made there, or name one with --signing-key FILE")
	}
	if err != nil {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	if bytes.Contains(data, []byte("BEGIN PGP")) {
		return gitstore.LoadOpenPGPSigner(path, []byte(env.Getenv("ENTRAGIT_SIGNING_PASSPHRASE")))
	}
	return gitstore.LoadSSHSigner(path)
}

// loadOrGenerate loads an SSH key, or makes one where there is none yet.
func (s *signing) loadOrGenerate(env Environment) (key *gitstore.SSHSigner, path string, made bool, err error) {
	if path, err = s.path(env); err != nil {
		return nil, "", false, err
	}
	if s.key == "" {
		// An empty file is what an interrupted init left.
		key, err = gitstore.GenerateSSHKey(path, "entragit")
		if !errors.Is(err, gitstore.ErrExists) {
			return key, path, true, err
		}
	}
	key, err = gitstore.LoadSSHSigner(path)
	return key, path, false, err
}
