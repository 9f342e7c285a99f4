package yaml_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/yaml"
)

// Any JSON value comes back the same from our reader and from sigs.k8s.io/yaml.
func FuzzYAMLRoundTrip(f *testing.F) {
	for _, s := range hostile {
		if text := must(json.Marshal(s)); json.Valid(text) {
			f.Add(text)
			f.Add([]byte(`{"a":[` + string(text) + `,{` + string(text) + `:[[]]}]}`))
		}
	}
	f.Add([]byte(`[1.0,-0,1E400,1e-7,12345678901234567890,{"":{"":[null,true,{}]}}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := canon.AppendYAML(nil, text); err != nil {
			if !errors.Is(err, entra.ErrInvalid) {
				t.Fatal(err)
			}
			t.Skip()
		}
		checkYAML(t, text)
	})
}

// What the scanner lets through means the same to the library as to us: nothing that
// looks like an alias, a tag or a second document can hide from the scanner.
func FuzzProfile(f *testing.F) {
	for _, s := range hostile {
		f.Add([]byte("a: " + s + "\nb:\n- " + s + "\n- [" + s + "]\n"))
	}
	f.Add([]byte("a:\n- b: |2-\n     x\n\n  \"c\": [1, {d: 'e'}] # f\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		value, err := yaml.Read("f.yaml", data)
		if err != nil {
			if !errors.Is(err, entra.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		if !bytes.HasSuffix(data, []byte("\n")) {
			data = append(bytes.Clone(data), '\n') // a last line without an end gets one
		}
		checkLibrary(t, value, data)
	})
}
