package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/risk"
	"github.com/entragit/entragit/internal/ui"
)

var update = flag.Bool("update", false, "write the README's tables anew")

const (
	readmeBegin = "<!-- begin: entragit kinds --output markdown -->\n"
	readmeEnd   = "<!-- end -->\n"
)

// TestHelpOfRisks holds the table in the help topic against the rules.
func TestHelpOfRisks(t *testing.T) {
	file := filepath.Join("help", "risks.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const head = "| rule | how bad | OBJECT … | why |\n|---|---|---|---|\n"
	before, have, ok := strings.Cut(string(data), head)
	if !ok {
		t.Fatalf("%s lacks the head of the table", file)
	}
	var want strings.Builder
	for _, r := range risk.Rules() {
		fmt.Fprintf(&want, "| `%s` | %s | %s | <%s> |\n", r.ID, r.Severity, r.Says, r.Reference)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+head+want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), have); diff != "" {
		t.Errorf("the table of risks is stale, run make generate (-want +have):\n%s", diff)
	}
}

// TestReadme holds the README's tables against the table of kinds.
func TestReadme(t *testing.T) {
	file := filepath.Join("..", "..", "README.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), readmeBegin)
	have, after, ended := strings.Cut(rest, readmeEnd)
	if !ok || !ended {
		t.Fatalf("%s lacks the lines %q and %q", file, readmeBegin, readmeEnd)
	}
	var want, conversation bytes.Buffer
	env := Environment{
		Streams: &ui.Streams{In: strings.NewReader(""), Out: &want, Err: &conversation},
		Getenv:  func(string) string { return "" }, Now: time.Now,
	}
	if code := Run(t.Context(), []string{"kinds", "--output", "markdown"}, env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &conversation)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+readmeBegin+want.String()+readmeEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), have); diff != "" {
		t.Errorf("the README's tables are stale, run make generate (-want +have):\n%s", diff)
	}
}
