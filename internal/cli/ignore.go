package cli

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// applyIgnores drops from a change set what people decided not to hear of: kinds that are not
// kept, and what the ignore rules of entragit.yaml name. The history keeps all of it.
func (r *repository) applyIgnores(set *entra.ChangeSet) error {
	set.Unread = slices.DeleteFunc(set.Unread, func(u entra.Unread) bool { return !r.config.Keep(u.Kind) })
	set.Changes = slices.DeleteFunc(set.Changes, func(c entra.Change) bool { return !r.config.Keep(c.Kind) })
	for _, rule := range r.config.Ignore {
		objects, err := diff.ParseSelection([]string{rule.Path}, nil)
		if err != nil {
			return withHint(fmt.Errorf("ignore: %w", err), "entragit help config explains the rules")
		}
		kept := set.Changes[:0]
		for _, c := range set.Changes {
			if !objects.Object("", c.Key, c.Name, c.OldName) || without(&c, rule.Property) {
				kept = append(kept, c)
			}
		}
		set.Changes = kept
	}
	return nil
}

// without drops a property and what lies below it from a change and reports whether
// anything is left. An empty property is everything.
func without(c *entra.Change, property string) bool {
	if property == "" {
		return false
	}
	ignored := func(pointer string) bool { return jsonpointer.Within(pointer, property) }
	c.Properties = slices.DeleteFunc(c.Properties, func(p entra.PropertyChange) bool { return ignored(p.Pointer) })
	c.Links = slices.DeleteFunc(c.Links, func(l entra.LinkChange) bool {
		return ignored(jsonpointer.Join(entra.SectionLinks, l.Link))
	})
	return c.Type != entra.Changed || len(c.Properties)+len(c.Links) > 0
}
