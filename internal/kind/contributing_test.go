package kind_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestContributing replays the worked example of .github/CONTRIBUTING.md in a copy of
// the module: without the kind, nothing else misses it; with what the page says, all
// is as it was.
func TestContributing(t *testing.T) {
	t.Parallel() // most of its time is the compiler's
	if testing.Short() {
		t.Skip("builds the module anew")
	}
	root := filepath.Join("..", "..")
	page := readPage(t, filepath.Join(root, ".github", "CONTRIBUTING.md"))
	name := regexp.MustCompile(`var (\w+) = &Kind`).FindStringSubmatch(page.body["internal/kind/applicationpolicies.go"])[1]
	nobodyKnows(t, root, name)

	work := t.TempDir()
	copyModule(t, root, work)
	literal, table := "internal/kind/applicationpolicies.go", "internal/kind/table.go"
	entry := strings.TrimSpace(page.body[table])
	edit(t, work, literal, page.body[literal], "")
	edit(t, work, table, entry+" ", "")
	remove := []string{"schemas/" + name + ".schema.json", "testdata/kinds/" + name}
	for _, path := range remove {
		if err := os.RemoveAll(filepath.Join(work, path)); err != nil {
			t.Fatal(err)
		}
	}
	sh(t, work, "go build ./internal/kind ./internal/canon")

	edit(t, work, table, "var table = []*Kind{\n", "var table = []*Kind{\n"+page.body[table])
	appendFile(t, filepath.Join(work, literal), "\n"+page.body[literal])
	for path, body := range page.body {
		if strings.HasSuffix(path, "raw.json") {
			appendFile(t, filepath.Join(work, path), body)
		}
	}
	sh(t, work, page.commands)
	for _, path := range []string{"schemas/" + name + ".schema.json", "testdata/kinds/" + name + "/canonical.yaml"} {
		want, got := readText(t, filepath.Join(root, path)), readText(t, filepath.Join(work, path))
		if got != want {
			t.Errorf("%s is another one after following the page:\n%s", path, got)
		}
		if shown, ok := page.body[path]; ok && shown != want {
			t.Errorf("the page shows another %s", path)
		}
	}
}

// contributing is the worked example: what it puts into each file, and its commands.
type contributing struct {
	body     map[string]string
	commands string
}

func readPage(t *testing.T, file string) contributing {
	t.Helper()
	page := contributing{body: map[string]string{}}
	block := regexp.MustCompile("(?s)```(\\w+) ?([^\n]*)\n(.*?)```")
	for _, m := range block.FindAllStringSubmatch(readText(t, file), -1) {
		if m[1] == "sh" {
			page.commands += m[3]
		} else if m[2] != "" {
			page.body[m[2]] = m[3]
		}
	}
	if len(page.body) != 4 || page.commands == "" {
		t.Fatalf("the page has %d files and these commands: %s", len(page.body), page.commands)
	}
	return page
}

// nobodyKnows fails when code outside the table knows a kind by name. The emulator has
// a table of its own.
func nobodyKnows(t *testing.T, root, name string) {
	t.Helper()
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			slash := filepath.ToSlash(path)
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.Contains(slash, "internal/kind/") || strings.Contains(slash, "internal/emulator/") {
				return err
			}
			if strings.Contains(readText(t, path), name) {
				t.Errorf("%s knows %s by name", slash, name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// copyModule copies what making a kind needs of the module.
func copyModule(t *testing.T, root, work string) {
	t.Helper()
	for _, part := range []string{
		"go.mod", "go.sum", "Makefile", "schemas", "testdata/kinds", "cmd/cloudgen", "cmd/schemagen", "internal/entra",
		"internal/jsonpointer", "internal/yaml", "internal/wellknown", "internal/kind", "internal/canon", "internal/emulator/metadata.json",
	} {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, d fs.DirEntry, err error) error {
			relative, relErr := filepath.Rel(root, path)
			if err != nil || relErr != nil || d.IsDir() || filepath.Base(path) == "contributing_test.go" {
				return err
			}
			appendFile(t, filepath.Join(work, relative), readText(t, path))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// edit replaces text that a file must hold once.
func edit(t *testing.T, work, file, old, text string) {
	t.Helper()
	file = filepath.Join(work, file)
	have := readText(t, file)
	if n := strings.Count(have, old); n != 1 {
		t.Fatalf("%s holds the page's text %d times:\n%s", file, n, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(have, old, text, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readText(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func appendFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// sh runs commands in a folder; each must succeed.
func sh(t *testing.T, dir, commands string) {
	t.Helper()
	cmd := exec.Command("sh", "-ec", commands)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-vet=off") // it has seen the code
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", commands, err, out)
	}
}
