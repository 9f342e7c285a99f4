package emulator

import (
	"slices"
	"strings"
)

// filter is a compiled $filter expression.
type filter struct {
	match func(object) bool
	// advanced marks an expression that the directory answers only with
	// ConsistencyLevel: eventual and $count=true.
	advanced bool
	// keys are the values of the ids asked for when the expression is nothing but that.
	equals map[string]string
}

// operand reads a value from an object.
type operand func(object) any

// filterParser is a recursive-descent parser of the OData grammar that Graph supports:
// and, or, not, comparisons, in, startswith, endswith, contains and any.
type filterParser struct {
	meta     *metadata
	typ      *entityType
	tokens   []token
	pos      int
	advanced bool
	equals   map[string]string
	// variable is the name bound by any(), and element the type it ranges over.
	variable, element string
	// bound is the collection that the variable ranges over.
	bound string
}

type token struct {
	text   string
	quoted bool
}

// parseFilter compiles an expression over the properties of a type.
func parseFilter(meta *metadata, typ *entityType, expression string) (*filter, *apiError) {
	tokens, ok := lexFilter(expression)
	if !ok {
		return nil, badFilter("There is an unterminated string literal in '%s'.", expression)
	}
	p := &filterParser{meta: meta, typ: typ, tokens: tokens, equals: make(map[string]string)}
	match, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.pos != len(p.tokens) {
		return nil, badFilter("Syntax error at '%s' in '%s'.", p.peek().text, expression)
	}
	return &filter{match: match, advanced: p.advanced, equals: p.equals}, nil
}

func badFilter(format string, args ...any) *apiError {
	err := badRequest("Invalid filter clause: "+format, args...)
	return err
}

// lexFilter splits an expression into words, quoted strings and punctuation.
func lexFilter(s string) (tokens []token, ok bool) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ':
			i++
		case strings.IndexByte("(),:", c) >= 0 && !insideTime(s, i):
			tokens = append(tokens, token{text: string(c)})
			i++
		case c == '\'':
			text, next, ok := lexString(s, i)
			if !ok {
				return nil, false
			}
			tokens = append(tokens, token{text: text, quoted: true})
			i = next
		default:
			start := i
			for i < len(s) && (strings.IndexByte(" (),:'", s[i]) < 0 || insideTime(s, i)) {
				i++
			}
			tokens = append(tokens, token{text: s[start:i]})
		}
	}
	return tokens, true
}

// insideTime reports whether the colon at i is one of a time of day and not that of a
// lambda.
func insideTime(s string, i int) bool {
	return s[i] == ':' && i > 1 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i-2]) && isDigit(s[i+1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func lexString(s string, i int) (text string, next int, ok bool) {
	var b strings.Builder
	for i++; i < len(s); i++ {
		if s[i] != '\'' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		return b.String(), i + 1, true
	}
	return "", 0, false
}

func (p *filterParser) peek() token {
	if p.pos < len(p.tokens) {
		return p.tokens[p.pos]
	}
	return token{}
}

func (p *filterParser) next() token {
	t := p.peek()
	p.pos++
	return t
}

// accept consumes the word if it is next.
func (p *filterParser) accept(word string) bool {
	if t := p.peek(); !t.quoted && t.text == word {
		p.pos++
		return true
	}
	return false
}

func (p *filterParser) expect(word string) *apiError {
	if p.accept(word) {
		return nil
	}
	return badFilter("'%s' expected before '%s'.", word, p.peek().text)
}

func (p *filterParser) or() (func(object) bool, *apiError) {
	left, err := p.and()
	for err == nil && p.accept("or") {
		var right func(object) bool
		right, err = p.and()
		p.equals = nil
		l := left
		left = func(o object) bool { return l(o) || right(o) }
	}
	return left, err
}

func (p *filterParser) and() (func(object) bool, *apiError) {
	left, err := p.term()
	for err == nil && p.accept("and") {
		var right func(object) bool
		right, err = p.term()
		l := left
		left = func(o object) bool { return l(o) && right(o) }
	}
	return left, err
}

func (p *filterParser) term() (func(object) bool, *apiError) {
	switch {
	case p.accept("not"):
		p.advanced, p.equals = true, nil
		inner, err := p.term()
		return func(o object) bool { return !inner(o) }, err
	case p.accept("("):
		inner, err := p.or()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	}
	switch name := strings.ToLower(p.peek().text); name {
	case "startswith", "endswith", "contains":
		return p.function(name)
	}
	return p.comparison()
}

// function parses startswith(property,'value') and its kin.
func (p *filterParser) function(name string) (func(object) bool, *apiError) {
	p.next()
	if err := p.expect("("); err != nil {
		return nil, err
	}
	path := p.next().text
	read, _, err := p.property(path)
	if err != nil {
		return nil, err
	}
	if err := p.expect(","); err != nil {
		return nil, err
	}
	value := fold(p.next().text)
	test := map[string]func(s, part string) bool{
		"startswith": strings.HasPrefix, "endswith": strings.HasSuffix, "contains": strings.Contains,
	}[name]
	switch {
	case name == "endswith":
		p.advanced = true
	case name == "contains" && p.meta.isA(p.typ.Name, "directoryObject"):
		return nil, unsupportedQuery("Unsupported Query.")
	}
	p.equals = nil
	if err := p.takes(path, name); err != nil {
		return nil, err
	}
	return func(o object) bool {
		s, ok := read(o).(string)
		return ok && test(fold(s), value)
	}, p.expect(")")
}

// comparison parses "property eq value", "property in (…)" and "property/any(x:…)".
func (p *filterParser) comparison() (func(object) bool, *apiError) {
	path := p.next().text
	if collection, ok := strings.CutSuffix(path, "/any"); ok {
		return p.any(collection)
	}
	read, typ, err := p.property(path)
	if err != nil {
		return nil, err
	}
	operator := p.next().text
	if !slices.Contains([]string{"in", "eq", "ne", "gt", "ge", "lt", "le"}, operator) {
		return nil, badFilter("'%s' is not an operator.", operator)
	}
	if err := p.takes(path, operator); err != nil {
		return nil, err
	}
	if operator == "in" {
		return p.in(read)
	}
	literal := p.next()
	value, err := p.literal(literal, typ)
	if err != nil {
		return nil, err
	}
	if operator == "eq" && p.equals != nil && literal.quoted {
		p.equals[path] = literal.text
	}
	if operator == "ne" {
		p.advanced = true
	}
	return func(o object) bool { return compare(operator, read(o), value) }, nil
}

func (p *filterParser) in(read operand) (func(object) bool, *apiError) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	p.equals = nil
	var values []string
	for {
		values = append(values, fold(p.next().text))
		if !p.accept(",") {
			break
		}
	}
	return func(o object) bool {
		s, ok := read(o).(string)
		return ok && slices.Contains(values, fold(s))
	}, p.expect(")")
}

// any parses the rest of "collection/any(x:expression)".
func (p *filterParser) any(collection string) (func(object) bool, *apiError) {
	read, typ, err := p.property(collection)
	if err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	p.equals = nil
	p.variable, p.element, p.bound = p.next().text, typ, collection
	defer func() { p.variable, p.element, p.bound = "", "", "" }()
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	inner, err := p.or()
	if err != nil {
		return nil, err
	}
	element := make(object, 1) // one for all: a filter is one request's
	return func(o object) bool {
		list, _ := read(o).([]any)
		return slices.ContainsFunc(list, func(x any) bool {
			element[""] = x
			return inner(element)
		})
	}, p.expect(")")
}

// takes refuses an operator that Microsoft does not document for a property of a directory object
// (the pages of user, group and the like: "Supports $filter (…)"). Of the values of directory
// extensions nothing is documented.
func (p *filterParser) takes(path, operator string) *apiError {
	name, _, _ := strings.Cut(path, "/")
	if p.variable != "" && name == p.variable {
		name, _, _ = strings.Cut(p.bound, "/")
	}
	documented, known := p.meta.Filters[p.typ.Name]
	if !known || strings.HasPrefix(name, "extension_") || slices.Contains(strings.Fields(strings.ToLower(documented[name])), operator) {
		return nil
	}
	return unsupportedQuery("Unsupported or invalid query filter clause specified for property '%s' of resource '%s'.", name, capital(p.typ.Name))
}

// property resolves a path to a reader of its value and the value's type.
func (p *filterParser) property(path string) (operand, string, *apiError) {
	parts := strings.Split(path, "/")
	if p.variable != "" && parts[0] == p.variable {
		typ, err := p.member(p.element, p.meta.Types[p.element], parts[1:])
		parts[0] = ""
		return readPath(parts), typ, err
	}
	typ, err := p.member("", p.typ, parts)
	return readPath(parts), typ, err
}

// member follows names from a type, if it has any, to the type of the last one.
func (p *filterParser) member(typ string, t *entityType, names []string) (string, *apiError) {
	for _, name := range names {
		if t == nil {
			break
		}
		prop, ok := t.properties[name]
		if !ok && (!t.Open || !strings.HasPrefix(name, "extension_")) {
			return "", badRequest("Could not find a property named '%s' on type '%s%s'.", name, namespace, t.Name)
		}
		typ = prop.Type
		t = p.meta.Types[prop.Type]
	}
	return typ, nil
}

func readPath(parts []string) operand {
	return func(o object) any {
		var v any = o
		for _, name := range parts {
			m, ok := v.(object)
			if !ok {
				return nil
			}
			v = m[name]
		}
		return v
	}
}
