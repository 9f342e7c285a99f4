package gitstore

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zlib"
)

// Limits on what is read, against objects made to exhaust memory. The writer keeps
// them too.
const (
	maxBlobSize   = 64 << 20
	maxTreeSize   = 16 << 20
	maxCommitSize = 1 << 20
)

func sizeLimit(t objectType) int64 {
	switch t {
	case typeBlob:
		return maxBlobSize
	case typeTree:
		return maxTreeSize
	default:
		return maxCommitSize
	}
}

// objectStore reads verified objects from packs and loose files. It is safe for
// concurrent use. Pack files stay open until close, so a native gc that removes
// them during a run does no harm.
type objectStore struct {
	dir     string // objects
	zip     inflaters
	hashers sync.Pool

	mu    sync.RWMutex
	packs []*pack
	known map[string]bool // index files that are loaded
	last  atomic.Pointer[pack]
}

func newObjectStore(dir string) *objectStore {
	return &objectStore{dir: dir, known: map[string]bool{}}
}

// read returns the content of an object that must have the given type. Its bytes
// hash to h; that is checked here and nowhere else. Errors name the object.
func (s *objectStore) read(want objectType, h Hash) ([]byte, error) {
	kind, data, err := s.find(h, sizeLimit(want))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", want, h, err)
	}
	if kind != want {
		return nil, fmt.Errorf("%w: object %s is a %s where a %s must be", ErrDamaged, h, kind, want)
	}
	return data, nil
}

// readAny is read for a caller that takes any type, as pushing does.
func (s *objectStore) readAny(h Hash) (objectType, []byte, error) {
	kind, data, err := s.find(h, maxBlobSize)
	if err != nil {
		return 0, nil, fmt.Errorf("object %s: %w", h, err)
	}
	return kind, data, nil
}

func (s *objectStore) find(h Hash, limit int64) (objectType, []byte, error) {
	var kind objectType
	var data []byte
	err := s.search(func() (err error) {
		kind, data, err = s.lookup(h, limit)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	if got := s.hash(kind, data); got != h {
		return 0, nil, fmt.Errorf("%w: content hashes to %s", ErrDamaged, got)
	}
	return kind, data, nil
}

func (s *objectStore) hash(t objectType, data []byte) Hash {
	h, ok := s.hashers.Get().(*hasher)
	if !ok {
		h = newHasher()
	}
	defer s.hashers.Put(h)
	return h.object(t, data)
}

func (s *objectStore) lookup(h Hash, limit int64) (objectType, []byte, error) {
	if p, i, ok := s.packed(h); ok {
		kind, data, err := p.read(p.idx.offset(i), limit)
		if err != nil {
			return 0, nil, fmt.Errorf("%w: pack %s: %w", ErrDamaged, p.name, err)
		}
		return kind, data, nil
	}
	return s.readLoose(h, limit)
}

// packed returns the pack that holds h and the position in its index. It looks first
// where the last object was: most of what one command reads lies in one large pack.
func (s *objectStore) packed(h Hash) (*pack, int, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if p := s.last.Load(); p != nil {
		if i, ok := p.idx.find(h); ok {
			return p, i, true
		}
	}
	for _, p := range s.packs {
		if i, ok := p.idx.find(h); ok {
			s.last.Store(p)
			return p, i, true
		}
	}
	return nil, 0, false
}

// maxRescans bounds how often the list of packs is read for one object: a native gc
// may move it from pack to pack between the list and the look.
const maxRescans = 4

// search looks for an object, and again as long as packs appear and vanish.
func (s *objectStore) search(look func() error) error {
	err := look()
	for range maxRescans {
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		changed, scanErr := s.rescan()
		if scanErr != nil {
			return scanErr
		}
		if err = look(); !changed {
			break
		}
	}
	if errors.Is(err, ErrNotFound) && exists(filepath.Join(s.dir, "info", "alternates")) {
		return fmt.Errorf("%w here, and the repositories that objects/info/alternates names are not read", err)
	}
	return err
}

// rescan loads packs that are not known yet, and reports whether the list has changed
// since it was read, or was changing. New packs go to the front: what was just
// written is what is read next.
func (s *objectStore) rescan() (changed bool, err error) {
	found, err := os.ReadDir(filepath.Join(s.dir, "pack"))
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, entry := range found {
		name := filepath.Join(s.dir, "pack", entry.Name())
		if s.known[name] || filepath.Ext(name) != ".idx" {
			continue
		}
		changed = true
		p, err := openPack(name, &s.zip)
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed by a gc meanwhile, or an index without its pack
		}
		if err != nil {
			return false, err
		}
		s.packs = slices.Insert(s.packs, 0, p)
		s.known[name] = true
	}
	return changed, nil
}

func (s *objectStore) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, p := range s.packs {
		errs = append(errs, p.file.Close())
	}
	s.packs, s.known = nil, map[string]bool{}
	s.last.Store(nil)
	return errors.Join(errs...)
}

func (s *objectStore) loosePath(h Hash) string {
	name := h.String()
	return filepath.Join(s.dir, name[:2], name[2:])
}

// readLoose reads an object that a native git wrote as a file of its own.
func (s *objectStore) readLoose(h Hash, limit int64) (objectType, []byte, error) {
	f, err := os.Open(s.loosePath(h))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil, ErrNotFound
	}
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	kind, data, err := parseLoose(f, limit)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: file %s: %w", ErrDamaged, f.Name(), err)
	}
	return kind, data, nil
}

func parseLoose(from io.Reader, limit int64) (objectType, []byte, error) {
	z, err := zlib.NewReader(from)
	if err != nil {
		return 0, nil, err
	}
	in := bufio.NewReader(z)
	head := make([]byte, 0, 32)
	for len(head) == 0 || head[len(head)-1] != 0 {
		c, err := in.ReadByte()
		if err != nil || len(head) == cap(head) {
			return 0, nil, errors.New("no object header")
		}
		head = append(head, c)
	}
	word, number, _ := strings.Cut(string(head[:len(head)-1]), " ")
	kind := looseType(word)
	size, err := strconv.ParseInt(number, 10, 64)
	if err != nil || size < 0 || kind == 0 {
		return 0, nil, errors.New("no object header")
	}
	if size > limit {
		return 0, nil, ErrTooLarge
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(in, data); err != nil {
		return 0, nil, err
	}
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		return 0, nil, errors.New("object does not end where it should")
	}
	return kind, data, nil
}

func looseType(word string) objectType {
	for _, t := range []objectType{typeCommit, typeTree, typeBlob, typeTag} {
		if t.String() == word {
			return t
		}
	}
	return 0
}

// withPrefix returns the objects whose names begin with the given lower-case hex
// digits, at least two, and stops looking at limit of them.
func (s *objectStore) withPrefix(digits string, limit int) ([]Hash, error) {
	if _, err := s.rescan(); err != nil {
		return nil, err
	}
	found := map[Hash]bool{}
	low, err := hex.DecodeString(digits + strings.Repeat("0", len(digits)%2))
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.packs {
		for i := p.idx.search(low, int(low[0])); i < p.idx.count && len(found) < limit; i++ {
			h := p.idx.hash(i)
			if !strings.HasPrefix(h.String(), digits) {
				break
			}
			found[h] = true
		}
	}
	loose, err := os.ReadDir(filepath.Join(s.dir, digits[:2]))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range loose {
		name := digits[:2] + entry.Name()
		if h, err := ParseHash(name); err == nil && strings.HasPrefix(name, digits) && len(found) < limit {
			found[h] = true
		}
	}
	return slices.SortedFunc(maps.Keys(found), Hash.Compare), nil
}
