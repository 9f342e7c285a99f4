package drill

import (
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// reasons are what plans and outcomes said of objects, newest last.
type reasons map[entra.Key][]reason

// reason is what was said of an object, or of a part of it; told, before the first write.
type reason struct {
	pointer, text string
	told          bool
}

// tell notes what a plan says of an object.
func (r reasons) tell(key entra.Key, pointer, text string) {
	r[key] = append(r[key], reason{pointer, text, true})
}

// find notes what a step came to that was not done.
func (r reasons) find(key entra.Key, text string) {
	r[key] = append(r[key], reason{text: text})
}

// of returns what was said last of how an object differs: of a part that differs rather than
// of the whole, and of the whole rather than of another part.
func (r reasons) of(c entra.Change) (why string, told bool) {
	rank := 0
	for _, one := range r[c.Key] {
		text, now := one.text, 2
		if one.pointer != "" {
			text, now = one.pointer+": "+text, 1
			if differsAt(c, one.pointer) {
				now = 3
			}
		}
		if now >= rank {
			why, told, rank = text, one.told, now
		}
	}
	return why, told
}

// differsAt reports whether a change is of the part that a pointer leads to, or within it.
func differsAt(c entra.Change, pointer string) bool {
	touches := func(p string) bool {
		return p == pointer || strings.HasPrefix(p, pointer+"/") || strings.HasPrefix(pointer, p+"/")
	}
	for _, p := range c.Properties {
		if touches(p.Pointer) {
			return true
		}
	}
	for _, l := range c.Links {
		if touches(jsonpointer.Join(entra.SectionLinks, l.Link)) {
			return true
		}
	}
	return false
}
