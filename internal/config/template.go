package config

import (
	"bytes"
	_ "embed"
	"fmt"
	"text/template"
	"unicode/utf8"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/yaml"
)

//go:embed entragit.yaml.tmpl
var fileTemplate string

// NewFile returns the entragit.yaml of a new repository, with comments for the
// people who will edit it.
func NewFile(c Config) ([]byte, error) {
	parsed, err := template.New(FileName).Funcs(template.FuncMap{"yaml": scalar}).Parse(fileTemplate)
	if err != nil {
		return nil, fmt.Errorf("parse the template of %s: %w", FileName, err)
	}
	var b bytes.Buffer
	if err := parsed.Execute(&b, c); err != nil {
		return nil, fmt.Errorf("write %s: %w", FileName, err)
	}
	return b.Bytes(), nil
}

// scalar writes a string so that YAML reads it back as that string.
func scalar(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("%q is not UTF-8: %w", s, entra.ErrInvalid)
	}
	return string(yaml.AppendText(nil, []byte(s))), nil
}
