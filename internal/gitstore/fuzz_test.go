package gitstore

import (
	"bytes"
	"testing"
)

// What an attacker controls must never panic, and what is accepted must be what the
// writer would produce.

func FuzzParseTree(f *testing.F) {
	h := newHasher().object(typeBlob, nil)
	f.Add([]byte(row(modeFile, "a.yaml", h) + row(modeDir, "b", h)))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := parseTree(data)
		if err == nil && !bytes.Equal(encodeTree(entries), data) {
			t.Errorf("accepted %q and would write %q", data, encodeTree(entries))
		}
	})
}

func FuzzParseCommit(f *testing.F) {
	raw, err := encodeCommit(Hash{1}, []Hash{{2}}, options("subject", epoch))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(bytes.Replace(raw, []byte("\n\n"), []byte("\ngpgsig a\n b\n\n"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseCommit(data)
		if err == nil && len(c.signatures) == 0 && !bytes.Equal(c.payload, data) {
			t.Errorf("unsigned commit %q has payload %q", data, c.payload)
		}
	})
}

func FuzzApplyDelta(f *testing.F) {
	f.Add([]byte("hello world"), []byte{11, 5, 0x90, 5})
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		const limit = 1 << 16
		if out, err := applyDelta(base, delta, limit); err == nil && len(out) > limit {
			t.Errorf("result of %d bytes is above the limit", len(out))
		}
	})
}

func FuzzParseAllowedSigners(f *testing.F) {
	f.Add([]byte(`me namespaces="git",valid-after="20260101Z" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJj1q6FqSHlq1tXl8qYgJt2iXQyJkJXw0Hc1n9Yk9mXb`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := ParseAllowedSigners(data)
		if err == nil && list.Len() > bytes.Count(data, []byte("\n"))+1 {
			t.Errorf("%d entries from %q", list.Len(), data)
		}
	})
}

func FuzzParseIdx(f *testing.F) {
	f.Add(bytes.Repeat([]byte{0}, idxHeaderLen+idxFanoutLen+idxTrailerLen))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := parseIdx(data)
		if err != nil {
			return
		}
		for i := range x.count {
			x.find(x.hash(i))
			x.offset(i)
		}
	})
}
