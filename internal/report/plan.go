package report

import (
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Plan is the report of what a reconcile will do: each step as a sentence, in order,
// then what is left alone and why.
func Plan(p *entra.Plan, opts Options) Document {
	w := writer{names: p.Names, Options: opts}
	var d Document
	if len(p.Steps) > 0 {
		d.intro = []line{at(0, own("To put back what"), own(p.From.String()).toned(strong), own("says:"))}
		s := section{title: "Plan: " + count(len(p.Steps), "step"), tone: strong}
		for _, step := range p.Steps {
			s.items = append(s.items, append(w.step(step, span{}), requests(opts.Requests[step.ID])...))
		}
		d.sections = append(d.sections, s)
	}
	if len(p.Unverified) > 0 {
		d.sections = append(d.sections, w.unverified(p.Unverified))
	}
	if len(p.Losses) > 0 {
		d.sections = append(d.sections, w.losses(p.Losses))
	}
	if len(p.Dangling) > 0 {
		d.sections = append(d.sections, w.dangling(p.Dangling))
	}
	if len(p.Refusals) > 0 {
		d.sections = append(d.sections, w.refusals(p.Refusals))
	}
	if len(p.Unread) > 0 {
		d.sections = append(d.sections, w.unread(p.Unread))
	}
	if len(p.Added)+len(p.AddedParts) > 0 {
		d.sections = append(d.sections, w.since(p))
	}
	if len(p.Observed) > 0 {
		d.sections = append(d.sections, w.observed(p.Observed))
	}
	d.footer = []line{at(0, own(planSummary(p)))}
	if len(p.Accepted) > 0 {
		d.footer = append(d.footer, at(0, own("Accepted although a guard holds it back: "+list(p.Accepted...))))
	}
	return d
}

// requests are the requests of one step.
func requests(list []entra.Request) []line {
	var lines []line
	for _, r := range list {
		lines = append(lines, at(1, own(r.Method), quote(strings.TrimSpace(r.Path+" "+string(r.Body)))))
	}
	return lines
}

// unverified lists the files that a person let pass.
func (w writer) unverified(files []string) section {
	s := section{title: "Not verified, no snapshot ever had this and nobody who may approve signed it: " + number(len(files)), tone: alarm}
	for _, file := range files {
		s.items = append(s.items, item{at(0, quote(file))})
	}
	return s
}

func planSummary(p *entra.Plan) string {
	counts := map[entra.Action]int{}
	for _, s := range p.Steps {
		counts[s.Action]++
	}
	text, rest := "", untouched(p)
	switch {
	case len(p.Steps) > 0:
		text = count(len(p.Steps), "step") + ": " + list(
			someOf(counts[entra.ActionRestore], "restore"),
			someOf(counts[entra.ActionCreate], "creation"),
			someOf(counts[entra.ActionUpdate], "update"),
			someOf(counts[entra.ActionAddLink]+counts[entra.ActionRemoveLink], "link change"),
			someOf(counts[entra.ActionDelete], "deletion"),
			someOf(counts[entra.ActionCreateContained]+counts[entra.ActionUpdateContained]+
				counts[entra.ActionDeleteContained], "contained object"),
		) + rest
	case rest != "": // what is not as the snapshot says is not nothing to do
		text = "Nothing was done: " + strings.TrimPrefix(rest, "; ")
	default:
		text = "Nothing to do"
	}
	text += inOtherThings(p)
	if p.Matched > 0 {
		text += "; " + count(p.Matched, "object") + " already as in " + source(p)
	}
	return text
}

// untouched counts what a plan does nothing about.
func untouched(p *entra.Plan) string {
	text := ""
	if len(p.Losses) > 0 {
		text += "; " + number(len(p.Losses)) + " lost"
	}
	if len(p.Refusals) > 0 {
		text += "; " + number(len(p.Refusals)) + " left alone"
	}
	if len(p.Unread) > 0 {
		text += "; " + count(len(p.Unread), "part") + " not compared"
	}
	if n := len(p.Added) + len(p.AddedParts); n > 0 {
		text += "; " + number(n) + " added since"
	}
	return text
}

// refusals says what a plan leaves alone, with the reason and what can be done. Parts
// of one object that are left alone for one reason are said together.
func (w writer) refusals(refusals []entra.Refusal) section {
	s := section{title: "Left alone: " + number(len(refusals)), tone: alarm}
	for start := 0; start < len(refusals); {
		end := start + 1
		for end < len(refusals) && sameRefusal(refusals[start], refusals[end]) {
			end++
		}
		s.items = append(s.items, w.refusal(refusals[start:end]))
		start = end
	}
	return s
}

func sameRefusal(a, b entra.Refusal) bool {
	return a.Key == b.Key && a.Reason == b.Reason && a.Hint == b.Hint && (a.Pointer == "") == (b.Pointer == "")
}

// refusal is one object and the parts of it that are left alone for one reason.
func (w writer) refusal(parts []entra.Refusal) item {
	r := parts[0]
	spans := append([]span{sign(alarm)}, object(r.Key, w.display(r.Name))...)
	it := item{at(0, append(spans, own("–"), quote(r.Reason))...)}
	var names []string
	for _, part := range parts {
		if part.Pointer != "" {
			names = append(names, w.path(part.Pointer))
		}
	}
	if len(names) > 0 {
		it = append(it, at(1, quote(strings.Join(names, ", "))))
	}
	if r.Hint != "" {
		it = append(it, at(1, own("hint:"), quote(r.Hint)))
	}
	return it
}

// step is one step as a sentence behind a mark, with the details below. A zero
// mark is chosen by the action.
func (w writer) step(s entra.Step, mark span) item {
	who := object(s.Key, w.display(s.Name))
	sentence := func(t tone, words ...[]span) line {
		spans := []span{mark}
		if mark == (span{}) {
			spans[0] = sign(t)
		}
		for _, part := range words {
			spans = append(spans, part...)
		}
		return at(0, spans...)
	}
	switch s.Action {
	case entra.ActionRestore:
		return w.restore(s, who, sentence)
	case entra.ActionCreate:
		return w.contained(s, sentence(added, words("Create"), who, words(again(s.Key))), entra.Added)
	case entra.ActionDelete:
		return w.deletion(s, who, sentence)
	case entra.ActionUpdate:
		return w.update(s, who, sentence)
	case entra.ActionAddLink, entra.ActionRemoveLink:
		return w.relink(s, who, sentence)
	case entra.ActionCreateContained:
		return w.contained(s, sentence(added, words("Create"), w.target(s), words("of"), who), entra.Added)
	case entra.ActionUpdateContained:
		return w.contained(s, sentence(changed, words("Update"), w.target(s), words("of"), who), entra.Changed)
	case entra.ActionDeleteContained:
		return w.contained(s, sentence(removed, words("Delete"), w.target(s), words("of"), who), entra.Removed)
	default:
		return w.contained(s, sentence(changed, words(string(s.Action)), who), entra.Changed)
	}
}

// restore says what comes back, and where that is not as it was.
func (w writer) restore(s entra.Step, who []span, sentence func(tone, ...[]span) line) item {
	it := item{sentence(added, words("Restore"), who, words("from the deleted items, with its id"))}
	if s.As != "" {
		it = append(it, at(1, own("under another name:"), quote(s.As).toned(strong)))
	}
	if len(s.Without) > 0 {
		it = append(it, at(1, own("without what others have now:"), quote(strings.Join(s.Without, ", "))))
	}
	return it
}

func words(text string) []span { return []span{own(text)} }

// update says one scalar in the sentence itself, and anything more below it.
func (w writer) update(s entra.Step, who []span, sentence func(tone, ...[]span) line) item {
	if len(s.Properties) != 1 {
		it := item{sentence(changed, words("Put back "+number(len(s.Properties))+" properties of"), who)}
		for _, p := range s.Properties {
			it = append(it, w.property(1, p, entra.Changed)...)
		}
		return it
	}
	p := s.Properties[0]
	what := []span{quote(w.path(p.Pointer))}
	if len(p.AddedItems)+len(p.RemovedItems) > 0 || multiline(p.Before, p.After) {
		it := item{sentence(changed, words("Set"), what, words("of"), who, words("back:"))}
		return append(it, w.property(1, p, entra.Changed)...)
	}
	before, after := w.scalars(p.Before, p.After)
	switch {
	case p.After == nil:
		return item{sentence(changed, words("Clear"), what, words("of"), who, words("which is"), w.tint(before, removed))}
	case p.Before == nil:
		return item{sentence(changed, words("Set"), what, words("of"), who, words("back to"), w.tint(after, added))}
	}
	return item{sentence(changed, words("Set"), what, words("of"), who,
		words("from"), w.tint(before, removed), words("back to"), w.tint(after, added))}
}

// relink says how many link targets come back or go, and who they are.
func (w writer) relink(s entra.Step, who []span, sentence func(tone, ...[]span) line) item {
	ids, verb, preposition, t := targets(s)
	if single(s) && len(ids) == 1 {
		if s.Action == entra.ActionAddLink {
			return item{sentence(added, words("Set"), []span{quote(s.Target)}, words("of"), who, words("back to"), w.id(ids[0]))}
		}
		return item{sentence(removed, words("Clear"), []span{quote(s.Target)}, words("of"), who, words("which is"), w.id(ids[0]))}
	}
	noun := singular(s.Target)
	it := item{sentence(t, words(verb+" "+number(len(ids))), []span{quote(pluralOf(noun, len(ids)))}, words(preposition), who)}
	return append(it, w.items(1, anys(ids), t)...)
}

// targets returns the link targets that a step is about, and how to speak of it.
func targets(s entra.Step) (ids []string, verb, preposition string, t tone) {
	for _, l := range s.Links {
		if s.Action == entra.ActionAddLink {
			ids = append(ids, l.Added...)
		} else {
			ids = append(ids, l.Removed...)
		}
	}
	if s.Action == entra.ActionAddLink {
		return ids, "Add", "to", added
	}
	return ids, "Remove", "from", removed
}

// singular is what one target of a link is called.
func singular(link string) string { return strings.TrimSuffix(link, "s") }

func pluralOf(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return plural(noun)
}

// single reports whether the step's link has one target at most.
func single(s entra.Step) bool {
	k := kind.ByName(s.Kind)
	return k != nil && k.SingleLink(s.Target)
}

// target names the contained object that a step is about.
func (w writer) target(s entra.Step) []span {
	prefix := jsonpointer.Join(entra.SectionContained, s.Target) + "/"
	for _, p := range s.Properties {
		if rest, ok := strings.CutPrefix(p.Pointer, prefix); ok {
			key, _, _ := strings.Cut(rest, "/")
			return []span{quote(w.path(prefix + key))}
		}
	}
	return []span{quote(s.Target)}
}

// contained is a step on a contained object: the sentence and its properties.
func (w writer) contained(s entra.Step, sentence line, what entra.ChangeType) item {
	it := item{sentence}
	for _, p := range s.Properties {
		it = append(it, w.property(1, p, what)...)
	}
	return it
}
