package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/text/cases"
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
	bare  bool   // what a person calls one object, of whatever kind
	// literal is the argument below the root, and rest what follows the kind; both are
	// in NFC, as names are when they are compared. folded is rest without upper case.
	literal, rest, folded string
	// needles are the parts of folded that every file has that bears the name.
	needles []string
	lines   entra.Lines
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
	resembles                // the object's id, name or alias is the same but for upper and lower case
	bears                    // the object bears the name
	goesBy                   // the object alone has it as an alias
	liesBelow                // the object's file lies in the folder
	was                      // it is an id that the object had before it was created again, or has since
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
	s.inAnyCase()
	if !slices.ContainsFunc(kind.All(), func(k *kind.Kind) bool { return s.mayBe(k.Name) }) {
		if strings.ContainsAny(first, meta) || s.files || strings.HasPrefix(arg, root) || strings.HasPrefix(arg, "./") {
			return selector{}, fmt.Errorf("selection %q: unknown kind %q: %w", arg, s.kinds, entra.ErrInvalid)
		}
		s = selector{arg: arg, kinds: "*", literal: text, rest: text, least: fits, bare: true}
	}
	s.folded = fold(s.rest)
	s.needles = needlesIn(s.folded)
	return s, nil
}

// inAnyCase takes a kind that was written in other letters for the kind.
func (s *selector) inAnyCase() {
	for _, k := range kind.All() {
		if strings.EqualFold(k.Name, s.kinds) && k.Name != s.kinds {
			s.literal = strings.Replace(s.literal, s.kinds, k.Name, 1)
			s.kinds = k.Name
		}
	}
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
	return s.whole || s.meaning(path, key, names, nil) >= s.least
}

// open reports whether the selector means objects that are yet unknown, too.
func (s selector) open() bool { return s.whole || s.least == fits || s.least == liesBelow }

// meaning says in which sense the selector selects an object of one of its kinds.
func (s selector) meaning(path string, key entra.Key, names, aliases []string) meaning {
	path = strings.TrimPrefix(path, root)
	names = slices.Clone(names)
	for i := range names {
		names[i] = norm.NFC.String(names[i])
	}
	switch {
	case s.literal == path, s.rest == key.ID, isGUID(s.rest) && strings.EqualFold(s.rest, key.ID):
		return is
	case s.lines.Has(entra.Name{Kind: key.Kind, Value: s.rest}) && s.lines.Key(key) == s.lines.Key(entra.Key{Kind: key.Kind, ID: s.rest}):
		return was
	case strings.HasPrefix(path, s.literal+"/"):
		return liesBelow
	case slices.Contains(aliases, s.rest):
		return goesBy
	case slices.Contains(names, s.rest):
		return bears
	case slices.ContainsFunc(slices.Concat(names, aliases, []string{key.ID}), func(name string) bool { return fold(name) == s.folded }):
		return resembles
	case s.bare, !strings.ContainsAny(s.literal, meta):
		return means
	case match(s.literal, path), slices.ContainsFunc(append(names, key.ID), s.fits):
		return fits
	}
	return means
}

// fold is a text without the differences that nobody means: how letters are encoded, and
// upper and lower case.
func fold(text string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(text))) }

// isGUID reports whether a text is an id in which upper and lower case are the same; there
// are ids in which they are not.
func isGUID(text string) bool {
	const length = 36
	return len(text) == length && strings.Count(text, "-") == 4 && strings.Trim(text, "0123456789abcdefABCDEF-") == ""
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
