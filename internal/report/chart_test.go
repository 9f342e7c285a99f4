package report

import (
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/ui"
)

func TestChart(t *testing.T) {
	day := func(n, changes int) Day {
		return Day{Date: time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC), Changes: changes}
	}
	var b strings.Builder
	if err := Chart([]Day{day(1, 1120), day(2, 0), day(5, 560), day(6, 1)}).Text(&b, ui.Palette{}); err != nil {
		t.Fatal(err)
	}
	want := `Changes a day
2026-10-01 ` + strings.Repeat("█", 56) + ` 1,120
2026-10-02 · 0
… 2 days without a snapshot
2026-10-05 ` + strings.Repeat("█", 28) + ` 560
2026-10-06 █ 1
`
	if b.String() != want {
		t.Errorf("chart\n%s\nwant\n%s", b.String(), want)
	}
}
