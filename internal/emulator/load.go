package emulator

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
)

// The layout that load reads and save writes has one folder per Graph path, and in it
// any number of *.json files, each with an object, an array of objects or a list response:
//
//	users/*.json                                            objects of a collection
//	policies/authorizationPolicy/*.json                     a singleton, in one file
//	applications/{id}/federatedIdentityCredentials/*.json   contained objects
//	groups/{id}/members/*.json                              a relationship: whatever has "id" or "@odata.id"
//	directory/deletedItems/microsoft.graph.user/*.json      deleted objects that can be restored
//
// A relationship may be expanded in the object's body instead, as $expand returns it
// ("manager": {"id": …}). Either way it is stated whole. An object takes the place of one
// with its key, or with its value of a unique property (a service principal's appId).
// An object without a key gets one that depends on its file, as a create would give it.
// Files of other names and hidden ones are left alone.

// tenantPath is the collection of one in which the tenant describes itself. A loaded
// organization makes the emulator that tenant.
const tenantPath = "/organization"

// loader adds folders of objects to a store.
type loader struct {
	store *store
	dir   fs.FS
	// spelling maps, per type, folded property names to the declared ones.
	spelling map[string]map[string]string
	// owners are the objects that folders named, to be looked for at the end; each with
	// its folder.
	owners map[string]string
	// unnamed is where the first thing is that v1.0 does not name.
	unnamed string
}

// load adds the objects in dir, laid out by collection path. The warning says what of them
// v1.0 does not name.
func load(s *store, dir string) (warning string, err error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New("there is no such folder")
	case err != nil:
		return "", err
	case !info.IsDir():
		return "", errors.New("not a folder; name the one that holds users, groups, identity and so on")
	}
	l := &loader{store: s, dir: os.DirFS(dir), spelling: make(map[string]map[string]string), owners: make(map[string]string)}
	if err := fs.WalkDir(l.dir, ".", l.visit); err != nil {
		return "", err
	}
	return s.meta.unnamed(l.unnamed), l.checkOwners()
}

// visit loads the files of one folder.
func (l *loader) visit(at string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(entry.Name(), ".") && at != ".":
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	case !entry.IsDir():
		return nil
	}
	files, err := l.files(at)
	if err != nil || len(files) == 0 {
		return err
	}
	f, err := l.folder(at)
	if err != nil {
		return err
	}
	return f.load(files)
}

// files returns the folder's JSON files in order of name.
func (l *loader) files(at string) ([]string, error) {
	entries, err := fs.ReadDir(l.dir, at)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() && !strings.HasPrefix(name, ".") && strings.EqualFold(path.Ext(name), ".json") {
			files = append(files, path.Join(at, name))
		}
	}
	return files, nil
}

// folder is what a folder's path means.
type folder struct {
	loader *loader
	// resource and path are the collection, singleton or bin.
	resource *resource
	path     string
	// link, with owner, makes it a relationship instead.
	link  *link
	owner string
	// typ is the type of its objects when they do not say.
	typ string
}

// folder finds out what the folder is.
func (l *loader) folder(at string) (*folder, error) {
	segments := strings.Split(at, "/")
	for i, s := range segments {
		decoded, err := url.PathUnescape(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not a name that can be decoded; rename the folder", at, s)
		}
		segments[i] = decoded
	}
	f := &folder{loader: l}
	if r, keys, ok := l.store.table.find(joinSegments(segments)); ok {
		if r.source != nil && !r.source.bin {
			return nil, fmt.Errorf("%s: a view of objects that have collections of their own; put them there", at)
		}
		f.resource, f.path, f.typ = r, fillPath(r.path, keys), r.typ
		l.ownedBy(f.path, at)
		return f, nil
	}
	last := segments[len(segments)-1]
	if r, keys, ok := l.store.table.find(joinSegments(segments[:len(segments)-1])); ok && r.source != nil && r.source.bin {
		f.resource, f.path, f.typ = r, fillPath(r.path, keys), typeName(last)
		return f, nil
	}
	if len(segments) > 2 {
		if r, keys, ok := l.store.table.find(joinSegments(segments[:len(segments)-2])); ok && r.link(last) != nil {
			f.resource, f.path, f.link = r, fillPath(r.path, keys), r.link(last)
			f.owner = segments[len(segments)-2]
			l.owners[f.path+"\x00"+f.owner] = at
			return f, nil
		}
	}
	return nil, fmt.Errorf("%s: there is no such collection; folders are named as Graph's paths, such as users or identity/conditionalAccess/policies", at)
}

// ownedBy notes the object that contains the collection at p, if one does.
func (l *loader) ownedBy(p, at string) {
	segments := strings.Split(strings.Trim(p, "/"), "/")
	for i := len(segments) - 2; i > 0; i-- {
		parent := joinSegments(segments[:i])
		if r, _, ok := l.store.table.find(parent); ok && !r.singleton {
			l.owners[parent+"\x00"+segments[i]] = at
			return
		}
	}
}

// checkOwners reports a folder whose owner is nowhere.
func (l *loader) checkOwners() error {
	var missing []string
	for owner, at := range l.owners {
		collection, id, _ := strings.Cut(owner, "\x00")
		if l.store.get(collection, id) == nil && l.store.deleted[fold(id)] == nil {
			missing = append(missing, fmt.Sprintf("%s: there is no %s in %s; add the object or remove the folder", at, id, strings.TrimPrefix(collection, "/")))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return errors.New(slices.Min(missing))
}

// load puts the folder's objects into the store.
func (f *folder) load(files []string) error {
	if f.resource.singleton && f.link == nil && len(files) > 1 {
		return fmt.Errorf("%s: a singleton has one file, and there is also %s; remove one of them", files[0], files[1])
	}
	var targets []string
	for _, file := range files {
		objects, err := readObjects(f.loader.dir, file)
		if err != nil {
			return err
		}
		for n, body := range objects {
			at := file
			if len(objects) > 1 {
				at = fmt.Sprintf("%s: object %d", file, n+1)
			}
			if f.link != nil {
				id := targetID(body)
				if id == "" {
					return fmt.Errorf(`%s: a member of a relationship needs "id" or "@odata.id"; add one`, at)
				}
				targets = append(targets, id)
				continue
			}
			if err := f.put(at, body); err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
		}
	}
	if f.link != nil {
		f.loader.store.relink(f.owner, f.link.name, targets)
	}
	return nil
}

// targetID returns the id of a relationship's target.
func targetID(body object) string {
	for _, key := range []string{"id", "Id"} {
		if id, ok := body[key].(string); ok && id != "" {
			return id
		}
	}
	ref, _ := body["@odata.id"].(string)
	ref = strings.TrimSuffix(ref, "/")
	id, err := url.PathUnescape(ref[strings.LastIndexByte(ref, '/')+1:])
	if err != nil {
		return ""
	}
	return id
}

// relink makes targets the whole of a relationship.
func (s *store) relink(owner, nav string, targets []string) {
	if e := s.links[linkKey{fold(owner), nav}]; e != nil {
		for _, old := range slices.Clone(e.ids) {
			s.unlink(owner, nav, old)
		}
	}
	for _, target := range targets {
		s.link(owner, nav, target)
	}
}

func joinSegments(segments []string) string { return "/" + strings.Join(segments, "/") }

// fillPath puts keys into a resource's path, which also gives it the table's spelling.
func fillPath(pattern string, keys []string) string {
	segments := strings.Split(pattern, "/")
	for i, s := range segments {
		if s == "*" && len(keys) > 0 {
			segments[i], keys = keys[0], keys[1:]
		}
	}
	return strings.Join(segments, "/")
}
