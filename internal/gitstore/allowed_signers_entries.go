package gitstore

import (
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// AllowedSigner is one line of a list of signers, as its reader needs it to decide
// what the key may sign for.
type AllowedSigner struct {
	// Principals are the names of the line's first field, at least one.
	Principals []string
	// Key is the public key as authorized_keys(5) writes it, without a comment.
	Key string
	// Fingerprint is the key's short name, "SHA256:…".
	Fingerprint string
	// ValidAfter and ValidBefore bound when the key counts; zero is no bound.
	ValidAfter  time.Time
	ValidBefore time.Time
}

// All yields the entries in the order of the list. A nil list has none.
func (l *AllowedSigners) All() iter.Seq[AllowedSigner] {
	return func(yield func(AllowedSigner) bool) {
		if l == nil {
			return
		}
		for _, e := range l.entries {
			if !yield(e.public()) {
				return
			}
		}
	}
}

// Where returns a list of the entries that keep accepts.
func (l *AllowedSigners) Where(keep func(AllowedSigner) bool) *AllowedSigners {
	kept := &AllowedSigners{}
	if l != nil {
		kept.entries = slices.DeleteFunc(slices.Clone(l.entries), func(e allowedSigner) bool { return !keep(e.public()) })
	}
	return kept
}

func (e allowedSigner) public() AllowedSigner {
	return AllowedSigner{
		Principals:  strings.Split(e.principals, ","),
		Key:         strings.TrimSpace(string(ssh.MarshalAuthorizedKey(e.key))),
		Fingerprint: ssh.FingerprintSHA256(e.key),
		ValidAfter:  e.validAfter, ValidBefore: e.validBefore,
	}
}

// MaySign reports, as an error, why a commit that signer signs at the given time would
// not verify against the list. It cannot tell for a [ProgramSigner] or an OpenPGP key,
// of which it says nothing.
func (l *AllowedSigners) MaySign(signer Signer, at time.Time) error {
	key, ok := signer.(*SSHSigner)
	if !ok {
		return nil
	}
	if l == nil {
		l = &AllowedSigners{}
	}
	_, err := l.find(key.key.PublicKey(), sshNamespace, at)
	return err
}
