package github

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

func runner(t *testing.T) (r *Runner, summary, output string) {
	t.Helper()
	dir := t.TempDir()
	env := map[string]string{"GITHUB_ACTIONS": "true",
		"GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"), "GITHUB_OUTPUT": filepath.Join(dir, "output")}
	r, ok := RunnerFromEnvironment(func(name string) string { return env[name] })
	if !ok {
		t.Fatal("no runner")
	}
	return r, env["GITHUB_STEP_SUMMARY"], env["GITHUB_OUTPUT"]
}

func TestNoRunner(t *testing.T) {
	if _, ok := RunnerFromEnvironment(func(string) string { return "" }); ok {
		t.Error("a runner outside of GitHub Actions")
	}
	bare, _ := RunnerFromEnvironment(func(name string) string { return map[string]string{"GITHUB_ACTIONS": "true"}[name] })
	if err := errors.Join(bare.Summarize("x"), bare.SetOutput("x", "y")); err != nil {
		t.Errorf("a runner without files: %v", err)
	}
}

func TestSummaryKeepsItsLimit(t *testing.T) {
	r, path, _ := runner(t)
	if err := errors.Join(r.Summarize("# Drift"), r.Summarize("- one\n")); err != nil {
		t.Fatal(err)
	}
	room, err := r.SummaryRoom()
	if err != nil || room != MaxSummary-len("# Drift\n- one\n") {
		t.Errorf("room for %d, %v", room, err)
	}
	if err := r.Summarize(strings.Repeat("x", room)); !errors.Is(err, entra.ErrInvalid) { // the line's end has no room
		t.Errorf("got %v, want ErrInvalid", err)
	}
	if err := r.Summarize(strings.Repeat("x", room-1)); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != MaxSummary {
		t.Errorf("%v bytes, %v", info.Size(), err)
	}
}

// Whatever a value holds, the runner reads it back as it was: this parses the file
// as the runner does.
func TestOutputs(t *testing.T) {
	r, _, path := runner(t)
	values := map[string]string{"plain": "x", "empty": "", "lines": "a\nb\n", "forged": "x\nEOF\nadmin<<EOF\ntrue\nEOF", "equals": "a=b"}
	for name, value := range values {
		if err := r.SetOutput(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"", "a b", "a\nb", "a=b", "a<<b"} {
		if err := r.SetOutput(name, "x"); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("name %q: got %v, want ErrInvalid", name, err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for rest := string(data); rest != ""; {
		head, after, _ := strings.Cut(rest, "\n")
		name, end, ok := strings.Cut(head, "<<")
		value, tail, closed := strings.Cut("\n"+after, "\n"+end+"\n")
		if !ok || !closed {
			t.Fatalf("cannot read %q", rest)
		}
		got[name], rest = strings.TrimPrefix(value, "\n"), tail
	}
	if len(got) != len(values) {
		t.Errorf("read %d outputs, want %d: %q", len(got), len(values), got)
	}
	for name, value := range values {
		if got[name] != value {
			t.Errorf("%s: read %q, want %q", name, got[name], value)
		}
	}
}

func TestAnnotate(t *testing.T) {
	all := []Annotation{{Level: Alarm, Title: "a:b,c", File: "tenant/x.yaml", Line: 3, Message: "50%\r\n::warning::x"}}
	for i := range 12 {
		all = append(all, Annotation{Level: Notice, Message: fmt.Sprint(i)})
	}
	var b strings.Builder
	if err := Annotate(&b, all); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if want := "::error title=a%3Ab%2Cc,file=tenant/x.yaml,line=3::50%25%0D%0A::warning::x"; lines[0] != want {
		t.Errorf("got  %s\nwant %s", lines[0], want)
	}
	if len(lines) != 11 || lines[9] != "::notice::8" || lines[10] != "::notice::and 3 more" {
		t.Errorf("got %d lines: %q", len(lines), lines)
	}
	b.Reset()
	if err := Annotate(&b, all[1:11]); err != nil || strings.Contains(b.String(), "more") {
		t.Errorf("ten of a level: %q, %v", b.String(), err)
	}
}
