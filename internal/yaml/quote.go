package yaml

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// AppendText appends a string on one line: plain when every YAML parser reads the same
// string back, else in double quotes. The string must be UTF-8.
func AppendText(dst, s []byte) []byte {
	if plain(s) {
		return append(dst, s...)
	}
	return appendQuoted(dst, s)
}

// plain reports whether a string can stand without quotes: all parsers of YAML 1.1
// and 1.2 must read the same string, inside a block, as key and as value. It
// says no too often rather than once too few.
func plain(s []byte) bool {
	if len(s) == 0 || s[len(s)-1] == ' ' || !plainStart(s[0]) {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c > ' ' && c < 0x7f && c != ':' && c != '#':
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(s[i:])
			if Hidden(r) {
				return false
			}
			i += size - 1
		case c < ' ' || c == 0x7f:
			return false
		case c == ':' && (i+1 == len(s) || s[i+1] == ' '):
			return false
		case c == '#' && s[i-1] == ' ':
			return false
		}
	}
	return !ambiguous(s)
}

func plainStart(c byte) bool {
	return letter(c) || digit(c) || c >= utf8.RuneSelf || c == '_' || c == '/' || c == '(' || c == '$'
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func digit(c byte) bool { return '0' <= c && c <= '9' }

// ambiguous reports whether some parser reads a plain string as something else: a
// number in any base, with underscores, in sexagesimal or hexadecimal floating
// point, a time, a boolean of YAML 1.1, null, a merge key or a default value.
func ambiguous(s []byte) bool {
	if len(s) <= len("+infinity") && word(s) {
		return true
	}
	if c := s[0]; !digit(c) && c != '+' && c != '-' && c != '.' || guid(s) {
		return false
	}
	for _, c := range s {
		if !digit(c) && strings.IndexByte("abcdefopxtzABCDEFOPXTZ+-_.,:% ", c) < 0 {
			return false
		}
	}
	return true
}

// word reports whether s is a word with a meaning in some version of YAML.
func word(s []byte) bool {
	var buf [len("+infinity")]byte
	lower := buf[:0]
	for _, c := range s {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower = append(lower, c)
	}
	if lower[0] == '+' || lower[0] == '-' {
		lower = lower[1:]
	}
	switch string(lower) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<",
		".nan", ".inf", "nan", "inf", "infinity":
		return true
	}
	return false
}

// guid reports whether s has the form of a GUID, which no parser takes for a number.
func guid(s []byte) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !digit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// Hidden reports whether a character must be written as an escape: controls, line and
// paragraph separators, spaces that look like the space, marks without width,
// direction marks, tags and noncharacters. The list is fixed, and not asked of
// package unicode, because bytes must not change with the version of Unicode.
func Hidden(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0xa0, r == 0xad, r == 0x034f, r == 0x061c,
		r == 0x115f, r == 0x1160, r == 0x1680, r == 0x17b4, r == 0x17b5, r == 0x180e,
		0x2000 <= r && r <= 0x200f, 0x2028 <= r && r <= 0x202f, 0x205f <= r && r <= 0x206f,
		r == 0x3164, r == 0xfeff, r == 0xffa0, 0xfff0 <= r && r <= 0xfffb,
		0xfdd0 <= r && r <= 0xfdef, r&0xfffe == 0xfffe, 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return false
}

const upperHex = "0123456789ABCDEF"

// appendQuoted appends a string in double quotes. Its escapes are those of JSON,
// except beyond U+FFFF, where YAML has "\U" and no surrogates.
func appendQuoted(dst, s []byte) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case !Hidden(r):
			dst = append(dst, s[i:i+size]...)
		case r > 0xffff:
			dst = appendHex(append(dst, `\U`...), r, 8)
		default:
			dst = appendHex(append(dst, `\u`...), r, 4)
		}
		i += size
	}
	return append(dst, '"')
}

func appendHex(dst []byte, r rune, digits int) []byte {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, upperHex[r>>shift&0xf])
	}
	return dst
}

// AppendBlock appends a string of several lines as a literal block, its lines indented
// to a column: there, a change of one line is one line of a diff. It reports whether it
// did, which is only where nothing is left to a parser's or an editor's choice: no
// leading space or empty line, no space at the end of a line, no character that needs an
// escape, at most one line end at the end.
func AppendBlock(dst, s []byte, column int) ([]byte, bool) {
	body, ended := bytes.CutSuffix(s, []byte("\n"))
	if bytes.IndexByte(body, '\n') <= 0 || body[0] == ' ' || body[len(body)-1] == '\n' {
		return dst, false
	}
	for i, r := range string(body) {
		if r != '\n' && (Hidden(r) || r == utf8.RuneError) {
			return dst, false
		}
		if last := i+1 == len(body) || body[i+1] == '\n'; r == ' ' && last {
			return dst, false
		}
	}
	dst = append(dst, '|')
	if !ended {
		dst = append(dst, '-')
	}
	dst = append(dst, '\n')
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		if len(line) > 0 {
			dst = AppendIndent(dst, column)
		}
		dst = append(append(dst, line...), '\n')
	}
	return dst, true
}

// AppendIndent appends the spaces before a column.
func AppendIndent(dst []byte, column int) []byte {
	for range column {
		dst = append(dst, ' ')
	}
	return dst
}
