package cli

import (
	"slices"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/report"
)

// A day has the worst of its snapshots, whichever of them it was; a word that is no severity
// counts for nothing.
func TestDaysOf(t *testing.T) {
	row := func(day, hour int, subject, severity string) snapshotRow {
		return snapshotRow{Point: entra.Point{Time: time.Date(2026, 10, day, hour, 0, 0, 0, time.UTC)}, Subject: subject, Severity: severity}
	}
	got := daysOf([]snapshotRow{
		row(3, 1, "backup: +0 ~1 -0", "devilish"),
		row(2, 9, "backup: +0 ~2 -0", "low"), row(2, 5, "backup: +1 ~2 -3", "critical"), row(2, 1, "backup: +0 ~1 -0", "medium"),
		row(1, 1, "init", ""),
	})
	day := func(n, changes int, worst entra.Severity) report.Day {
		return report.Day{Date: time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC), Changes: changes, Worst: worst}
	}
	if want := []report.Day{day(1, 0, ""), day(2, 9, entra.Critical), day(3, 1, "")}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
