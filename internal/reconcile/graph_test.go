package reconcile

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// tenant is a small strict model of what Graph does with writes, by the table of
// kinds: a second opinion on the rules, kept as simple as it can be.
type tenant struct {
	objects, deleted map[entra.Key]*entra.Object
	replace          bool // a complex value replaces the old one instead of being merged
	log              []string
	fail             func(method, path string) error // before anything happens
	lost             func(method, path string) error // after it happened: the answer was lost
}

func newTenant(objects ...*entra.Object) *tenant {
	t := &tenant{objects: map[entra.Key]*entra.Object{}, deleted: map[entra.Key]*entra.Object{}}
	for _, o := range objects {
		t.objects[o.Key] = clone(o)
	}
	return t
}

func (t *tenant) Objects(_ context.Context, keys []entra.Key) (map[entra.Key]*entra.Object, error) {
	found := map[entra.Key]*entra.Object{}
	for _, key := range keys {
		if o := t.objects[key]; o != nil {
			found[key] = t.read(o)
		}
	}
	return found, nil
}

// read is an object as it is read: with the ids of contained elements beside it.
func (t *tenant) read(o *entra.Object) *entra.Object {
	c := clone(o)
	c.IDs = map[string]map[string]string{}
	for _, contained := range kind.ByName(o.Kind).Contained {
		ids := map[string]string{}
		for _, e := range o.Contained[contained.Name] {
			key, _ := kind.ElementKey(e, contained.Key)
			ids[key] = elementID(&contained, e)
		}
		if !slices.Contains(contained.Key, "id") {
			c.IDs[contained.Name] = ids
		}
	}
	return c
}

func (t *tenant) Do(_ context.Context, method, path string, body []byte) ([]byte, error) {
	t.log = append(t.log, strings.TrimSpace(method+" "+path+" "+string(body)))
	if t.fail != nil {
		if err := t.fail(method, path); err != nil {
			return nil, err
		}
	}
	if err := t.write(method, path, body); err != nil {
		return nil, err
	}
	if t.lost != nil {
		return nil, t.lost(method, path)
	}
	return nil, nil
}

func rejected(format string, args ...any) error {
	return fmt.Errorf("Request_BadRequest: %s: %w", fmt.Sprintf(format, args...), entra.ErrRejected)
}

func (t *tenant) write(method, path string, body []byte) error {
	for _, k := range kind.All() {
		if id, ok := strings.CutSuffix(path, "/restore"); ok && method == "POST" {
			key := entra.Key{Kind: k.Name, ID: strings.TrimPrefix(id, k.Deletion.RestorePath+"/")}
			if o := t.deleted[key]; o != nil {
				delete(t.deleted, key)
				t.objects[key] = o
				return nil
			}
		}
		rest, ok := strings.CutPrefix(path, k.Path)
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		segments := strings.Split(rest, "/")[1:]
		key := entra.Key{Kind: k.Name, ID: singletonID}
		if !k.Singleton || k.Listed {
			if len(segments) == 0 {
				continue
			}
			key.ID, segments = segments[0], segments[1:]
		}
		o := t.objects[key]
		if o == nil {
			return fmt.Errorf("Request_ResourceNotFound: %s: %w", key, entra.ErrNotFound)
		}
		return t.writeObject(k, o, method, segments, body)
	}
	return rejected("no such resource %s", path)
}

const singletonID = "singleton"

func (t *tenant) writeObject(k *kind.Kind, o *entra.Object, method string, segments []string, body []byte) error {
	if o.Spec == nil {
		o.Spec = map[string]any{}
	}
	switch {
	case len(segments) == 0 && method == "PATCH":
		return t.patch(&k.Shape, o.Spec, body)
	case len(segments) > 1 && segments[len(segments)-1] == "$ref":
		return t.link(k, o, method, segments[0], segments[1:len(segments)-1], body)
	case len(segments) > 0:
		for i := range k.Contained {
			if c := &k.Contained[i]; c.Name == segments[0] {
				return t.contain(c, o, method, segments[1:], body)
			}
		}
	}
	return rejected("%s %v is not allowed", method, segments)
}

func (t *tenant) patch(s *kind.Shape, state map[string]any, body []byte) error {
	b, err := decode(body)
	if err != nil {
		return err
	}
	if s.Polymorphic && b[typeProperty] != state[typeProperty] {
		return rejected("@odata.type %v, is %v", b[typeProperty], state[typeProperty])
	}
	for name, v := range b {
		switch {
		case name == typeProperty:
		case !slices.Contains(s.Update, name):
			return rejected("%s is read-only", name)
		case slices.Contains(s.Alone, name) && len(b) > 1:
			return rejected("%s must be alone", name)
		case v == nil && slices.Contains(s.Sticky, name):
			return rejected("%s cannot be cleared", name)
		}
	}
	if err := t.enabled(s, state, b); err != nil {
		return err
	}
	if err := t.refer(s, b); err != nil {
		return err
	}
	for name, v := range b {
		set(state, name, t.merge(state[name], v))
	}
	return nil
}

// refer rejects a body that names what does not exist.
func (t *tenant) refer(s *kind.Shape, body map[string]any) error {
	var dangling error
	diff.References(s, "", body, func(r *kind.Reference, value string) {
		if !slices.Contains(r.Special, value) && !t.exists(r, value) {
			dangling = rejected("%s %s does not exist", r.Path, value)
		}
	})
	return dangling
}

func (t *tenant) exists(r *kind.Reference, value string) bool {
	for key, o := range t.objects {
		if slices.Contains(r.Targets, key.Kind) && (r.By == "" && key.ID == value || r.By != "" && (o.Spec[r.By] == value || o.Status[r.By] == value)) {
			return true
		}
	}
	return false
}

// enabled rejects a body that removes or changes an enabled permission.
func (t *tenant) enabled(s *kind.Shape, state, body map[string]any) error {
	for _, p := range s.DisableFirst {
		tokens := strings.Split(p, ".")
		if _, ok := body[tokens[0]]; !ok {
			continue
		}
		before, _ := dig(state, tokens).([]any)
		after, _ := dig(body, tokens).([]any)
		for _, e := range before {
			same := func(o any) bool { return diff.Equal(s, p+"[]", off(e), off(o)) }
			if e.(map[string]any)["isEnabled"] == true && !slices.ContainsFunc(after, same) {
				return rejected("CannotDeleteOrUpdateEnabledEntitlement")
			}
		}
	}
	return nil
}

// merge is what becomes of a value when another is written over it.
func (t *tenant) merge(old, v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	was, _ := old.(map[string]any)
	merged := map[string]any{}
	if !t.replace && (m[typeProperty] == nil || m[typeProperty] == was[typeProperty]) {
		maps.Copy(merged, was)
	}
	for name, v := range m {
		set(merged, name, t.merge(was[name], v))
	}
	if len(merged) == 0 {
		return nil
	}
	return merged
}

func (t *tenant) link(k *kind.Kind, o *entra.Object, method, name string, more []string, body []byte) error {
	i := slices.IndexFunc(k.Links, func(l kind.Link) bool { return l.Name == name })
	if i < 0 {
		return rejected("no link %s", name)
	}
	l := &k.Links[i]
	ids := o.Links[name]
	if method == "DELETE" {
		if l.Single {
			more = ids
		}
		if len(more) != 1 || !slices.Contains(ids, more[0]) {
			return rejected("One or more removed object references do not exist")
		}
		if o.Links[name] = slices.DeleteFunc(ids, func(id string) bool { return id == more[0] }); len(o.Links[name]) == 0 {
			delete(o.Links, name)
		}
		return nil
	}
	if (method == "PUT") != l.Single || len(more) > 0 {
		return rejected("%s is not allowed", method)
	}
	b, err := decode(body)
	if err != nil {
		return err
	}
	id, ok := strings.CutPrefix(fmt.Sprint(b["@odata.id"]), testBase+"/directoryObjects/")
	if !ok || !t.exists(diff.LinkReference(k, name), id) {
		return rejected("The source resource object or one of the objects being referenced don't exist")
	}
	if slices.Contains(ids, id) && !l.Single {
		return rejected("One or more added object references already exist for the following modified properties: '%s'", name)
	}
	if l.Single {
		ids = nil
	}
	if o.Links == nil {
		o.Links = map[string][]string{}
	}
	o.Links[name] = append(slices.Clone(ids), id)
	slices.Sort(o.Links[name])
	return nil
}

func (t *tenant) contain(c *kind.Contained, o *entra.Object, method string, more []string, body []byte) error {
	elements := o.Contained[c.Name]
	at := slices.IndexFunc(elements, func(e map[string]any) bool { return len(more) == 1 && elementID(c, e) == more[0] })
	switch {
	case method == "POST" && len(more) == 0 && !c.Fixed:
		b, err := decode(body)
		if err != nil {
			return err
		}
		for name := range b {
			if !c.Restorable(name) && name != typeProperty {
				return rejected("%s is read-only", name)
			}
		}
		if err := t.refer(&c.Shape, b); err != nil {
			return err
		}
		if c.CreatePrefix != "" {
			b[c.Key[0]] = "extension_" + strings.ReplaceAll(fmt.Sprint(o.Status["appId"]), "-", "") + "_" + fmt.Sprint(b[c.Key[0]])
		}
		if slices.ContainsFunc(elements, func(e map[string]any) bool { return elementID(c, e) == elementID(c, b) }) {
			return rejected("Permission being assigned already exists on the object")
		}
		elements = append(elements, b)
	case at < 0:
		return fmt.Errorf("Request_ResourceNotFound: %v: %w", more, entra.ErrNotFound)
	case method == "PATCH":
		return t.patch(&c.Shape, elements[at], body)
	case method == "DELETE" && !c.Fixed:
		elements = slices.Delete(slices.Clone(elements), at, at+1)
	default:
		return rejected("%s is not allowed", method)
	}
	if o.Contained == nil {
		o.Contained = map[string][]map[string]any{}
	}
	slices.SortFunc(elements, func(a, b map[string]any) int { return cmp.Compare(elementID(c, a), elementID(c, b)) })
	o.Contained[c.Name] = elements
	return nil
}

// elementID is the id that the model gives an element.
func elementID(c *kind.Contained, e map[string]any) string {
	key, _ := kind.ElementKey(e, c.Key)
	if slices.Contains(c.Key, "id") {
		return key
	}
	return "id-of-" + key
}

func decode(body []byte) (map[string]any, error) {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		return nil, rejected("%v", err)
	}
	return m, nil
}

func clone(o *entra.Object) *entra.Object {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	var c entra.Object
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&c); err != nil {
		panic(err)
	}
	return &c
}
