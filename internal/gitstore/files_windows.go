package gitstore

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// SyncDir does nothing: Windows has no handle to flush for a directory, and NTFS
// journals renames in order.
func (osFiles) SyncDir(string) error { return nil }

// tryLock takes an exclusive lock that the kernel drops when the process ends. It
// reports false when another process holds it.
func tryLock(f *os.File) (bool, error) {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// unlock gives the lock back and closes the file.
func unlock(f *os.File) { _ = f.Close() }

// isOpenToOthers knows nothing of access control lists: a mode says nothing here.
func isOpenToOthers(os.FileInfo) bool { return false }
