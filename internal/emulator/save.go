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

// save writes the tenant to dir in the layout that load reads: files of up to 1,000
// objects in order of creation, their relationships expanded. An earlier save is replaced,
// once the new one is complete.
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
	if err := s.replace(dir, fresh); err != nil {
		return errors.Join(err, os.RemoveAll(fresh))
	}
	return nil
}

// replace fills the folder fresh and moves it to dir.
func (s *store) replace(dir, fresh string) error {
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
		if err := s.saveObjects(dir, path, s.list(path)); err != nil {
			return err
		}
	}
	deleted := make(map[string][]*entry)
	for _, e := range bySeq(slices.Collect(maps.Values(s.deleted))) {
		path := e.resource.deletedTo + "/" + namespace + e.typ
		deleted[path] = append(deleted[path], e)
	}
	for path, entries := range deleted {
		if err := s.saveObjects(dir, path, entries); err != nil {
			return err
		}
	}
	return nil
}

// saveFile is how many objects a file holds.
const saveFile = 1000

func (s *store) saveObjects(dir, path string, entries []*entry) error {
	n := 0
	for chunk := range slices.Chunk(entries, saveFile) {
		name := lastSegment(path)
		if n++; len(entries) > saveFile {
			name += fmt.Sprintf("-%06d", n)
		}
		objects := make([]object, len(chunk))
		for i, e := range chunk {
			objects[i] = s.whole(e)
		}
		if err := writeJSON(dir, path, name, objects); err != nil {
			return err
		}
	}
	return nil
}

// whole returns an object with its relationships, and with its type where the collection does not
// imply it.
func (s *store) whole(e *entry) object {
	body := maps.Clone(e.body)
	delete(body, "@odata.type")
	if e.typ != e.resource.typ {
		body["@odata.type"] = "#" + namespace + e.typ
	}
	for _, l := range e.resource.links {
		edges := s.links[linkKey{fold(e.id), l.name}]
		if edges == nil || len(edges.ids) == 0 {
			continue
		}
		related := make([]any, len(edges.ids))
		for i, id := range edges.ids {
			related[i] = object{"id": id}
		}
		body[l.name] = related
		if l.single {
			body[l.name] = related[0]
		}
	}
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
