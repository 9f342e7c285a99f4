package gitstore

import "errors"

var errBadDelta = errors.New("delta is malformed")

// applyDelta rebuilds an object from its base; gitformat-pack(5) describes the
// instructions. A result above limit is refused before it is allocated.
func applyDelta(base, delta []byte, limit int64) ([]byte, error) {
	baseSize, delta, ok := deltaSize(delta)
	if !ok || baseSize != int64(len(base)) {
		return nil, errBadDelta
	}
	size, delta, ok := deltaSize(delta)
	if !ok {
		return nil, errBadDelta
	}
	if size > limit {
		return nil, ErrTooLarge
	}
	out := make([]byte, 0, size)
	for len(delta) > 0 {
		op := delta[0]
		delta = delta[1:]
		var piece []byte
		if op&0x80 != 0 {
			piece, delta, ok = deltaCopy(op, delta, base)
		} else if ok = op != 0 && int(op) <= len(delta); ok {
			piece, delta = delta[:op], delta[op:]
		}
		if !ok || int64(len(out)+len(piece)) > size {
			return nil, errBadDelta
		}
		out = append(out, piece...)
	}
	if int64(len(out)) != size {
		return nil, errBadDelta
	}
	return out, nil
}

// deltaCopy reads a copy instruction and returns the piece of base that it names.
func deltaCopy(op byte, delta, base []byte) (piece, rest []byte, ok bool) {
	var fields [7]byte // four bytes of offset, three of size, each if its bit is set
	for i := range fields {
		if op>>i&1 == 0 {
			continue
		}
		if len(delta) == 0 {
			return nil, nil, false
		}
		fields[i], delta = delta[0], delta[1:]
	}
	offset := int(fields[0]) | int(fields[1])<<8 | int(fields[2])<<16 | int(fields[3])<<24
	size := int(fields[4]) | int(fields[5])<<8 | int(fields[6])<<16
	if size == 0 {
		size = 0x10000
	}
	if offset+size > len(base) {
		return nil, nil, false
	}
	return base[offset : offset+size], delta, true
}

func deltaSize(b []byte) (size int64, rest []byte, ok bool) {
	for i, shift := 0, 0; i < len(b) && shift < 56; i, shift = i+1, shift+7 {
		size |= int64(b[i]&0x7f) << shift
		if b[i]&0x80 == 0 {
			return size, b[i+1:], true
		}
	}
	return 0, nil, false
}
