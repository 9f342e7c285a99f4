package gitstore

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// OpenPGPSigner makes detached, armored OpenPGP signatures.
type OpenPGPSigner struct{ entity *openpgp.Entity }

// LoadOpenPGPSigner reads the first secret key of an armored file that can sign.
// passphrase is nil for a key without one.
func LoadOpenPGPSigner(path string, passphrase []byte) (*OpenPGPSigner, error) {
	text, err := readKey(path)
	if err != nil {
		return nil, err
	}
	ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("load signing key %s: %w: %w", path, ErrBadKey, err)
	}
	for _, entity := range ring {
		key, ok := entity.SigningKey(time.Now())
		if !ok || key.PrivateKey == nil {
			continue
		}
		if key.PrivateKey.Encrypted {
			if err := key.PrivateKey.Decrypt(passphrase); err != nil {
				return nil, fmt.Errorf("load signing key %s: %w: wrong passphrase", path, ErrBadKey)
			}
		}
		return &OpenPGPSigner{entity: entity}, nil
	}
	return nil, fmt.Errorf("load signing key %s: %w: no secret key that can sign", path, ErrBadKey)
}

// Sign implements [Signer].
func (s *OpenPGPSigner) Sign(message io.Reader) ([]byte, error) {
	var out bytes.Buffer
	if err := openpgp.ArmoredDetachSign(&out, s.entity, message, &packet.Config{}); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// Keyring holds the OpenPGP public keys that may sign.
type Keyring struct{ keys openpgp.EntityList }

// ParseKeyring reads an armored OpenPGP public keyring.
func ParseKeyring(text []byte) (*Keyring, error) {
	keys, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read keyring: %w: %w", ErrBadKey, err)
	}
	return &Keyring{keys: keys}, nil
}

// verify checks a signature with key validity judged at the given time.
func (k *Keyring) verify(payload, signature []byte, at time.Time) (Signatory, error) {
	config := &packet.Config{Time: func() time.Time { return at }}
	entity, err := openpgp.CheckArmoredDetachedSignature(k.keys, bytes.NewReader(payload), bytes.NewReader(signature), config)
	switch {
	case errors.Is(err, pgperrors.ErrUnknownIssuer):
		return Signatory{}, fmt.Errorf("%w: the OpenPGP key is not in the keyring", ErrUnknownSigner)
	case errors.Is(err, pgperrors.ErrKeyExpired), errors.Is(err, pgperrors.ErrKeyRevoked):
		return Signatory{}, fmt.Errorf("%w: %w", ErrUnknownSigner, err)
	case err != nil:
		return Signatory{}, fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	id := Signatory{Format: "openpgp", Fingerprint: strings.ToUpper(hex.EncodeToString(entity.PrimaryKey.Fingerprint))}
	if primary := entity.PrimaryIdentity(); primary != nil {
		id.Principal = primary.Name
	}
	return id, nil
}
