package drill

import (
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// reasons are what plans and outcomes said of objects, newest last.
type reasons map[entra.Key][]reason

// reason is what was said of an object, or of a part of it.
type reason struct{ pointer, text string }

func (r reasons) add(key entra.Key, pointer, text string) {
	r[key] = append(r[key], reason{pointer, text})
}

// of returns what was said last of how an object differs: of a part that differs rather than
// of the whole, and of the whole rather than of another part.
func (r reasons) of(c entra.Change) string {
	best, rank := "", 0
	for _, one := range r[c.Key] {
		text, now := one.text, 2
		if one.pointer != "" {
			text, now = one.pointer+": "+text, 1
			if differsAt(c, one.pointer) {
				now = 3
			}
		}
		if now >= rank {
			best, rank = text, now
		}
	}
	return best
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
