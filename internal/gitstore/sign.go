package gitstore

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// Signer makes an armored signature over everything that it reads. go-git's
// CommitOptions.Signer has the same shape.
type Signer interface {
	Sign(message io.Reader) ([]byte, error)
}

// sshNamespace is what git signs and verifies under, so that a signature made for
// another purpose cannot pass for a commit's.
const sshNamespace = "git"

// minRSABits is below what anyone should still sign with; OpenSSH's default is 3072.
const minRSABits = 2048

// SSHSigner signs with an SSH key, in the format that `git verify-commit` reads with
// gpg.format=ssh and that GitHub shows as verified.
type SSHSigner struct{ key ssh.Signer }

// NewSSHSigner signs with any Ed25519, ECDSA or RSA key, such as one that lives in
// a key management service.
func NewSSHSigner(key crypto.Signer) (*SSHSigner, error) {
	if public, ok := key.Public().(*rsa.PublicKey); ok && public.N.BitLen() < minRSABits {
		return nil, fmt.Errorf("%w: an RSA key of %d bits is too short", ErrBadKey, public.N.BitLen())
	}
	signer, err := ssh.NewSignerFromSigner(key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadKey, err)
	}
	return &SSHSigner{key: signer}, nil
}

// Sign implements [Signer].
func (s *SSHSigner) Sign(message io.Reader) ([]byte, error) {
	signature, err := sshsig.Sign(message, s.key, sshsig.HashSHA512, sshNamespace)
	if err != nil {
		return nil, err
	}
	return sshsig.Armor(signature), nil
}

// PublicKey returns the public half as authorized_keys(5) writes it, without a
// comment: "ssh-ed25519 AAAA…".
func (s *SSHSigner) PublicKey() string {
	return string(bytes.TrimSpace(ssh.MarshalAuthorizedKey(s.key.PublicKey())))
}

// Fingerprint returns the key's short name, "SHA256:…".
func (s *SSHSigner) Fingerprint() string { return ssh.FingerprintSHA256(s.key.PublicKey()) }

// AllowedSigner returns the line of an allowed_signers file that lets this key
// sign commits as principal, an e-mail address or another name without spaces.
func (s *SSHSigner) AllowedSigner(principal string) (string, error) {
	line := fmt.Sprintf("%s namespaces=%q %s\n", principal, sshNamespace, s.PublicKey())
	parsed, err := ParseAllowedSigners([]byte(line))
	if err != nil || len(parsed.entries) != 1 || parsed.entries[0].principals != principal {
		return "", errors.Join(fmt.Errorf("%q cannot name a signer", principal), err)
	}
	return line, nil
}
