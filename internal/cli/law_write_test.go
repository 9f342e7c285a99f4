package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// What an administrator does to the tenant, past the code under test. Every function
// returns why Graph refused it, or "".

// write gives a property another value, in the way in which Graph lets the property be
// written.
func (l *law) write(t *testing.T, k *kind.Kind, o *entra.Object, p string, v any) string {
	t.Helper()
	spec := maps.Clone(o.Spec)
	if spec[p] = v; v == nil && (k.Put || k.Requests != nil) {
		delete(spec, p)
	}
	for _, a := range k.Actions {
		if slices.Contains(a.Properties, p) {
			return l.send("POST", l.path(t, k, o)+"/"+a.Name, action(&k.Shape, a, o.Spec, spec, p))
		}
	}
	switch r := k.Requests; {
	case r != nil:
		return l.send("POST", r.Path, request(r, r.Update, spec))
	case k.Put:
		return l.send("PUT", l.path(t, k, o), spec)
	}
	body := map[string]any{p: v}
	if typ := o.Spec["@odata.type"]; typ != nil {
		body["@odata.type"] = typ
	}
	return l.send("PATCH", l.path(t, k, o), body)
}

// action is the body of an action that turns one spec into the other.
func action(s *kind.Shape, a kind.Action, was, spec map[string]any, p string) map[string]any {
	body := map[string]any{p: spec[p]}
	if a.Whole {
		body = spec
	}
	if a.Add != "" {
		add, _ := spec[p].([]any)
		kept := map[string]bool{}
		for _, e := range add {
			key, _ := diff.ElementKey(s, p, e)
			kept[key] = true
		}
		remove := []any{}
		old, _ := was[p].([]any)
		for _, e := range old {
			if key, _ := diff.ElementKey(s, p, e); !kept[key] {
				remove = append(remove, key)
			}
		}
		return map[string]any{a.Add: append([]any{}, add...), a.Remove: remove}
	}
	if a.Wrap != "" {
		return map[string]any{a.Wrap: body}
	}
	return body
}

// request is a request about an object.
func request(r *kind.Requests, verb string, content map[string]any) map[string]any {
	body := map[string]any{r.Property: verb}
	if r.Reason != "" {
		body[r.Reason] = "law"
	}
	for _, name := range r.Send {
		if v := content[name]; v != nil {
			body[name] = v
		}
	}
	return body
}

func (l *law) delete(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	if r := k.Requests; r != nil {
		return l.send("POST", r.Path, request(r, r.Remove, o.Spec))
	}
	return l.send("DELETE", l.path(t, k, o), nil)
}

func (l *law) unlink(t *testing.T, k *kind.Kind, o *entra.Object, link *kind.Link, id string) string {
	t.Helper()
	path := l.path(t, k, o) + "/" + link.Name
	switch {
	case link.Reverse != "":
		path = l.target(t, link, id) + "/" + link.Reverse + "/" + o.ID
	case !link.Single:
		path += "/" + id
	}
	return l.send("DELETE", path+"/$ref", nil)
}

func (l *law) relink(t *testing.T, k *kind.Kind, o *entra.Object, link *kind.Link, id string) string {
	t.Helper()
	method, path, end := "POST", l.path(t, k, o)+"/"+link.Name, "/directoryObjects/"+id
	switch {
	case link.Reverse != "":
		path, end = l.target(t, link, id)+"/"+link.Reverse, l.path(t, k, o)
	case link.TargetByCollection:
		end = l.target(t, link, id)
	case link.Single:
		method = "PUT"
	}
	return l.send(method, path+"/$ref", map[string]any{"@odata.id": l.url + "/v1.0" + end})
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
	method, body := "PATCH", map[string]any{p: v}
	if c.Put {
		method, body = "PUT", maps.Clone(e)
		body[p] = v
		maps.DeleteFunc(body, func(name string, _ any) bool { return !c.Restorable(name) })
	}
	if typ := e["@odata.type"]; typ != nil {
		body["@odata.type"] = typ
	}
	return l.send(method, l.elementPath(t, k, o, c, e), body)
}

func (l *law) deleteElement(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any) string {
	t.Helper()
	if r := c.Requests; r != nil {
		return l.send("POST", r.Path, map[string]any{
			r.Property: r.Remove, r.Wrap: map[string]any{"id": l.elementID(t, k, o, c, e)}, r.Owner: map[string]any{"id": o.ID},
		})
	}
	return l.send("DELETE", l.elementPath(t, k, o, c, e), nil)
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
	path := strings.ReplaceAll(k.Path, "{tenant}", l.rev.manifest.Tenant)
	if k.Singleton && !k.Listed {
		return path
	}
	id := o.ID
	if len(k.NaturalKey) > 0 {
		id = l.live(t, k, o).ID
	}
	return path + "/" + url.PathEscape(id)
}

func (l *law) send(method, path string, body map[string]any) string {
	data, _ := json.Marshal(body)
	req, err := http.NewRequest(method, l.url+"/v1.0"+path, bytes.NewReader(data))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode < 300 {
		return ""
	}
	return fmt.Sprintf("%s %s %s: %s %s", method, path, data, resp.Status, answer)
}
