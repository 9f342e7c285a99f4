package diff

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/nearest"
)

// named turns the names in brackets of the selected parts into the ids that files hold:
// "members[ada@contoso.com]" is the member of that id. A name of no object is an
// [UnmatchedError], one of several an [AmbiguousError].
func (s Selection) named(points []Files) ([]Part, error) {
	parts := slices.Clone(s.parts)
	for i, p := range parts {
		last := len(p.Tokens) - 1
		if !p.named || last < 1 || isGUID(p.Tokens[last]) {
			continue
		}
		targets := s.targets(p)
		if len(targets) == 0 {
			continue
		}
		id, err := p.find(targets, s.lines, points)
		if err != nil {
			return nil, err
		}
		parts[i].Tokens, parts[i].named = append(slices.Clone(p.Tokens[:last]), id), false
	}
	return parts, nil
}

// targets are the kinds of which an object in brackets may be: those that the selected link
// or list of references leads to. There are none where the brackets hold the key of an
// element, or a word that stands for no object.
func (s Selection) targets(p Part) []string {
	last := len(p.Tokens) - 1
	path := strings.Join(p.Tokens[:last], ".")
	var targets []string
	for _, k := range kind.All() {
		if !s.Kind(k.Name) {
			continue
		}
		for _, l := range k.Links {
			if last == 1 && l.Name == path {
				targets = append(targets, l.Targets...)
			}
		}
		for _, ref := range k.References {
			if strings.TrimSuffix(ref.Path, "[]") != path || ref.By != "" {
				continue
			}
			if slices.Contains(ref.Special, p.Tokens[last]) {
				return nil
			}
			targets = append(targets, ref.Targets...)
		}
	}
	slices.Sort(targets)
	return slices.Compact(targets)
}

// find returns the id of the one object that the brackets name. Reports print a kind before
// the name.
func (p Part) find(targets []string, lines entra.Lines, points []Files) (string, error) {
	word := p.Tokens[len(p.Tokens)-1]
	if kindName, name, ok := strings.Cut(word, ": "); ok && slices.Contains(targets, kindName) {
		targets, word = []string{kindName}, name
	}
	word = norm.NFC.String(word)
	t := &settling{near: nearest.To(word), selector: &selector{
		arg: p.arg, lines: lines, kinds: "{" + strings.Join(targets, ",") + "}", literal: word, rest: word, folded: fold(word), needles: needlesIn(fold(word)), bare: true,
	}}
	for _, look := range []func(*settling, *candidate) error{(*settling).path, (*settling).name} {
		if err := each([]*settling{t}, points, look); err != nil {
			return "", err
		}
		if t.found == is {
			break
		}
	}
	if err := t.settleBare(); err != nil {
		return "", err
	}
	for key := range t.called[t.found] {
		return key.ID, nil
	}
	return "", unmatched([]*settling{t}, points)
}
