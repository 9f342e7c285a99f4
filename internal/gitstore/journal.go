package gitstore

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// journalDir is where journals are, in the repository and outside of its objects. They are
// this machine's and go to no remote.
const journalDir = "entragit/operations"

// journalSuffix ends the name of a journal's file.
const journalSuffix = ".journal"

// journalLockName is the file that whoever writes a journal locks. It stays; the lock on it
// dies with the process.
const journalLockName = "run.lock"

// Journal is a file in which a run notes, line by line, what must outlive it. A line that
// [Journal.Append] took is on the disk. It is safe for concurrent use.
//
// Each line begins with the CRC-32C of the rest, so that one which a killed run, a power
// cut or a full disk left half written is known.
type Journal struct {
	path string
	file journalFile

	mu      sync.Mutex
	written sync.Cond // a batch reached the disk, or could not
	waiting []byte    // lines that no batch has taken yet
	taken   int       // the number of the batch that takes them
	durable int       // batches that ended
	busy    bool      // a batch is being written
	size    int64     // bytes on the disk
	err     error     // why nothing more is written
}

// journalFile is what a journal does with its file.
type journalFile interface {
	WriteAt(p []byte, at int64) (int, error)
	Sync() error
	Truncate(size int64) error
	Close() error
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumLength is what comes before a line: eight digits and a space.
const sumLength = 9

// LockJournals takes the lock that whoever writes a journal holds from its first line to
// its last. It fails with [ErrLocked] at once when another process holds it.
func (r *Repo) LockJournals(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := r.fs.MkdirAll(r.path(journalDir)); err != nil {
		return nil, fmt.Errorf("lock the journals: %w", err)
	}
	f, err := os.OpenFile(r.path(journalDir+"/"+journalLockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the journals: %w", err)
	}
	ok, err := tryLock(f)
	if err == nil && !ok {
		err = fmt.Errorf("%w: %s", ErrLocked, f.Name())
	}
	if err != nil {
		unlock(f)
		return nil, err
	}
	return func() { unlock(f) }, nil
}

// Journals lists the journals by name, sorted.
func (r *Repo) Journals() ([]string, error) {
	found, err := os.ReadDir(r.path(journalDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the journals: %w", err)
	}
	var names []string
	for _, entry := range found {
		if name, ok := strings.CutSuffix(entry.Name(), journalSuffix); ok && entry.Type().IsRegular() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// CreateJournal makes a journal that only its owner can read. One of that name is
// [ErrExists].
func (r *Repo) CreateJournal(name string) (*Journal, error) {
	path, err := r.journalPath(name)
	if err != nil {
		return nil, err
	}
	if err := r.fs.MkdirAll(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("make the journal: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("journal %s %w", name, ErrExists)
	}
	if err == nil {
		err = r.fs.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, fmt.Errorf("make the journal: %w", err)
	}
	return newJournal(path, f, 0), nil
}

// OpenJournal reads a journal and opens it to go on. A last line without an end is taken
// off: whoever wrote it was never told that it was written. Any other line that is not as
// it was written is [ErrDamaged].
func (r *Repo) OpenJournal(name string) (*Journal, [][]byte, error) {
	lines, size, err := r.readJournal(name)
	if err != nil {
		return nil, nil, err
	}
	path, err := r.journalPath(name)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		err = f.Truncate(size)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("open the journal: %w", err)
	}
	return newJournal(path, f, size), lines, nil
}

// ReadJournal returns the lines of a journal.
func (r *Repo) ReadJournal(name string) ([][]byte, error) {
	lines, _, err := r.readJournal(name)
	return lines, err
}

// RemoveJournal removes a journal whose lines are kept elsewhere by now.
func (r *Repo) RemoveJournal(name string) error {
	path, err := r.journalPath(name)
	if err == nil {
		err = r.fs.Remove(path)
	}
	if err == nil {
		err = r.fs.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("remove the journal: %w", err)
	}
	return nil
}

func (r *Repo) journalPath(name string) (string, error) {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return "", fmt.Errorf("journal %q: %w", name, ErrNotFound)
	}
	return r.path(journalDir + "/" + name + journalSuffix), nil
}

// readJournal returns the good lines and how many bytes they take.
func (r *Repo) readJournal(name string) ([][]byte, int64, error) {
	path, err := r.journalPath(name)
	if err != nil {
		return nil, 0, err
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("journal %s: %w", name, ErrNotFound)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the journal: %w", err)
	}
	var lines [][]byte
	size := int64(0)
	for number := 1; ; number++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			break // torn, or nothing
		}
		text, ok := checkLine(line)
		if !ok {
			return nil, 0, fmt.Errorf("%w: journal %s, line %d", ErrDamaged, name, number)
		}
		lines, data = append(lines, text), rest
		size += int64(len(line)) + 1
	}
	return lines, size, nil
}

// checkLine returns a line without its checksum, and whether that is right.
func checkLine(line []byte) ([]byte, bool) {
	if len(line) < sumLength || line[sumLength-1] != ' ' {
		return nil, false
	}
	sum, err := hex.DecodeString(string(line[:sumLength-1]))
	text := line[sumLength:]
	return text, err == nil && bytes.Equal(sum, sumOf(text))
}

func sumOf(text []byte) []byte {
	sum := crc32.Checksum(text, castagnoli)
	return []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}
}

func newJournal(path string, f journalFile, size int64) *Journal {
	j := &Journal{path: path, file: f, size: size, taken: 1}
	j.written.L = &j.mu
	return j
}

// Append writes lines and returns when they are on the disk. Lines that several goroutines
// append at the same time share one sync. Once an append failed, every other fails with the
// same error, and the file ends with the last line that was taken.
func (j *Journal) Append(lines ...[]byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, line := range lines {
		if bytes.ContainsAny(line, "\n\r") {
			return fmt.Errorf("append to the journal: a line has a line break")
		}
		j.waiting = hex.AppendEncode(j.waiting, sumOf(line))
		j.waiting = append(append(append(j.waiting, ' '), line...), '\n')
	}
	mine := j.taken
	for j.durable < mine && j.err == nil {
		if j.busy {
			j.written.Wait()
			continue
		}
		j.flush()
	}
	return j.err
}

// flush writes what waits. The caller holds the lock, which is open while the disk works.
func (j *Journal) flush() {
	batch, at := j.waiting, j.size
	j.waiting, j.busy = nil, true
	j.taken++
	j.mu.Unlock()
	_, err := j.file.WriteAt(batch, at)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		_ = j.file.Truncate(at) // a torn end is known by its checksum
		err = fmt.Errorf("write the journal %s: %w", j.path, err)
	}
	j.mu.Lock()
	j.busy, j.err = false, err
	if err == nil {
		j.size += int64(len(batch))
		j.durable++
	}
	j.written.Broadcast()
}

// Close closes the file; what was appended is on the disk already.
func (j *Journal) Close() error { return j.file.Close() }
