package reconcile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// checker makes sure that one step of a plan file does what it shows.
type checker struct {
	plan *entra.Plan
	kind *kind.Kind
	step entra.Step
}

func (c *checker) check(earlier map[string]bool) error {
	s := c.step
	if c.kind == nil {
		return fmt.Errorf("unknown kind %q", s.Kind)
	}
	if s.ID == "" || earlier[s.ID] {
		return fmt.Errorf("its id is empty or not unique")
	}
	if _, ok := c.plan.Live[s.String()]; !ok {
		return fmt.Errorf("nothing is noted of the live %s", s.Key)
	}
	for _, need := range s.Needs {
		if !earlier[need] {
			return fmt.Errorf("it needs %q, which is no earlier step", need)
		}
	}
	if len(s.Requests) == 0 {
		return fmt.Errorf("it has no request")
	}
	if s.Action == entra.ActionAddLink || s.Action == entra.ActionRemoveLink {
		return c.links()
	}
	for _, r := range s.Requests {
		if err := c.request(r); err != nil {
			return err
		}
	}
	return nil
}

// id is what the object is known by now.
func (c *checker) id() string {
	if identity, ok := c.plan.Identities[c.step.String()]; ok && len(c.kind.NaturalKey) > 0 {
		return identity.ID
	}
	return c.step.Key.ID
}

func (c *checker) at(more ...string) string {
	return address(c.kind, c.plan.Tenant, c.id(), more...)
}

// request makes sure that a request is one that the step's action can make.
func (c *checker) request(r entra.Request) error {
	s := c.step
	if s.Action == entra.ActionRestore {
		if r.Method != "POST" || r.Path != restorePath(c.kind, s.Key.ID) || len(r.Body) > 0 {
			return fmt.Errorf("%s %s does not restore %s", r.Method, r.Path, s.Key)
		}
		return nil
	}
	for _, p := range c.permitted() {
		if !p.permits(r) {
			continue
		}
		if r.Method == "DELETE" {
			return nil
		}
		body, err := p.content(r.Body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
		}
		return c.listed(p, body)
	}
	return fmt.Errorf("%s %s is no request for %s of %s", r.Method, r.Path, s.Action, s.Key)
}

// permission is a form of request that an action can make.
type permission struct {
	method, path string
	element      bool // one more segment follows
	// requests, verb and owner are set for a request about an object.
	requests    *kind.Requests
	verb, owner string
	action      *kind.Action
	// whole allows what the step does not list, as the object has it: the names.
	whole []string
}

// permitted lists the forms of the step's action.
func (c *checker) permitted() []permission {
	k := c.kind
	if contained := c.contained(); contained != nil {
		return c.permittedElement(contained)
	}
	switch r := k.Requests; {
	case c.step.Target != "":
		return nil
	case c.step.Action == entra.ActionCreate && r != nil:
		return []permission{{method: "POST", path: r.Path, requests: r, verb: r.Create}}
	case c.step.Action == entra.ActionCreate && k.Singleton:
		return []permission{{method: "PATCH", path: c.at()}}
	case c.step.Action == entra.ActionCreate:
		return []permission{{method: "POST", path: collection(k, c.plan.Tenant)}}
	case c.step.Action != entra.ActionUpdate:
		return nil
	case r != nil:
		return []permission{{method: "POST", path: r.Path, requests: r, verb: r.Update, whole: r.Send}}
	}
	all := slices.Concat(k.Update, k.Create)
	plain := permission{method: "PATCH", path: c.at()}
	if k.Put {
		plain.method, plain.whole = "PUT", all
	}
	permitted := []permission{plain}
	for i := range k.Actions {
		p := permission{method: "POST", path: c.at(k.Actions[i].Name), action: &k.Actions[i]}
		if p.action.Whole {
			p.whole = all
		}
		permitted = append(permitted, p)
	}
	return permitted
}

// contained is the collection that the step is about, or nil.
func (c *checker) contained() *kind.Contained {
	i := slices.IndexFunc(c.kind.Contained, func(e kind.Contained) bool { return e.Name == c.step.Target })
	if i < 0 {
		return nil
	}
	return &c.kind.Contained[i]
}

func (c *checker) permittedElement(e *kind.Contained) []permission {
	all := elements(c.kind, e, c.plan.Tenant, c.id())
	one := permission{path: all, element: !e.Single}
	switch r := e.Requests; c.step.Action {
	case entra.ActionCreateContained:
		if r != nil {
			return []permission{{method: "POST", path: r.Path, requests: r, verb: r.Create, owner: c.id()}}
		}
		if e.Single && e.Put {
			return []permission{{method: "PUT", path: all}}
		}
		return []permission{{method: "POST", path: all}}
	case entra.ActionUpdateContained:
		one.method = "PATCH"
		if e.Put {
			one.method, one.whole = "PUT", slices.Concat(e.Update, e.Create)
		}
		return []permission{one}
	case entra.ActionDeleteContained:
		if r != nil {
			return []permission{{method: "POST", path: r.Path, requests: r, verb: r.Remove, owner: c.id(), whole: []string{"id"}}}
		}
		one.method = "DELETE"
		return []permission{one}
	}
	return nil
}

func (p *permission) permits(r entra.Request) bool {
	rest, ok := strings.CutPrefix(r.Path, p.path)
	if p.element {
		rest, ok = strings.CutPrefix(rest, "/")
		return ok && r.Method == p.method && rest != "" && !strings.ContainsAny(rest, "/?#")
	}
	return ok && rest == "" && r.Method == p.method
}

// content returns the properties that a body writes.
func (p *permission) content(data []byte) (map[string]any, error) {
	body, err := members(data)
	if err != nil {
		return nil, err
	}
	if r := p.requests; r != nil {
		if owner, _ := body[r.Owner].(map[string]any); body[r.Property] != p.verb || r.Owner != "" && owner["id"] != p.owner {
			return nil, fmt.Errorf("its body asks for something else")
		}
		return unwrap(r, body), nil
	}
	if p.action != nil {
		return p.actionContent(body), nil
	}
	return body, nil
}

// unwrap returns the properties that a request carries.
func unwrap(r *kind.Requests, body map[string]any) map[string]any {
	if r.Wrap != "" {
		content, _ := body[r.Wrap].(map[string]any)
		return content
	}
	content := copied(body)
	delete(content, r.Property)
	delete(content, r.Reason)
	return content
}

// actionContent returns the properties that an action writes.
func (p *permission) actionContent(body map[string]any) map[string]any {
	if p.action.Wrap != "" {
		content, _ := body[p.action.Wrap].(map[string]any)
		return content
	}
	if p.action.Add == "" {
		return body
	}
	content := copied(body)
	delete(content, p.action.Add)
	delete(content, p.action.Remove)
	content[p.action.Properties[0]] = nil
	return content
}

// listed makes sure that a body writes no property that the step does not list.
func (c *checker) listed(p permission, body map[string]any) error {
	for name := range body {
		chosen := c.step.Action == entra.ActionCreate && name == c.kind.ChosenID &&
			body[name] == strings.TrimPrefix(c.step.Key.ID, c.kind.IDPrefix)
		if name != typeProperty && !chosen && !lists(c.step, name) && !slices.Contains(p.whole, name) {
			return fmt.Errorf("it writes %s and does not list it", name)
		}
	}
	return nil
}

// lists reports whether a step lists a property of the body that it writes.
func lists(s entra.Step, name string) bool {
	depth := 1
	if s.Target != "" {
		depth = 3
	}
	return slices.ContainsFunc(s.Properties, func(p entra.PropertyChange) bool {
		tokens := jsonpointer.Split(p.Pointer)
		whole, _ := p.After.(map[string]any)
		_, created := whole[name]
		return len(tokens) > depth && tokens[depth] == name || len(tokens) == depth && created
	})
}

// asLive makes sure that what the step writes and does not list is what the object has
// already: some of Graph's requests carry more than what changes.
func (c *checker) asLive(live *entra.Object) error {
	if live == nil || c.step.Action != entra.ActionUpdate && c.step.Action != entra.ActionUpdateContained {
		return nil
	}
	shape, has := &c.kind.Shape, live.Spec
	if e := c.contained(); e != nil {
		all, _ := diff.ContainedByKey(e, live.Contained[e.Name])
		shape, has = &e.Shape, all[jsonpointer.Split(c.step.Properties[0].Pointer)[2]]
	}
	for _, r := range c.step.Requests {
		for _, p := range c.permitted() {
			if p.whole == nil || !p.permits(r) {
				continue
			}
			body, err := p.content(r.Body)
			if err != nil {
				return fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
			}
			for name, v := range body {
				if name != typeProperty && !lists(c.step, name) && !diff.Equal(shape, name, v, has[name]) {
					return fmt.Errorf("it would write %s, which it does not list, with another value", name)
				}
			}
		}
	}
	return nil
}

// members decodes a body.
func members(data []byte) (map[string]any, error) {
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	return body, nil
}

// links makes sure that the requests of a link step are about the targets that it
// lists, one by one.
func (c *checker) links() error {
	s := c.step
	i := slices.IndexFunc(c.kind.Links, func(l kind.Link) bool { return l.Name == s.Target })
	if i < 0 || len(s.Links) != 1 || s.Links[0].Link != s.Target {
		return fmt.Errorf("it does not list what becomes of %s", s.Target)
	}
	ids, verb := s.Links[0].Added, "add"
	if s.Action == entra.ActionRemoveLink {
		ids, verb = s.Links[0].Removed, "remove"
	}
	if len(ids) != len(s.Requests) {
		return fmt.Errorf("it lists %d targets and makes %d requests", len(ids), len(s.Requests))
	}
	for j, id := range ids {
		if !c.link(&c.kind.Links[i], id, s.Requests[j]) {
			return fmt.Errorf("request %d, %s %s, does not %s %s", j+1, s.Requests[j].Method, s.Requests[j].Path, verb, id)
		}
	}
	return nil
}

// link reports whether a request adds or removes the target.
func (c *checker) link(l *kind.Link, id string, r entra.Request) bool {
	method, path, end := "POST", []string{c.at(l.Name)}, []string{directoryObjects + id}
	remove := c.step.Action == entra.ActionRemoveLink
	switch {
	case l.Reverse != "":
		path, end = nil, []string{c.at()}
		for _, target := range l.Targets {
			at := address(kind.ByName(target), c.plan.Tenant, id, l.Reverse)
			if remove {
				at += "/" + url.PathEscape(c.id())
			}
			path = append(path, at)
		}
	case l.TargetByCollection:
		end = nil
		for _, target := range l.Targets {
			end = append(end, address(kind.ByName(target), c.plan.Tenant, id))
		}
	case l.Single:
		method = "PUT"
	}
	if remove && l.Reverse == "" && !l.Single {
		path[0] += "/" + url.PathEscape(id)
	}
	at, ok := strings.CutSuffix(r.Path, refSuffix)
	if !ok || !slices.Contains(path, at) {
		return false
	}
	if remove {
		return r.Method == "DELETE" && len(r.Body) == 0
	}
	var body struct {
		Target string `json:"@odata.id"`
	}
	err := json.Unmarshal(r.Body, &body)
	return err == nil && r.Method == method && slices.ContainsFunc(end, func(e string) bool { return strings.HasSuffix(body.Target, e) })
}
