package history

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Quarry is what the places of objects are searched for. The zero value is found nowhere.
type Quarry struct {
	words    []string   // folded
	needles  [][][]byte // of each word, what all stand in a file just so that holds the word
	networks []netip.Prefix
}

// NewQuarry searches for texts that hold one of some words, in any case, and, where a word is
// an IP address or a range of them, for the ranges that have addresses in common with it.
func NewQuarry(words ...string) Quarry {
	var q Quarry
	for _, word := range words {
		if word == "" || slices.Contains(q.words, strings.ToLower(word)) {
			continue
		}
		q.words = append(q.words, strings.ToLower(word))
		if network, err := netip.ParsePrefix(word); err == nil {
			q.networks = append(q.networks, network)
		} else if address, err := netip.ParseAddr(word); err == nil {
			q.networks = append(q.networks, netip.PrefixFrom(address, address.BitLen()))
		}
	}
	for _, word := range q.words {
		q.needles = append(q.needles, needlesOf(word))
	}
	return q
}

// needlesOf are the word itself where a canonical file writes every character of it as it is,
// and otherwise its runs of letters and digits.
func needlesOf(word string) [][]byte {
	plain := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }
	asIs := func(r rune) bool { return plain(r) || strings.ContainsRune(" ._:/@+-", r) }
	if strings.IndexFunc(word, func(r rune) bool { return !asIs(r) }) < 0 {
		return [][]byte{[]byte(word)}
	}
	var needles [][]byte
	for _, run := range strings.FieldsFunc(word, func(r rune) bool { return !plain(r) }) {
		needles = append(needles, []byte(run))
	}
	return needles
}

// Identities are the texts that others name an object by: every id that it had or has, and the
// properties that are its alone.
func Identities(o *entra.Object, lines entra.Lines) []string {
	words := slices.Clone(lines.Of(entra.Name{Kind: o.Kind, Value: o.ID}))
	k := kind.ByName(o.Kind)
	for _, property := range slices.Concat(k.Aliases, k.Answered) {
		if text := o.Text(property); text != "" && !slices.Contains(words, text) {
			words = append(words, text)
		}
	}
	return words
}

// may reports whether a file may hold a place that is searched for. To read a file takes a
// hundred times as long.
func (q Quarry) may(data []byte) bool {
	if len(q.networks) > 0 {
		return true
	}
	lower := bytes.ToLower(data)
	return slices.ContainsFunc(q.needles, func(all [][]byte) bool {
		return !slices.ContainsFunc(all, func(needle []byte) bool { return !bytes.Contains(lower, needle) })
	})
}

// in reports whether a text is what is searched for.
func (q Quarry) in(text string) bool {
	lower := strings.ToLower(text)
	if slices.ContainsFunc(q.words, func(word string) bool { return strings.Contains(lower, word) }) {
		return true
	}
	if len(q.networks) == 0 {
		return false
	}
	network, err := netip.ParsePrefix(text)
	return err == nil && slices.ContainsFunc(q.networks, network.Overlaps)
}

// Place is a place of an object that holds what is searched for.
type Place struct {
	entra.Key
	// Pointer leads from the file's root to the text, or to the list that holds it.
	Pointer string
	Value   string
}

// Hit is a place with what the object is called.
type Hit struct {
	Place
	Name string
}

// places are those of one file, in the order of their pointers.
func (q Quarry) places(path string, data []byte) ([]Hit, error) {
	kindName, _, ok := canon.ParsePath(path)
	k := kind.ByName(kindName)
	if !ok || k == nil || !q.may(data) {
		return nil, nil
	}
	o, err := canon.Decode(k, path, data)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	w := searcher{quarry: q, found: func(pointer, value string) {
		hits = append(hits, Hit{Place{o.Key, pointer, value}, o.Name})
	}}
	w.walk(jsonpointer.Join("metadata", "id"), o.ID)
	w.walk(jsonpointer.Join(entra.SectionSpec), o.Spec)
	for _, name := range slices.Sorted(maps.Keys(o.Links)) {
		for _, id := range o.Links[name] {
			w.walk(jsonpointer.Join(entra.SectionLinks, name), id)
		}
	}
	for _, c := range k.Contained {
		for _, element := range o.Contained[c.Name] {
			key, _ := kind.ElementKey(element, c.Key)
			w.walk(jsonpointer.Join(entra.SectionContained, c.Name, key), element)
		}
	}
	w.walk(jsonpointer.Join(entra.SectionStatus), o.Status)
	return slices.Compact(hits), nil
}

// searcher goes through the values of an object.
type searcher struct {
	quarry Quarry
	found  func(pointer, value string)
}

// walk goes through a value. The elements of a list are at the pointer of the list: where in
// the list they are means little to a reader.
func (s searcher) walk(pointer string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			at := pointer + jsonpointer.Join(name)
			if s.quarry.in(name) {
				s.found(at, name)
			}
			s.walk(at, v[name])
		}
	case []any:
		for _, element := range v {
			s.walk(pointer, element)
		}
	case string:
		if s.quarry.in(v) {
			s.found(pointer, v)
		}
	}
}

// Search yields the places of a point that hold what is searched for, by the risk of their
// kinds.
func (p *Point) Search(q Quarry) iter.Seq2[Hit, error] {
	return func(yield func(Hit, error) bool) {
		for _, k := range diff.ByRisk(kind.All()) {
			for f, err := range p.Files(k.Name) {
				var hits []Hit
				if err == nil {
					hits, err = p.search(q, f.Path)
				}
				if err != nil {
					yield(Hit{}, fmt.Errorf("search %s: %w", p.at, err))
					return
				}
				for _, h := range hits {
					if !yield(h, nil) {
						return
					}
				}
			}
		}
	}
}

func (p *Point) search(q Quarry, path string) ([]Hit, error) {
	data, err := p.Read(path)
	if err != nil {
		return nil, err
	}
	return q.places(path, data)
}
