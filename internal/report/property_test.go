package report

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// reported is the report of one property of one group, as text.
func reported(t *testing.T, before, after any) string {
	t.Helper()
	set := &entra.ChangeSet{Changes: []entra.Change{{Key: entra.Key{Kind: "groups", ID: "g"}, Name: "Team", Type: entra.Changed,
		Properties: []entra.PropertyChange{{Pointer: "/spec/description", Before: before, After: after}}}}}
	var b strings.Builder
	if err := Changes(set, Options{}).Text(&b, ui.Palette{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestLookAlike: a change that nobody can see is explained.
func TestLookAlike(t *testing.T) {
	const note = "looks the same"
	for _, tt := range []struct {
		before, after any
		want          bool
	}{
		{"Café", norm.NFD.String("Café"), true},
		{norm.NFD.String("Café"), "Café", true},
		{"Café", "Cafe", false},
		{"Café", nil, false},
		{"1", "2", false},
	} {
		if got := strings.Contains(reported(t, tt.before, tt.after), note); got != tt.want {
			t.Errorf("%+q to %+q is explained: %v", tt.before, tt.after, got)
		}
	}
}

// TestContextIsNoCommand: a line that stayed the same is never one that the runner of
// GitHub Actions obeys.
func TestContextIsNoCommand(t *testing.T) {
	text := reported(t, "one\n::error::pwned\nthree", "one\n  ::error::pwned\nfour")
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("a log would obey %q", line)
		}
	}
	text = reported(t, "one\n::error::pwned\nthree", "one\n::error::pwned\nfour")
	if !strings.Contains(text, `\x3a:error::pwned`) {
		t.Errorf("the line is not shown:\n%s", text)
	}
}
