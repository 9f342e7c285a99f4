package plan

import (
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// streamsOf takes the pictures and style sheets out of the step that creates an element, and
// plans them as an update that follows: each has a request of its own.
func (d *objectPlan) streamsOf(c *kind.Contained, at, key string, element map[string]any, create *entra.Step) {
	if len(c.Streams) == 0 {
		return
	}
	create.Properties = []entra.PropertyChange{{Pointer: at, After: withoutStreams(c, element)}}
	var changes []entra.PropertyChange
	for _, name := range keys(element, nil) {
		if c.Streams[name] != "" {
			changes = append(changes, entra.PropertyChange{Pointer: at + jsonpointer.Join(name), After: element[name]})
		}
	}
	if len(changes) == 0 {
		return
	}
	first := create.ID
	s := d.step(entra.ActionUpdateContained, c.Name, key)
	s.Properties = changes
	s.Needs = append(s.Needs, first)
}

// withoutStreams is an element as the request that creates it gives it.
func withoutStreams(c *kind.Contained, element map[string]any) map[string]any {
	bare := copied(element)
	for name := range c.Streams {
		delete(bare, name)
	}
	return bare
}
