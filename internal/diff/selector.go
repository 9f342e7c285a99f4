package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/text/unicode/norm"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// root is the folder of a snapshot that holds the objects' files.
const root = "tenant/"

// selector is one object argument.
type selector struct {
	arg   string // as it was typed
	kinds string // the kind, or a glob of kinds
	files bool   // a glob of singletons' files, not of kinds
	whole bool   // every object of the kinds
	// literal is the argument below the root, and rest what follows the kind; both are
	// in NFC, as names are when they are compared.
	literal, rest string
	// paths is nil until the argument is settled by names: then it holds the files of
	// what it selects.
	paths map[string]bool
	// least is the least meaning that counts; see [Selection.In].
	least meaning
}

// meaning is in which sense an argument selects an object, from the loosest.
type meaning int

const (
	means     meaning = iota // nothing
	fits                     // the object's path, id or name fits the glob
	bears                    // the object bears the name
	liesBelow                // the object's file lies in the folder
	is                       // it is the object's id or file
)

// meta are the characters that make a glob.
const meta = `*?[{\`

// allOf are the globs that leave nothing out.
var allOf = []string{"", "*", "**", "**/*"}

func parseSelector(arg string) (selector, error) {
	text := norm.NFC.String(strings.TrimPrefix(strings.TrimPrefix(arg, "./"), root))
	text = strings.TrimSuffix(text, "/")
	if text == "" || text == "tenant" {
		if arg == "" {
			return selector{}, fmt.Errorf("selection: empty path: %w", entra.ErrInvalid)
		}
		text = "**"
	}
	first, rest, _ := strings.Cut(text, "/")
	s := selector{arg: arg, literal: text, rest: rest, least: fits, whole: slices.Contains(allOf, rest)}
	s.kinds, s.files = strings.CutSuffix(first, ".yaml")
	if !slices.ContainsFunc(kind.All(), func(k *kind.Kind) bool { return s.mayBe(k.Name) }) {
		return selector{}, fmt.Errorf("selection %q: unknown kind %q: %w", arg, s.kinds, entra.ErrInvalid)
	}
	return s, nil
}

// mayBe reports whether the selector may select an object of the kind.
func (s selector) mayBe(kindName string) bool {
	return (s.kinds == kindName || match(s.kinds, kindName)) && (!s.files || kind.ByName(kindName).Singleton)
}

// selects reports whether the selector selects an object.
func (s selector) selects(path string, key entra.Key, names []string) bool {
	switch {
	case !s.mayBe(key.Kind):
		return false
	case s.paths != nil:
		return s.paths[path]
	}
	return s.whole || s.meaning(path, key, names) >= s.least
}

// open reports whether the selector means objects that are yet unknown, too.
func (s selector) open() bool { return s.whole || s.least == fits || s.least == liesBelow }

// meaning says in which sense the selector selects an object of one of its kinds.
func (s selector) meaning(path string, key entra.Key, names []string) meaning {
	path = strings.TrimPrefix(path, root)
	names = slices.Clone(names)
	for i := range names {
		names[i] = norm.NFC.String(names[i])
	}
	switch {
	case s.literal == path, s.rest == key.ID:
		return is
	case strings.HasPrefix(path, s.literal+"/"):
		return liesBelow
	case slices.Contains(names, s.rest):
		return bears
	case !strings.ContainsAny(s.literal, meta):
		return means
	case match(s.literal, path), slices.ContainsFunc(append(names, key.ID), s.fits):
		return fits
	}
	return means
}

// fits reports whether an id or a name fits the glob. A slash in either is a character
// as any other.
func (s selector) fits(text string) bool {
	const slash = "\x00"
	return match(strings.ReplaceAll(s.rest, "/", slash), strings.ReplaceAll(text, "/", slash))
}

// match reports whether a text fits a glob; what is no valid glob fits nothing.
func match(glob, text string) bool {
	ok, err := doublestar.Match(glob, text)
	return ok && err == nil
}
