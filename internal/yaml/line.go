package yaml

import (
	"strconv"

	"github.com/entragit/entragit/internal/jsonpointer"
)

// place is where a pointer was found.
type place struct {
	line  int
	depth int // tokens that matched
}

// LineOf returns the line of the value that a JSON pointer names, or of the closest
// value around it, in a file that keeps to the profile; 1 in any other file.
func LineOf(data []byte, pointer string) int {
	s := scanner{want: pointer, found: place{line: 1}}
	if s.run(data) != nil {
		return 1
	}
	return s.found.line
}

// note compares the pointer of the key or dash that was just read with the pointer that
// is looked for.
func (s *scanner) note(name []byte) {
	if s.want == "" {
		return
	}
	s.levels[len(s.levels)-1].name = string(name)
	tokens := make([]string, len(s.levels))
	for i, l := range s.levels {
		if tokens[i] = l.name; l.list {
			tokens[i] = strconv.Itoa(l.index)
		}
	}
	if jsonpointer.Within(s.want, jsonpointer.Join(tokens...)) && len(s.levels) > s.found.depth {
		s.found = place{s.line, len(s.levels)}
	}
}
