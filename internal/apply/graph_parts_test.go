package apply

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

func (t *tenant) link(k *kind.Kind, o *entra.Object, method, name string, more []string, body []byte) error {
	i := slices.IndexFunc(k.Links, func(l kind.Link) bool { return l.Name == name && l.Reverse == "" })
	if i < 0 {
		return t.reverse(k, o, method, name, more, body)
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
	for _, target := range l.Targets {
		if rest, found := strings.CutPrefix(fmt.Sprint(b["@odata.id"]), testBase+kind.ByName(target).Path+"/"); found && l.TargetByCollection {
			id, ok = rest, true
		}
	}
	if !ok || !t.exists(k.LinkReference(name), id) {
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
	at := slices.IndexFunc(elements, func(e map[string]any) bool { return len(more) > 0 && elementID(c, e) == more[0] })
	switch {
	case at >= 0 && len(more) == 2:
		if done, err := stream(&c.Shape, elements[at], method, more[1:], body); done {
			return err
		}
		return rejected("no such part %v", more)
	case c.Single && len(elements) == 1 && len(more) == 0 && method == "DELETE":
		elements = nil
	case c.Single && len(elements) == 1 && len(more) == 0 && method == "PUT" && c.Put:
		return t.put(&c.Shape, elements[0], body)
	case method == "POST" && len(more) == 0 && !c.UpdateOnly && c.Requests == nil && !c.Single || method == "PUT" && c.Single && c.Put:
		b, err := decode(body)
		if err != nil {
			return err
		}
		for name := range b {
			if c.Streams[name] != "" || !c.Restorable(name) && name != typeProperty && (name != "id" || !slices.Contains(c.Key, "id") || c.DerivedID) {
				return rejected("%s is read-only", name)
			}
		}
		if err := t.refer(&c.Shape, b); err != nil {
			return err
		}
		if c.CreatePrefix != "" {
			b[c.Key[0]] = "extension_" + strings.ReplaceAll(fmt.Sprint(o.Status["appId"]), "-", "") + "_" + fmt.Sprint(b[c.Key[0]])
		}
		compute(c, b)
		if slices.ContainsFunc(elements, func(e map[string]any) bool { return elementID(c, e) == elementID(c, b) }) {
			return rejected("Permission being assigned already exists on the object")
		}
		elements = append(elements, b)
	case at < 0:
		return fmt.Errorf("Request_ResourceNotFound: %v: %w", more, entra.ErrNotFound)
	case method == "PATCH" && !c.Put:
		return t.patch(&c.Shape, elements[at], body)
	case method == "DELETE" && !c.UpdateOnly && !c.NoDelete && c.Requests == nil:
		elements = slices.Delete(slices.Clone(elements), at, at+1)
	default:
		return rejected("%s is not allowed", method)
	}
	t.keep(c, o, elements)
	return nil
}

// keep stores the elements of a collection.
func (t *tenant) keep(c *kind.Contained, o *entra.Object, elements []map[string]any) {
	if o.Contained == nil {
		o.Contained = map[string][]map[string]any{}
	}
	slices.SortFunc(elements, func(a, b map[string]any) int { return cmp.Compare(elementID(c, a), elementID(c, b)) })
	if o.Contained[c.Name] = elements; len(elements) == 0 {
		delete(o.Contained, c.Name)
	}
}

// compute sets what Graph works out of what an element was created with.
func compute(c *kind.Contained, element map[string]any) {
	for _, name := range c.Key {
		if c.DerivedID {
			of, _ := element[c.Create[0]].(map[string]any)
			element[name] = of["id"]
		} else if name != "id" && !c.Restorable(name) {
			element[name] = "computed"
			if len(c.Create) > 0 {
				element[name] = element[c.Create[0]]
			}
		}
	}
}

// reverse writes a link at its target.
func (t *tenant) reverse(target *kind.Kind, at *entra.Object, method, name string, more []string, body []byte) error {
	for _, k := range kind.All() {
		i := slices.IndexFunc(k.Links, func(l kind.Link) bool { return l.Reverse == name && slices.Contains(l.Targets, target.Name) })
		if i < 0 {
			continue
		}
		l := k.Links[i]
		if method == "DELETE" && len(more) == 1 {
			o := t.objects[entra.Key{Kind: k.Name, ID: more[0]}]
			if o == nil || !slices.Contains(o.Links[l.Name], at.ID) {
				return rejected("One or more removed object references do not exist")
			}
			if o.Links[l.Name] = slices.DeleteFunc(o.Links[l.Name], func(id string) bool { return id == at.ID }); len(o.Links[l.Name]) == 0 {
				delete(o.Links, l.Name)
			}
			return nil
		}
		b, err := decode(body)
		if err != nil {
			return err
		}
		id, ok := strings.CutPrefix(fmt.Sprint(b["@odata.id"]), testBase+k.Path+"/")
		o := t.objects[entra.Key{Kind: k.Name, ID: id}]
		if !ok || o == nil || method != "POST" {
			return rejected("no such %s", name)
		}
		if o.Links == nil {
			o.Links = map[string][]string{}
		}
		o.Links[l.Name] = append(o.Links[l.Name], at.ID)
		slices.Sort(o.Links[l.Name])
		return nil
	}
	return rejected("no link %s", name)
}

// create makes an object, under the id that its maker chose or another one.
func (t *tenant) create(k *kind.Kind, body []byte) error {
	b, err := decode(body)
	if err != nil {
		return err
	}
	t.made++
	key := entra.Key{Kind: k.Name, ID: fmt.Sprintf("made-%d", t.made)}
	if k.ChosenID != "" {
		key.ID = k.IDPrefix + fmt.Sprint(b[k.ChosenID])
		if !k.Restorable(k.ChosenID) {
			delete(b, k.ChosenID)
		}
	}
	if t.objects[key] != nil {
		return rejected("a conflicting object exists")
	}
	for name := range b {
		if !k.Restorable(name) && name != typeProperty {
			return rejected("%s is read-only", name)
		}
	}
	if err := t.refer(&k.Shape, b); err != nil {
		return err
	}
	t.objects[key] = &entra.Object{Key: key, Spec: b}
	return nil
}

// put replaces all that can be written: what is left out is cleared, and what was given
// at creation must be as it is.
func (t *tenant) put(s *kind.Shape, state map[string]any, body []byte) error {
	b, err := decode(body)
	if err != nil {
		return err
	}
	for _, name := range s.Create {
		if !reflect.DeepEqual(b[name], state[name]) {
			return rejected("%s cannot be changed", name)
		}
		delete(b, name)
	}
	for _, name := range s.Update {
		if _, ok := b[name]; !ok {
			delete(state, name)
		}
	}
	return t.change(s, state, b)
}

// act does what an action of the kind does.
func (t *tenant) act(s *kind.Shape, a *kind.Action, state map[string]any, body []byte) error {
	b, err := decode(body)
	if err != nil {
		return err
	}
	plain := *s
	plain.Actions = nil
	if a.Wrap != "" {
		b, _ = b[a.Wrap].(map[string]any)
	}
	if a.Whole {
		all, _ := json.Marshal(b)
		return t.put(&plain, state, all)
	}
	if a.Add == "" {
		return t.change(&plain, state, b)
	}
	name := a.Properties[0]
	index := map[string]any{}
	list, _ := state[name].([]any)
	for _, e := range append(list, b[a.Add].([]any)...) {
		key, _ := diff.ElementKey(s, name, e)
		index[key] = t.merge(nil, e)
	}
	for _, key := range b[a.Remove].([]any) {
		if index[key.(string)] == nil {
			return rejected("there is no %s", key)
		}
		delete(index, key.(string))
	}
	list = nil
	for _, key := range slices.Sorted(maps.Keys(index)) {
		list = append(list, index[key])
	}
	put(state, name, list)
	return nil
}

// requested does what a request about an object asks for; an object that was changed
// by one has another id.
func (t *tenant) requested(k *kind.Kind, method, path string, body []byte) (bool, error) {
	for i := range k.Contained {
		if c := &k.Contained[i]; c.Requests != nil && c.Requests.Path == path && method == "POST" {
			return true, t.requestedElement(k, c, body)
		}
	}
	r := k.Requests
	if r == nil || r.Path != path || method != "POST" {
		return false, nil
	}
	b, err := decode(body)
	if err != nil {
		return true, err
	}
	content := kind.Pick(b, r.Send)
	o := t.lookup(entra.Identity{Key: entra.Key{Kind: k.Name}, NaturalKey: kind.Pick(b, k.NaturalKey)})
	switch b[r.Property] {
	case r.Create:
		if o != nil {
			return true, rejected("RoleAssignmentExists")
		}
	case r.Update:
		if o == nil {
			return true, rejected("RoleAssignmentDoesNotExist")
		}
		delete(t.objects, o.Key)
	default:
		return true, rejected("%v", b[r.Property])
	}
	return true, t.create(&kind.Kind{Name: k.Name, Shape: k.Shape}, encode(content))
}

func (t *tenant) requestedElement(k *kind.Kind, c *kind.Contained, body []byte) error {
	b, err := decode(body)
	if err != nil {
		return err
	}
	r := c.Requests
	owner, _ := b[r.Owner].(map[string]any)
	o := t.objects[entra.Key{Kind: k.Name, ID: fmt.Sprint(owner["id"])}]
	content, _ := b[r.Wrap].(map[string]any)
	switch {
	case o == nil || content == nil:
		return rejected("no owner")
	case b[r.Property] == r.Create:
		t.keep(c, o, append(o.Contained[c.Name], content))
		return nil
	case b[r.Property] != r.Remove:
		return rejected("%v", b[r.Property])
	}
	at := slices.IndexFunc(o.Contained[c.Name], func(e map[string]any) bool { return elementID(c, e) == content["id"] })
	if at < 0 {
		return fmt.Errorf("ResourceNotFound: %w", entra.ErrNotFound)
	}
	t.keep(c, o, slices.Delete(slices.Clone(o.Contained[c.Name]), at, at+1))
	return nil
}

// elementID is the id that the model gives an element.
func elementID(c *kind.Contained, e map[string]any) string {
	key, _ := c.KeyOf(e)
	if slices.Contains(c.Key, "id") {
		return key
	}
	return "id-of-" + key
}
