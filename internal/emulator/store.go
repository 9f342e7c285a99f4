package emulator

import (
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// object is a Graph body as encoding/json decodes it with UseNumber. A body in the store
// is never modified; a write replaces it, so a reader may keep it after unlocking.
type object = map[string]any

// store holds the tenant: objects by collection path, singletons by path, links
// between objects, and deleted objects. Its methods do not lock: the caller holds mu, for
// reading or writing, around everything that must be seen as one.
//
// A collection path names each owner by id: "/users",
// "/applications/{id}/federatedIdentityCredentials".
type store struct {
	mu sync.RWMutex

	meta  *metadata
	table *table
	// now is the tenant's clock.
	now func() time.Time
	// mergeComplex is [Options.MergeComplex].
	mergeComplex bool
	// noAudit is [Options.NoAudit].
	noAudit bool
	// auditDelay is [Options.AuditDelay], and keepsAudit how long entries are kept.
	auditDelay time.Duration
	keepsAudit func() time.Duration
	// tenantID seeds every generated id.
	tenantID string

	collections map[string]*collection
	singletons  map[string]object
	// directory finds a live object of the directory (anything that is a
	// directoryObject) by its id, whatever its collection.
	directory map[string]*entry
	// linkable finds the live objects outside the directory that relationships reach.
	linkable map[string]*entry
	// index finds live objects by the value of an indexed property.
	index map[indexKey][]*entry
	// links and backlinks hold each edge twice, by source and by target. Edges of a
	// deleted object stay, and come back with it; a listing skips targets that are not live.
	links     map[linkKey]*edges
	backlinks map[linkKey]*edges
	// deleted holds soft-deleted objects by id.
	deleted map[string]*entry
	// seq numbers entries in order of creation.
	seq uint64
	// journal is what happened since the tenant is served.
	journal journal
	// auditID numbers the entries of the audit log, and correlations the requests that they are about.
	auditID, correlations uint64
	// outside are the roles that were given for good without privileged identity management.
	outside []outsideRole
	// published are the applications of other tenants that this one has or had an instance of,
	// by appId: as that instance showed them.
	published map[string]object

	// lag is [Options.Lag], once the tenant is served. What follows is what replicas have that
	// do not know of the last writes.
	lag              time.Duration
	ghosts           map[string][]ghost
	moves            map[linkKey]map[string]move
	singletonsBefore map[string][]version
}

// entry is one object and where it lives.
type entry struct {
	id         string
	collection string // path of its collection
	resource   *resource
	typ        string // type name without namespace
	body       object
	seq        uint64    // order within the collection
	since      time.Time // when it came; zero for what was always there
	earlier    []version // what it was before its last writes
}

// collection is the live objects of one path in order of creation.
type collection struct {
	entries []*entry
	byKey   map[string]*entry
}

type linkKey struct{ id, nav string }

type indexKey struct{ property, value string }

// indexed lists the properties by which objects are looked up without a scan.
// Values compare without regard to case, as the directory compares them.
var indexed = [...]string{
	"appId", "userPrincipalName", "mailNickname", "identifierUris", "proxyAddresses", "servicePrincipalNames",
	"principalId", "resourceId", "clientId",
}

func newStore(meta *metadata, tenantID string, now func() time.Time) *store {
	return &store{
		meta:        meta,
		table:       newTable(meta.resources(allResources)),
		now:         now,
		tenantID:    tenantID,
		collections: make(map[string]*collection),
		singletons:  make(map[string]object),
		directory:   make(map[string]*entry),
		linkable:    make(map[string]*entry),
		index:       make(map[indexKey][]*entry),
		links:       make(map[linkKey]*edges),
		backlinks:   make(map[linkKey]*edges),
		deleted:     make(map[string]*entry),
		published:   make(map[string]object),

		ghosts:           make(map[string][]ghost),
		moves:            make(map[linkKey]map[string]move),
		singletonsBefore: make(map[string][]version),
	}
}

// newID returns a GUID that depends on the tenant and the parts alone.
func (s *store) newID(parts ...string) string {
	return seed.ID(s.tenantID, parts...)
}

// timestamp returns the tenant's time as Graph writes it.
func (s *store) timestamp() string { return s.now().UTC().Format(time.RFC3339) }

// put adds body to the collection at path, or replaces the object with its id there.
// The resources table says which property is the collection's key and what type
// a body without @odata.type has. The body must not be modified afterwards.
func (s *store) put(path string, body object) (*entry, error) {
	r, _, ok := s.table.find(path)
	if !ok || r.singleton {
		return nil, fmt.Errorf("%s: no such collection", path)
	}
	id, _ := body[r.keyName()].(string)
	if id == "" {
		return nil, fmt.Errorf("%s: object without %s", path, r.keyName())
	}
	typ := r.typ
	if t, ok := body["@odata.type"].(string); ok {
		typ = typeName(t)
	}
	if s.meta.Types[typ] == nil || !s.meta.isA(typ, r.typ) {
		return nil, fmt.Errorf("%s/%s: type %s is not a %s", path, id, typ, r.typ)
	}
	e := &entry{id: id, collection: path, resource: r, typ: typ, body: body}
	if old := s.get(path, id); old != nil {
		e.seq, e.since, e.earlier = old.seq, old.since, s.keepVersion(old.earlier, old.body)
		s.take(old)
	} else {
		s.seq++
		e.seq = s.seq
	}
	s.add(e)
	return e, nil
}

// add makes e live.
func (s *store) add(e *entry) {
	c := s.collections[e.collection]
	if c == nil {
		c = &collection{byKey: make(map[string]*entry)}
		s.collections[e.collection] = c
	}
	c.byKey[fold(e.id)] = e
	at := len(c.entries)
	if at > 0 && c.entries[at-1].seq > e.seq {
		at = sort.Search(len(c.entries), func(i int) bool { return c.entries[i].seq > e.seq })
	}
	c.entries = slices.Insert(c.entries, at, e)
	s.note(event{collection: e.collection, id: e.id})
	s.publish(e)
	if s.meta.isA(e.typ, "directoryObject") {
		s.directory[fold(e.id)] = e
	}
	if e.resource.linked {
		s.linkable[fold(e.id)] = e
	}
	for key := range indexKeys(e.body) {
		s.index[key] = append(s.index[key], e)
	}
}

// take makes e no longer live. Its links and contained objects stay.
func (s *store) take(e *entry) {
	c := s.collections[e.collection]
	s.note(event{collection: e.collection, id: e.id, before: e.body})
	delete(c.byKey, fold(e.id))
	at := sort.Search(len(c.entries), func(i int) bool { return c.entries[i].seq >= e.seq })
	c.entries = slices.Delete(c.entries, at, at+1)
	if s.directory[fold(e.id)] == e {
		delete(s.directory, fold(e.id))
	}
	if s.linkable[fold(e.id)] == e {
		delete(s.linkable, fold(e.id))
	}
	for key := range indexKeys(e.body) {
		left := slices.DeleteFunc(slices.Clone(s.index[key]), func(x *entry) bool { return x == e })
		if len(left) == 0 {
			delete(s.index, key)
			continue
		}
		s.index[key] = left
	}
}

// get returns the live object with that key, or nil.
func (s *store) get(path, key string) *entry {
	if c := s.collections[path]; c != nil {
		return c.byKey[fold(key)]
	}
	return nil
}

// list returns the live objects of a collection in order of creation. The result must not
// be modified.
func (s *store) list(path string) []*entry {
	if c := s.collections[path]; c != nil {
		return c.entries
	}
	return nil
}

// lookup returns the live objects with that value of an indexed property.
func (s *store) lookup(property, value string) []*entry {
	return s.index[indexKey{property, fold(value)}]
}

// setSingleton sets the body of the singleton at path.
func (s *store) setSingleton(path string, body object) {
	if old := s.singletons[path]; old != nil {
		s.singletonsBefore[path] = s.keepVersion(s.singletonsBefore[path], old)
	}
	s.singletons[path] = body
}

// paths returns the path of every collection that has objects, sorted.
func (s *store) paths() []string {
	var paths []string
	for path, c := range s.collections {
		if len(c.entries) > 0 {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// indexKeys yields the index keys of a body.
func indexKeys(body object) iter.Seq[indexKey] {
	return func(yield func(indexKey) bool) {
		for _, name := range indexed {
			switch v := body[name].(type) {
			case string:
				if !yield(indexKey{name, fold(v)}) {
					return
				}
			case []any:
				for _, x := range v {
					if t, ok := x.(string); ok && !yield(indexKey{name, fold(t)}) {
						return
					}
				}
			}
		}
	}
}

// fold returns the form in which the directory compares keys.
func fold(s string) string { return strings.ToLower(s) }
