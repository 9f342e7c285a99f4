package nearest

import (
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		word  string
		known []string
		want  []string
	}{
		{"usres", []string{"groups", "users"}, []string{"users"}},
		{"user", []string{"users", "use", "groups"}, []string{"users", "use"}},
		{"TWINS", []string{"Twins", "Twin"}, []string{"Twins", "Twin"}},
		{"nobody", []string{"Tier 0", "Twins"}, nil},
		{"break", []string{"Break-glass accounts of the tenant"}, []string{"Break-glass accounts of the tenant"}},
		{"ab", []string{"a name that holds ab"}, nil},
		{"aaaaaa", []string{"aaaabb", "aaaaab", "aaaaac", "aaaaad", "aaaaab"}, []string{"aaaaab", "aaaaac", "aaaaad"}},
		{"", []string{"a", "abc"}, []string{"a"}},
		{"ä", nil, nil},
	} {
		words := To(tt.word)
		for _, k := range tt.known {
			words.Add(k)
		}
		if got := words.Found(); !slices.Equal(got, tt.want) {
			t.Errorf("%q of %q: %q, want %q", tt.word, tt.known, got, tt.want)
		}
	}
	words := To("twinz")
	words.AddAs("Twins", "groups/Twins")
	if got := words.Found(); !slices.Equal(got, []string{"groups/Twins"}) {
		t.Errorf("%q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%q to %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
