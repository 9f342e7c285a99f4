package report

import (
	"maps"
	"slices"

	"golang.org/x/text/unicode/norm"

	"github.com/entragit/entragit/internal/entra"
)

// property is the change of one property: one line, or a line and what came and
// went below it.
func (w writer) property(depth int, p entra.PropertyChange, what entra.ChangeType) []line {
	head := []span{quote(w.path(p.Pointer) + ":")}
	if p.Observed {
		head = []span{quote(w.path(p.Pointer)), own("(observed):").toned(faint)}
	}
	switch {
	case len(p.AddedItems)+len(p.RemovedItems) > 0:
		lines := []line{at(depth, head...)}
		lines = append(lines, w.items(depth+1, p.RemovedItems, removed)...)
		return append(lines, w.items(depth+1, p.AddedItems, added)...)
	case what == entra.Changed && multiline(p.Before, p.After):
		before, _ := p.Before.(string)
		after, _ := p.After.(string)
		l := at(depth, head...)
		l.block = lineDiff(before, after, w.limit(longDiff))
		return []line{l}
	case what == entra.Added:
		return w.element(depth, head, p.After)
	case what == entra.Removed:
		return w.element(depth, head, p.Before)
	}
	if fields, ok := p.After.(map[string]any); ok && p.Before == nil {
		return w.fields(depth, append([]span{sign(added)}, head...), fields, "")
	}
	if fields, ok := p.Before.(map[string]any); ok && p.After == nil {
		return w.fields(depth, append([]span{sign(removed)}, head...), fields, "")
	}
	before, after := w.scalars(p.Before, p.After)
	head = append(head, w.tint(before, removed)...)
	head = append(head, own("→"))
	head = append(head, w.tint(after, added)...)
	if lookAlike(p.Before, p.After) {
		head = append(head, own("(looks the same: another encoding of the same letters)").toned(faint))
	}
	return []line{at(depth, head...)}
}

// lookAlike reports whether two texts differ in nothing that can be seen: "é" may be one
// character or two.
func lookAlike(before, after any) bool {
	b, isText := before.(string)
	a, both := after.(string)
	return isText && both && a != b && norm.NFC.String(a) == norm.NFC.String(b)
}

// scalars writes two values on one line each, shortened around where they differ.
func (w writer) scalars(before, after any) (string, string) {
	b, a := value(before), value(after)
	if w.Full {
		return b, a
	}
	return clipBoth(b, a)
}

// tint names a value that may be an id, in a tone.
func (w writer) tint(text string, t tone) []span {
	spans := w.id(text)
	spans[0] = spans[0].toned(t)
	return spans
}

// items are the elements of a set that came or went.
func (w writer) items(depth int, values []any, t tone) []line {
	var lines []line
	for i, v := range values {
		if limit := w.limit(longList); limit > 0 && i == limit {
			return append(lines, at(depth, own("… "+number(len(values)-i)+" more")))
		}
		lines = append(lines, w.element(depth, []span{sign(t)}, v)...)
	}
	return lines
}

// element writes a value behind what was written of its line. An object gets a line
// for each property, named as far as ids can be.
func (w writer) element(depth int, head []span, v any) []line {
	fields, ok := v.(map[string]any)
	if list, isList := v.([]any); isList && w.named(list) {
		return w.list(depth, head, list)
	}
	if !ok {
		text := value(v)
		if !w.Full {
			text = clip(text, 0)
		}
		return []line{at(depth, append(head, w.id(text)...)...)}
	}
	for _, key := range []string{"displayName", "name", "id"} {
		if s, ok := fields[key].(string); ok && s != "" {
			return w.fields(depth, append(head, w.id(s)...), fields, key)
		}
	}
	if len(fields) > shortObject || slices.ContainsFunc(slices.Collect(maps.Values(fields)), isComplex) {
		return w.fields(depth, head, fields, "")
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		head = append(head, quote(key+":"))
		head = append(head, w.id(value(fields[key]))...)
	}
	return []line{at(depth, head...)}
}

// named reports whether a list holds an id with a name, also within its elements.
func (w writer) named(list []any) bool {
	return slices.ContainsFunc(list, func(v any) bool {
		switch v := v.(type) {
		case string:
			return w.names[v] != ""
		case map[string]any:
			return w.named(slices.Collect(maps.Values(v)))
		case []any:
			return w.named(v)
		}
		return false
	})
}

// list is a list with names in it: its texts on the line of what it is, and a line for
// anything else below it.
func (w writer) list(depth int, head []span, list []any) []line {
	var below []line
	for i, v := range list {
		if limit := w.limit(longList); limit > 0 && i == limit {
			below = append(below, at(depth+1, own("… "+number(len(list)-i)+" more")))
			break
		}
		if text, ok := v.(string); ok && len(below) == 0 {
			head = append(head, w.id(text)...)
			continue
		}
		below = append(below, w.element(depth+1, nil, v)...)
	}
	return append([]line{at(depth, head...)}, below...)
}

// shortObject is how many properties of an object without a name fit on its line.
const shortObject = 3

func isComplex(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	default:
		return len(value(v)) > longValue
	}
}

// fields is a line for each property of an object, below the line that names it.
// The property except is part of that line.
func (w writer) fields(depth int, head []span, fields map[string]any, except string) []line {
	lines := []line{at(depth, head...)}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if key != except {
			lines = append(lines, w.element(depth+1, []span{quote(key + ":")}, fields[key])...)
		}
	}
	return lines
}

// link is the change of one link: who came and who went.
func (w writer) link(depth int, l entra.LinkChange) []line {
	lines := []line{at(depth, quote(l.Link+":"))}
	lines = append(lines, w.items(depth+1, anys(l.Removed), removed)...)
	return append(lines, w.items(depth+1, anys(l.Added), added)...)
}

func anys(ids []string) []any {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return values
}
