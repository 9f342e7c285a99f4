package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// How much of a value is shown, in characters, and how many entries of a list.
const (
	longValue   = 160
	shownValue  = 90
	leadIn      = 20
	longList    = 25
	longDiff    = 40
	diffContext = 2
)

// nothing is shown for a value that is not there.
const nothing = "(not set)"

// value writes a JSON value on one line, whole.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return nothing
	case string:
		if v == "" || v == nothing || strings.TrimSpace(v) != v {
			return `"` + v + `"`
		}
		if text, ok := picture(v); ok {
			return text
		}
		return v
	case json.Number:
		return v.String()
	default:
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			return fmt.Sprint(v) // no JSON value ends here
		}
		return strings.TrimSuffix(b.String(), "\n")
	}
}

// clip shortens a long value and says how long it was. from is where to start, in
// characters.
func clip(s string, from int) string {
	length := utf8.RuneCountInString(s)
	if length <= longValue {
		return s
	}
	runes := []rune(s)
	from = max(0, min(from-leadIn, length-shownValue))
	to := min(length, from+shownValue)
	text := string(runes[from:to])
	if from > 0 {
		text = "…" + text
	}
	if to < length {
		text += "…"
	}
	return text + " [" + number(length) + " characters]"
}

// clipBoth shortens two values so that the place where they differ is shown.
func clipBoth(before, after string) (string, string) {
	from := commonPrefix(before, after)
	return clip(before, from), clip(after, from)
}

// commonPrefix counts the characters that two strings start with.
func commonPrefix(a, b string) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		ra, size := utf8.DecodeRuneInString(a)
		rb, _ := utf8.DecodeRuneInString(b)
		if ra != rb {
			return n
		}
		a, b = a[size:], b[min(size, len(b)):]
		n++
	}
	return n
}
