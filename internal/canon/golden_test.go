package canon_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

var update = flag.Bool("update", false, "write the canonical files anew")

// kindsDir holds one folder per kind: raw.json is what Graph answers for an object,
// links.json and contained.json what it answers for the rest, canonical.yaml the file
// that becomes of it.
const kindsDir = "../../testdata/kinds"

// TestGolden shows for every kind what an object of it looks like in a backup, that
// the file is by its schema, and that reading it gives back the same bytes.
func TestGolden(t *testing.T) {
	for _, k := range kind.All() {
		t.Run(k.Name, func(t *testing.T) {
			var enc canon.Encoder
			encoded, err := enc.Encode(k, readRaw(t, k), goldenNames)
			if err != nil {
				t.Fatal(err)
			}
			got := bytes.Clone(encoded.YAML)
			golden := filepath.Join(kindsDir, k.Name, "canonical.yaml")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v: run go test ./internal/canon -run Golden -update and read the result", err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
			object, err := canon.Decode(k, golden, got)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := enc.EncodeObject(k, object, goldenNames); err != nil || !bytes.Equal(again.YAML, got) {
				t.Errorf("decoded and encoded again: %v\n%s", err, cmp.Diff(string(got), string(again.YAML)))
			}
			checkSchema(t, k, golden, got)
		})
	}
}

// TestGoldenFoldersBelongToKinds finds what a kind that is gone has left behind.
func TestGoldenFoldersBelongToKinds(t *testing.T) {
	entries, err := os.ReadDir(kindsDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if kind.ByName(e.Name()) == nil {
			t.Errorf("testdata/kinds/%s belongs to no kind", e.Name())
		}
	}
}

func readRaw(t testing.TB, k *kind.Kind) canon.Raw {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(kindsDir, k.Name, "raw.json"))
	if err != nil {
		t.Fatal(err)
	}
	raw := canon.Raw{Body: body}
	readJSON(t, filepath.Join(kindsDir, k.Name, "links.json"), &raw.Links)
	var contained map[string][]json.RawMessage
	readJSON(t, filepath.Join(kindsDir, k.Name, "contained.json"), &contained)
	for name, elements := range contained {
		for _, e := range elements {
			if raw.Contained == nil {
				raw.Contained = map[string][][]byte{}
			}
			raw.Contained[name] = append(raw.Contained[name], e)
		}
	}
	return raw
}

// readJSON reads a file that need not exist.
func readJSON(t testing.TB, file string, v any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// goldenNames knows the objects that the fixtures refer to.
func goldenNames(ref *kind.Reference, value string) (string, bool) {
	names := map[string]string{
		"9e0c5f4a-6a51-4a3e-8d0b-7f3f0a1b2c3d": "Break-glass",
		"d2136c9c-b049-47ae-b9cf-316e04ef7198": "Headquarters",
	}
	if name, ok := names[value]; ok {
		return ref.Targets[0] + ": " + name, true
	}
	return ref.WellKnown(value)
}

// checkSchema holds the file against its kind's schema, which must have nothing to
// say but of properties that Graph answers and its metadata does not declare.
func checkSchema(t *testing.T, k *kind.Kind, file string, data []byte) {
	t.Helper()
	schema, err := kind.LoadSchema(k)
	if err != nil {
		t.Fatal(err)
	}
	document, err := yaml.Read(file, data)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range schema.Validate(document) {
		if !p.Warning {
			t.Errorf("%s%s %s", file, p.Pointer, p.Message)
		} else {
			t.Logf("%s%s %s", file, p.Pointer, p.Message)
		}
	}
}
