// Command mangen writes what a release holds beside the binary: a manual page for each
// command in DIR/man, and completions for bash, zsh, fish and PowerShell in DIR/completions.
//
//	go run ./cmd/mangen DIR [TIME]
//
// TIME, RFC 3339, is the date of the pages; by default they have that of the Unix epoch, so that the same
// source gives the same bytes.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/entragit/entragit/internal/cli"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "mangen: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("usage: mangen DIR [TIME]")
	}
	when := time.Unix(0, 0).UTC()
	if len(args) == 2 {
		var err error
		if when, err = time.Parse(time.RFC3339, args[1]); err != nil {
			return err
		}
	}
	return cli.WriteReference(args[0], when)
}
