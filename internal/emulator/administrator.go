package emulator

import (
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"slices"
)

// Administrator is a person who changes the tenant in some portal. The tenant's own rules hold
// (types, references, locks, what cannot change after creation); the method, action or
// request by which a Graph client makes the same change does not matter. A test of such a
// client makes its changes so, and then asks whether the client finds the right request.
//
// A path is one of Graph's, below the version: "/users/{id}".
type Administrator struct {
	server *Server
	caller caller
}

// Administrator returns somebody who may change whatever can be changed.
func (s *Server) Administrator() Administrator {
	return Administrator{server: s, caller: caller{userName: "administrator@contoso.com", userID: s.store.newID("administrator")}}
}

// errUnchangeable says that nobody changes such a thing.
var errUnchangeable = errors.New("cannot be changed")

// by names the administrator in the audit log.
func (a Administrator) by() caller {
	c := a.caller
	c.correlation = a.server.store.newCorrelation()
	return c
}

// As returns the administrator as somebody else: as a request's token and address say, a user, an
// application or both.
func (a Administrator) As(r *http.Request) Administrator {
	a.caller = callerOf(r)
	return a
}

// AsNobody returns a job of Microsoft's own that the audit log names nobody for.
func (a Administrator) AsNobody() Administrator {
	a.caller = caller{nobody: true}
	return a
}

// at resolves a path, and calls change with the store locked.
func (a Administrator) at(path string, change func(t *target) error) error {
	segments, bad := parsePath(path)
	if bad != nil {
		return bad
	}
	s := a.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	t, bad := s.resolve(segments, false)
	if bad != nil {
		return bad
	}
	return change(t)
}

// Set gives properties of an object or singleton other values; nil takes a value away.
func (a Administrator) Set(path string, properties map[string]any) error {
	return a.at(path, func(t *target) error {
		w := &write{store: a.server.store, caller: a.by(), resource: t.resource, path: t.path}
		switch {
		case t.item != nil:
			w.resource, w.path, w.id, w.typ, w.before = t.item.resource, t.item.collection, t.item.id, t.item.typ, t.item.body
		case t.resource != nil && t.resource.singleton:
			w.typ, w.before = t.resource.typ, a.server.store.singletons[t.path]
		default:
			return notFound(path)
		}
		for name := range properties {
			if !w.resource.canSet(name) {
				return errUnchangeable
			}
		}
		return errorOrNil(a.set(t, w, properties))
	})
}

func (a Administrator) set(t *target, w *write, properties map[string]any) *apiError {
	body := annotated(properties)
	streams := make(object)
	for _, name := range w.resource.streams {
		if content, ok := body[name]; ok {
			streams[name] = content
			delete(body, name)
		}
	}
	body["@odata.type"] = "#" + namespace + w.typ
	if err := w.receiveBody(body); err != nil {
		return err
	}
	w.after = maps.Clone(w.before)
	for name, value := range w.sent {
		w.after[name] = value
		if value == nil {
			delete(w.after, name)
		}
	}
	for name, content := range streams {
		if _, err := base64.StdEncoding.DecodeString(textOf(content)); err != nil {
			return badRequest("The content of '%s' is no base64.", name)
		}
		w.setStream(name, textOf(content))
		if content == nil {
			delete(w.after, name)
			delete(w.after, name+"RelativeUrl")
		}
	}
	if err := w.settle(t.item); err != nil {
		return err
	}
	w.stamp()
	if err := w.complete(); err != nil {
		return err
	}
	_, err := a.server.updated(t, w)
	return err
}

// settle lets what actions change follow its own rules, which are none of the object's.
func (w *write) settle(e *entry) *apiError {
	for name, value := range w.sent {
		settle := w.resource.byAction[name].settle
		if settle == nil {
			continue
		}
		after, err := settle(w.store, e, value)
		if err != nil {
			return err
		}
		w.after = after
		delete(w.sent, name)
	}
	return nil
}

// Remove deletes an object; one of the deleted items is gone for good then.
func (a Administrator) Remove(path string) error {
	return a.at(path, func(t *target) error {
		switch {
		case t.item != nil && t.resource.bin():
			a.server.purge(a.by(), t.item)
			return nil
		case t.item == nil && t.resource != nil && t.resource.optional:
			return errorOrNil(a.server.deleteSingleton(a.by(), t))
		case t.item == nil || !t.item.resource.canRemove():
			return errUnchangeable
		}
		return errorOrNil(a.server.deleteItem(a.by(), t.item))
	})
}

// Link adds an object to a relationship of the object at a path.
func (a Administrator) Link(path, relationship, id string) error {
	return a.at(path+"/"+relationship, func(t *target) error {
		if err := checkWritable(t); err != nil {
			return err
		}
		return errorOrNil(a.server.link(a.by(), t, id))
	})
}

// Unlink takes an object out of a relationship of the object at a path.
func (a Administrator) Unlink(path, relationship, id string) error {
	return a.at(path+"/"+relationship, func(t *target) error {
		if err := checkWritable(t); err != nil {
			return err
		}
		return errorOrNil(a.server.unlink(a.by(), t, id))
	})
}

// checkWritable refuses a relationship that nobody writes, or not in its owner's state.
func checkWritable(t *target) error {
	if t.link == nil || t.link.readOnly {
		return errUnchangeable
	}
	return errorOrNil(lockedLink(t.owner, t.link.name))
}

// errorOrNil keeps a nil *apiError from becoming an error.
func errorOrNil(err *apiError) error {
	if err == nil {
		return nil
	}
	return err
}

// canSet reports whether a property of an object that is there can be changed, in whichever
// way.
func (r *resource) canSet(name string) bool {
	if _, ok := r.byAction[name]; ok {
		return true
	}
	if name == r.keyName() || slices.Contains(r.readOnly, name) || slices.Contains(r.createOnly, name) {
		return false
	}
	return r.source == nil && (!r.denies(http.MethodPatch) || r.put)
}

// canRemove reports whether objects of the resource can be deleted, in whichever way.
func (r *resource) canRemove() bool {
	return r.source == nil && (!r.singleton || r.optional) && (!r.denies(http.MethodDelete) || r.requestedBy != "")
}
