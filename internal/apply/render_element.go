package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// part renders the creation, the update or the deletion of a contained element.
func (r *rendering) part() ([]entra.Request, error) {
	i := slices.IndexFunc(r.kind.Contained, func(c kind.Contained) bool { return c.Name == r.step.Target })
	if i < 0 || len(r.step.Properties) == 0 {
		return r.none()
	}
	c, key := &r.kind.Contained[i], r.element
	live, _ := diff.ContainedByKey(c, r.live.Contained[c.Name])
	planned, _ := diff.ContainedByKey(c, r.planned.Contained[c.Name])
	if r.step.Action == entra.ActionCreateContained {
		return r.createElement(c, planned[key])
	}
	id, ok := plan.ElementID(c, r.live, key)
	if !ok || live[key] == nil {
		return nil, fmt.Errorf("%s of %s was not read: %w", r.step.Properties[0].Pointer, r.step.Key, entra.ErrInvalid)
	}
	path := r.addresses.Element(r.kind, c, r.id(), id)
	switch q := c.Requests; {
	case r.step.Action == entra.ActionUpdateContained && c.Put:
		return r.replaceElement(path, c, live[key], planned[key])
	case r.step.Action == entra.ActionUpdateContained:
		return at(path, patches(&c.Shape, changed(r.step), live[key], planned[key])), nil
	case r.step.Action != entra.ActionDeleteContained:
		return r.none()
	case q != nil:
		return r.ask(q, q.Remove, map[string]any{"id": id}, r.id())
	}
	return []entra.Request{{Method: "DELETE", Path: path}}, nil
}

func (r *rendering) createElement(c *kind.Contained, element map[string]any) ([]entra.Request, error) {
	body := map[string]any{}
	for name, v := range element {
		if (c.Restorable(name) || name == typeProperty || name == "id" && !c.DerivedID) && c.Streams[name] == "" && !saysNothing(&c.Shape, name, v) {
			body[name] = v
		}
	}
	short, ok := plan.ShortName(c, r.live, element)
	switch {
	case !ok:
		return nil, fmt.Errorf("it would get another %s from Graph: %w", c.Key[0], entra.ErrInvalid)
	case short != "":
		body[c.Key[0]] = short
	}
	holder(c, body)
	path := r.addresses.Part(r.kind, c, r.id())
	switch q := c.Requests; {
	case q != nil:
		return r.ask(q, q.Create, kind.Pick(body, q.Send), r.id())
	case c.Single && c.Put:
		return []entra.Request{{Method: "PUT", Path: path, Body: encode(body)}}, nil
	}
	return []entra.Request{{Method: "POST", Path: path, Body: encode(body)}}, nil
}

// giveElements puts the elements that come with the creation into its body.
func (r *rendering) giveElements(body map[string]any) {
	for i := range r.kind.Contained {
		c := &r.kind.Contained[i]
		if elements := r.planned.Contained[c.Name]; c.AtCreation && len(elements) > 0 {
			body[c.Name] = elements
		}
	}
}

// links renders adding or removing the targets of a link in the order of the step: a
// request for each, or for several where Graph adds them together.
func (r *rendering) links() ([]entra.Request, error) {
	i := slices.IndexFunc(r.kind.Links, func(l kind.Link) bool { return l.Name == r.step.Target })
	if i < 0 || len(r.step.Links) != 1 {
		return r.none()
	}
	l, change := &r.kind.Links[i], r.step.Links[0]
	ids, render := change.Added, r.addLink
	if r.step.Action == entra.ActionRemoveLink {
		ids, render = change.Removed, r.removeLink
	}
	requests := make([]entra.Request, 0, len(ids))
	for _, id := range ids {
		request, err := render(l, r.target(l, id))
		if err != nil {
			return nil, err
		}
		requests = append(requests, request)
	}
	if l.Bind > 0 && r.step.Action == entra.ActionAddLink {
		return r.bound(l, requests), nil
	}
	return requests, nil
}

// target is a link's target as it is called now. Its kind is empty where the plan does
// not tell it.
func (r *rendering) target(l *kind.Link, id string) entra.Key {
	of := r.Plan.Targets[id]
	if len(l.Targets) == 1 {
		of = l.Targets[0]
	}
	id = strings.TrimPrefix(id, entra.Gone)
	for _, target := range l.Targets {
		if renamed := r.IDs[entra.Name{Kind: target, Value: id}]; renamed != "" {
			return entra.Key{Kind: target, ID: renamed}
		}
	}
	return entra.Key{Kind: of, ID: id}
}

// addLink adds a target to the link, or the object to the target's link where that is
// the side on which Graph writes it.
func (r *rendering) addLink(l *kind.Link, target entra.Key) (entra.Request, error) {
	q := entra.Request{Method: "POST", Path: r.addresses.LinkTargets(r.kind, r.id(), l.Name)}
	end := kind.DirectoryObject(target.ID)
	other, err := r.targetKind(l, target)
	switch {
	case err != nil:
		return q, err
	case l.Reverse != "":
		q.Path = r.addresses.LinkTargets(other, target.ID, l.Reverse)
		end = r.object()
	case l.TargetByCollection:
		end = r.addresses.Object(other, target.ID)
	case l.Single:
		q.Method = "PUT"
	}
	q.Body = encode(map[string]any{idAnnotation: r.Base + end})
	return q, nil
}

// removeLink removes a target from the link.
func (r *rendering) removeLink(l *kind.Link, target entra.Key) (entra.Request, error) {
	path := r.addresses.LinkTarget(r.kind, r.id(), l.Name, target.ID)
	switch {
	case l.Single:
		path = r.addresses.LinkTargets(r.kind, r.id(), l.Name)
	case l.Reverse != "":
		other, err := r.targetKind(l, target)
		if err != nil {
			return entra.Request{}, err
		}
		path = r.addresses.LinkTarget(other, target.ID, l.Reverse, r.id())
	}
	return entra.Request{Method: "DELETE", Path: path}, nil
}

// targetKind is the kind of a link's target where the request depends on it.
func (r *rendering) targetKind(l *kind.Link, target entra.Key) (*kind.Kind, error) {
	if l.Reverse == "" && !l.TargetByCollection {
		return nil, nil
	}
	if k := kind.ByName(target.Kind); k != nil {
		return k, nil
	}
	return nil, fmt.Errorf("the plan does not tell of which kind %s is: %w", target.ID, entra.ErrInvalid)
}
