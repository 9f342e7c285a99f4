package gitstore

import (
	"bufio"
	"crypto/sha1"
	"encoding/binary"
	"io"
)

const (
	idxMagic   = 0xff744f63
	idxVersion = 2
	// idxLarge marks a 32-bit offset that points into the table of 64-bit offsets.
	idxLarge = 1 << 31
)

// writeIdx writes a version 2 pack index (gitformat-pack(5)) and makes it durable.
// entries are sorted by hash.
func writeIdx(fs fileSystem, name string, entries []packEntry, pack Hash) (err error) {
	f, err := fs.Create(name, 0o444)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			discard(fs, name)
		}
	}()
	sum := sha1.New()
	out := bufio.NewWriterSize(io.MultiWriter(f, sum), packChunk)
	encodeIdx(out, entries, pack)
	if err := out.Flush(); err != nil {
		return err
	}
	if _, err := f.Write(sum.Sum(nil)); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// encodeIdx writes everything but the checksum of the index itself.
func encodeIdx(out *bufio.Writer, entries []packEntry, pack Hash) {
	put := func(b []byte) { _, _ = out.Write(b) } // Flush returns the first error
	put32 := func(v uint32) { put(binary.BigEndian.AppendUint32(nil, v)) }
	put32(idxMagic)
	put32(idxVersion)
	next := 0
	for b := range 256 {
		for next < len(entries) && int(entries[next].hash[0]) == b {
			next++
		}
		put32(uint32(next))
	}
	for i := range entries {
		put(entries[i].hash[:])
	}
	for i := range entries {
		put32(entries[i].crc)
	}
	var large []int64
	for i := range entries {
		if offset := entries[i].offset; offset < idxLarge {
			put32(uint32(offset))
		} else {
			put32(idxLarge | uint32(len(large)))
			large = append(large, offset)
		}
	}
	for _, offset := range large {
		put(binary.BigEndian.AppendUint64(nil, uint64(offset)))
	}
	put(pack[:])
}
