package entra

import (
	"slices"
	"strings"
)

// Told are the changes that a report tells and counts: without those that nothing but another
// change of the same set brought about, and of the others without the parts that one did. The
// changes themselves stay as they are.
func Told(changes []Change) []Change {
	told := make([]Change, 0, len(changes))
	for _, c := range changes {
		if c.Cause == nil {
			told = append(told, c.without(c.Causes))
		}
	}
	return told
}

// Recall makes changes told again whose causes are no longer in their set.
func Recall(changes []Change) {
	here := make(map[Key]bool, len(changes))
	for _, c := range changes {
		here[c.Key] = true
	}
	for i := range changes {
		c := &changes[i]
		left := slices.DeleteFunc(slices.Clone(c.Causes), func(cause Cause) bool { return !here[cause.Key] })
		if len(left) == len(c.Causes) {
			continue
		}
		c.Causes = left
		if c.Cause != nil && (len(left) == 0 || !Explained(*c)) {
			c.Cause = nil
		}
	}
}

// Count counts changes: how many objects were added, changed and removed. A report counts
// what [Told] leaves.
func Count(changes []Change) (added, changed, removed int) {
	for _, c := range changes {
		switch c.Type {
		case Added:
			added++
		case Removed:
			removed++
		default:
			changed++
		}
	}
	return added, changed, removed
}

// Explained reports whether its causes brought all of a change about.
func Explained(c Change) bool {
	left := c.without(c.Causes)
	return len(left.Properties)+len(left.Links) == 0
}

// Consequence is a change as far as another brought it about.
type Consequence struct {
	Change
	// Why is the id of the rule that says so.
	Why string
}

// Consequences returns what each change of a set brought about in others, in the order of the
// set.
func Consequences(changes []Change) map[Key][]Consequence {
	of := map[Key][]Consequence{}
	for _, c := range changes {
		for _, cause := range c.Causes {
			if cause.Key == c.Key {
				continue
			}
			part := c
			if len(cause.Parts) > 0 {
				part = c.only(cause.Parts)
			}
			of[cause.Key] = append(of[cause.Key], Consequence{Change: part, Why: cause.Why})
		}
	}
	return of
}

// without leaves out what some causes brought about.
func (c Change) without(causes []Cause) Change {
	var parts []string
	for _, cause := range causes {
		parts = append(parts, cause.Parts...)
	}
	if len(parts) == 0 {
		return c
	}
	return c.part(func(pointer string) bool { return !slices.Contains(parts, pointer) })
}

// only leaves some parts.
func (c Change) only(parts []string) Change {
	return c.part(func(pointer string) bool { return slices.Contains(parts, pointer) })
}

// part is the change as far as a test keeps its properties and the targets of its links.
func (c Change) part(keep func(pointer string) bool) Change {
	properties, links := c.Properties, c.Links
	c.Properties, c.Links = nil, nil
	for _, p := range properties {
		if keep(p.Pointer) {
			c.Properties = append(c.Properties, p)
		}
	}
	for _, l := range links {
		kept := LinkChange{Link: l.Link}
		for _, id := range l.Added {
			if keep(LinkPart(l.Link, id)) {
				kept.Added = append(kept.Added, id)
			}
		}
		for _, id := range l.Removed {
			if keep(LinkPart(l.Link, id)) {
				kept.Removed = append(kept.Removed, id)
			}
		}
		if len(kept.Added)+len(kept.Removed) > 0 {
			c.Links = append(c.Links, kept)
		}
	}
	return c
}

// LinkPart names the target of a link as a part of a change: "/links/members/" and the id.
func LinkPart(link, id string) string {
	return "/" + SectionLinks + "/" + token.Replace(link) + "/" + token.Replace(id)
}

// token escapes a token of a JSON pointer (RFC 6901, section 3).
var token = strings.NewReplacer("~", "~0", "/", "~1")
