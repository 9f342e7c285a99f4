package yaml

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"sigs.k8s.io/yaml"
)

// Read reads the one value of a file through the strict profile, in the types of
// encoding/json; numbers are [encoding/json.Number] with the digits of the file. What is
// wrong with the file is an [*Error], which gives the file the name it has here.
func Read(file string, data []byte) (any, error) {
	s := scanner{file: file}
	if err := s.run(data); err != nil {
		return nil, err
	}
	text, err := yaml.YAMLToJSONStrict(s.out)
	if err != nil {
		return nil, libraryError(file, err)
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	value, err := readValue(d)
	if err != nil {
		return nil, &Error{File: file, Text: strings.TrimPrefix(err.Error(), "jsontext: ")}
	}
	return value, nil
}

// readValue takes the marks of the scanner away. How deep values lie in each other is
// bounded by the scanner.
func readValue(d *jsontext.Decoder) (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case 't', 'f':
		return token.Bool(), nil
	case '"':
		return unmark(token.String()), nil
	case '[':
		list := []any{}
		for d.PeekKind() != ']' {
			element, err := readValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		_, err := d.ReadToken()
		return list, err
	case '{':
		m := map[string]any{}
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			key := name.String()
			if m[key], err = readValue(d); err != nil {
				return nil, err
			}
		}
		_, err := d.ReadToken()
		return m, err
	}
	return nil, nil // null; the scanner leaves no bare number
}

var libraryLine = regexp.MustCompile(`line ([0-9]+): ([^\n]+)`)

// libraryError turns an error of the YAML library into a sentence.
func libraryError(file string, err error) error {
	if m := libraryLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1]) // digits, as the pattern says
		return &Error{File: file, Line: line, Text: strings.ReplaceAll(m[2], "already set in map", "is given twice")}
	}
	return &Error{File: file, Line: 1, Text: strings.TrimPrefix(err.Error(), "yaml: ")} // it does not number the first line
}
