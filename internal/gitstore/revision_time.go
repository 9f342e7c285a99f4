package gitstore

import (
	"strconv"
	"strings"
	"time"
)

// parseTime reads a time as people write it: a date, a date with a time of day, RFC
// 3339, "now", "today", "yesterday", or "3 days ago". Dates and words for days stand
// for the end of that day in now's location, because a snapshot "of Tuesday" is the
// last one of Tuesday.
func parseTime(s string, now time.Time) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return endOfDay(t), true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, true
		}
	}
	return parseRelative(strings.ToLower(s), now)
}

func endOfDay(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, t.Location()).Add(-time.Nanosecond)
}

func parseRelative(s string, now time.Time) (time.Time, bool) {
	switch s {
	case "now":
		return now, true
	case "today":
		return endOfDay(now), true
	case "yesterday":
		return endOfDay(now.AddDate(0, 0, -1)), true
	}
	words := strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == '.' })
	if len(words) != 3 || words[2] != "ago" {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(words[0])
	if words[0] == "a" || words[0] == "an" {
		n, err = 1, nil
	}
	if err != nil || n < 0 || n > 100_000 {
		return time.Time{}, false
	}
	switch strings.TrimSuffix(words[1], "s") {
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
