package apply

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// tenant is a small strict model of what Graph does with writes, by the table of
// kinds: a second opinion on the rules, kept as simple as it can be.
type tenant struct {
	objects, deleted map[entra.Key]*entra.Object
	replace          bool // a complex value replaces the old one instead of being merged
	log              []string
	fail             func(method, path string) error // before anything happens
	lost             func(method, path string) error // after it happened: the answer was lost
	made             int                             // objects created, for their ids
}

// newTenant is a tenant with these objects, and with those that everything may refer
// to.
func newTenant(objects ...*entra.Object) *tenant {
	t := &tenant{objects: map[entra.Key]*entra.Object{}, deleted: map[entra.Key]*entra.Object{}}
	for _, o := range objects {
		t.objects[o.Key] = clone(o)
	}
	return t
}

func (t *tenant) Objects(_ context.Context, sought []entra.Identity) (Reading, error) {
	found := map[entra.Key]*entra.Object{}
	for _, s := range sought {
		if o := t.lookup(s); o != nil {
			found[s.Key] = t.read(o)
		}
	}
	return Reading{Objects: found, Coverage: coverage()}, nil
}

// same is what has become of an object, under the id it had.
func (t *tenant) same(o *entra.Object) *entra.Object {
	now := t.lookup(plan.IdentityOf(kind.ByName(o.Kind), o, o.ID))
	if now == nil {
		return nil
	}
	c := clone(now)
	c.Key, c.Status = o.Key, o.Status
	return c
}

// lookup finds an object by its id, or by its natural key.
func (t *tenant) lookup(s entra.Identity) *entra.Object {
	if o := t.objects[s.Key]; o != nil || s.NaturalKey == nil {
		return o
	}
	for _, o := range t.objects {
		if o.Kind == s.Kind && cmp.Equal(kind.Pick(o.Spec, kind.ByName(o.Kind).NaturalKey), s.NaturalKey) {
			return o
		}
	}
	return nil
}

// read is an object as it is read: with the ids of contained elements beside it.
func (t *tenant) read(o *entra.Object) *entra.Object {
	c := clone(o)
	c.IDs = map[string]map[string]string{}
	for _, contained := range kind.ByName(o.Kind).Contained {
		if contained.Single {
			continue
		}
		ids := map[string]string{}
		for _, e := range o.Contained[contained.Name] {
			key, _ := contained.KeyOf(e)
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
	for _, k := range longestPathFirst {
		if id, ok := strings.CutSuffix(path, "/restore"); ok && method == "POST" {
			key := entra.Key{Kind: k.Name, ID: strings.TrimPrefix(id, k.Deletion.RestorePath+"/")}
			if o := t.deleted[key]; o != nil {
				delete(t.deleted, key)
				t.objects[key] = o
				return nil
			}
		}
		if done, err := t.requested(k, method, path, body); done {
			return err
		}
		if method == "POST" && path == testAddresses.Collection(k) && !k.Singleton {
			return t.create(k, body)
		}
		rest, ok := strings.CutPrefix(path, strings.ReplaceAll(k.Path, "{tenant}", "t"))
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		segments := strings.Split(rest, "/")[1:]
		for i := range segments {
			segments[i], _ = url.PathUnescape(segments[i])
		}
		key := entra.Key{Kind: k.Name, ID: singletonID}
		if !k.Singleton || k.Listed {
			if len(segments) == 0 {
				continue
			}
			key.ID, segments = segments[0], segments[1:]
		}
		o := t.objects[key]
		if o == nil && k.Singleton && k.Optional && method == "PATCH" {
			o = &entra.Object{Key: key}
			t.objects[key] = o
		}
		if o == nil {
			if slices.Contains(pool, key.ID) && len(segments) > 0 {
				o = &entra.Object{Key: key} // one of those that everything may refer to
			} else {
				return fmt.Errorf("Request_ResourceNotFound: %s: %w", key, entra.ErrNotFound)
			}
		}
		return t.writeObject(k, o, method, segments, body)
	}
	return rejected("no such resource %s", path)
}

// longestPathFirst are the kinds in the order in which a path is looked up: one may
// start another.
var longestPathFirst = slices.SortedStableFunc(slices.Values(kind.All()), func(a, b *kind.Kind) int { return len(b.Path) - len(a.Path) })

var testAddresses = kind.Addresses{Tenant: "t"}

const singletonID = "singleton"

func (t *tenant) writeObject(k *kind.Kind, o *entra.Object, method string, segments []string, body []byte) error {
	if o.Spec == nil {
		o.Spec = map[string]any{}
	}
	if len(segments) == 0 && k.Requests == nil {
		switch {
		case method == "PATCH" && !k.Put:
			if done, err := t.bind(k, o, body); done {
				return err
			}
			return t.patch(&k.Shape, o.Spec, body)
		case method == "PUT" && k.Put:
			return t.put(&k.Shape, o.Spec, body)
		}
	}
	if done, err := stream(&k.Shape, o.Spec, method, segments, body); done {
		return err
	}
	for i := range k.Actions {
		if a := &k.Actions[i]; method == "POST" && len(segments) == 1 && segments[0] == a.Name {
			return t.act(&k.Shape, a, o.Spec, body)
		}
	}
	if len(segments) > 1 && segments[len(segments)-1] == "$ref" {
		return t.link(k, o, method, segments[0], segments[1:len(segments)-1], body)
	}
	for i := range k.Contained {
		c := &k.Contained[i]
		if segments[0] == c.Name {
			return t.contain(c, o, method, segments[1:], body)
		}
	}
	return rejected("%s %v is not allowed", method, segments)
}

func (t *tenant) patch(s *kind.Shape, state map[string]any, body []byte) error {
	b, err := decode(body)
	if err != nil {
		return err
	}
	return t.change(s, state, b)
}

func (t *tenant) change(s *kind.Shape, state, b map[string]any) error {
	if s.Polymorphic && b[typeProperty] != state[typeProperty] {
		return rejected("@odata.type %v, is %v", b[typeProperty], state[typeProperty])
	}
	for name, v := range b {
		switch {
		case name == typeProperty:
		case !slices.Contains(s.Update, name) || s.Streams[name] != "":
			return rejected("%s is read-only", name)
		case slices.ContainsFunc(s.Actions, func(a kind.Action) bool { return slices.Contains(a.Properties, name) }):
			return rejected("%s is written by an action", name)
		case slices.Contains(s.OwnRequest, name) && len(b) > 1:
			return rejected("%s must be alone", name)
		case v == nil && slices.Contains(s.ClearByParts, name):
			return rejected("%s cannot be null", name)
		case v == nil && slices.Contains(s.NotClearable, name):
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
		form, ok := s.Typed[name]
		if !ok {
			put(state, name, t.merge(state[name], v))
			continue
		}
		if err := changeTyped(state, name, form, v); err != nil {
			return err
		}
	}
	return nil
}

// refer rejects a body that names what does not exist.
func (t *tenant) refer(s *kind.Shape, body map[string]any) error {
	var dangling error
	for m := range s.Mentions("", "", body) {
		if !t.exists(m.Reference, m.Referent) {
			dangling = rejected("%s %s does not exist", m.Path, m.Value)
		}
	}
	return dangling
}

func (t *tenant) find(r *kind.Reference, id string) (string, error) {
	if t.exists(r, id) {
		return r.Targets[len(r.Targets)-1], nil
	}
	return "", entra.ErrNotFound
}

func (t *tenant) exists(r *kind.Reference, id string) bool {
	if slices.Contains(pool, id) || r.Joined != "" {
		return true
	}
	for _, target := range r.Targets {
		if t.objects[entra.Key{Kind: target, ID: id}] != nil && r.By == "" {
			return true
		}
	}
	for key, o := range t.objects {
		if r.By != "" && slices.Contains(r.Targets, key.Kind) && (o.Spec[r.By] == id || o.Status[r.By] == id) {
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
		before, _ := jsonpointer.Get(state, tokens...).([]any)
		after, _ := jsonpointer.Get(body, tokens...).([]any)
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
		put(merged, name, t.merge(was[name], v))
	}
	if len(merged) == 0 {
		return nil
	}
	return merged
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
