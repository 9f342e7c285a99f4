package cli

import (
	"cmp"
	"net/url"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// What an administrator does to the tenant, past the code under test and past the requests
// that it would make: the emulator's own rules decide what can be changed, and our table has
// no say in how. Every function returns why the tenant refused it, or "".

// write gives a property another value.
func (l *law) write(t *testing.T, k *kind.Kind, o *entra.Object, p string, v any) string {
	t.Helper()
	return why(l.admin.Set(l.path(t, k, o), map[string]any{p: v}))
}

func (l *law) delete(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	return why(l.admin.Remove(l.path(t, k, o)))
}

func (l *law) unlink(t *testing.T, k *kind.Kind, o *entra.Object, link *kind.Link, id string) string {
	t.Helper()
	if link.Reverse != "" {
		return why(l.admin.Unlink(l.target(t, link, id), link.Reverse, o.ID))
	}
	return why(l.admin.Unlink(l.path(t, k, o), link.Name, id))
}

func (l *law) relink(t *testing.T, k *kind.Kind, o *entra.Object, link *kind.Link, id string) string {
	t.Helper()
	if link.Reverse != "" {
		return why(l.admin.Link(l.target(t, link, id), link.Reverse, o.ID))
	}
	return why(l.admin.Link(l.path(t, k, o), link.Name, id))
}

// target is the path of a link's target.
func (l *law) target(t *testing.T, link *kind.Link, id string) string {
	t.Helper()
	for _, name := range link.Targets {
		for f, err := range l.rev.Files(name) {
			must(t, err)
			if _, other, _ := canon.ParsePath(f.Path); other == id {
				return kind.ByName(name).Path + "/" + url.PathEscape(id)
			}
		}
	}
	t.Fatalf("%s: %s is none of %v", link.Name, id, link.Targets)
	return ""
}

// writeElement gives a property of a contained element another value.
func (l *law) writeElement(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any, p string, v any) string {
	t.Helper()
	return why(l.admin.Set(l.elementPath(t, k, o, c, e), map[string]any{p: v}))
}

func (l *law) deleteElement(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any) string {
	t.Helper()
	return why(l.admin.Remove(l.elementPath(t, k, o, c, e)))
}

func (l *law) elementPath(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any) string {
	t.Helper()
	path := l.path(t, k, o) + "/" + cmp.Or(c.Path, c.Name)
	if c.Single {
		return path
	}
	return path + "/" + url.PathEscape(l.elementID(t, k, o, c, e))
}

// path is where the tenant has an object now.
func (l *law) path(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	id := o.ID
	if len(k.NaturalKey) > 0 {
		id = l.live(t, k, o).ID
	}
	return kind.Addresses{Tenant: l.rev.Manifest().Tenant}.Object(k, id)
}

func why(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}
