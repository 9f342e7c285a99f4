//go:build !windows

package gitstore

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func (osFiles) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// tryLock takes an exclusive lock that the kernel drops when the process ends. It
// reports false when another process holds it.
func tryLock(f *os.File) (bool, error) {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// unlock gives the lock back and closes the file. Closing alone is not enough: a
// process that is being started holds a copy of every descriptor until it runs its
// program, and the lock with it.
func unlock(f *os.File) {
	_ = unix.Flock(int(f.Fd()), unix.LOCK_UN)
	_ = f.Close()
}

// isOpenToOthers reports whether anybody but us may read or write a file of ours. Of
// somebody else's file, such as a mounted secret, the owner decides; ssh does the same.
func isOpenToOthers(info os.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Getuid() && info.Mode().Perm()&0o077 != 0
}
