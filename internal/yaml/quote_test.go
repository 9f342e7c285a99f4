package yaml

import (
	"testing"
	"unicode/utf8"
)

// Ids, addresses and rules read best without quotes.
func TestPlainWhereItIsSafe(t *testing.T) {
	for s, want := range map[string]bool{
		"3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22": true, "00000000-0000-0000-0000-000000000000": true,
		"1e345678-1234-1234-1234-123456789012": true, "a.b@contoso.com": true, "https://x.y/z?a=b#c": true,
		"10.0.0.0/8": true, "(user.department -eq \"Sales\")": true, "CA001 - Require MFA": true, "müller": true,
		"山田　太郎": true, "x:y": true, "a#b": true, "$x": true, "/users": true, "1st": true, "9th": true, "zone": true, "Zone": true, "a\ufffd": true, "a~": true,
		"3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d2": false, "3f2b1c9e-7c1d-4f0e-9a53+0f6f0a7c1d22": false,
		"10.0.0.1": false, "5d": false, "1e3": false, "0x1p-2": false, "yEs": false, "a ": false, "a\u00a0b": false,
	} {
		if got := plain([]byte(s)); got != want {
			t.Errorf("plain(%q) = %v", s, got)
		}
	}
}

// What a reader cannot see, or takes for something else, is an escape in a file. The
// first and the last character of each range are hidden, their neighbours are not.
func TestHidden(t *testing.T) {
	for _, in := range [][2]rune{
		{0, 0x1f}, {0x7f, 0xa0}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x1680, 0x1680},
		{0x17b4, 0x17b5}, {0x180e, 0x180e}, {0x2000, 0x200f}, {0x2028, 0x202f}, {0x205f, 0x206f}, {0x3164, 0x3164},
		{0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xfdd0, 0xfdef}, {0xfffe, 0xffff}, {0x1fffe, 0x1ffff},
		{0xdfffe, 0xe0fff}, {0x10fffe, 0x10ffff},
	} {
		for r := in[0] - 1; r <= in[1]+1; r++ {
			if got, want := Hidden(r), in[0] <= r && r <= in[1]; got != want && r >= 0 && r <= utf8.MaxRune {
				t.Errorf("Hidden(%U) is %v", r, got)
			}
		}
	}
}
