package gitstore

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	zone := time.FixedZone("two east", 2*60*60)
	now := time.Date(2026, 10, 7, 14, 30, 15, 0, zone) // a Wednesday
	const layout = "2006-01-02 15:04:05 -0700"
	for text, want := range map[string]string{
		"now":                       "2026-10-07 14:30:15 +0200",
		"today":                     "2026-10-07 23:59:59 +0200",
		"Yesterday":                 "2026-10-06 23:59:59 +0200",
		"yesterday 18:00":           "2026-10-06 18:00:00 +0200",
		"today 09:05":               "2026-10-07 09:05:00 +0200",
		"last friday":               "2026-10-02 23:59:59 +0200",
		"Friday":                    "2026-10-02 23:59:59 +0200",
		"last Wednesday":            "2026-09-30 23:59:59 +0200",
		"tuesday":                   "2026-10-06 23:59:59 +0200",
		"last saturday 7:15":        "2026-10-03 07:15:00 +0200",
		"2h ago":                    "2026-10-07 12:30:15 +0200",
		"30m ago":                   "2026-10-07 14:00:15 +0200",
		"30min ago":                 "2026-10-07 14:00:15 +0200",
		"3d ago":                    "2026-10-04 14:30:15 +0200",
		"2w ago":                    "2026-09-23 14:30:15 +0200",
		"1y ago":                    "2025-10-07 14:30:15 +0200",
		"45s ago":                   "2026-10-07 14:29:30 +0200",
		"3 days ago":                "2026-10-04 14:30:15 +0200",
		"an hour ago":               "2026-10-07 13:30:15 +0200",
		"2.weeks.ago":               "2026-09-23 14:30:15 +0200",
		"last week":                 "2026-09-30 14:30:15 +0200",
		"last month":                "2026-09-07 14:30:15 +0200",
		"2026-10-01":                "2026-10-01 23:59:59 +0200",
		"2026-10-01 08:30":          "2026-10-01 08:30:00 +0200",
		"2026-10-01T08:30:10":       "2026-10-01 08:30:10 +0200",
		"2026-10-01 08:30 UTC":      "2026-10-01 08:30:00 +0000",
		"2026-10-01 UTC":            "2026-10-01 23:59:59 +0000",
		"2026-10-01T08:30:00Z":      "2026-10-01 08:30:00 +0000",
		"2026-10-01T08:30:00+05:30": "2026-10-01 08:30:00 +0530",
	} {
		got, ok := ParseTime(text, now)
		if !ok || got.Format(layout) != want {
			t.Errorf("%q: %s, want %s", text, got.Format(layout), want)
		}
	}
	for _, text := range []string{
		"", "ago", "h ago", "2 ago", "2h", "2x ago", "2h 3m ago", "-2h ago", "999999 days ago", "last", "last friday night", "friday 25:00", "18:00",
		"next friday", "2026-13-01", "2026-10-01 8h", "yesterday18:00", "last main", "week", "last 2 days",
	} {
		if got, ok := ParseTime(text, now); ok {
			t.Errorf("%q is understood as %s", text, got.Format(layout))
		}
	}
}
