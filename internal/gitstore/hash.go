package gitstore

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"

	"github.com/pjbgf/sha1cd"
)

// Hash is the name of a Git object: the SHA-1 of its header and content. The zero
// Hash names nothing.
type Hash [20]byte

// String returns the 40 lower-case hex digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Short returns the first ten hex digits, for messages.
func (h Hash) Short() string { return hex.EncodeToString(h[:5]) }

// IsZero reports whether h names nothing.
func (h Hash) IsZero() bool { return h == Hash{} }

// Compare orders hashes by their bytes, as pack indexes do.
func (h Hash) Compare(other Hash) int { return bytes.Compare(h[:], other[:]) }

// ParseHash reads exactly 40 hex digits.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != hex.EncodedLen(len(h)) {
		return Hash{}, fmt.Errorf("%q is not a full object name", s)
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("%q is not a full object name", s)
	}
	return h, nil
}

// objectType is Git's number for a kind of object, as pack entries carry it.
type objectType uint8

const (
	typeCommit   objectType = 1
	typeTree     objectType = 2
	typeBlob     objectType = 3
	typeTag      objectType = 4
	typeOfsDelta objectType = 6
	typeRefDelta objectType = 7
)

func (t objectType) String() string {
	switch t {
	case typeCommit:
		return "commit"
	case typeTree:
		return "tree"
	case typeBlob:
		return "blob"
	case typeTag:
		return "tag"
	default:
		return "type " + strconv.Itoa(int(t))
	}
}

// hasher computes object names. It uses collision-detecting SHA-1, as git itself
// does: the content comes from other people, and an object made to collide must
// not take another's place. 1.5 µs instead of 0.5 µs for 600 bytes, under a tenth
// of what compressing them costs. Not safe for concurrent use.
type hasher struct {
	sum hash.Hash
	buf []byte
}

func newHasher() *hasher { return &hasher{sum: sha1cd.New()} }

// object returns the name of an object.
func (h *hasher) object(t objectType, data []byte) Hash {
	h.sum.Reset()
	h.buf = append(h.buf[:0], t.String()...)
	h.buf = append(h.buf, ' ')
	h.buf = strconv.AppendInt(h.buf, int64(len(data)), 10)
	h.buf = append(h.buf, 0)
	h.sum.Write(h.buf)
	h.sum.Write(data)
	var out Hash
	h.sum.Sum(out[:0])
	return out
}

// BlobHash returns the name that Git gives to a file of these bytes.
func BlobHash(data []byte) Hash { return newHasher().object(typeBlob, data) }
