package apply

import (
	"fmt"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// replaced is the request that puts a body in the place of the one there. What the one there
// holds and v1.0 does not name would go with it, so that it is sent as it is, and sets as the
// tenant answered them, where that is known.
func replaced(path string, s *kind.Shape, t *kind.Term, live, planned, observed, answered map[string]any) entra.Request {
	body := map[string]any{}
	typ, _ := live[typeProperty].(string)
	for name, v := range observed {
		if _, named := t.Member(typ, []byte(name)); !named && !s.Restorable(name) {
			body[name] = v
		}
	}
	for name, v := range whole(s, live, planned) {
		body[name] = inOrder(s, name, v, answered[name])
	}
	return entra.Request{Method: "PUT", Path: path, Body: encode(body)}
}

// replace renders an update of an object that Graph takes only as a whole.
func (r *rendering) replace(live, planned map[string]any) (entra.Request, error) {
	v, err := kind.LoadVocabulary(r.kind)
	if err != nil {
		return entra.Request{}, fmt.Errorf("render %s: %w", r.step.ID, err)
	}
	return replaced(r.object(), &r.kind.Shape, v.Section(entra.SectionStatus), live, planned, r.live.Status, r.live.Answered), nil
}

// replaceElement renders an update of a contained element that Graph takes only as a whole.
func (r *rendering) replaceElement(path string, c *kind.Contained, live, planned map[string]any) ([]entra.Request, error) {
	v, err := kind.LoadVocabulary(r.kind)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", r.step.ID, err)
	}
	return []entra.Request{replaced(path, &c.Shape, v.Contained(c.Name), live, planned, live, nil)}, nil
}
