package yaml

import (
	"bytes"
	"unicode/utf8"
)

// maxComment is the length of a comment, in characters, at which it is cut.
const maxComment = 79

// AppendComment appends a comment for the rest of the line. What could end the line, hide
// in it, or be obeyed by a log ("##[") becomes a question mark.
func AppendComment(out []byte, text string) []byte {
	out = append(out, " # "...)
	length := 0
	for _, r := range text {
		switch {
		case length == maxComment:
			return append(out, "…"...)
		case r == utf8.RuneError || Hidden(r), r == '[' && bytes.HasSuffix(out, []byte("##")):
			r = '?'
		}
		out = utf8.AppendRune(out, r)
		length++
	}
	return out
}
