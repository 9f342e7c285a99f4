//go:build unix

package gitstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// faultyFiles counts the calls that change the repository and lets a test act at
// the n-th: kill the process, fill the disk, or only record what was done.
type faultyFiles struct {
	osFiles
	mu    sync.Mutex
	calls []string
	// at is called before each change, with the number of changes so far. An error
	// takes the place of the change. half asks a write to do half its work first.
	at func(n int, what string) (half bool, err error)
}

func (f *faultyFiles) step(what, name string) (bool, error) {
	f.mu.Lock()
	f.calls = append(f.calls, what+" "+shape(name))
	n := len(f.calls)
	f.mu.Unlock()
	if f.at == nil {
		return false, nil
	}
	return f.at(n, what)
}

// shape makes a file name the same in every run.
func shape(name string) string {
	base := filepath.Base(name)
	for _, prefix := range []string{tmpPackPrefix, tmpIdxPrefix, refIntentPrefix} {
		if strings.HasPrefix(base, prefix) {
			return prefix
		}
	}
	if strings.HasPrefix(base, "pack-") {
		return "pack" + filepath.Ext(base)
	}
	return base
}

func (f *faultyFiles) Create(name string, perm os.FileMode) (file, error) {
	if _, err := f.step("create", name); err != nil {
		return nil, err
	}
	inner, err := f.osFiles.Create(name, perm)
	if err != nil {
		return nil, err
	}
	return &faultyFile{file: inner, files: f}, nil
}

func (f *faultyFiles) Rename(oldname, newname string) error {
	if _, err := f.step("rename", newname); err != nil {
		return err
	}
	return f.osFiles.Rename(oldname, newname)
}

func (f *faultyFiles) Remove(name string) error {
	if _, err := f.step("remove", name); err != nil {
		return err
	}
	return f.osFiles.Remove(name)
}

func (f *faultyFiles) SyncDir(name string) error {
	if _, err := f.step("syncdir", name); err != nil {
		return err
	}
	return f.osFiles.SyncDir(name)
}

type faultyFile struct {
	file
	files *faultyFiles
}

func (f *faultyFile) Write(p []byte) (int, error) {
	half, err := f.files.step("write", f.Name())
	if half {
		f.file.Write(p[:len(p)/2])
	}
	if err != nil {
		return 0, err
	}
	return f.file.Write(p)
}

func (f *faultyFile) WriteAt(p []byte, at int64) (int, error) {
	half, err := f.files.step("write", f.Name())
	if half {
		f.file.WriteAt(p[:len(p)/2], at)
	}
	if err != nil {
		return 0, err
	}
	return f.file.WriteAt(p, at)
}

func (f *faultyFile) Sync() error {
	if _, err := f.files.step("sync", f.Name()); err != nil {
		return err
	}
	return f.file.Sync()
}

// killAt makes the process die, as by kill -9, before its n-th change. A write is
// half done by then.
func killAt(n int) func(int, string) (bool, error) {
	return func(now int, what string) (bool, error) {
		if now == n && what == "write" {
			return true, errors.New("half written; the next change kills")
		}
		if now >= n {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return false, nil
	}
}

// diskFullAt makes every write from the n-th change on fail.
func diskFullAt(n int) func(int, string) (bool, error) {
	return func(now int, what string) (bool, error) {
		if now >= n && (what == "write" || what == "create" || what == "sync") {
			return what == "write" && now == n, syscall.ENOSPC
		}
		return false, nil
	}
}
