package apply

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Renderer turns steps into requests. It is the one way from a step to what is sent: a
// preview, an apply and a plan file that was read back all render with it.
type Renderer struct {
	// Base is the versioned base URL of Graph, "https://graph.microsoft.com/v1.0". A
	// link is written as the URL of its target.
	Base string
	// Plan is the plan that the steps are of.
	Plan *entra.Plan
	// IDs say what the plan's objects are called now.
	IDs IDs
	// Passwords keeps what created accounts sign in with; nil renders none.
	Passwords Passwords
}

// NewRenderer is a renderer for a plan's steps, with the ids that the plan knows.
func NewRenderer(base string, p *entra.Plan) Renderer {
	ids := IDs{}
	for _, s := range p.Steps {
		if identity, ok := p.Identities[s.String()]; ok {
			ids[entra.Name{Kind: s.Kind, Value: s.Key.ID}] = identity.ID
		}
	}
	return Renderer{Base: base, Plan: p, IDs: ids}
}

// Render returns the requests that take the object, as it is now, to what the step says;
// live is nil for an object that is not there. Nothing but the step's changes is written:
// where Graph takes an object only as a whole, the rest is sent as the object has it.
// Errors wrap [entra.ErrInvalid]: there is no request that does this.
func (r Renderer) Render(s entra.Step, live *entra.Object) ([]entra.Request, error) {
	k := kind.ByName(s.Kind)
	if k == nil {
		return nil, fmt.Errorf("unknown kind %q: %w", s.Kind, entra.ErrInvalid)
	}
	in := rendering{Renderer: r, addresses: kind.Addresses{Tenant: r.Plan.Tenant}, kind: k, step: s, live: live}
	switch s.Action {
	case entra.ActionRestore:
		return in.restore()
	case entra.ActionAddLink, entra.ActionRemoveLink:
		return in.links()
	case entra.ActionDelete:
		return in.delete()
	}
	planned, err := plan.After(k, live, s)
	if err != nil {
		return nil, err
	}
	in.named(live, planned)
	switch {
	case s.Action == entra.ActionCreate:
		return in.create()
	case live == nil:
		return nil, fmt.Errorf("%s is not there: %w", s.Key, entra.ErrInvalid)
	case s.Action == entra.ActionUpdate:
		return in.update()
	}
	return in.part()
}

// restore renders taking a deleted object back, under another name or without addresses where
// the step says so.
func (r *rendering) restore() ([]entra.Request, error) {
	request := entra.Request{Method: "POST", Path: r.addresses.Restore(r.kind, r.step.Key.ID)}
	body := map[string]any{}
	if r.step.As != "" {
		body[r.kind.Deletion.NewName] = r.step.As
	}
	if len(r.step.Without) > 0 {
		body[r.kind.Deletion.DropTaken] = true
	}
	if len(body) > 0 {
		request.Body = encode(body)
	}
	return []entra.Request{request}, nil
}

// Preview renders every step of a plan, as far as it can be told beforehand: with each
// object as it is now, a deleted item or an object that is to be created included, and
// what the steps before have made of it.
func Preview(base string, p *entra.Plan, live map[entra.Key]*entra.Object) (map[string][]entra.Request, error) {
	r := NewRenderer(base, p)
	for _, n := range p.Renewed {
		r.IDs.Note(n.Identity(), "new-"+cmp.Or(n.By, "id")+"-of-"+n.Old) // which nobody knows beforehand
	}
	state := maps.Clone(live)
	requests := make(map[string][]entra.Request, len(p.Steps))
	for _, s := range p.Steps {
		var err error
		if requests[s.ID], err = r.Render(s, state[s.Key]); err != nil {
			return nil, fmt.Errorf("preview %s: %w", s.ID, err)
		}
		if state[s.Key], err = plan.After(kind.ByName(s.Kind), state[s.Key], s); err != nil {
			return nil, fmt.Errorf("preview %s: %w", s.ID, err)
		}
	}
	return requests, nil
}

// rendering is one step under way to its requests.
type rendering struct {
	Renderer
	addresses     kind.Addresses
	kind          *kind.Kind
	step          entra.Step
	live, planned *entra.Object // by the identities of today
	// element is the key of the contained element that the step is about, by the identities of
	// today too.
	element string
}

// id is what the step's object is called now.
func (r *rendering) id() string {
	if now := r.IDs.Of(r.step.Key); r.live == nil || now != r.step.Key.ID {
		return now
	}
	return r.live.ID
}

// object is the address of the step's object.
func (r *rendering) object(more ...string) string {
	return r.addresses.Object(r.kind, r.id(), more...)
}

func (r *rendering) none() ([]entra.Request, error) {
	return nil, fmt.Errorf("%s of a %s: Graph takes no request for it: %w", r.step.Action, r.kind.Title, entra.ErrInvalid)
}

// update renders a write of properties.
func (r *rendering) update() ([]entra.Request, error) {
	live, planned := r.live.Spec, r.planned.Spec
	if q := r.kind.Requests; q != nil {
		return r.ask(q, q.Update, kind.Pick(planned, q.Send), "")
	}
	names := changed(r.step)
	for i, name := range names {
		names[i] = r.kind.RewriteName(name, r.IDs.now)
	}
	// Another object has got it by now, which took it from this one.
	names = slices.DeleteFunc(names, func(name string) bool { return name == r.kind.Sole && planned[name] != true })
	return r.writes(names, live, planned)
}

// writes are the requests that write some properties of the object.
func (r *rendering) writes(names []string, live, planned map[string]any) ([]entra.Request, error) {
	s := &r.kind.Shape
	var requests []entra.Request
	for _, w := range plan.Writes(s, names) {
		switch {
		case w.Action != nil:
			requests = append(requests, entra.Request{Method: "POST", Path: r.object(w.Action.Name), Body: encode(actionBody(s, w, live, planned))})
		case r.kind.Put:
			request, err := r.replace(live, planned)
			if err != nil {
				return nil, err
			}
			requests = append(requests, request)
		default:
			requests = append(requests, at(r.object(), patches(s, w.Names, live, planned))...)
		}
	}
	return requests, nil
}

// at puts requests at an address, or below it.
func at(path string, requests []entra.Request) []entra.Request {
	for i := range requests {
		requests[i].Path = path + requests[i].Path
	}
	return requests
}

// create renders the request that creates the object with all its properties.
func (r *rendering) create() ([]entra.Request, error) {
	k := r.kind
	if q := k.Requests; q != nil {
		return r.ask(q, q.Create, kind.Pick(r.planned.Spec, q.Send), "")
	}
	body := map[string]any{}
	for name, v := range r.planned.Spec {
		if (k.Restorable(name) || name == typeProperty) && !saysNothing(&k.Shape, name, v) {
			body[name] = v
		}
	}
	r.giveElements(body)
	if k.Password != "" {
		var err error
		if body[k.Password], err = r.password(); err != nil {
			return nil, err
		}
	}
	for name, v := range k.Given {
		if body[name] == nil {
			body[name] = v
		}
	}
	if k.ChosenID != "" {
		body[k.ChosenID] = strings.TrimPrefix(r.step.Key.ID, k.IDPrefix)
	}
	if k.Singleton {
		return []entra.Request{{Method: "PATCH", Path: r.object(), Body: encode(body)}}, nil
	}
	return []entra.Request{{Method: "POST", Path: r.addresses.Collection(k), Body: encode(body)}}, nil
}

// ask is a request about an object, or about one contained in the owner.
func (r *rendering) ask(q *kind.Requests, verb string, content map[string]any, owner string) ([]entra.Request, error) {
	if verb == "" {
		return r.none()
	}
	body := map[string]any{q.Property: verb}
	if q.Wrap == "" {
		for name, v := range content {
			body[name] = v
		}
	} else {
		body[q.Wrap] = content
	}
	if q.Owner != "" {
		body[q.Owner] = map[string]any{"id": owner}
	}
	if q.Reason != "" {
		body[q.Reason] = "entragit: back to snapshot " + r.Plan.From.Commit
	}
	return []entra.Request{{Method: "POST", Path: q.Path, Body: encode(body)}}, nil
}
