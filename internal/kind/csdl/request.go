package csdl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Request is one request to Graph: the path is below the versioned base URL and not escaped,
// and the body is empty for none.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Body   []byte
}

// Judge returns an error that says what in a request the metadata does not have or has
// otherwise: its path, the properties that its query names, what its body holds.
func (m *Metadata) Judge(r Request) error {
	p, err := m.Resolve(r.Path)
	if err != nil {
		return err
	}
	if err := m.query(p, r.Query); err != nil {
		return fmt.Errorf("%s: %w", r.Path, err)
	}
	if len(r.Body) == 0 || p.Type == "Stream" {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	decoder.UseNumber()
	var body map[string]any
	if err := decoder.Decode(&body); err != nil {
		return fmt.Errorf("%s: the body: %w", r.Path, err)
	}
	if err := m.body(p, r.Method, body); err != nil {
		return fmt.Errorf("%s: %w", r.Path, err)
	}
	return nil
}

// body judges what a write sends.
func (m *Metadata) body(p Place, method string, body map[string]any) error {
	switch {
	case p.Ref:
		if _, ok := body["@odata.id"].(string); !ok || len(body) != 1 {
			return fmt.Errorf("a reference is @odata.id alone")
		}
		return nil
	case p.Operation != "":
		return m.parameters(p, body)
	case method == "POST":
		return m.Holds(p.Type, body)
	}
	for name := range body {
		for typ := p.Type; typ != ""; typ = m.Types[typ].base() {
			if name == "id" || slices.Contains(m.Immutable[typ], name) {
				return fmt.Errorf("%s of %s is never updated", name, p.Type)
			}
		}
	}
	return m.Holds(p.Type, body)
}

func (m *Metadata) parameters(p Place, body map[string]any) error {
	for name, value := range body {
		short, ok := p.Parameters[name]
		if !ok {
			return fmt.Errorf("%s has no parameter %s", p.Operation, name)
		}
		if err := m.Fits(parse(name, short), value); err != nil {
			return err
		}
	}
	return nil
}

// query judges the properties and relationships that the system query options name.
func (m *Metadata) query(p Place, query url.Values) error {
	for option := range query {
		value := query.Get(option)
		var err error
		switch option {
		case "$select":
			err = m.names(p.Type, strings.Split(value, ","))
		case "$orderby":
			for key := range strings.SplitSeq(value, ",") {
				name, _, _ := strings.Cut(strings.TrimSpace(key), " ")
				err = m.names(p.Type, []string{name})
			}
		case "$expand":
			err = m.expand(p.Type, value)
		case "$filter":
			err = m.filter(p.Type, value)
		case "$top", "$skip", "$skiptoken", "$deltatoken", "$count", "$search", "$format":
		default:
			if strings.HasPrefix(option, "$") {
				err = fmt.Errorf("there is no option %s", option)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", option, err)
		}
	}
	return nil
}

// names judges paths of properties such as "onPremisesExtensionAttributes/extensionAttribute1",
// which may be of a type derived from the one that is declared.
func (m *Metadata) names(typ string, paths []string) error {
	for _, path := range paths {
		at := typ
		for name := range strings.SplitSeq(path, "/") {
			member, ok := m.Members(at, true)[name]
			if !ok && !m.extends(at, name) {
				return fmt.Errorf("%s has no %s", at, path)
			}
			at = member.Type
		}
	}
	return nil
}

// extends reports whether a name may be that of a directory extension of the type or of one
// derived from it.
func (m *Metadata) extends(typ, name string) bool {
	return strings.HasPrefix(name, "extension_") && slices.ContainsFunc(m.Derived(typ), m.open)
}

// expand judges "a,b($select=c;$expand=d)".
func (m *Metadata) expand(typ, value string) error {
	for _, part := range outside(value, ',') {
		name, options, _ := strings.Cut(strings.TrimSuffix(part, ")"), "(")
		member := m.Members(typ, true)[name]
		if !member.Navigation {
			return fmt.Errorf("%s is no relationship of %s", name, typ)
		}
		for _, option := range outside(options, ';') {
			key, value, _ := strings.Cut(option, "=")
			if err := m.query(Place{Type: member.Type}, url.Values{key: {value}}); option != "" && err != nil {
				return err
			}
		}
	}
	return nil
}

// outside splits at a separator that is in no parentheses.
func outside(value string, separator rune) []string {
	depth := 0
	return strings.FieldsFunc(value, func(r rune) bool {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		return r == separator && depth == 0
	})
}

var (
	quoted = regexp.MustCompile(`'(?:[^']|'')*'`)
	lambda = regexp.MustCompile(`([\w/]+)/(?:any|all)\((\w+):`)
	word   = regexp.MustCompile(`\b[A-Za-z_][\w/.]*`)
)

// reserved are the words of a filter that name no property.
var reserved = strings.Fields("and or not eq ne gt ge lt le in has null true false startswith endswith contains any all")

// filter judges the names in an expression; what a lambda binds stands for elements.
func (m *Metadata) filter(typ, expression string) error {
	rest := quoted.ReplaceAllString(expression, " ")
	bound := map[string]string{}
	for _, match := range lambda.FindAllStringSubmatch(rest, -1) {
		if err := cmp.Or(m.names(typ, []string{match[1]}), m.filterable(typ, match[1])); err != nil {
			return err
		}
		bound[match[2]] = m.end(typ, match[1])
	}
	rest = lambda.ReplaceAllString(rest, "(")
	for _, name := range word.FindAllString(rest, -1) {
		first, below, deep := strings.Cut(name, "/")
		element, isBound := bound[first]
		switch {
		case slices.Contains(reserved, name) || isBound && !deep:
		case isBound:
			if err := m.names(element, []string{below}); err != nil {
				return err
			}
		default:
			if err := cmp.Or(m.names(typ, []string{name}), m.filterable(typ, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// filterable judges whether Microsoft documents that a property can be filtered by.
func (m *Metadata) filterable(typ, path string) error {
	name, _, _ := strings.Cut(path, "/")
	if documented, known := m.Filters[typ]; known && documented[name] == "" && !m.extends(typ, name) {
		return fmt.Errorf("%s of %s cannot be filtered by", name, typ)
	}
	return nil
}

// end is the type of what a path leads to.
func (m *Metadata) end(typ, path string) string {
	for name := range strings.SplitSeq(path, "/") {
		typ = m.Members(typ, true)[name].Type
	}
	return typ
}
