package seed

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// ID returns a GUID of version 5's form made from a namespace, mostly the tenant's id, and
// parts. The objects of a seed are named so: by their family and their name.
func ID(space string, parts ...string) string {
	h := sha1.New()
	for _, part := range append([]string{space}, parts...) {
		// Lengths keep ("ab", "c") apart from ("a", "bc").
		_ = binary.Write(h, binary.BigEndian, uint32(len(part)))
		h.Write([]byte(part))
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x50
	b[8] = b[8]&0x3f | 0x80
	x := hex.EncodeToString(b)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// LongID returns an opaque id in the form that grants and role assignments have, made as
// [ID] makes GUIDs.
func LongID(space string, parts ...string) string {
	sum := sha256.Sum256([]byte(ID(space, parts...)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// textOf returns a value of a body as text, "" for anything else.
func textOf(v any) string {
	s, _ := v.(string)
	return s
}
