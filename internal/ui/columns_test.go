package ui

import "testing"

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{
		"":                0,
		"ada@contoso.com": 15,
		"Zoë":             3,
		"Zoe\u0308":       3, // the mark is a character of its own
		"李小龍":             6,
		"Ａｂ":              4, // fullwidth
		"ｱ":               1, // halfwidth
		"🔥x":              3,
		"❤\ufe0f":         1,
		"→ – …":           5,
		"Привет":          6,
	} {
		if got := Columns(text); got != want {
			t.Errorf("Columns(%q) = %d, want %d", text, got, want)
		}
	}
}
