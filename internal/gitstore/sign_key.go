package gitstore

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
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
	if err := storeKey(path, pem.EncodeToMemory(block)); err != nil {
		return nil, fmt.Errorf("store key %s: %w", path, err)
	}
	return NewSSHSigner(private)
}

// storeKey writes a new file at path, under a lock, so that a run beside this one never
// sees half a key. What an interrupted run leaves is an empty file, in which
// the next one finds its place: no copy of a key lies anywhere else.
func storeKey(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer unlock(f)
	if ok, err := tryLock(f); err != nil {
		return err
	} else if !ok {
		return ErrLocked
	}
	found, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if len(bytes.TrimRight(found, "\x00")) > 0 { // zeros are a write that the power cut short
		return ErrExists
	}
	if err := errors.Join(f.Chmod(0o600), f.Truncate(0)); err != nil {
		return err
	}
	if _, err := f.WriteAt(text, 0); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return osFiles{}.SyncDir(filepath.Dir(path))
}

// LoadSSHSigner reads an unencrypted private key, in OpenSSH's or a PEM format.
// Keys behind a passphrase or in an agent are for [ProgramSigner].
func LoadSSHSigner(path string) (*SSHSigner, error) {
	text, err := readKey(path)
	if err != nil {
		return nil, err
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

// readKey reads a private key, which must be closed to others, as ssh requires: whoever
// reads it can sign.
func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("load signing key: %w", err)
	}
	if isOpenToOthers(info) {
		return nil, fmt.Errorf("load signing key %s: %w: its mode is %04o", path, ErrExposedKey, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load signing key: %w", err)
	}
	return text, nil
}
