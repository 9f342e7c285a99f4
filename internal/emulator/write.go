package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// write is one change of an object while it is being checked.
type write struct {
	store    *store
	caller   caller
	resource *resource
	// path is the object's collection, or the singleton itself; id is empty for a
	// singleton.
	path, id string
	typ      string
	// cast is the type that the path names, which a body need not name again.
	cast string
	// before is the object as it is, nil when it is being created.
	before object
	// sent is the request's body; binds are the references it held ("members@odata.bind"),
	// as ids.
	sent  object
	binds map[string][]string
	// after is the object as it will be, nil when it is being deleted.
	after object
}

// bindLimit is how many references one request may add.
const bindLimit = 20

// receive reads a body: its type, its references, its properties.
func (w *write) receive(req *request) *apiError {
	body, err := req.object()
	if err == nil && !req.prefersLater() {
		err = w.store.checkLater(w.typ, body)
	}
	if err != nil {
		return err
	}
	return w.receiveBody(body)
}

// receiveBody is receive for a body that is decoded. It takes the body over.
func (w *write) receiveBody(body object) *apiError {
	if err := w.receiveType(body); err != nil {
		return err
	}
	delete(body, "@odata.context") // the documentation's own examples send it at the top
	related, err := w.takeToOne(body)
	if err != nil {
		return err
	}
	for _, name := range w.resource.emptied {
		if value, sent := body[name]; sent && value == nil {
			body[name] = object{}
		}
	}
	if err := w.store.validate(w.typ, body); err != nil {
		return err
	}
	if err := w.checkLearned(body); err != nil {
		return err
	}
	w.sent, w.binds = make(object, len(body)), make(map[string][]string)
	for name, value := range body {
		if nav, ok := strings.CutSuffix(name, "@odata.bind"); ok {
			ids, err := w.receiveBinds(nav, value)
			if err != nil {
				return err
			}
			w.binds[nav] = ids
			continue
		}
		if !strings.Contains(name, "@") {
			w.sent[name] = value
		}
	}
	maps.Copy(w.sent, related)
	return nil
}

// receiveType takes the object's type from a body that is being created, and compares
// it when it is being updated.
func (w *write) receiveType(body object) *apiError {
	meta := w.store.meta
	annotation, named := body["@odata.type"].(string)
	sent := typeName(annotation)
	switch {
	case !named && w.resource.takes(meta, w.cast):
		w.typ = w.cast
		return nil
	case !named && (w.resource.typed || w.typ == w.resource.typ && meta.Types[w.typ].Abstract):
		return badRequest("Resource type is required: the annotation '@odata.type' must name a type that extends '%s%s'.", namespace, w.resource.typ)
	case !named:
		return nil
	case meta.Types[sent] == nil || !w.resource.takes(meta, sent) || meta.Types[sent].Abstract,
		w.before != nil && sent != w.typ, w.before == nil && meta.Types[sent].learned:
		return unresolvedType(annotation)
	}
	w.typ = sent
	return nil
}

// receiveBinds returns the ids that a bind annotation refers to.
func (w *write) receiveBinds(nav string, value any) ([]string, *apiError) {
	if w.resource.link(nav) == nil {
		return nil, badRequest("The property '%s' cannot be bound.", nav)
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	if len(list) > bindLimit {
		return nil, directoryError("The number of references in '%s' exceeds the maximum of %d.", nav, bindLimit)
	}
	var ids []string
	for _, v := range list {
		url, _ := v.(string)
		id := referencedID(url)
		if id == "" {
			return nil, directoryError("Invalid URL '%s' in the references of '%s'.", url, nav)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// checkSent refuses properties that this write may not hold.
func (w *write) checkSent() *apiError {
	for _, name := range slices.Sorted(maps.Keys(w.sent)) {
		key := name == w.resource.keyName()
		switch {
		case key && w.before == nil && w.resource.clientKey:
		case key && w.before != nil && strings.EqualFold(textOf(w.sent[name]), w.id):
			delete(w.sent, name) // a key that says what the address says is no change
		case key, slices.Contains(w.resource.readOnly, name):
			return directoryError("Property '%s' is read-only and cannot be set.", name)
		case !w.resource.texts[name].takes(textOf(w.sent[name])) && w.sent[name] != nil && !sameValue(w.sent[name], w.before[name]):
			return invalidValue(name, capital(w.typ))
		case w.before != nil && slices.Contains(w.resource.createOnly, name) && !sameValue(w.sent[name], w.before[name]):
			return directoryError("Property '%s' is read-only and cannot be set after creation.", name)
		}
	}
	if err := w.checkSeparate(); err != nil {
		return err
	}
	if w.before != nil {
		return nil
	}
	for _, name := range w.resource.required {
		if w.sent[name] == nil {
			return directoryError("A value is required for property '%s' of resource '%s'.", name, capital(w.typ))
		}
	}
	return nil
}

func textOf(v any) string {
	s, _ := v.(string)
	return s
}

// checkSeparate refuses properties that cannot be written in this company or by this
// caller.
func (w *write) checkSeparate() *apiError {
	alone := 0
	for name := range w.sent {
		if slices.Contains(w.resource.delegated, name) && w.caller.userName == "" {
			return &apiError{status: http.StatusForbidden, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation."}
		}
		if slices.Contains(w.resource.alone, name) {
			alone++
		}
	}
	if alone > 0 && alone < len(w.sent) {
		return directoryError("The properties %s cannot be updated together with other properties.", strings.Join(w.resource.alone, ", "))
	}
	return nil
}

// merged returns an object with the sent properties: null takes a value away, a complex
// value replaces the one there unless the resource merges it.
func (w *write) merged() object {
	after := maps.Clone(w.before)
	if after == nil {
		after = maps.Clone(w.resource.defaults)
	}
	if after == nil {
		after = make(object)
	}
	for name, value := range w.sent {
		if value == nil {
			delete(after, name)
			continue
		}
		old, _ := after[name].(object)
		part, isObject := value.(object)
		if old != nil && isObject && (w.store.mergeComplex || slices.Contains(w.resource.merge, name)) {
			value = mergeObject(old, part)
		}
		after[name] = value
	}
	return after
}

func mergeObject(old, part object) object {
	merged := maps.Clone(old)
	for name, value := range part {
		inner, isObject := value.(object)
		before, _ := merged[name].(object)
		switch {
		case value == nil:
			delete(merged, name)
		case isObject && before != nil:
			merged[name] = mergeObject(before, inner)
		default:
			merged[name] = value
		}
	}
	return merged
}

// check applies every rule of the resource to the object as it will be.
func (w *write) check() *apiError {
	for _, rule := range []func() *apiError{w.checkLocks, w.checkReferences, w.checkUnique} {
		if err := rule(); err != nil {
			return err
		}
	}
	for _, rule := range w.resource.checks {
		if err := rule(w); err != nil {
			return err
		}
	}
	return nil
}

func (w *write) checkLocks() *apiError {
	if w.before == nil {
		return nil
	}
	for _, l := range w.resource.locks {
		if !l.when(w.before) {
			continue
		}
		if w.after == nil && l.deletes {
			return l.err
		}
		for name := range w.sent {
			if l.covers(name) {
				return l.err
			}
		}
	}
	return nil
}

// covers reports whether a property or relationship is locked.
func (l *lock) covers(name string) bool {
	if l.parts != nil {
		return slices.Contains(l.parts, name)
	}
	if strings.HasPrefix(name, extensionPrefix) {
		name = extensionPrefix
	}
	return !slices.Contains(l.except, name)
}

// checkReferences refuses values that name no object. Only what was sent is checked: an
// object that is deleted later stays in the property until someone writes it again.
func (w *write) checkReferences() *apiError {
	for _, ref := range w.resource.refs {
		root, _, _ := strings.Cut(ref.path, ".")
		if _, sent := w.sent[root]; !sent {
			continue
		}
		for _, value := range valuesAt(w.after, strings.Split(ref.path, ".")) {
			if !slices.Contains(ref.special, value) && !w.store.exists(ref, value) {
				return ref.missing(value)
			}
		}
	}
	return nil
}

func (r *reference) missing(value string) *apiError {
	err := badRequest(r.message, value)
	if r.code != "" {
		err.code = r.code
	}
	if r.status != 0 {
		err.status = r.status
	}
	return err
}

// exists reports whether some object has the value that a reference holds.
func (s *store) exists(ref reference, value string) bool {
	if ref.published && s.published[fold(value)] != nil {
		return true
	}
	for _, path := range ref.in {
		var e *entry
		if ref.by == "" {
			e = s.get(path, value)
		} else {
			e = s.findBy(path, ref.by, value)
		}
		if e != nil && s.isVisible(e) {
			return true
		}
	}
	return false
}

// valuesAt returns the strings at a path, entering collections; "*" is every property.
func valuesAt(v any, path []string) []string {
	switch v := v.(type) {
	case []any:
		var values []string
		for _, x := range v {
			values = append(values, valuesAt(x, path)...)
		}
		return values
	case object:
		switch {
		case len(path) == 0:
		case path[0] == "*":
			var values []string
			for _, name := range slices.Sorted(maps.Keys(v)) {
				values = append(values, valuesAt(v[name], path[1:])...)
			}
			return values
		default:
			return valuesAt(v[path[0]], path[1:])
		}
	case string:
		if len(path) == 0 {
			return []string{v}
		}
	}
	return nil
}

// capital returns a word with its first letter in upper case: "User".
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
