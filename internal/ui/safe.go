package ui

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe returns s as one line that a terminal or a log prints as text and nothing
// else. Control and escape characters, line breaks, bidirectional and zero-width
// characters, blanks that pass for a space, and invalid UTF-8 become visible Go
// escapes such as \x1b and \u202e. A backslash stays as it is: the result is for
// reading, not for parsing back.
//
// "##[" becomes "##\x5b", because the GitHub Actions runner obeys "##[command]"
// anywhere in a line (actions/runner, ActionCommand.TryParse). Commands of the
// form "::command::" count at the start of a line only; callers put text of their
// own there.
func Safe(s string) string {
	if isSafe(s) {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	for i, size := 0, 0; i < len(s); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = appendHex(b, s[i])
		case r == '[' && strings.HasSuffix(s[:i], "##"):
			b = appendHex(b, '[')
		case visible(r):
			b = append(b, s[i:i+size]...)
		default:
			quoted := strconv.AppendQuoteRuneToASCII(nil, r)
			b = append(b, quoted[1:len(quoted)-1]...)
		}
	}
	return string(b)
}

// isSafe is the common case, and it does not allocate.
func isSafe(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || !visible(r) {
			return false
		}
	}
	return !strings.Contains(s, "##[")
}

func appendHex(b []byte, c byte) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'x', digits[c>>4], digits[c&15])
}

// visible reports whether a terminal shows r as itself. [unicode.IsPrint] leaves
// out controls, bidirectional and zero-width characters, tags, private use, and
// every space but the ASCII one; the tables below are letters and marks that are
// drawn as nothing. The two variation selectors that choose between text and emoji
// are kept: they stand in ordinary names.
func visible(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= ' ' && r != 0x7f
	case r == 0xfe0e || r == 0xfe0f:
		return true
	case r == 0x2800: // the blank Braille pattern
		return false
	}
	return unicode.IsPrint(r) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
