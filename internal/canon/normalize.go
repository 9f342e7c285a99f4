package canon

import (
	"bytes"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// cleanString brings a string with a rule into its one form.
func (a *arena) cleanString(i int32, r *rule) {
	n := &a.nodes[i]
	start := int32(len(a.text))
	switch {
	case r.date:
		a.text = appendDate(a.text, a.bytes(n.text))
	case r.separator != "":
		a.text = appendWords(a.text, a.bytes(n.text), r.separator)
	case r.json:
		a.text = appendJSON(a.text, a.bytes(n.text))
	default:
		return
	}
	n.text = span{start, int32(len(a.text))}
}

// appendJSON appends a JSON document without white space and with sorted members.
// Numbers keep their text. Anything else is appended as it is.
func appendJSON(dst, text []byte) []byte {
	// The text may be part of dst, which an append may move or overwrite.
	text = bytes.Clone(text)
	out, err := jsontext.AppendFormat(dst, text, jsontext.ReorderRawObjects(true))
	if err != nil {
		return append(dst, text...)
	}
	return out
}

// appendDate appends a date-time of RFC 3339 in UTC, with a "Z" and without zeros at
// the end of its fraction, which keeps its digits. Any other text is appended as it
// is: it is Graph's, and not ours to lose.
func appendDate(dst, text []byte) []byte {
	const seconds = len("2006-01-02T15:04:05")
	if len(text) <= seconds || text[seconds-len(":04:05")] != ':' {
		return append(dst, text...)
	}
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return append(dst, text...)
	}
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return append(dst, text...)
	}
	fraction := []byte(nil)
	if text[seconds] == '.' || text[seconds] == ',' {
		end := seconds + 1
		for text[end] >= '0' && text[end] <= '9' {
			end++
		}
		fraction = bytes.TrimRight(text[seconds+1:end], "0")
	}
	dst = t.AppendFormat(dst, "2006-01-02T15:04:05")
	if len(fraction) > 0 {
		dst = append(append(dst, '.'), fraction...)
	}
	return append(dst, 'Z')
}

// appendWords appends the words of a string that holds a set: trimmed, sorted, each
// once, joined by the separator alone.
func appendWords(dst, text []byte, separator string) []byte {
	words := bytes.Split(text, []byte(separator))
	for i, w := range words {
		words[i] = bytes.TrimSpace(w)
	}
	slices.SortFunc(words, bytes.Compare)
	words = slices.CompactFunc(words, bytes.Equal)
	if len(words[0]) == 0 { // a split always gives a word
		words = words[1:]
	}
	return append(dst, bytes.Join(words, []byte(separator))...)
}
