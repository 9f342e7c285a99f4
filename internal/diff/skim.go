package diff

import (
	"bytes"
	"slices"
	"strings"
)

// skimmed is a file of an object as it is passed over: what it is called, as far as that can
// be told without reading the file, and the whole text without capitals.
type skimmed struct {
	names []string
	lower []byte
}

// skim takes from a canonical file the texts of the given members, which lie right below a
// section. A file that is written otherwise has none.
func skim(data []byte, members []string) skimmed {
	var s skimmed
	for _, member := range members {
		_, rest, ok := bytes.Cut(data, []byte("\n  "+member+": "))
		if !ok {
			continue
		}
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		if text := strings.Trim(string(line), `"'`); text != "" {
			s.names = append(s.names, text)
		}
	}
	s.lower = slices.Clone(data)
	for i, c := range s.lower {
		if 'A' <= c && c <= 'Z' {
			s.lower[i] = c | 0x20
		}
	}
	return s
}

// mayMean reports whether the selector may mean the object of a file by what it is called.
// Reading a file takes a hundred times as long as finding out that it need not be read.
func (s selector) mayMean(file skimmed) bool {
	if !s.bare && strings.ContainsAny(s.literal, meta) || len(s.needles) == 0 {
		return true
	}
	missing := func(needle string) bool { return !bytes.Contains(file.lower, []byte(needle)) }
	return !slices.ContainsFunc(s.needles, missing) || slices.ContainsFunc(file.names, func(name string) bool { return fold(name) == s.folded })
}

// needlesIn are the runs of plain letters and digits in a folded text, which stand in a file
// just so, however the rest is written there; the longest first.
func needlesIn(folded string) []string {
	runs := strings.FieldsFunc(folded, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slices.SortFunc(runs, func(a, b string) int { return len(b) - len(a) })
	return runs
}
