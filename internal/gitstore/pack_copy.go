package gitstore

import (
	"errors"
	"fmt"
	"hash/crc32"
)

// stat reports whether an object is here, without reading it from a pack.
func (s *objectStore) stat(h Hash) error {
	err := s.search(func() error {
		if _, _, ok := s.packed(h); ok {
			return nil
		}
		_, _, err := s.readLoose(h, maxBlobSize)
		return err
	})
	if err != nil {
		return fmt.Errorf("%w: object %s: %w", ErrDamaged, h, err)
	}
	return nil
}

// copyTo adds objects to a pack. Entries of existing packs are copied as they are,
// compressed, once their CRC is checked; deltas, whose base may not come along, and
// loose objects are written anew.
func (s *objectStore) copyTo(w *packWriter, objects []Hash) error {
	ends := map[*pack]map[int64]int64{}
	for _, h := range objects {
		p, i, ok := s.packed(h)
		if ok {
			if ends[p] == nil {
				ends[p] = p.entryEnds()
			}
			entry, whole, err := p.rawEntry(i, ends[p])
			if err != nil {
				return fmt.Errorf("%w: object %s: pack %s: %w", ErrDamaged, h, p.name, err)
			}
			if whole {
				if err := w.append(h, entry); err != nil {
					return err
				}
				continue
			}
		}
		kind, data, err := s.readAny(h)
		if err != nil {
			return damaged(err)
		}
		if err := w.add(kind, h, data); err != nil {
			return err
		}
	}
	return nil
}

// entryEnds maps the offset of each entry to that of the next.
func (p *pack) entryEnds() map[int64]int64 {
	ends := make(map[int64]int64, p.idx.count)
	end := p.size - 20
	order := p.idx.layout()
	for i := len(order) - 1; i >= 0; i-- {
		offset := p.idx.offset(order[i])
		ends[offset] = end
		end = offset
	}
	return ends
}

// rawEntry returns the bytes of entry i as they lie in the pack; whole is false for
// a delta.
func (p *pack) rawEntry(i int, ends map[int64]int64) (entry []byte, whole bool, err error) {
	offset := p.idx.offset(i)
	h, err := p.header(offset)
	if err != nil {
		return nil, false, err
	}
	if h.kind == typeOfsDelta || h.kind == typeRefDelta {
		return nil, false, nil
	}
	// Compressed data is hardly larger than its content, or the pack is made up.
	length := ends[offset] - offset
	if length <= h.length || length > maxBlobSize+1<<20 {
		return nil, false, errors.New("entry has an impossible length")
	}
	entry = make([]byte, length)
	if _, err := p.file.ReadAt(entry, offset); err != nil {
		return nil, false, err
	}
	if crc32.ChecksumIEEE(entry) != p.idx.crc(i) {
		return nil, false, errors.New("entry does not match its checksum")
	}
	return entry, true, nil
}
