package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/ui"
)

// Every command has a manual page that says what its help says, the shells take their
// completions, and the same source gives the same bytes.
func TestReference(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		must(t, WriteReference(dir, time.Unix(0, 0).UTC()))
	}
	for _, cmd := range newRootCmd(Environment{Streams: &ui.Streams{}, Now: time.Now}).Commands() {
		if cmd.Hidden || cmd.Name() == "help" {
			continue
		}
		page, err := os.ReadFile(filepath.Join(first, "man", "entragit-"+cmd.Name()+".1"))
		if err != nil || !bytes.Contains(page, []byte(strings.Fields(cmd.Short)[0])) {
			t.Errorf("%s: %v:\n%.300s", cmd.Name(), err, page)
		}
	}
	must(t, filepath.WalkDir(first, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(first, path)
		must(t, err)
		one, err := os.ReadFile(path)
		must(t, err)
		two, err := os.ReadFile(filepath.Join(second, name))
		must(t, err)
		if !bytes.Equal(one, two) {
			t.Errorf("%s: other bytes the second time", name)
		}
		return nil
	}))
	if out, err := exec.Command("bash", "-n", filepath.Join(first, "completions", "entragit.bash")).CombinedOutput(); err != nil {
		t.Errorf("bash: %v\n%s", err, out)
	}
}
