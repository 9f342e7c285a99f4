package emulator

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// Record is one object of a tenant: where it is, its body as Graph writes it, and what it is
// related to. An object of a collection whose body has no key gets one.
type Record = seed.Record

// fillRecords puts records into the store, and returns the collections and singletons that
// they are of. Relationships may point forward, as in fill.
func (s *store) fillRecords(records iter.Seq2[Record, error]) (stated, error) {
	of := stated{}
	n := 0
	for rec, err := range records {
		if err != nil {
			return nil, err
		}
		path := withoutCasts(rec.Path)
		r, _, ok := s.table.find(path)
		if !ok {
			return nil, fmt.Errorf("%s: no such collection or singleton", rec.Path)
		}
		of[path] = r
		if cast := lastSegment(rec.Path); strings.HasPrefix(cast, namespace) && rec.Body["@odata.type"] == nil {
			rec.Body["@odata.type"] = "#" + cast
		}
		n++
		id := s.keyed(r, rec.Body, strconv.Itoa(n))
		s.keyInline(r, path, id, rec.Body, of)
		if err := s.adopt(r, path, rec.Body); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", rec.Path, id, err)
		}
		s.relate(id, rec)
	}
	return of, nil
}

// keyInline gives keys to the objects that a body holds of collections of their own, and notes
// the collections.
func (s *store) keyInline(r *resource, path, id string, body object, of stated) {
	if !r.singleton {
		path += "/" + id
	}
	for _, name := range r.inline {
		inner, _, ok := s.table.find(path + "/" + name)
		if !ok || body[name] == nil {
			continue
		}
		of[path+"/"+name] = inner
		for i, element := range asList(body[name]) {
			if element, ok := element.(object); ok {
				s.keyed(inner, element, path, name, strconv.Itoa(i))
			}
		}
	}
}

// keyed returns the key of an object that parts tell from others, and gives it one if it has
// none and needs one.
func (s *store) keyed(r *resource, body object, parts ...string) string {
	id, _ := body[r.keyName()].(string)
	if id == "" && !r.singleton {
		id = s.newID(append([]string{"record"}, parts...)...)
		body[r.keyName()] = id
	}
	return id
}

// withoutCasts takes the types out of a path: the resources table has none.
func withoutCasts(path string) string {
	segments := strings.Split(path, "/")
	return strings.Join(slices.DeleteFunc(segments, func(s string) bool { return strings.HasPrefix(s, namespace) }), "/")
}

// relate adds the relationships of a record.
func (s *store) relate(id string, rec Record) {
	for nav, targets := range rec.Links {
		for _, target := range targets {
			s.link(id, nav, target)
		}
	}
	for nav, sources := range rec.From {
		for _, source := range sources {
			s.link(source, nav, id)
		}
	}
}

// stated are the collections and singletons whose content was stated whole, so that a seed
// has nothing to add.
type stated map[string]*resource

// covers reports whether a path is among them, or belongs to an object of one that is.
func (of stated) covers(path string) bool {
	for at := path; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		if r := of[at]; r != nil && (at == path || !r.singleton) {
			return true
		}
	}
	return false
}
