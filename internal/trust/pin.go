package trust

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// Mark is one snapshot of a history. The zero Mark is none.
type Mark struct {
	Seq    int
	Commit gitstore.Hash
}

// Pin is what a history of snapshots is judged by, kept outside of the repository.
type Pin struct {
	// Tenant is the tenant's id, or the domain that the first commit names as long as no
	// snapshot has told the id.
	Tenant string
	// Root is the first commit.
	Root gitstore.Hash
	// Signers and Keyring say who may sign the first commit: the text of an
	// allowed_signers file, and an armored OpenPGP keyring, which may be empty.
	Signers string
	Keyring string
	// Head is the newest snapshot that was seen and verified. The branch never goes back
	// behind it.
	Head Mark
	// Read is the newest snapshot up to which every file was read and hashed.
	Read Mark

	file string // where the pin is kept; "" for one that is kept nowhere yet
}

// pinText is a pin as it is written: one line of JSON, so that a variable can hold it.
type pinText struct {
	FormatVersion int       `json:"formatVersion"`
	Tenant        string    `json:"tenant"`
	Root          string    `json:"root"`
	Signers       string    `json:"signers,omitempty"`
	Keyring       string    `json:"keyring,omitempty"`
	Head          markText  `json:"head"`
	Read          *markText `json:"read,omitempty"`
}

type markText struct {
	Seq    int    `json:"seq"`
	Commit string `json:"commit"`
}

func (m Mark) text() markText { return markText{m.Seq, m.Commit.String()} }

func (m markText) mark() (Mark, error) {
	commit, err := gitstore.ParseHash(m.Commit)
	return Mark{m.Seq, commit}, err
}

// pinFormat is the version of the pin's text.
const pinFormat = 1

// Encode returns the pin as one line of JSON, without a line break.
func (p Pin) Encode() ([]byte, error) {
	text := pinText{
		FormatVersion: pinFormat, Tenant: p.Tenant, Root: p.Root.String(),
		Signers: p.Signers, Keyring: p.Keyring, Head: p.Head.text(),
	}
	if p.Read != (Mark{}) {
		read := p.Read.text()
		text.Read = &read
	}
	return json.Marshal(text)
}

// DecodePin reads what [Pin.Encode] wrote. Anything else is [entra.ErrInvalid].
func DecodePin(data []byte) (Pin, error) {
	p, err := decodePin(data)
	if err != nil {
		return Pin{}, fmt.Errorf("read the pin: %w: %w", err, entra.ErrInvalid)
	}
	return p, nil
}

func decodePin(data []byte) (p Pin, err error) {
	var text pinText
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&text); err != nil {
		return p, err
	}
	if decoder.More() {
		return p, fmt.Errorf("something follows it")
	}
	if text.FormatVersion != pinFormat {
		return p, fmt.Errorf("format version %d is not known here", text.FormatVersion)
	}
	p = Pin{Tenant: text.Tenant, Signers: text.Signers, Keyring: text.Keyring}
	if p.Root, err = gitstore.ParseHash(text.Root); err != nil {
		return p, fmt.Errorf("root: %w", err)
	}
	if p.Head, err = text.Head.mark(); err != nil {
		return p, fmt.Errorf("head: %w", err)
	}
	if text.Read != nil {
		if p.Read, err = text.Read.mark(); err != nil {
			return p, fmt.Errorf("read: %w", err)
		}
	}
	if p.Tenant == "" {
		return p, fmt.Errorf("it names no tenant")
	}
	_, err = parseSigners([]byte(p.Signers), []byte(p.Keyring))
	return p, err
}

// advanced returns the pin with what other, a pin of the same history, saw beyond it.
func (p Pin) advanced(other Pin) Pin {
	if other.Root != p.Root {
		return p
	}
	if other.Head.Seq > p.Head.Seq {
		p.Head = other.Head
	}
	if other.Read.Seq > p.Read.Seq {
		p.Read = other.Read
	}
	if !isID(p.Tenant) && isID(other.Tenant) {
		p.Tenant = other.Tenant
	}
	return p
}

// isID reports whether a tenant is named by its id, not by a domain.
func isID(tenant string) bool {
	if len(tenant) != 36 {
		return false
	}
	for i := range len(tenant) {
		c := tenant[i]
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}
