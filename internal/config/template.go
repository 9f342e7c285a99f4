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
// people who will edit it: what ids are called, where names say so, stands beside them.
func NewFile(c Config, names map[string]string) ([]byte, error) {
	named := func(id string) (string, error) {
		text, err := scalar(id)
		if name := names[id]; err == nil && name != "" {
			text = string(yaml.AppendComment([]byte(text), name))
		}
		return text, err
	}
	parsed, err := template.New(FileName).Funcs(template.FuncMap{"yaml": scalar, "named": named}).Parse(fileTemplate)
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
