package trust

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// ErrUnpinned marks a history that no pin names. It is an [entra.ErrUnverified].
var ErrUnpinned = fmt.Errorf("no pin says whether it may be trusted: %w", entra.ErrUnverified)

// Store keeps pins: those of a folder of the user's, one file per history, and the one
// that was given for this run.
type Store struct {
	folder string
	given  *Pin
}

// OpenStore opens the folder, which need not exist; "" can keep nothing. given is a pin for this run: its text,
// the name of a file that holds it, or "". Beside a given pin no other counts, and nothing
// is trusted on first use.
func OpenStore(folder, given string) (*Store, error) {
	s := &Store{folder: folder}
	text, file := strings.TrimSpace(given), ""
	if text == "" {
		return s, nil
	}
	if !strings.HasPrefix(text, "{") {
		data, err := os.ReadFile(given)
		if err != nil {
			return nil, fmt.Errorf("read the pin: %w: %w", err, entra.ErrInvalid)
		}
		text, file = string(data), given
	}
	pin, err := DecodePin([]byte(text))
	if err != nil {
		return nil, err
	}
	if pin.file = file; file == "" && folder != "" {
		if pin.file, err = s.fileOf(pin); err != nil {
			return nil, err
		}
		if kept, err := readPin(pin.file); err == nil {
			pin = pin.advanced(kept)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	s.given = &pin
	return s, nil
}

// kept reads the pins of the folder.
func (s *Store) kept() ([]Pin, error) {
	if s.folder == "" {
		return nil, nil
	}
	found, err := os.ReadDir(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the pins: %w", err)
	}
	var pins []Pin
	for _, entry := range found {
		if filepath.Ext(entry.Name()) != pinExt {
			continue
		}
		pin, err := readPin(filepath.Join(s.folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		pins = append(pins, pin)
	}
	return pins, nil
}

func readPin(file string) (Pin, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Pin{}, fmt.Errorf("read the pin: %w", err)
	}
	pin, err := DecodePin(data)
	if err != nil {
		return Pin{}, fmt.Errorf("%s: %w", file, err)
	}
	pin.file = file
	return pin, nil
}

// Find returns the pin that the history of head is judged by. Without a given pin that is
// the one of the folder whose first commit the history begins with. A history of a tenant
// that another pin names is a [BrokenError]; one of which nothing is known is
// [ErrUnpinned].
func (s *Store) Find(repo *gitstore.Repo, head gitstore.Hash) (Pin, error) {
	if s.given != nil {
		return *s.given, nil
	}
	pins, err := s.kept()
	if err != nil {
		return Pin{}, err
	}
	known := map[gitstore.Hash]Pin{}
	for _, pin := range pins {
		known[pin.Root], known[pin.Head.Commit] = pin, pin
	}
	tenants := map[string]bool{}
	var root *gitstore.Commit
	for commit, err := range repo.Log(head) {
		if err != nil {
			return Pin{}, err
		}
		if pin, ok := known[commit.Hash]; ok {
			return pin, nil
		}
		tenant, _ := commit.Trailer(TenantTrailer)
		tenants[strings.ToLower(tenant)] = true
		root = commit
	}
	for _, pin := range pins {
		if tenants[strings.ToLower(pin.Tenant)] {
			return Pin{}, &BrokenError{Problem{Question: Continuity, Commit: root.Hash, Text: fmt.Sprintf(
				"the history begins with %s, and %s pins %s as the one of tenant %s", root.Hash.Short(), pin.file, pin.Root.Short(), pin.Tenant)}}
		}
	}
	return Pin{}, fmt.Errorf("the history that begins with %s: %w", root.Hash.Short(), ErrUnpinned)
}

// pinExt is the extension of a pin's file.
const pinExt = ".json"

// Save keeps a pin where it came from, or in the folder. What the file has seen beyond it
// stays: the newest head wins.
func (s *Store) Save(pin Pin) (Pin, error) {
	if pin.file == "" {
		var err error
		if pin.file, err = s.fileOf(pin); err != nil {
			return pin, err
		}
	}
	if now, err := readPin(pin.file); err == nil {
		if pin = pin.advanced(now); pin == now {
			return pin, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return pin, err
	}
	text, err := pin.Encode()
	if err != nil {
		return pin, err
	}
	if err := replace(pin.file, append(text, '\n')); err != nil {
		return pin, fmt.Errorf("keep the pin: %w", err)
	}
	return pin, nil
}

// fileOf returns the file of the folder for a pin: the one that its history has already,
// or a new one, named for a person to find.
func (s *Store) fileOf(pin Pin) (string, error) {
	if s.folder == "" {
		return "", fmt.Errorf("keep the pin: there is no folder for it: %w", entra.ErrInvalid)
	}
	kept, err := s.kept()
	if err != nil {
		return "", err
	}
	for _, other := range kept {
		if other.Root == pin.Root {
			return other.file, nil
		}
	}
	return filepath.Join(s.folder, fileName(pin.Tenant)+"."+pin.Root.Short()+pinExt), nil
}

// File names where a pin is kept, "" for nowhere.
func (p Pin) File() string { return p.file }

// fileName makes a tenant's name safe as part of a file's.
func fileName(tenant string) string {
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' {
			return c
		}
		return '_'
	}, tenant)
}

// replace writes a file so that its name always holds the old content or the new.
func replace(file string, data []byte) (err error) {
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	tmp := file + "." + rand.Text()[:8] + ".tmp"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp) // nobody knows it
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, file); err != nil {
		return err
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	_ = dir.Sync() // some file systems cannot; the rename holds without it unless power fails
	return dir.Close()
}
