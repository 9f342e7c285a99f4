package canon

import (
	"bytes"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// FuzzDecodeLineage: whatever is read is written the same again, and nothing ends the
// program.
func FuzzDecodeLineage(f *testing.F) {
	f.Add(EncodeLineage(entra.Lineage{
		{Kind: "groups", Old: "a", New: "b", When: time.Unix(1, 0)}, {Kind: "applications", By: "appId", Old: "x", New: "y", When: time.Unix(2, 0)},
	}))
	f.Add([]byte("formatVersion: 1\nsuccessions: []\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := DecodeLineage("f", data)
		if err != nil {
			return
		}
		written := EncodeLineage(l)
		again, err := DecodeLineage("f", written)
		if err != nil || !bytes.Equal(EncodeLineage(again), written) {
			t.Errorf("%v: written as\n%s", err, written)
		}
	})
}
