// Command schemagen writes schemas/<kind>.schema.json for every kind in the table, from
// Microsoft's metadata. The same input gives the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/kind/csdl"
)

func main() {
	metadata := flag.String("metadata", "internal/emulator/metadata.json", "Microsoft's metadata")
	out := flag.String("out", "schemas", "the directory to write to")
	flag.Parse()
	if err := run(*metadata, *out); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(metadata, out string) error {
	m, err := csdl.Read(metadata)
	if err != nil {
		return err
	}
	for _, k := range kind.All() {
		data, err := generate(m, k)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, fileName(k)), data, 0o644); err != nil {
			return fmt.Errorf("%s: %w", k.Name, err)
		}
	}
	return nil
}

func fileName(k *kind.Kind) string { return k.Name + ".schema.json" }
