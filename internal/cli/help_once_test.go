package cli

import (
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/diff"
)

// The manual names each rule by which a change is told below another, and no other.
func TestHelpOnce(t *testing.T) {
	text, ok := topic("once")
	if !ok {
		t.Fatal("no such topic")
	}
	for _, rule := range diff.CauseRules() {
		row := "| `" + rule.ID + "` | " + rule.Says + " |\n"
		if !strings.Contains(text, row) {
			t.Errorf("without %s", row)
		}
	}
	if rows := strings.Count(text, "\n| `"); rows != len(diff.CauseRules()) {
		t.Errorf("%d rows for %d rules", rows, len(diff.CauseRules()))
	}
}
