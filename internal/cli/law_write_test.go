package cli

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// What an administrator does to the tenant, past the code under test and past the requests
// that it would make: the emulator's own rules decide what can be changed, and our table has
// no say in how. Every function returns why the tenant refused it, or "".

// write gives a property another value.
func (l *law) write(t *testing.T, k *kind.Kind, o *entra.Object, p string, v any) string {
	t.Helper()
	return l.sendsOf(o.Key, entra.SectionSpec+"/"+p, "", v, l.admin.Set(l.path(t, k, o), map[string]any{p: v}))
}

func (l *law) delete(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	return l.sends(o.Key, "", l.admin.Remove(l.path(t, k, o)))
}

func (l *law) unlink(t *testing.T, k *kind.Kind, o *entra.Object, link *kind.Link, id string) string {
	t.Helper()
	part := entra.SectionLinks + "/" + link.Name
	if link.Reverse != "" {
		return l.sendsOf(o.Key, part, id, nil, l.admin.Unlink(l.target(t, link, id), link.Reverse, o.ID))
	}
	return l.sendsOf(o.Key, part, id, nil, l.admin.Unlink(l.path(t, k, o), link.Name, id))
}

func (l *law) relink(t *testing.T, k *kind.Kind, o *entra.Object, link *kind.Link, id string) string {
	t.Helper()
	part := entra.SectionLinks + "/" + link.Name
	if link.Reverse != "" {
		return l.sendsOf(o.Key, part, id, nil, l.admin.Link(l.target(t, link, id), link.Reverse, o.ID))
	}
	return l.sendsOf(o.Key, part, id, nil, l.admin.Link(l.path(t, k, o), link.Name, id))
}

// target is the path of a link's target.
func (l *law) target(t *testing.T, link *kind.Link, id string) string {
	t.Helper()
	for _, name := range link.Targets {
		if slices.ContainsFunc(l.files[name], func(o *entra.Object) bool { return o.ID == id }) {
			return l.addresses().Object(kind.ByName(name), id)
		}
	}
	t.Fatalf("%s: %s is none of %v", link.Name, id, link.Targets)
	return ""
}

// writeElement gives a property of a contained element another value.
func (l *law) writeElement(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any, p string, v any) string {
	t.Helper()
	return l.sendsOf(o.Key, entra.SectionContained+"/"+c.Name, elementName(c, e), nil, l.admin.Set(l.elementPath(t, k, o, c, e), map[string]any{p: v}))
}

func (l *law) deleteElement(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any) string {
	t.Helper()
	return l.sendsOf(o.Key, entra.SectionContained+"/"+c.Name, elementName(c, e), nil, l.admin.Remove(l.elementPath(t, k, o, c, e)))
}

// elementName is the key of a contained element.
func elementName(c *kind.Contained, e map[string]any) string {
	name, _ := c.KeyOf(e)
	return name
}

// elementPath is where the tenant has a contained element: by the id that its key has there.
func (l *law) elementPath(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any) string {
	t.Helper()
	part := l.path(t, k, o) + "/" + c.Name
	if c.Single {
		return part
	}
	key := make(map[string]any)
	for _, name := range c.Key {
		key[name] = e[name]
	}
	for _, body := range l.bodies(part) {
		if holds(body, key) {
			return part + "/" + url.PathEscape(body["id"].(string))
		}
	}
	t.Fatalf("%s: the tenant has no %s with %v", o.Key, c.Name, key)
	return ""
}

// path is where the tenant has an object now: where its id does not outlive it, by its natural
// key.
func (l *law) path(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	want := kind.NaturalKey(k, o)
	if len(want) == 0 {
		return l.addresses().Object(k, o.ID)
	}
	for _, body := range l.bodies(l.addresses().Object(k, "")) {
		if holds(body, want) {
			return l.addresses().Object(k, body["id"].(string))
		}
	}
	t.Fatalf("the tenant has no %s with %v", k.Title, want)
	return ""
}

// bodies returns the objects at an address, without the types that it names.
func (l *law) bodies(address string) []map[string]any {
	segments := slices.DeleteFunc(strings.Split(address, "/")[1:], func(s string) bool { return s == "" || strings.HasPrefix(s, "microsoft.graph.") })
	return l.server.Objects("/" + strings.Join(segments, "/"))
}

// holds reports whether a value is, or holds, what a snapshot says of it: a snapshot leaves out
// what says nothing, and sorts lists.
func holds(have, want any) bool {
	switch want := want.(type) {
	case nil:
		return true
	case map[string]any:
		have, _ := have.(map[string]any)
		for name, v := range want {
			if !holds(have[name], v) {
				return false
			}
		}
		return have != nil
	case []any:
		have, _ := have.([]any)
		for _, w := range want {
			if !slices.ContainsFunc(have, func(h any) bool { return holds(h, w) }) {
				return false
			}
		}
		return len(have) == len(want)
	}
	return have == want
}

func (l *law) addresses() kind.Addresses { return kind.Addresses{Tenant: l.server.TenantID()} }

func why(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}
