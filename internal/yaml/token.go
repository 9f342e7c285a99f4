package yaml

import (
	"bytes"
)

// token is one value as a file has it: text is its source, quotes included.
type token struct {
	text []byte
	// typ is the first character of a quoted string, of a flow collection or of a block
	// scalar; 0 for a plain value.
	typ  byte
	line int
	// many is set when a quoted string spans lines.
	many bool
}

func (t token) scalar() bool { return t.typ == 0 || t.typ == '"' || t.typ == '\'' }

// token reads the value that starts here. Of a flow collection or block scalar it
// reads the first character only: [scanner.emitValue] reads the rest.
func (s *scanner) token() (token, error) {
	c := s.src[s.pos]
	switch c {
	case '"', '\'':
		return s.quoted()
	case '[', '{', '|', '>':
		return token{text: s.src[s.pos : s.pos+1], typ: c, line: s.line}, nil
	}
	if err := s.indicator(); err != nil {
		return token{}, err
	}
	start := s.pos
	for ; s.src[s.pos] != '\n'; s.pos++ {
		switch c := s.src[s.pos]; {
		case c == '\t':
			return token{}, s.errorf("a tab outside of quotes")
		case c == ':' && blank(s.src[s.pos+1]), c == '#' && s.src[s.pos-1] == ' ' && s.pos > start:
			return s.plain(start), nil
		}
	}
	return s.plain(start), nil
}

// plain returns the plain value that ends here.
func (s *scanner) plain(start int) token {
	return token{text: bytes.TrimRight(s.src[start:s.pos], " "), line: s.line}
}

// indicator refuses the characters with which no plain value may start.
func (s *scanner) indicator() error {
	switch c := s.src[s.pos]; c {
	case '&':
		return s.errorf("an anchor; put text that starts with \"&\" in quotes")
	case '*':
		return s.errorf("an alias; put text that starts with \"*\" in quotes")
	case '!':
		return s.errorf("a tag; put text that starts with \"!\" in quotes")
	case '?', '-', ':':
		if blank(s.src[s.pos+1]) {
			return s.errorf("%q is not allowed here", c)
		}
	case '\t':
		return s.errorf("a tab outside of quotes")
	case ',', ']', '}', '#', '%', '@', '`':
		return s.errorf("a plain value cannot start with %q; put it in quotes", c)
	}
	return nil
}

// quoted reads a string in quotes, which may span lines.
func (s *scanner) quoted() (token, error) {
	quote, start, line := s.src[s.pos], s.pos, s.line
	for s.pos++; s.pos < len(s.src); s.pos++ {
		switch c := s.src[s.pos]; {
		case c == '\\' && quote == '"':
			if s.pos++; s.src[s.pos] != '\n' {
				continue
			}
			fallthrough
		case c == '\n':
			s.line++
			if s.pos++; s.marker() {
				return token{}, s.errorf("a document marker inside quotes")
			}
			s.pos--
		case c == quote && quote == '\'' && s.src[s.pos+1] == '\'':
			s.pos++
		case c == quote:
			s.pos++
			return token{text: s.src[start:s.pos], typ: quote, line: line, many: s.line > line}, nil
		}
	}
	s.line = line
	return token{}, s.errorf("the closing quote is missing")
}

// emitKey hands over a key of a block mapping.
func (s *scanner) emitKey(t token) error {
	if t.typ != 0 {
		s.note(t.text[1 : len(t.text)-1])
	} else {
		s.note(t.text)
	}
	return s.key(t)
}

// key hands over a key.
func (s *scanner) key(t token) error {
	switch {
	case t.many:
		return s.errorf("a key must be on one line")
	case len(t.text) > MaxKey:
		return s.errorf("a key of more than %d bytes", MaxKey)
	case t.typ != 0:
		s.out = append(s.out, t.text...)
		return nil
	case len(t.text) == 0:
		return s.errorf("a key is missing before the colon")
	case string(t.text) == "<<":
		return s.errorf("a merge key")
	case ambiguous(t.text):
		return s.errorf("key %q must be in quotes: not every parser reads it as text", t.text)
	}
	s.string(t.text)
	return nil
}

// emitScalar hands over a value that is a scalar on one line.
func (s *scanner) emitScalar(t token) error {
	switch {
	case t.typ == '"' && t.text[1] == '\\':
		s.out = append(s.out, `"\x01s`...)
		s.out = append(s.out, t.text[1:]...)
	case t.typ != 0:
		s.out = append(s.out, t.text...)
	case number(t.text):
		s.out = append(s.out, `"\x01n`...)
		s.out = append(append(s.out, t.text...), '"')
	case string(t.text) == "true", string(t.text) == "false", string(t.text) == "null":
		s.out = append(s.out, t.text...)
	case ambiguous(t.text):
		return s.errorf("%q must be in quotes: not every parser reads it as text", t.text)
	default:
		s.string(t.text)
	}
	return nil
}

// string hands over a plain string in quotes.
func (s *scanner) string(text []byte) {
	s.out = append(s.out, '\'')
	for _, c := range text {
		if c == '\'' {
			s.out = append(s.out, '\'')
		}
		s.out = append(s.out, c)
	}
	s.out = append(s.out, '\'')
}

// emitValue hands over a value and reads to the end of its line.
func (s *scanner) emitValue(t token) error {
	s.pending = false
	switch t.typ {
	case '|', '>':
		return s.block()
	case '[', '{':
		if err := s.flow(); err != nil {
			return err
		}
		return s.endLine()
	}
	if err := s.emitScalar(t); err != nil {
		return err
	}
	return s.endLine()
}

// block reads a literal or folded block scalar.
func (s *scanner) block() error {
	parent := -1
	if n := len(s.levels); n > 0 {
		parent = s.levels[n-1].column
	}
	start, indent := s.pos, 0
	for s.pos++; s.src[s.pos] != '\n' && s.src[s.pos] != ' '; s.pos++ {
		switch c := s.src[s.pos]; {
		case '1' <= c && c <= '9' && indent == 0:
			indent = max(parent, 0) + int(c-'0')
		case c != '+' && c != '-' || s.pos > start+2:
			return s.errorf("a block scalar starts with %q", s.src[start:s.pos+1])
		}
	}
	s.out = append(s.out, s.src[start:s.pos]...)
	if err := s.endLine(); err != nil {
		return err
	}
	blanks := 0 // most spaces on an empty line before the first text
	for s.pos < len(s.src) {
		start := s.pos
		s.skipSpaces()
		spaces := s.pos - start
		if empty := s.src[s.pos] == '\n'; empty && indent == 0 {
			blanks = max(blanks, spaces)
		} else if !empty {
			if indent == 0 && spaces > parent {
				indent = max(spaces, 1)
			}
			if spaces < indent || spaces <= parent {
				s.pos = start
				return nil
			}
			if blanks > indent {
				return s.errorf("empty lines above are indented more than the text")
			}
		}
		s.skipComment()
		s.pos++
		s.line++
		s.out = append(s.out, s.src[start:s.pos]...)
	}
	return nil
}
