package report

import (
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// title is what a person calls one object of a kind; a kind that this version does
// not know keeps its own name.
func title(kindName string) string {
	if k := kind.ByName(kindName); k != nil && k.Title != "" {
		return k.Title
	}
	return kindName
}

// heading is what a person calls the objects of a kind, at the start of a line.
func heading(kindName string) string {
	text := title(kindName)
	k := kind.ByName(kindName)
	if k != nil && !k.Singleton {
		text = plural(text)
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func plural(noun string) string {
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(stem, "e") && !strings.HasSuffix(stem, "a") {
		return stem + "ies"
	}
	return noun + "s"
}

// count writes a number with its noun: "1 object", "12,345 objects".
func count(n int, noun string) string {
	if n != 1 {
		noun = plural(noun)
	}
	return number(n) + " " + noun
}

// number writes a count with separators.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// list joins the counts that are not zero: "1 added, 2 changed".
func list(parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}

// some is a part of a [list]; empty when there is nothing to count.
func some(n int, what string) string {
	if n == 0 {
		return ""
	}
	return number(n) + " " + what
}

// someOf is a part of a [list] with a noun that is counted.
func someOf(n int, noun string) string {
	if n == 0 {
		return ""
	}
	return count(n, noun)
}

// names resolves ids for people: id to label.
type names map[string]string

// id names an object by id: its label, if there is one, and the id in brackets.
func (n names) id(id string) []span {
	if label, ok := n[id]; ok {
		return []span{quote(label), quote("(" + id + ")").toned(faint)}
	}
	return []span{quote(id)}
}

// display is a name that people read: where an object has no other name than whom it
// is about, that one's.
func (n names) display(name string) string {
	if _, display, ok := strings.Cut(n[name], ": "); ok {
		return display
	}
	return name
}

// object names an object as a headline does: "user Ada Lovelace (3f2b…)".
func object(k entra.Key, name string) []span {
	if name == "" || name == k.ID {
		return []span{own(title(k.Kind)), quote(k.ID).toned(strong)}
	}
	return []span{own(title(k.Kind)), quote(name).toned(strong), quote("(" + k.ID + ")").toned(faint)}
}
