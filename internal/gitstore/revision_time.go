package gitstore

import (
	"strconv"
	"strings"
	"time"
)

// ParseTime reads a time as people write it: a date, a date with a time of day, RFC 3339,
// "now", "today", "yesterday", "friday" or "last friday" (the latest one before today), each
// also with a time of day ("yesterday 18:00"), "last week", "3 days ago" or "2h ago"; dots may
// stand for the blanks of the last two. Dates
// and words for days stand for the end of that day, because a snapshot "of Tuesday" is the
// last one of Tuesday. What names no zone is meant where now is; "UTC" may end it.
func ParseTime(s string, now time.Time) (time.Time, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(s)); err == nil {
		return t, true
	}
	if rest, utc := strings.CutSuffix(s, " utc"); utc {
		s, now = rest, now.UTC()
	}
	if ago, ok := strings.CutSuffix(strings.ReplaceAll(s, ".", " "), " ago"); ok {
		return parseAgo(ago, now)
	}
	if unit, ok := strings.CutPrefix(s, "last "); ok {
		if t, ok := back(now, 1, unit); ok {
			return t, true
		}
	}
	if s == "now" {
		return now, true
	}
	return parseDay(s, now)
}

// parseDay reads a day and, after a blank or the letter t, a time of it.
func parseDay(s string, now time.Time) (time.Time, bool) {
	day, clock := s, ""
	if at := strings.LastIndexAny(s, " t"); at > 0 && strings.Contains(s[at:], ":") {
		day, clock = s[:at], s[at+1:]
	}
	t, ok := dayOf(strings.TrimSpace(day), now)
	switch {
	case !ok:
		return time.Time{}, false
	case clock == "":
		return endOfDay(t), true
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if c, err := time.Parse(layout, clock); err == nil {
			return time.Date(t.Year(), t.Month(), t.Day(), c.Hour(), c.Minute(), c.Second(), 0, now.Location()), true
		}
	}
	return time.Time{}, false
}

// dayOf finds a day by its date or by a word for it.
func dayOf(day string, now time.Time) (time.Time, bool) {
	switch day {
	case "today":
		return now, true
	case "yesterday":
		return now.AddDate(0, 0, -1), true
	}
	for back := 1; back <= 7; back++ {
		t := now.AddDate(0, 0, -back)
		if strings.TrimPrefix(day, "last ") == strings.ToLower(t.Weekday().String()) {
			return t, true
		}
	}
	t, err := time.ParseInLocation(time.DateOnly, day, now.Location())
	return t, err == nil
}

func endOfDay(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, t.Location()).Add(-time.Nanosecond)
}

// parseAgo reads how long ago: "3 days", "an hour", "2h".
func parseAgo(s string, now time.Time) (time.Time, bool) {
	words := strings.Fields(s)
	if len(words) == 1 {
		unit := strings.TrimLeft(words[0], "0123456789")
		words = []string{strings.TrimSuffix(words[0], unit), short[unit]}
	}
	if len(words) != 2 {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(words[0])
	if words[0] == "a" || words[0] == "an" {
		n, err = 1, nil
	}
	if err != nil || n < 0 || n > 100_000 {
		return time.Time{}, false
	}
	return back(now, n, strings.TrimSuffix(words[1], "s"))
}

// short are the units of time by their first letters.
var short = map[string]string{"s": "second", "m": "minute", "min": "minute", "h": "hour", "d": "day", "w": "week", "y": "year"}

// back is the time that lies n units before another.
func back(now time.Time, n int, unit string) (time.Time, bool) {
	switch unit {
	case "second":
		return now.Add(-time.Duration(n) * time.Second), true
	case "minute":
		return now.Add(-time.Duration(n) * time.Minute), true
	case "hour":
		return now.Add(-time.Duration(n) * time.Hour), true
	case "day":
		return now.AddDate(0, 0, -n), true
	case "week":
		return now.AddDate(0, 0, -7*n), true
	case "month":
		return now.AddDate(0, -n, 0), true
	case "year":
		return now.AddDate(-n, 0, 0), true
	}
	return time.Time{}, false
}
