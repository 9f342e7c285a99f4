package yaml

import "testing"

// Ids, addresses and rules read best without quotes.
func TestPlainWhereItIsSafe(t *testing.T) {
	for s, want := range map[string]bool{
		"3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22": true, "00000000-0000-0000-0000-000000000000": true,
		"1e345678-1234-1234-1234-123456789012": true, "a.b@contoso.com": true, "https://x.y/z?a=b#c": true,
		"10.0.0.0/8": true, "(user.department -eq \"Sales\")": true, "CA001 - Require MFA": true, "müller": true,
		"山田　太郎": true, "x:y": true, "a#b": true, "$x": true, "/users": true, "1st": true,
		"3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d2": false, "3f2b1c9e-7c1d-4f0e-9a53+0f6f0a7c1d22": false,
		"10.0.0.1": false, "5d": false, "1e3": false, "0x1p-2": false, "yEs": false, "a ": false, "a\u00a0b": false,
	} {
		if got := plain([]byte(s)); got != want {
			t.Errorf("plain(%q) = %v", s, got)
		}
	}
}
