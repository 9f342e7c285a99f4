package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

func store(t *testing.T, folder, given string) *Store {
	t.Helper()
	s, err := OpenStore(folder, given)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encoded(t *testing.T, pin Pin) string {
	t.Helper()
	text, err := pin.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestStore: a pin is found by the history that it names, from any head of it.
func TestStore(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "config", "trust")
	h, other := newHistory(t), newHistoryOf(t, newKey(t), "fabrikam.com")
	s := store(t, folder, "")
	if _, err := s.Find(h.repo, h.head()); !errors.Is(err, ErrUnpinned) || !errors.Is(err, entra.ErrUnverified) {
		t.Errorf("before anything was pinned: %v", err)
	}
	kept, err := s.Save(h.pin)
	h.check(err)
	if info, err := os.Stat(kept.File()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v", kept.File(), info, err)
	}
	if _, err := s.Find(other.repo, other.head()); !errors.Is(err, ErrUnpinned) {
		t.Errorf("another history: %v", err)
	}
	for range 3 {
		h.backup(nil)
		pin, err := s.Find(h.repo, h.head())
		h.check(err)
		chain, err := Open(t.Context(), h.repo, pin, h.head(), later)
		h.check(err)
		_, err = s.Save(chain.Pin())
		h.check(err)
	}
	pin, err := s.Find(h.repo, h.root) // a branch that went back is judged by the same pin
	if err != nil || pin.Head != (Mark{3, h.head()}) || pin.Tenant != tenant {
		t.Errorf("Find = %+v, %v", pin, err)
	}
	if found, err := os.ReadDir(folder); err != nil || len(found) != 1 {
		t.Errorf("files %v, %v", found, err)
	}
}

// TestAnotherHistoryOfTheTenant is not trusted on first use, however it writes the
// tenant's name.
func TestAnotherHistoryOfTheTenant(t *testing.T) {
	folder := t.TempDir()
	h := newHistory(t)
	h.backup(nil)
	s := store(t, folder, "")
	_, err := s.Save(h.open().Pin())
	h.check(err)
	for _, name := range []string{tenant, strings.ToUpper(tenant)} {
		other := newHistory(t)
		other.commit(nil, step{tenant: name})
		_, err = s.Find(other.repo, other.head())
		if _, ok := errors.AsType[*BrokenError](err); !ok || errors.Is(err, ErrUnpinned) || !strings.Contains(err.Error(), folder) {
			t.Errorf("%s: Find = %v", name, err)
		}
	}
}

// TestGivenPin: it alone counts, as text or as a file, and learns from what was seen.
func TestGivenPin(t *testing.T) {
	folder := t.TempDir()
	h, other := newHistory(t), newHistory(t)
	h.backup(nil)
	text := encoded(t, h.pin)
	s := store(t, folder, " "+text+"\n")
	if pin, err := s.Find(other.repo, other.head()); err != nil || pin.Root != h.root {
		t.Errorf("the pin of another history is not the one that was given: %+v, %v", pin, err)
	}
	_, err := s.Save(h.open().Pin())
	h.check(err)
	if pin, err := store(t, folder, text).Find(h.repo, h.head()); err != nil || pin.Head.Seq != 1 {
		t.Errorf("what was seen is forgotten: %+v, %v", pin, err)
	}

	file := filepath.Join(t.TempDir(), "pin.json")
	h.check(os.WriteFile(file, []byte(text+"\n"), 0o600))
	s = store(t, folder, file)
	if pin, err := s.Find(h.repo, h.head()); err != nil || pin.Head.Seq != 0 || pin.File() != file {
		t.Errorf("from the file: %+v, %v", pin, err)
	}
	pin := h.open().Pin()
	pin.file = file
	_, err = s.Save(pin)
	h.check(err)
	if pin, err := store(t, folder, file).Find(h.repo, h.head()); err != nil || pin.Head.Seq != 1 {
		t.Errorf("the file forgets: %+v, %v", pin, err)
	}

	if _, err := OpenStore(folder, filepath.Join(folder, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	for _, bad := range []string{filepath.Join(folder, "none"), "{", `{"tenant":"x"}`} {
		if _, err := OpenStore(folder, bad); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestNewestHeadWins: whoever saves last, what another run has seen meanwhile stays.
func TestNewestHeadWins(t *testing.T) {
	folder := t.TempDir()
	h := newHistory(t)
	old, err := store(t, folder, "").Save(h.pin)
	h.check(err)
	for range 4 {
		h.backup(nil)
	}
	_, err = store(t, folder, "").Save(h.open().Pin())
	h.check(err)
	old.Read = old.Head
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if pin, err := store(t, folder, "").Save(old); err != nil || pin.Head.Seq != 4 {
				t.Errorf("Save = %+v, %v", pin, err)
			}
		})
	}
	wait.Wait()
	if pin, err := store(t, folder, "").Find(h.repo, h.head()); err != nil || pin.Head.Seq != 4 {
		t.Errorf("Find = %+v, %v", pin, err)
	}
	if found, err := os.ReadDir(folder); err != nil || len(found) != 1 {
		t.Errorf("files %v, %v", found, err)
	}
}

// TestStoreInTheWay: a pin that cannot be read is never taken for none.
func TestStoreInTheWay(t *testing.T) {
	folder := t.TempDir()
	h := newHistory(t)
	h.check(os.WriteFile(filepath.Join(folder, "x.json"), []byte("{"), 0o600))
	if _, err := store(t, folder, "").Find(h.repo, h.head()); !errors.Is(err, entra.ErrInvalid) || errors.Is(err, ErrUnpinned) {
		t.Errorf("a broken pin: %v", err)
	}
	if _, err := OpenStore(folder, encoded(t, h.pin)); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("a broken pin beside the one given: %v", err)
	}
	h.check(os.Remove(filepath.Join(folder, "x.json")))
	kept, err := store(t, folder, "").Save(h.pin)
	h.check(err)
	h.check(os.WriteFile(kept.File(), []byte("{"), 0o600))
	if _, err := store(t, folder, "").Save(kept); err == nil {
		t.Error("a broken pin was replaced")
	}
	h.pin.Tenant = "../../etc/passwd"
	outside, err := store(t, t.TempDir(), "").Save(h.pin)
	if err != nil || strings.Contains(filepath.Base(outside.File()), "/") || filepath.Base(filepath.Dir(outside.File())) == "etc" {
		t.Errorf("Save = %s, %v", outside.File(), err)
	}
	file := filepath.Join(t.TempDir(), "file")
	h.check(os.WriteFile(file, nil, 0o600))
	if _, err := store(t, filepath.Join(file, "trust"), "").Save(h.pin); err == nil {
		t.Error("a folder that cannot be made")
	}
}

// TestFolderInTheWay: pins that cannot be listed are never taken for none, which would
// let a history be trusted on first use.
func TestFolderInTheWay(t *testing.T) {
	h := newHistory(t)
	file := filepath.Join(t.TempDir(), "file")
	h.check(os.WriteFile(file, nil, 0o600))
	if _, err := store(t, file, "").Find(h.repo, h.head()); err == nil || errors.Is(err, ErrUnpinned) {
		t.Errorf("Find = %v", err)
	}
	if _, err := OpenStore(file, encoded(t, h.pin)); err == nil {
		t.Error("what a given pin has seen since is not known, and it counts")
	}
	nowhere := filepath.Join(t.TempDir(), "link")
	h.check(os.Symlink(filepath.Join(t.TempDir(), "none"), nowhere))
	if _, err := store(t, nowhere, "").Save(h.pin); err == nil {
		t.Error("a pin was kept nowhere")
	}
}

// TestFilesOfTheFolder: a pin's file is read and written as a whole, and what lies beside
// it is left alone.
func TestFilesOfTheFolder(t *testing.T) {
	folder := t.TempDir()
	h := newHistory(t)
	beside := map[string]string{"README": "none", "contoso.com.json.x.tmp": "{"}
	for name, text := range beside {
		h.check(os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	s := store(t, folder, "")
	kept, err := s.Save(h.pin)
	h.check(err)
	if want := filepath.Join(folder, "contoso.com."+h.root.Short()+".json"); kept.File() != want {
		t.Errorf("kept in %s, want %s", kept.File(), want)
	}
	if pin, err := s.Find(h.repo, h.head()); err != nil || pin != kept {
		t.Errorf("Find = %+v, %v; want %+v", pin, err, kept)
	}
	byHand := " " + encoded(t, h.pin) + "\n\n"
	h.check(os.WriteFile(kept.File(), []byte(byHand), 0o600))
	if again, err := s.Save(h.pin); err != nil || again != kept {
		t.Errorf("Save = %+v, %v; want %+v", again, err, kept)
	}
	if text, err := os.ReadFile(kept.File()); err != nil || string(text) != byHand {
		t.Errorf("nothing new was seen, and the file is now %q, %v", text, err)
	}
	h.backup(nil)
	_, err = s.Save(h.open().Pin())
	h.check(err)
	for name, want := range beside {
		if text, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if found, err := os.ReadDir(folder); err != nil || len(found) != 3 {
		t.Errorf("files %v, %v", found, err)
	}
}

// TestReplaceLeavesNothing: a file that could not be replaced leaves no other behind.
func TestReplaceLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "pin.json")
	if err := os.MkdirAll(filepath.Join(file, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replace(file, []byte("{}")); err == nil {
		t.Error("a folder was replaced")
	}
	if found, err := os.ReadDir(folder); err != nil || len(found) != 1 {
		t.Errorf("files %v, %v", found, err)
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		tenant: tenant, "contoso.com": "contoso.com", "azAZ09-.": "azAZ09-.",
		"`{@[/:": "______", "a b\x00\n": "a_b__", "../..": ".._..", `a\b`: "a_b", "münchen": "m_nchen",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestNoFolder: where nothing can be kept, a pin that is given counts all the same.
func TestNoFolder(t *testing.T) {
	h := newHistory(t)
	s := store(t, "", encoded(t, h.pin))
	pin, err := s.Find(h.repo, h.head())
	if err != nil || pin.Root != h.root {
		t.Errorf("Find = %+v, %v", pin, err)
	}
	if _, err := s.Save(pin); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("Save = %v", err)
	}
	if _, err := store(t, "", "").Find(h.repo, h.head()); !errors.Is(err, ErrUnpinned) {
		t.Errorf("Find = %v", err)
	}
}

// TestFirst: what a history says of itself is only asked for when it is coherent.
func TestFirst(t *testing.T) {
	h := newHistory(t)
	head := h.backup(nil)
	pin, id, err := First(h.repo, head)
	if err != nil || pin != h.pin || id.Fingerprint != h.key.Fingerprint() {
		t.Errorf("First = %+v, %+v, %v", pin, id, err)
	}
	for name, root := range map[string]gitstore.Hash{
		"unsigned":              h.edit(nil, nil, h.root),
		"of a signer unlisted":  h.edit(new(newKey(t)), nil, h.root),
		"without its trailers":  h.edit(&h.key, nil, h.root),
		"with a list in pieces": h.edit(&h.key, files{SignersPath: "entragit none\n"}, h.root),
	} {
		orphan := h.git(h.key, "commit-tree", "-m", "x", root.String()+"^{tree}")
		if strings.Contains(name, "trailers") || strings.Contains(name, "pieces") {
			orphan = h.git(h.key, "commit-tree", "-S", "-m", "x", root.String()+"^{tree}")
		}
		hash, err := gitstore.ParseHash(orphan)
		h.check(err)
		if _, _, err := First(h.repo, hash); !errors.Is(err, entra.ErrUnverified) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
