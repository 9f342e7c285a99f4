package canon

import "bytes"

// flow reads a collection in brackets, which may span lines, to its closing bracket.
func (s *scanner) flow() error {
	var open []byte // the brackets that are still to be closed
	value := false  // a value stands before, without a comma after it
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		switch c {
		case ' ', '\n', '#':
			if err := s.flowSpace(); err != nil {
				return err
			}
			continue
		case '[', '{':
			if value {
				return s.errorf("a comma is missing before %q", c)
			}
			if len(s.levels)+len(open) >= maxLevels {
				return s.errorf("nested more than %d deep", maxLevels)
			}
			open = append(open, c+2) // ASCII has the closing bracket two further on
		case ']', '}':
			if open[len(open)-1] != c {
				return s.errorf("%q closes nothing", c)
			}
			open = open[:len(open)-1]
			value = true
		case ',', ':':
			value = false
		default:
			if value {
				return s.errorf("a comma is missing")
			}
			if err := s.flowScalar(); err != nil {
				return err
			}
			value = true
			continue
		}
		s.pos++
		s.out = append(s.out, c)
		if c == ':' {
			s.out = append(s.out, ' ')
		}
		if len(open) == 0 {
			return nil
		}
	}
	return s.errorf("a closing bracket is missing")
}

// flowSpace reads space, a comment or the end of a line.
func (s *scanner) flowSpace() error {
	switch s.src[s.pos] {
	case ' ':
		s.skipSpaces()
		s.out = append(s.out, ' ')
		return nil
	case '#':
		if !blank(s.src[s.pos-1]) {
			return s.errorf("a comment must follow a space")
		}
		s.skipComment()
	}
	s.pos++
	s.line++
	s.out = append(s.out, '\n')
	if s.marker() {
		return s.errorf("a document marker inside brackets")
	}
	return nil
}

// flowScalar reads a key or value between brackets.
func (s *scanner) flowScalar() error {
	var t token
	var err error
	if c := s.src[s.pos]; c == '"' || c == '\'' {
		t, err = s.quoted()
	} else {
		t, err = s.flowPlain()
	}
	if err != nil {
		return err
	}
	at := s.pos
	for s.src[at] == ' ' {
		at++
	}
	if s.src[at] != ':' {
		return s.emitScalar(t)
	}
	if t.typ == 0 && !blank(s.src[at+1]) {
		return s.errorf("%q must be in quotes: it holds a colon", t.text)
	}
	s.pos = at
	if t.many {
		return s.errorf("a key must be on one line")
	}
	if t.typ != 0 {
		s.out = append(s.out, t.text...)
		return nil
	}
	return s.flowKey(t)
}

// flowPlain reads a plain value between brackets, where fewer characters mean the
// same to every parser.
func (s *scanner) flowPlain() (token, error) {
	if err := s.indicator(); err != nil {
		return token{}, err
	}
	start := s.pos
	for bytes.IndexByte([]byte(",[]{}:\n"), s.src[s.pos]) < 0 {
		switch c := s.src[s.pos]; {
		case c == '#' && s.src[s.pos-1] == ' ':
			return s.plain(start), nil
		case c == '\t':
			return token{}, s.errorf("a tab outside of quotes")
		case bytes.IndexByte([]byte("?\"'&*!|>%@`#"), c) >= 0:
			return token{}, s.errorf("a plain value between brackets cannot hold %q; put it in quotes", c)
		}
		s.pos++
	}
	return s.plain(start), nil
}

// flowKey hands over a plain key.
func (s *scanner) flowKey(t token) error {
	if string(t.text) == "<<" {
		return s.errorf("a merge key")
	}
	if ambiguous(t.text) {
		return s.errorf("key %q must be in quotes: not every parser reads it as text", t.text)
	}
	s.string(t.text)
	return nil
}
