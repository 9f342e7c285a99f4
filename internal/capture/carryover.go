package capture

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// carryOver fills in, from the snapshot before, the properties, links and contained
// objects that could not be read.
func (w *writer) carryOver(it *item) error {
	missed := !w.res.empty && len(w.res.view.missed) > 0
	if len(it.unread) == 0 && !missed {
		return nil
	}
	old, err := w.before(w.res.Kind, it.id)
	if err != nil || old == nil {
		return err
	}
	if missed {
		if err := w.carryProperties(it, old); err != nil {
			return fmt.Errorf("%w: %s/%s: %w", errSink, w.res.Kind.Name, it.id, err)
		}
	}
	for _, u := range it.unread {
		section, name, _ := strings.Cut(u.part, "/")
		if value, ok := old.Spec[name]; ok && section == entra.SectionSpec {
			if err := it.setProperties(map[string]any{name: value}); err != nil {
				return fmt.Errorf("%w: %s/%s: %w", errSink, w.res.Kind.Name, it.id, err)
			}
		}
		if ids, ok := old.Links[name]; ok && section == entra.SectionLinks {
			it.setLink(name, ids)
		}
		if elements, ok := old.Contained[name]; ok && section == entra.SectionContained {
			bodies := make([][]byte, len(elements))
			for i, e := range elements {
				if bodies[i], err = json.Marshal(e); err != nil {
					return fmt.Errorf("%w: %s/%s: %w", errSink, w.res.Kind.Name, it.id, err)
				}
			}
			it.setContained(name, bodies)
		}
	}
	return nil
}

// carryProperties puts the properties that were not asked for into an object as the
// snapshot before has them.
func (w *writer) carryProperties(it *item, old *entra.Object) error {
	more := map[string]any{}
	for _, section := range []map[string]any{old.Spec, old.Status} {
		for name, value := range section {
			why := w.res.view.missing(name)
			if why == nil {
				continue
			}
			more[name] = value
			if slices.Contains(w.res.view.dropped, name) {
				w.res.note(name, why)
			}
		}
	}
	return it.setProperties(more)
}

// setProperties gives the object's body more properties.
func (it *item) setProperties(more map[string]any) error {
	if len(more) == 0 {
		return nil
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(it.raw.Body, &body); err != nil {
		return nil // Encode says what is wrong with it
	}
	for name, value := range more {
		data, err := json.Marshal(value)
		if err != nil {
			return err
		}
		body[name] = data
	}
	data, err := json.Marshal(body)
	it.raw.Body = data
	return err
}
