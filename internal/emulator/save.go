package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// savedMark is the file that tells a folder as one that save may replace.
const savedMark = ".entragit-emulator"

// checkSave reports why a tenant cannot be saved to dir: only a new or empty folder, or an
// earlier save, is written to.
func checkSave(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, savedMark)); err != nil {
		return errors.New("the folder is neither empty nor an earlier save; name a new one")
	}
	return nil
}

// save writes the tenant to dir in the layout that load reads: one file per object, and
// one per relationship. An earlier save is replaced, once the new one is complete.
func save(s *store, dir string) error {
	if err := checkSave(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(dir)), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".saving-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := s.saveTo(fresh); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(fresh, dir)
}

func (s *store) saveTo(dir string) error {
	if err := os.WriteFile(filepath.Join(dir, savedMark), []byte("A tenant saved by the emulator; the next save replaces this folder.\n"), 0o644); err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(s.singletons)) {
		if err := writeJSON(dir, path, lastSegment(path), s.singletons[path]); err != nil {
			return err
		}
	}
	for _, path := range s.paths() {
		for _, e := range s.list(path) {
			if err := s.saveEntry(dir, path, e); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.deleted)) {
		e := s.deleted[id]
		if err := s.saveEntry(dir, e.resource.deletedTo+"/"+namespace+e.typ, e); err != nil {
			return err
		}
	}
	return nil
}

// saveEntry writes an object to a folder and its relationships below its own
// collection.
func (s *store) saveEntry(dir, folder string, e *entry) error {
	if err := writeJSON(dir, folder, e.id, typed(e)); err != nil {
		return err
	}
	for _, l := range e.resource.links {
		if l.readOnly {
			continue
		}
		edges := s.links[linkKey{fold(e.id), l.name}]
		if edges == nil || len(edges.ids) == 0 {
			continue
		}
		values := make([]any, len(edges.ids))
		for i, id := range edges.ids {
			values[i] = object{"id": id}
		}
		if err := writeJSON(dir, e.collection+"/"+e.id+"/"+l.name, l.name, object{"value": values}); err != nil {
			return err
		}
	}
	return nil
}

// typed returns the object's body with its type where the collection does not imply it.
func typed(e *entry) object {
	if e.typ == e.resource.typ {
		return e.body
	}
	body := maps.Clone(e.body)
	body["@odata.type"] = "#" + namespace + e.typ
	return body
}

// writeJSON writes a value to the folder of a Graph path.
func writeJSON(dir, path, name string, value any) error {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i, s := range segments {
		segments[i] = fileName(s)
	}
	folder := filepath.Join(append([]string{dir}, segments...)...)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("%s/%s: %w", path, name, err)
	}
	return os.WriteFile(filepath.Join(folder, fileName(name)+".json"), text.Bytes(), 0o644)
}

// fileName escapes a key for file systems; folder names are decoded by load.
func fileName(key string) string {
	escaped := url.PathEscape(key)
	if strings.HasPrefix(escaped, ".") {
		escaped = "%2E" + escaped[1:]
	}
	return strings.NewReplacer(":", "%3A", "*", "%2A").Replace(escaped)
}
