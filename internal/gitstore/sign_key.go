package gitstore

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
)

// GenerateSSHKey makes an Ed25519 key and stores it at path in OpenSSH's format,
// unencrypted and readable by the owner alone. An existing file is never replaced:
// it is [ErrExists].
func GenerateSSHKey(path, comment string) (*SSHSigner, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, comment)
	if err != nil {
		return nil, err
	}
	if err := storeKey(osFiles{}, path, pem.EncodeToMemory(block)); err != nil {
		return nil, fmt.Errorf("store key %s: %w", path, err)
	}
	return NewSSHSigner(private)
}

// storeKey writes the file under another name and links it to path, so that path
// never holds half a key and never loses the one it had.
func storeKey(files fileSystem, path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp := path + "." + rand.Text()[:8] + ".tmp"
	if err := writeFile(files, tmp, 0o600, text); err != nil {
		return err
	}
	defer discard(files, tmp)
	if err := files.Link(tmp, path); errors.Is(err, fs.ErrExist) {
		return ErrExists
	} else if err != nil {
		return err
	}
	return files.SyncDir(dir)
}

// LoadSSHSigner reads an unencrypted private key, in OpenSSH's or a PEM format.
// Keys behind a passphrase or in an agent are for [ProgramSigner].
func LoadSSHSigner(path string) (*SSHSigner, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load signing key: %w", err)
	}
	raw, err := ssh.ParseRawPrivateKey(text)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		return nil, fmt.Errorf("load signing key %s: %w: it is protected by a passphrase", path, ErrBadKey)
	}
	if err != nil {
		return nil, fmt.Errorf("load signing key %s: %w: %w", path, ErrBadKey, err)
	}
	if k, ok := raw.(*ed25519.PrivateKey); ok {
		raw = *k
	}
	key, ok := raw.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("load signing key %s: %w: it cannot sign", path, ErrBadKey)
	}
	signer, err := NewSSHSigner(key)
	if err != nil {
		return nil, fmt.Errorf("load signing key %s: %w", path, err)
	}
	return signer, nil
}
