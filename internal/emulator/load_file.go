package emulator

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// readObjects returns the objects of a file: one, an array of them, or a list response.
func readObjects(dir fs.FS, file string) ([]object, error) {
	raw, err := fs.ReadFile(dir, file)
	if err != nil {
		return nil, err
	}
	text, err := decodeText(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	value, err := decodeJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if body, ok := value.(object); ok {
		if answer, ok := body["error"].(object); ok && body["id"] == nil {
			return nil, fmt.Errorf("%s: this is an error that Graph answered (%v), not an object; remove the file or export it again", file, answer["code"])
		}
		if values, ok := listResponse(body); ok {
			value = values
		}
	}
	values, ok := value.([]any)
	if !ok {
		values = []any{value}
	}
	objects := make([]object, len(values))
	for i, v := range values {
		if objects[i], ok = v.(object); !ok {
			return nil, fmt.Errorf("%s: element %d is not an object; a file holds an object, an array of objects or a list response", file, i+1)
		}
	}
	return objects, nil
}

// listResponse returns the elements of a list response.
func listResponse(body object) ([]any, bool) {
	values, ok := body["value"].([]any)
	_, hasID := body["id"]
	return values, ok && !hasID
}

// decodeText returns the file's text in UTF-8 without a byte order mark. Windows
// PowerShell writes UTF-16, with a mark or without.
func decodeText(raw []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return fromUTF16(raw[2:], binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return fromUTF16(raw[2:], binary.BigEndian)
	case len(raw) >= 2 && raw[0] != 0 && raw[1] == 0:
		return fromUTF16(raw, binary.LittleEndian)
	case len(raw) >= 2 && raw[0] == 0 && raw[1] != 0:
		return fromUTF16(raw, binary.BigEndian)
	}
	if !utf8.Valid(raw) {
		return nil, errors.New("neither UTF-8 nor UTF-16; save the file as UTF-8")
	}
	return raw, nil
}

func fromUTF16(raw []byte, order binary.ByteOrder) ([]byte, error) {
	if len(raw)%2 != 0 {
		return nil, errors.New("UTF-16 with half a character at its end; export the file again")
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return []byte(string(utf16.Decode(units))), nil
}

// decodeJSON decodes one JSON value as a body is kept in the store. A key that occurs twice is
// refused: there is no telling which was meant.
func decodeJSON(text []byte) (any, error) {
	d := jsontext.NewDecoder(bytes.NewReader(text))
	value, err := decodeValue(d)
	if err == nil {
		if _, end := d.ReadToken(); end == nil {
			err = errors.New("there is more after the first value")
		} else if !errors.Is(end, io.EOF) {
			err = end
		}
	}
	if err == nil {
		return value, nil
	}
	offset, pointer := d.InputOffset(), ""
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		offset, pointer = syntax.ByteOffset, string(syntax.JSONPointer)
	}
	switch line := lineAt(text, int(offset)); {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file is empty; remove it or export it again")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("line %d: the JSON ends in the middle; export the file again", line)
	case errors.Is(err, jsontext.ErrDuplicateName):
		return nil, fmt.Errorf("line %d: a key occurs twice (%s); keep one", line, pointer)
	default:
		return nil, fmt.Errorf("line %d: not JSON: %w", line, err)
	}
}

// lineAt returns the number of the line on which the first thing after an offset is.
func lineAt(text []byte, offset int) int {
	for offset < len(text) && bytes.IndexByte([]byte(" \t\r\n,"), text[offset]) >= 0 {
		offset++
	}
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
}

func decodeValue(d *jsontext.Decoder) (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case 'n':
		return nil, nil
	case 't', 'f':
		return token.Bool(), nil
	case '"':
		return token.String(), nil
	case '0':
		return json.Number(token.String()), nil
	case '[':
		values := []any{}
		for d.PeekKind() != ']' {
			v, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		_, err := d.ReadToken()
		return values, err
	}
	body := object{}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if body[key], err = decodeValue(d); err != nil {
			return nil, err
		}
	}
	_, err = d.ReadToken()
	return body, err
}
