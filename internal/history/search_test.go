package history

import "testing"

func TestQuarry(t *testing.T) {
	for _, tt := range []struct {
		word, text string
		want       bool
	}{
		{"ada", "Ada Lovelace", true},
		{"ada", "Adele", false},
		{"ÉCOLE", "l'école", true},
		{"203.0.113.7", "203.0.113.0/25", true},
		{"203.0.113.200", "203.0.113.0/25", false},
		{"203.0.113.0/24", "203.0.113.128/25", true},
		{"2001:db8::1", "2001:db8::/32", true},
		{"203.0.113.7", "2001:db8::/32", false},
		{"10.0.0.0/8", "11.0.0.0/8", false},
	} {
		if got := NewQuarry(tt.word).in(tt.text); got != tt.want {
			t.Errorf("%q in %q: %t, want %t", tt.word, tt.text, got, tt.want)
		}
	}
	if NewQuarry("").in("anything") {
		t.Error("nothing is found everywhere")
	}
}

func TestMayHold(t *testing.T) {
	for word, want := range map[string]bool{"lovelace": true, "\"Ada\"": true, "ada love": true, "ada  love": false, "x'ada": false, "'ada": true, "babbage": false, "…": true, "10.0.0.1": true} {
		if got := NewQuarry(word).may([]byte("name: ADA Lovelace")); got != want {
			t.Errorf("may hold %q: %t, want %t", word, got, want)
		}
	}
}
