package canon

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entragit/entragit/internal/yaml"
)

// Types of a node.
const (
	isNull   = 'n'
	isFalse  = 'f'
	isTrue   = 't'
	isString = '"'
	isNumber = '0'
	isObject = '{'
	isArray  = '['
)

// node is one JSON value. Nodes refer to each other and to their text by index, so
// that one object costs no allocation of its own.
type node struct {
	typ byte
	// key is the member's name, when the parent is an object.
	key span
	// text is a string's value, without quotes and escapes, or a number's digits.
	text span
	// first child and next sibling; 0 is none.
	first, next int32
	// rule is the rule that the value was cleaned by; nil where no rule is about it.
	rule *rule
}

// span is a part of an arena's text.
type span struct{ start, end int32 }

// arena holds the JSON values of one object and their text, in buffers that are
// used again for the next object.
type arena struct {
	nodes []node
	text  []byte
	order []int32 // scratch for sorting
	json  jsontext.Decoder
}

// Buffers larger than this, which few objects need, are not kept for the next.
const (
	keepText  = 1 << 20
	keepNodes = 1 << 14
)

func (a *arena) reset() {
	if cap(a.text) > keepText || cap(a.nodes) > keepNodes {
		a.text, a.nodes, a.order = nil, nil, nil
	}
	a.text, a.order = a.text[:0], a.order[:0]
	a.nodes = append(a.nodes[:0], node{}) // index 0 is no node
}

func (a *arena) add(typ byte) int32 {
	a.nodes = append(a.nodes, node{typ: typ})
	return int32(len(a.nodes) - 1)
}

func (a *arena) bytes(s span) []byte { return a.text[s.start:s.end] }

func (a *arena) key(i int32) []byte { return a.bytes(a.nodes[i].key) }

func (a *arena) value(i int32) []byte { return a.bytes(a.nodes[i].text) }

func (a *arena) put(s string) span {
	start := len(a.text)
	a.text = append(a.text, s...)
	return span{int32(start), int32(len(a.text))}
}

// empty reports whether a member with that value is as good as absent.
func (a *arena) empty(i int32) bool {
	n := &a.nodes[i]
	return n.typ == isNull || (n.typ == isObject || n.typ == isArray) && n.first == 0
}

// member returns the value of an object's member, or 0.
func (a *arena) member(object int32, name string) int32 {
	for c := a.nodes[object].first; c != 0; c = a.nodes[c].next {
		if string(a.key(c)) == name {
			return c
		}
	}
	return 0
}

// children appends the children of i to the scratch list and returns them with the
// list's length before, to which the caller must cut it again.
func (a *arena) children(i int32) ([]int32, int) {
	before := len(a.order)
	for c := a.nodes[i].first; c != 0; c = a.nodes[c].next {
		a.order = append(a.order, c)
	}
	return a.order[before:], before
}

// link makes list the children of i, in that order.
func (a *arena) link(i int32, list []int32) {
	next := int32(0)
	for _, c := range slices.Backward(list) {
		a.nodes[c].next = next
		next = c
	}
	a.nodes[i].first = next
}

// sortMembers orders the members of an object by name.
func (a *arena) sortMembers(i int32) {
	list, before := a.children(i)
	byKey := func(x, y int32) int { return bytes.Compare(a.key(x), a.key(y)) }
	if !slices.IsSortedFunc(list, byKey) {
		slices.SortFunc(list, byKey)
		a.link(i, list)
	}
	a.order = a.order[:before]
}

// compare orders two canonical values; only equal values compare as equal.
func (a *arena) compare(i, j int32) int {
	x, y := &a.nodes[i], &a.nodes[j]
	if x.typ != y.typ {
		return int(x.typ) - int(y.typ)
	}
	c, d := x.first, y.first
	for ; c != 0 && d != 0; c, d = a.nodes[c].next, a.nodes[d].next {
		if r := bytes.Compare(a.key(c), a.key(d)); r != 0 {
			return r
		}
		if r := a.compare(c, d); r != 0 {
			return r
		}
	}
	if c != d {
		return int(c - d) // the shorter list, whose children ended in 0, comes first
	}
	return bytes.Compare(a.value(i), a.value(j))
}

// parse reads one JSON value. Its errors are one clause without the object's name.
func (a *arena) parse(body []byte) (int32, error) {
	if len(body) > maxBody {
		return 0, fmt.Errorf("body of %d bytes, more than %d", len(body), maxBody)
	}
	if len(a.text) > yaml.MaxFile {
		return 0, fmt.Errorf("more than %d bytes", yaml.MaxFile)
	}
	a.json.Reset(bytes.NewBuffer(body))
	root, err := a.read(0)
	if err == nil {
		if _, end := a.json.ReadToken(); !errors.Is(end, io.EOF) {
			err = errors.New("text after the JSON value")
		}
	}
	if err == nil {
		return root, nil
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return 0, errors.New("JSON ends too early")
	}
	if syntax := new(jsontext.SyntacticError); errors.As(err, &syntax) {
		return 0, fmt.Errorf("not valid JSON at byte %d, %q: %s", syntax.ByteOffset, syntax.JSONPointer,
			strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	return 0, err
}

func (a *arena) read(depth int) (int32, error) {
	switch typ := byte(a.json.PeekKind()); typ {
	case isObject, isArray:
		if depth == maxDepth {
			return 0, fmt.Errorf("JSON nested more than %d deep", maxDepth)
		}
		return a.readChildren(typ, depth)
	default:
		raw, err := a.json.ReadValue()
		if err != nil {
			return 0, err
		}
		i := a.add(typ)
		switch typ {
		case isString:
			a.nodes[i].text, err = a.unquote(raw)
		case isNumber:
			start := int32(len(a.text))
			a.text = append(a.text, raw...)
			a.nodes[i].text = span{start, int32(len(a.text))}
		}
		return i, err
	}
}

// readChildren reads an object or a list. An object's names are unique: jsontext
// refuses a name that comes twice.
func (a *arena) readChildren(typ byte, depth int) (int32, error) {
	if _, err := a.json.ReadToken(); err != nil {
		return 0, err
	}
	parent, last := a.add(typ), int32(0)
	for kind := a.json.PeekKind(); kind != ']' && kind != '}'; kind = a.json.PeekKind() {
		var key span
		if typ == isObject {
			raw, err := a.json.ReadValue()
			if err == nil {
				key, err = a.unquote(raw)
			}
			if err != nil {
				return 0, err
			}
		}
		child, err := a.read(depth + 1)
		if err != nil {
			return 0, err
		}
		a.nodes[child].key = key
		if last == 0 {
			a.nodes[parent].first = child
		} else {
			a.nodes[last].next = child
		}
		last = child
	}
	_, err := a.json.ReadToken()
	return parent, err
}

// unquote appends the value of a JSON string that the decoder found valid.
func (a *arena) unquote(raw []byte) (span, error) {
	start := int32(len(a.text))
	var err error
	if n := len(raw) - 1; bytes.IndexByte(raw, '\\') < 0 {
		a.text = append(a.text, raw[1:n]...)
	} else {
		a.text, err = jsontext.AppendUnquote(a.text, raw)
	}
	return span{start, int32(len(a.text))}, err
}
