package yaml

import "bytes"

// bracket is an open flow collection.
type bracket struct {
	close byte
	// value says that a value may come: always in a list, after a key in a mapping.
	value bool
	// done says that a value came and no comma yet.
	done bool
}

// flow reads a collection in brackets, which may span lines, to its closing bracket.
func (s *scanner) flow() error {
	var open []bracket
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		if c == ' ' || c == '\n' || c == '#' {
			if err := s.flowSpace(); err != nil {
				return err
			}
			continue
		}
		top := &bracket{value: true}
		if n := len(open); n > 0 {
			top = &open[n-1]
		}
		if c == '[' || c == '{' {
			if err := s.flowStart(top, len(open)); err != nil {
				return err
			}
			open = append(open, bracket{close: c + 2, value: c == '['}) // ASCII has "]" and "}" two further on
			continue
		}
		if err := s.flowNext(top); err != nil {
			return err
		}
		if c == top.close {
			if open = open[:len(open)-1]; len(open) == 0 {
				return nil
			}
		}
	}
	return s.errorf("a closing bracket is missing")
}

// flowStart reads an opening bracket, inside that many others.
func (s *scanner) flowStart(top *bracket, depth int) error {
	c := s.src[s.pos]
	switch {
	case top.done:
		return s.errorf("a comma is missing before %q", c)
	case !top.value:
		return s.errorf("%q cannot start a key", c)
	case len(s.levels)+depth >= maxLevels:
		return s.errorf("nested more than %d deep", maxLevels)
	}
	top.done = true
	s.flowByte()
	return nil
}

// flowNext reads what follows in a collection, except an opening bracket.
func (s *scanner) flowNext(top *bracket) error {
	switch c := s.src[s.pos]; {
	case c == ',' || c == top.close:
		return s.flowEnd(top)
	case c == ']' || c == '}':
		return s.errorf("%q closes nothing", c)
	case c == ':':
		return s.errorf("a colon without a key; put text that holds a colon in quotes")
	case top.done:
		return s.errorf("a comma is missing before %q", c)
	case !top.value:
		top.value = true
		return s.flowKey()
	}
	top.done = true
	return s.flowValue()
}

func (s *scanner) flowByte() {
	s.out = append(s.out, s.src[s.pos])
	s.pos++
}

// flowEnd reads the comma or bracket that ends an element.
func (s *scanner) flowEnd(top *bracket) error {
	c, mapping := s.src[s.pos], top.close == '}'
	if !top.done && (c == ',' || mapping && top.value) {
		return s.errorf("a value is missing before %q", c)
	}
	top.done, top.value = false, !mapping
	s.flowByte()
	return nil
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

// flowKey reads a key between brackets, and its colon.
func (s *scanner) flowKey() error {
	t, err := s.flowScalar()
	if err != nil {
		return err
	}
	s.skipSpaces()
	if s.src[s.pos] != ':' || t.typ == 0 && !blank(s.src[s.pos+1]) {
		return s.errorf("a colon and a space must follow the key %.40q", t.text)
	}
	s.pos++
	if err := s.key(t); err != nil {
		return err
	}
	s.out = append(s.out, ": "...)
	return nil
}

// flowValue reads a scalar between brackets.
func (s *scanner) flowValue() error {
	t, err := s.flowScalar()
	if err != nil {
		return err
	}
	return s.emitScalar(t)
}

func (s *scanner) flowScalar() (token, error) {
	if c := s.src[s.pos]; c == '"' || c == '\'' {
		return s.quoted()
	}
	return s.flowPlain()
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
