package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// page is one answer of a collection.
type page struct {
	items [][]byte // raw JSON, inside the answer's own memory
	next  string   // next link; empty on the last page
}

// parsePage checks a whole page and finds its items. An answer without an array
// named value is an error: taken for an empty collection, it would delete every
// object of the kind.
func parsePage(answer []byte) (page, error) {
	var p page
	found := false
	err := eachMember(answer, func(d *jsontext.Decoder, name string) (err error) {
		switch name {
		case "value":
			found = true
			p.items, err = readItems(d, answer)
		case "@odata.nextLink":
			p.next, err = readString(d)
		default:
			err = d.SkipValue()
		}
		return err
	})
	if err == nil && !found {
		err = errors.New("answer has no value")
	}
	return p, err
}

// eachMember reads one JSON object to its end and calls member with the decoder
// before each value, which it must consume.
func eachMember(data []byte, member func(d *jsontext.Decoder, name string) error) error {
	// Whether names repeat inside an object is for its reader to judge.
	d := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true))
	if k := d.PeekKind(); k != '{' {
		_, err := d.ReadToken()
		return damaged(errors.Join(err, fmt.Errorf("%s instead of an object", k)))
	}
	if _, err := d.ReadToken(); err != nil {
		return damaged(err)
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return damaged(err)
		}
		if err := member(d, name.String()); err != nil {
			return damaged(err)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return damaged(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return damaged(errors.New("data after the end"))
	}
	return nil
}

func damaged(err error) error { return fmt.Errorf("damaged answer: %w", err) }

// readItems reads an array and returns its elements as parts of data, which is what
// the decoder reads.
func readItems(d *jsontext.Decoder, data []byte) ([][]byte, error) {
	if k := d.PeekKind(); k != '[' {
		return nil, fmt.Errorf("value is %s instead of an array", k)
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var items [][]byte
	for d.PeekKind() != ']' {
		item, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		end := d.InputOffset()
		items = append(items, data[end-int64(len(item)):end])
	}
	_, err := d.ReadToken()
	return items, err
}

// readString reads a string, or null as an empty one.
func readString(d *jsontext.Decoder) (string, error) {
	token, err := d.ReadToken()
	if err != nil {
		return "", err
	}
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case 'n':
		return "", nil
	default:
		return "", fmt.Errorf("%s instead of a string", token.Kind())
	}
}

// checkJSON accepts one whole JSON object.
func checkJSON(answer []byte) error {
	return eachMember(answer, func(d *jsontext.Decoder, _ string) error { return d.SkipValue() })
}
