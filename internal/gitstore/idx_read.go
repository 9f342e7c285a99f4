package gitstore

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"sort"
)

const (
	idxHeaderLen  = 8
	idxFanoutLen  = 256 * 4
	idxTrailerLen = 2 * 20
	// idxEntryLen is hash, CRC and offset of one object.
	idxEntryLen = 20 + 4 + 4
)

// packIndex is a version 2 pack index held in memory: 28 bytes per object. It is
// immutable and safe for concurrent use.
type packIndex struct {
	count   int
	fanout  []byte
	hashes  []byte
	crcs    []byte
	offsets []byte
	large   []byte
	pack    Hash // checksum of the pack it belongs to
}

// readIdx loads an index and checks its shape and checksum, so a torn file is
// noticed before its offsets are used.
func readIdx(name string) (*packIndex, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	x, err := parseIdx(data)
	if err != nil {
		return nil, fmt.Errorf("%w: pack index %s: %w", ErrDamaged, name, err)
	}
	return x, nil
}

func parseIdx(data []byte) (*packIndex, error) {
	const fixed = idxHeaderLen + idxFanoutLen + idxTrailerLen
	if len(data) < fixed {
		return nil, errors.New("file is too short")
	}
	if binary.BigEndian.Uint32(data) != idxMagic || binary.BigEndian.Uint32(data[4:]) != idxVersion {
		return nil, errors.New("not a version 2 index")
	}
	if sum := sha1.Sum(data[:len(data)-20]); !bytes.Equal(sum[:], data[len(data)-20:]) {
		return nil, errors.New("checksum does not match its content")
	}
	x := &packIndex{fanout: data[idxHeaderLen : idxHeaderLen+idxFanoutLen]}
	x.count = int(binary.BigEndian.Uint32(x.fanout[255*4:]))
	body := data[idxHeaderLen+idxFanoutLen : len(data)-idxTrailerLen]
	if x.count > len(body)/idxEntryLen || (len(body)-x.count*idxEntryLen)%8 != 0 {
		return nil, errors.New("length does not match its object count")
	}
	for b := 1; b < 256; b++ {
		if x.fan(b) < x.fan(b-1) {
			return nil, errors.New("fan-out table is not sorted")
		}
	}
	x.hashes, body = body[:x.count*20], body[x.count*20:]
	x.crcs, body = body[:x.count*4], body[x.count*4:]
	x.offsets, x.large = body[:x.count*4], body[x.count*4:]
	x.pack = Hash(data[len(data)-idxTrailerLen:])
	return x, nil
}

func (x *packIndex) fan(b int) int {
	return int(binary.BigEndian.Uint32(x.fanout[b*4:]))
}

func (x *packIndex) hash(i int) Hash { return Hash(x.hashes[i*20:]) }

func (x *packIndex) crc(i int) uint32 { return binary.BigEndian.Uint32(x.crcs[i*4:]) }

// offset returns where entry i begins in the pack; -1 when the table of large
// offsets has no such row.
func (x *packIndex) offset(i int) int64 {
	v := binary.BigEndian.Uint32(x.offsets[i*4:])
	if v < idxLarge {
		return int64(v)
	}
	row := int(v&^uint32(idxLarge)) * 8
	if row+8 > len(x.large) {
		return -1
	}
	return int64(binary.BigEndian.Uint64(x.large[row:]))
}

// find returns the position of h.
func (x *packIndex) find(h Hash) (int, bool) {
	i := x.search(h[:], int(h[0]))
	return i, i < x.count && x.hash(i) == h
}

// search returns the first position whose hash is not below prefix, which begins
// with byte first.
func (x *packIndex) search(prefix []byte, first int) int {
	low, high := 0, x.fan(first)
	if first > 0 {
		low = x.fan(first - 1)
	}
	return low + sort.Search(high-low, func(i int) bool {
		at := (low + i) * 20
		return bytes.Compare(x.hashes[at:at+20], prefix) >= 0
	})
}

// layout returns the positions of all entries in the order in which they lie in
// the pack.
func (x *packIndex) layout() []int {
	order := make([]int, x.count)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return int(min(1, max(-1, x.offset(a)-x.offset(b))))
	})
	return order
}
