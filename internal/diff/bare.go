package diff

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/nearest"
)

// Bare returns the first argument that names no kind: what a person calls one object. What
// is kept for others to read, such as a rule, should say of which kind it is.
func (s Selection) Bare() (arg string, ok bool) {
	for _, o := range s.objects {
		if o.bare {
			return o.arg, true
		}
	}
	return "", false
}

// AmbiguousError says that a word, meant for one object, means several. It wraps
// [entra.ErrInvalid].
type AmbiguousError struct {
	Arg string // as it was typed
	// Candidates are the objects that it may mean, by key.
	Candidates []entra.Listed
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%s: %d objects are called so: %v", strconv.Quote(e.Arg), len(e.Candidates), entra.ErrInvalid)
}

func (e *AmbiguousError) Unwrap() error { return entra.ErrInvalid }

// call notes that a bare word means an object in a sense. One that has several ids in time
// is one.
func (t *settling) call(sense meaning, c *candidate) {
	if !t.bare {
		return
	}
	if t.called == nil {
		t.called = map[meaning]map[entra.Key]string{}
	}
	if t.called[sense] == nil {
		t.called[sense] = map[entra.Key]string{}
	}
	name := ""
	for _, n := range c.names {
		name = n
	}
	t.called[sense][t.lines.Key(c.key)] = name
}

// settleBare takes a bare word for the one object that it means.
func (t *settling) settleBare() error {
	called := t.called[t.found]
	if len(called) > 1 {
		e := &AmbiguousError{Arg: t.arg}
		for _, key := range slices.SortedFunc(maps.Keys(called), compareKeys) {
			e.Candidates = append(e.Candidates, entra.Listed{Identity: entra.Identity{Key: key}, Name: called[key]})
		}
		return e
	}
	for key := range called {
		t.kinds = key.Kind
	}
	return nil
}

func compareKeys(a, b entra.Key) int { return strings.Compare(a.String(), b.String()) }

// nearKinds proposes what a word may have meant whose kind is misspelt.
func (t *settling) nearKinds() []string {
	first, rest, below := strings.Cut(t.literal, "/")
	if !t.bare {
		return nil
	}
	near := nearest.To(first)
	for _, k := range kind.All() {
		near.Add(k.Name)
	}
	proposals := near.Found()
	if below {
		for i := range proposals {
			proposals[i] += "/" + rest
		}
	}
	return proposals[:min(1, len(proposals))]
}

// Pick returns those of some objects that arguments of [ParseSelection] mean, by key, name and
// alias. Each argument counts in its strictest sense; one that means none of them is an
// [UnmatchedError].
func Pick(args []string, listed []entra.Listed) ([]entra.Listed, error) {
	var picked []entra.Listed
	var all []*settling
	for _, arg := range args {
		sel, err := parseSelector(arg)
		if err != nil {
			return nil, err
		}
		t := &settling{selector: &sel, near: nearest.To(sel.rest)}
		all = append(all, t)
		bySense := map[meaning][]entra.Listed{}
		for _, o := range listed {
			if !t.mayBe(o.Kind) {
				continue
			}
			sense := t.meaning("", o.Key, []string{o.Name}, o.Aliases)
			bySense[sense] = append(bySense[sense], o)
			t.found = max(t.found, sense)
			t.near.AddAs(o.Name, o.Kind+"/"+o.Name)
		}
		if t.found == means {
			continue
		}
		if found := bySense[t.found]; t.bare && len(found) > 1 {
			return nil, &AmbiguousError{Arg: arg, Candidates: found}
		}
		picked = append(picked, bySense[t.found]...)
	}
	return picked, unmatched(all, nil)
}

// Aliases are what an object alone goes by beside its id, as [kind.Place.Aliases] says.
func Aliases(k *kind.Kind, o *entra.Object) []string {
	var aliases []string
	for _, property := range k.Aliases {
		if alias := o.Text(property); alias != "" {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

// Of reports whether an argument of [ParseSelection] may mean an object of the kind.
func Of(arg, kindName string) bool {
	sel, err := parseSelector(arg)
	return err == nil && sel.mayBe(kindName)
}
