package gitstore

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestExposedKeys: what ssh refuses to use is refused here, too.
func TestExposedKeys(t *testing.T) {
	if os.Getuid() < 0 {
		t.Skip("Windows says nothing about readers in a file's mode")
	}
	_, path := newKey(t)
	for mode, usable := range map[os.FileMode]bool{0o600: true, 0o400: true, 0o640: false, 0o604: false, 0o620: false} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadSSHSigner(path)
		if usable && err != nil || !usable && !errors.Is(err, ErrExposedKey) {
			t.Errorf("a key of mode %v: %v", mode, err)
		}
		if _, err := LoadOpenPGPSigner(path, nil); !usable && !errors.Is(err, ErrExposedKey) {
			t.Errorf("an OpenPGP key of mode %v: %v", mode, err)
		}
	}
}

// TestKeyMakingInterrupted: what a run that was stopped left is filled in by the next one,
// unless that run is still there, and no copy of a key lies beside.
func TestKeyMakingInterrupted(t *testing.T) {
	for name, left := range map[string][]byte{"empty": nil, "zeros of a lost write": make([]byte, 400)} {
		path := filepath.Join(t.TempDir(), "signing_key")
		if err := os.WriteFile(path, left, 0o644); err != nil {
			t.Fatal(err)
		}
		running, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := tryLock(running); err != nil || !ok {
			t.Fatal(err)
		}
		if _, err := GenerateSSHKey(path, "x"); !errors.Is(err, ErrLocked) {
			t.Errorf("%s: beside a run that makes the key: %v", name, err)
		}
		unlock(running)
		made, err := GenerateSSHKey(path, "x")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if loaded, err := LoadSSHSigner(path); err != nil || loaded.Fingerprint() != made.Fingerprint() {
			t.Errorf("%s: the key that was made is not there: %v", name, err)
		}
		if beside, _ := os.ReadDir(filepath.Dir(path)); len(beside) != 1 {
			t.Errorf("%s: files beside the key: %v", name, beside)
		}
	}
}
