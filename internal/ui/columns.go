package ui

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Columns is how many columns of a terminal a text takes, which has to be [Safe]: letters of
// East Asia and most pictures take two (Unicode Standard Annex 11, wide and fullwidth), marks
// that are drawn on the letter before them none.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += RuneColumns(r)
	}
	return n
}

// RuneColumns is how many columns one character takes.
func RuneColumns(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
