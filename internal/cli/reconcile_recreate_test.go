package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// Passwords go into a file that its owner alone can read, each on a line of its own, and
// into no other file.
func TestPasswordFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "words")
	file := &passwordFile{path: path}
	for _, name := range []string{"ada@contoso.com", "grace@contoso.com"} {
		must(t, file.Keep(entra.Key{}, name, "word-of-"+name))
	}
	data, err := os.ReadFile(path)
	must(t, err)
	if want := "ada@contoso.com\tword-of-ada@contoso.com\ngrace@contoso.com\tword-of-grace@contoso.com\n"; string(data) != want {
		t.Errorf("%q", data)
	}
	must(t, os.Chmod(path, 0o644))
	if err := file.Keep(entra.Key{}, "x", "y"); !errors.Is(err, entra.ErrRefused) {
		t.Errorf("others can read the file: %v", err)
	}
	if data, err = os.ReadFile(path); err != nil || strings.Contains(string(data), "x\ty") {
		t.Errorf("%q %v", data, err)
	}
}

// A run that cannot keep the passwords ends before anything is written.
func TestRecreateNeedsAPlaceForPasswords(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
	plan := &entra.Plan{Steps: []entra.Step{{Key: entra.Key{Kind: "users", ID: "1"}, Action: entra.ActionCreate}}}
	for _, tt := range []struct{ file, message string }{
		{"", "1 account is to be created again, each with a one-time password"},
		{filepath.Join(dir, "open"), "is no file that its owner alone can read"},
		{filepath.Join(dir, "missing", "words"), "open the file of passwords"},
		{dir, "open the file of passwords"},
	} {
		r := recreation{passwords: tt.file}
		if err := r.checkPasswords(plan); err == nil || !strings.Contains(err.Error(), tt.message) {
			t.Errorf("%q: %v", tt.file, err)
		}
	}
	r := recreation{passwords: filepath.Join(dir, "words")}
	must(t, r.checkPasswords(plan))
	must(t, (&recreation{}).checkPasswords(&entra.Plan{}))
}
