package report

import (
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

func TestChart(t *testing.T) {
	day := func(n, changes int, worst entra.Severity) Day {
		return Day{Date: time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC), Changes: changes, Worst: worst}
	}
	var b strings.Builder
	if err := Chart([]Day{day(1, 1120, entra.Critical), day(2, 0, ""), day(5, 560, ""), day(6, 1, entra.Low)}).Text(&b, ui.Palette{}); err != nil {
		t.Fatal(err)
	}
	want := `Changes a day
2026-10-01 ` + strings.Repeat("█", 48) + ` 1,120 critical
2026-10-02 · 0
… 2 days without a snapshot
2026-10-05 ` + strings.Repeat("█", 24) + ` 560
2026-10-06 █ 1 low
`
	if b.String() != want {
		t.Errorf("chart\n%s\nwant\n%s", b.String(), want)
	}
}
