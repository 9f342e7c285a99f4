package gitstore

import (
	"bufio"
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
)

// Names of files in the making. They do not begin with "tmp_", since a native gc that
// prunes would remove them while they are written, and end in neither .pack nor .idx
// so that nothing reads them.
const (
	tmpPackPrefix = "snapshot_pack_"
	tmpIdxPrefix  = "snapshot_idx_"
)

const (
	packHeaderLen = 12
	packVersion   = 2
	// packChunk is how much is copied between disk and hash at a time.
	packChunk = 1 << 18
)

// packEntry is where one object lies in a pack.
type packEntry struct {
	hash   Hash
	crc    uint32
	offset int64
}

// packWriter streams objects into one temporary pack file. Objects are compressed
// by workers and written in the order in which they were added, so the same
// input gives the same bytes. Memory is bounded by the batches in flight and by
// 32 bytes per object. Not safe for concurrent use.
type packWriter struct {
	fs      fileSystem
	dir     string // objects/pack
	file    file
	out     *bufio.Writer
	offset  int64
	entries []packEntry
	pipe    *compressor
}

// newPackWriter creates the temporary pack in dir.
func newPackWriter(fs fileSystem, dir string) (*packWriter, error) {
	f, err := createTmpPack(fs, dir)
	if err != nil {
		return nil, err
	}
	w := &packWriter{fs: fs, dir: dir, file: f, out: bufio.NewWriterSize(f, packChunk), offset: packHeaderLen}
	// The count is not known yet; seal writes it. A bufio.Writer keeps its first error
	// for Flush.
	_, _ = w.out.Write(packHeader(0))
	w.pipe = newCompressor(w.append)
	return w, nil
}

func createTmpPack(fs fileSystem, dir string) (file, error) {
	f, err := fs.Create(filepath.Join(dir, tmpPackPrefix+rand.Text()), 0o444)
	if err != nil {
		return nil, fmt.Errorf("create pack: %w", err)
	}
	return f, nil
}

func packHeader(count uint32) []byte {
	b := append(make([]byte, 0, packHeaderLen), "PACK"...)
	b = binary.BigEndian.AppendUint32(b, packVersion)
	return binary.BigEndian.AppendUint32(b, count)
}

// add queues an object. data is copied before add returns.
func (w *packWriter) add(t objectType, h Hash, data []byte) error {
	return w.pipe.add(t, h, data)
}

// append writes one finished entry: header and compressed data.
func (w *packWriter) append(h Hash, entry []byte) error {
	if len(w.entries) == 1<<32-1 {
		return errors.New("write pack: too many objects for one pack")
	}
	w.entries = append(w.entries, packEntry{hash: h, crc: crc32.ChecksumIEEE(entry), offset: w.offset})
	w.offset += int64(len(entry))
	if _, err := w.out.Write(entry); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	return nil
}

// seal completes the file with count and checksum and returns the checksum, which
// names the pack.
func (w *packWriter) seal() (Hash, error) {
	if err := w.pipe.close(); err != nil {
		return Hash{}, err
	}
	if err := w.out.Flush(); err != nil {
		return Hash{}, fmt.Errorf("write pack: %w", err)
	}
	if _, err := w.file.WriteAt(packHeader(uint32(len(w.entries))), 0); err != nil {
		return Hash{}, fmt.Errorf("write pack: %w", err)
	}
	// The checksum covers the count, which comes first: read the file again. Plain
	// SHA-1 will do, the checksum guards against accidents only.
	sum := sha1.New()
	content := io.NewSectionReader(w.file, 0, w.offset)
	if _, err := io.CopyBuffer(sum, content, make([]byte, packChunk)); err != nil {
		return Hash{}, fmt.Errorf("read pack: %w", err)
	}
	checksum := Hash(sum.Sum(nil))
	if _, err := w.file.WriteAt(checksum[:], w.offset); err != nil {
		return Hash{}, fmt.Errorf("write pack: %w", err)
	}
	return checksum, nil
}

// install makes the pack part of the repository, kept until it is released.
func (w *packWriter) install() (*keptPack, error) {
	checksum, err := w.seal()
	if err != nil {
		w.abort()
		return nil, err
	}
	return installPack(w.fs, w.dir, w.file, checksum, w.entries)
}

// abort discards the temporary pack.
func (w *packWriter) abort() {
	_ = w.pipe.close() // the error, if any, is why we are here
	w.file.Close()
	discard(w.fs, w.file.Name())
}
