package gitstore

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// maxDeltaChain is git's own ceiling for the length of a delta chain.
const maxDeltaChain = 4095

// pack reads objects from one pack file. It is safe for concurrent use.
type pack struct {
	name string
	file *os.File
	size int64
	idx  *packIndex
	zip  *inflaters
}

// openPack opens the pack that belongs to an index and checks that they match:
// header, object count, and the checksum at the end, which a truncated or
// exchanged file does not have.
func openPack(idxName string, zip *inflaters) (_ *pack, err error) {
	idx, err := readIdx(idxName)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(idxName, ".idx") + ".pack"
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	p := &pack{name: name, file: f, size: info.Size(), idx: idx, zip: zip}
	if err := p.checkEnds(); err != nil {
		return nil, fmt.Errorf("%w: pack %s: %w", ErrDamaged, name, err)
	}
	return p, nil
}

func (p *pack) checkEnds() error {
	var head [packHeaderLen]byte
	var tail Hash
	if p.size < packHeaderLen+20 {
		return errors.New("file is too short")
	}
	if _, err := p.file.ReadAt(head[:], 0); err != nil {
		return err
	}
	if _, err := p.file.ReadAt(tail[:], p.size-20); err != nil {
		return err
	}
	if string(head[:4]) != "PACK" || int(binary.BigEndian.Uint32(head[8:])) != p.idx.count {
		return errors.New("header does not match its index")
	}
	if tail != p.idx.pack {
		return errors.New("checksum does not match its index: the file is truncated or was replaced")
	}
	return nil
}

// entryHeader is what precedes an entry's compressed data.
type entryHeader struct {
	kind       objectType
	size       int64 // of the inflated data
	length     int64 // of the header itself
	baseHash   Hash  // of a reference delta
	baseOffset int64 // of an offset delta
}

// header reads the header of the entry at offset.
func (p *pack) header(offset int64) (entryHeader, error) {
	var buf [32]byte // ten bytes of size, then ten of offset or twenty of hash
	if offset < packHeaderLen || offset >= p.size-20 {
		return entryHeader{}, errors.New("index points outside the pack")
	}
	n, err := p.file.ReadAt(buf[:], offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return entryHeader{}, err
	}
	b := buf[:n]
	h := entryHeader{kind: objectType(b[0] >> 4 & 7), size: int64(b[0] & 0xf)}
	at, shift := 1, 4
	for b[at-1]&0x80 != 0 {
		if at == len(b) || shift > 57 {
			return entryHeader{}, errors.New("entry header is malformed")
		}
		h.size |= int64(b[at]&0x7f) << shift
		at, shift = at+1, shift+7
	}
	switch h.kind {
	case typeRefDelta:
		if at+20 > len(b) {
			return entryHeader{}, errors.New("entry header is malformed")
		}
		h.baseHash = Hash(b[at:])
		at += 20
	case typeOfsDelta:
		back, used := ofsDistance(b[at:])
		if used == 0 || back <= 0 || back > offset {
			return entryHeader{}, errors.New("delta points outside the pack")
		}
		h.baseOffset = offset - back
		at += used
	case typeCommit, typeTree, typeBlob, typeTag:
	default:
		return entryHeader{}, errors.New("entry has no known type")
	}
	h.length = int64(at)
	return h, nil
}

// ofsDistance reads the backward distance of an offset delta; used is 0 when b does
// not hold one.
func ofsDistance(b []byte) (distance int64, used int) {
	for i, c := range b {
		if i > 0 {
			distance++
		}
		if distance > math.MaxInt64>>8 {
			return 0, 0
		}
		distance = distance<<7 | int64(c&0x7f)
		if c&0x80 == 0 {
			return distance, i + 1
		}
	}
	return 0, 0
}

// read returns the object at offset, deltas applied. No step inflates more than
// limit bytes.
func (p *pack) read(offset, limit int64) (objectType, []byte, error) {
	var deltas [][]byte
	for {
		h, err := p.header(offset)
		if err != nil {
			return 0, nil, err
		}
		if h.size > limit {
			return 0, nil, ErrTooLarge
		}
		data, err := p.inflate(offset+h.length, h.size)
		if err != nil {
			return 0, nil, err
		}
		switch h.kind {
		case typeOfsDelta:
			offset = h.baseOffset
		case typeRefDelta:
			i, ok := p.idx.find(h.baseHash)
			if !ok {
				return 0, nil, fmt.Errorf("base %s of a delta is missing", h.baseHash)
			}
			offset = p.idx.offset(i)
		default:
			for i := len(deltas) - 1; i >= 0; i-- {
				if data, err = applyDelta(data, deltas[i], limit); err != nil {
					return 0, nil, err
				}
			}
			return h.kind, data, nil
		}
		if deltas = append(deltas, data); len(deltas) > maxDeltaChain {
			return 0, nil, errors.New("delta chain is too long")
		}
	}
}

func (p *pack) inflate(offset, size int64) ([]byte, error) {
	return p.zip.inflate(io.NewSectionReader(p.file, offset, p.size-20-offset), size)
}

// inflaters keeps zlib readers between objects: one costs more to make than most
// objects cost to read. The zero value is ready; it is safe for concurrent use.
type inflaters struct{ idle sync.Pool }

type inflater struct {
	in  *bufio.Reader
	out io.ReadCloser
}

// inflate reads exactly size bytes of zlib data, whose own checksum must match.
func (p *inflaters) inflate(from io.Reader, size int64) ([]byte, error) {
	z, ok := p.idle.Get().(*inflater)
	if !ok {
		z = &inflater{in: bufio.NewReaderSize(nil, 4096)}
	}
	defer p.idle.Put(z)
	if err := z.reset(from); err != nil {
		return nil, err
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(z.out, data); err != nil {
		return nil, err
	}
	var more [1]byte
	if n, err := z.out.Read(more[:]); n != 0 || !errors.Is(err, io.EOF) {
		return nil, errors.New("compressed data does not end where it should")
	}
	return data, nil
}

func (z *inflater) reset(from io.Reader) (err error) {
	z.in.Reset(from)
	if z.out == nil {
		z.out, err = zlib.NewReader(z.in)
		return err
	}
	return z.out.(zlib.Resetter).Reset(z.in, nil)
}
