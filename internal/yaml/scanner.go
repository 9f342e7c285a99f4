package yaml

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Marks that the scanner puts before a value and [unmark] takes away.
const (
	markNumber = "\x01n"
	markString = "\x01s"
)

// unmark gives a string that the scanner marked its meaning back.
func unmark(text string) any {
	if digits, ok := strings.CutPrefix(text, markNumber); ok {
		return json.Number(digits)
	}
	return strings.TrimPrefix(text, markString)
}

// scanner holds the state of one run over a file.
type scanner struct {
	file string
	src  []byte
	out  []byte
	pos  int
	line int // from 1
	// levels are the open block collections, outermost first.
	levels []level
	// pending is set while the innermost key or dash waits for its value.
	pending bool
	// opened is set by "---", begun by the first value or collection.
	opened, begun bool
	// bare leaves out lines that hold nothing but a comment or space.
	bare bool
	// want and found serve [LineOf].
	want  string
	found place
}

// level is an open block collection.
type level struct {
	column int
	list   bool
	name   string // the current key, kept for LineOf only
	index  int    // of the current element
}

func (s *scanner) errorf(format string, args ...any) error {
	return &Error{File: s.file, Line: s.line, Text: fmt.Sprintf(format, args...)}
}

// run reads a file and returns the first breach of the profile.
func (s *scanner) run(data []byte) error {
	s.line = 1
	if err := s.characters(data); err != nil {
		return err
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data[:len(data):len(data)], '\n')
	}
	s.src, s.line = data, 1
	s.out = make([]byte, 0, len(data)+len(data)/4)
	for s.pos < len(s.src) {
		if err := s.lineStart(); err != nil {
			return err
		}
	}
	if !s.begun {
		return &Error{File: s.file, Line: 1, Text: "the file holds no value"}
	}
	return nil
}

// characters refuses the characters that no text file should hold, and names the line.
func (s *scanner) characters(data []byte) error {
	if len(data) > MaxFile {
		return &Error{File: s.file, Text: fmt.Sprintf("file of %d bytes, more than %d", len(data), MaxFile)}
	}
	for i := 0; i < len(data); {
		c := data[i]
		if c >= ' ' && c < 0x7f || c == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case c == '\n':
			s.line++
		case r == utf8.RuneError && size == 1:
			return s.errorf("not valid UTF-8")
		case r == '\r':
			return s.errorf("carriage return: lines must end in a line feed alone")
		case r == '\ufeff' && i == 0:
			return s.errorf("byte order mark")
		case r < ' ', 0x7f <= r && r < 0xa0, r == '\u2028', r == '\u2029', r == '\ufeff', r&^1 == 0xfffe:
			return s.errorf("character U+%04X must be written as an escape", r)
		}
		i += size
	}
	return nil
}

// lineStart reads from the start of a line to the end of its last value.
func (s *scanner) lineStart() error {
	start := s.pos
	s.skipSpaces()
	column := s.pos - start
	switch c := s.src[s.pos]; {
	case c == '\n' || c == '#':
		s.blankLine()
		return nil
	case c == '\t':
		return s.errorf("a tab in the indentation")
	case column == 0 && s.marker():
		return s.document()
	}
	s.out = append(s.out, s.src[start:s.pos]...)
	return s.entry(column)
}

// blankLine skips a line without values. An empty comment takes its place: an empty
// line would be part of a block scalar above.
func (s *scanner) blankLine() {
	s.skipComment()
	s.pos++
	s.line++
	if !s.bare {
		s.out = append(s.out, '#', '\n')
	}
}

// marker reports whether a line starts with the marker of a document.
func (s *scanner) marker() bool {
	rest := s.src[s.pos:]
	return (bytes.HasPrefix(rest, []byte("---")) || bytes.HasPrefix(rest, []byte("..."))) &&
		blank(rest[3])
}

// document skips the "---" that may open a file.
func (s *scanner) document() error {
	if s.opened || s.begun || s.src[s.pos] == '.' {
		return s.errorf("more than one document")
	}
	s.opened = true
	s.pos += len("---")
	s.skipSpaces()
	if c := s.src[s.pos]; c != '\n' && c != '#' {
		return s.errorf("a value on the line that opens the document")
	}
	s.blankLine()
	return nil
}

// entry reads the dashes, the key and the value that start at a column.
func (s *scanner) entry(column int) error {
	for s.src[s.pos] == '-' && blank(s.src[s.pos+1]) {
		if err := s.open(column, true); err != nil {
			return err
		}
		s.note(nil)
		s.pending = true
		start := s.pos
		s.pos++
		s.skipSpaces()
		s.out = append(s.out, s.src[start:s.pos]...)
		if c := s.src[s.pos]; c == '\n' || c == '#' {
			return s.endLine()
		}
		column += s.pos - start
	}
	token, err := s.token()
	if err != nil {
		return err
	}
	if !token.scalar() || !s.colon() {
		return s.alone(token, column)
	}
	if err := s.open(column, false); err != nil {
		return err
	}
	if err := s.emitKey(token); err != nil {
		return err
	}
	s.pos++
	s.out = append(s.out, ": "...)
	s.skipSpaces()
	s.pending = true
	if c := s.src[s.pos]; c == '\n' || c == '#' {
		return s.endLine()
	}
	if c := s.src[s.pos]; c == '-' && blank(s.src[s.pos+1]) {
		return s.errorf("a list must start on the line after its key")
	}
	if token, err = s.token(); err != nil {
		return err
	}
	return s.emitValue(token)
}

// alone reads a value that stands on a line of its own or after a dash.
func (s *scanner) alone(t token, column int) error {
	if !s.pending && s.begun {
		return s.errorf("%.40q is neither a key nor a list item; put text of several lines in quotes", t.text)
	}
	if len(s.levels) > 0 && column <= s.levels[len(s.levels)-1].column {
		return s.errorf("a value must be indented more than its key")
	}
	s.begun = true
	return s.emitValue(t)
}

// open enters the block collection at a column, or goes on with it.
func (s *scanner) open(column int, list bool) error {
	n := len(s.levels)
	for n > 0 {
		top := s.levels[n-1]
		if top.column < column || top.column == column && (list || !top.list) {
			break
		}
		n--
		s.pending = false
	}
	s.levels = s.levels[:n]
	if n > 0 && s.levels[n-1].column == column && s.levels[n-1].list == list {
		s.levels[n-1].index++
		s.pending = false
		return nil
	}
	if !s.pending && s.begun {
		return s.errorf("the indentation fits no line above")
	}
	if n >= maxLevels {
		return s.errorf("nested more than %d deep", maxLevels)
	}
	s.begun, s.pending = true, false
	s.levels = append(s.levels, level{column: column, list: list})
	return nil
}

// endLine reads to the end of a line on which no further value may stand.
func (s *scanner) endLine() error {
	before := s.pos
	s.skipSpaces()
	switch c := s.src[s.pos]; {
	case c == '#' && (s.pos > before || s.src[s.pos-1] == ' '):
		s.skipComment()
	case c != '\n':
		end := bytes.IndexByte(s.src[s.pos:], '\n')
		return s.errorf("%.40q cannot follow a value on its line", s.src[s.pos:s.pos+end])
	}
	s.out = append(bytes.TrimRight(s.out, " "), '\n')
	s.pos++
	s.line++
	return nil
}

func (s *scanner) skipSpaces() {
	for s.src[s.pos] == ' ' {
		s.pos++
	}
}

// skipComment goes to the end of the line.
func (s *scanner) skipComment() {
	s.pos += bytes.IndexByte(s.src[s.pos:], '\n')
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' }

// colon reports whether the colon of a key comes next and moves to it.
func (s *scanner) colon() bool {
	at := s.pos
	for s.src[at] == ' ' {
		at++
	}
	if s.src[at] != ':' || !blank(s.src[at+1]) {
		return false
	}
	s.pos = at
	return true
}

func number(s []byte) bool {
	return (s[0] == '-' || digit(s[0])) && jsontext.Value(s).IsValid()
}
