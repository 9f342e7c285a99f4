package gitstore

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/hiddeco/sshsig"
)

// Signatory is who signed a commit, as the list of signers names them.
type Signatory struct {
	// Principal is the principals field of allowed_signers, or an OpenPGP user id.
	Principal string
	// Fingerprint is the key's: "SHA256:…" for SSH, hex digits for OpenPGP.
	Fingerprint string
	// Format is "ssh" or "openpgp".
	Format string
}

// Verifier decides whether a commit was signed by someone who may. A nil list knows
// nobody.
type Verifier struct {
	SSH     *AllowedSigners
	OpenPGP *Keyring
}

// Verify checks the signature of a commit over the raw bytes that were read, not
// over anything encoded again. A key's dates are compared with the committer's
// date, as git does; that date is the signer's own claim, so a caller who must
// distrust retired keys chooses the Verifier by the commit's position in the chain.
//
// Errors: [ErrUnsigned], [ErrManySignatures], [ErrWrongNamespace],
// [ErrUnknownSigner], [ErrBadSignature]; each names the commit.
func (v Verifier) Verify(c *Commit) (Signatory, error) {
	return v.VerifyAt(c, c.Committer.When)
}

// VerifyAt is [Verifier.Verify] with a key's dates compared with a time that the caller
// vouches for.
func (v Verifier) VerifyAt(c *Commit, at time.Time) (Signatory, error) {
	id, err := v.verify(c, at)
	if err != nil {
		return Signatory{}, fmt.Errorf("commit %s: %w", c.Hash, err)
	}
	return id, nil
}

func (v Verifier) verify(c *Commit, at time.Time) (Signatory, error) {
	switch len(c.signatures) {
	case 0:
		return Signatory{}, ErrUnsigned
	case 1:
	default:
		return Signatory{}, ErrManySignatures
	}
	armored := c.signatures[0]
	if bytes.Count(armored, []byte("-----BEGIN ")) > 1 {
		return Signatory{}, ErrManySignatures
	}
	if !bytes.HasPrefix(armored, []byte("-----BEGIN PGP ")) {
		return v.SSH.VerifyMessage(c.payload, armored, at)
	}
	if v.OpenPGP == nil {
		return Signatory{}, fmt.Errorf("%w: signed with OpenPGP, and there is no keyring", ErrUnknownSigner)
	}
	return v.OpenPGP.verify(c.payload, armored, at)
}

// VerifyMessage returns who made an armored SSH signature over a message, as one that `git`
// makes over a commit. A nil list knows nobody. Errors are those of [Verifier.Verify].
func (l *AllowedSigners) VerifyMessage(message, armored []byte, at time.Time) (Signatory, error) {
	block, rest := pem.Decode(armored)
	if block == nil || block.Type != sshsig.PEMType || len(bytes.TrimSpace(rest)) > 0 {
		return Signatory{}, fmt.Errorf("%w: neither an SSH nor an OpenPGP signature", ErrBadSignature)
	}
	signature, err := sshsig.ParseSignature(block.Bytes)
	if err != nil {
		return Signatory{}, fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	if signature.Namespace != sshNamespace {
		return Signatory{}, fmt.Errorf("%w: namespace %q", ErrWrongNamespace, signature.Namespace)
	}
	if l == nil {
		return Signatory{}, fmt.Errorf("%w: signed with SSH, and there is no list of allowed signers", ErrUnknownSigner)
	}
	id, err := l.find(signature.PublicKey, sshNamespace, at)
	if err != nil {
		return Signatory{}, err
	}
	err = sshsig.Verify(bytes.NewReader(message), signature, signature.PublicKey, signature.HashAlgorithm, sshNamespace)
	if err != nil {
		return Signatory{}, errors.Join(ErrBadSignature, err)
	}
	return id, nil
}
