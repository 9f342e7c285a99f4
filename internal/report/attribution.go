package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// Who names who did something, or says why nobody can be named: "ada@contoso.com (through
// Azure Portal)", "the application Nightly sync", "Microsoft (PIM activation expired)",
// "nobody known: the audit log has no event". Names are the tenant's words, to be made
// safe like any other.
func Who(a entra.Attribution) string {
	return joined(names{}.who(a))
}

// joined are the words of spans on one line.
func joined(spans []span) string {
	words := make([]string, len(spans))
	for i, s := range spans {
		words[i] = s.text
	}
	return strings.Join(words, " ")
}

// who is [Who], with names for actors of which the log has no more than the id.
func (n names) who(a entra.Attribution) []span {
	if !a.Known() {
		return n.unknown(a)
	}
	return n.actor(a.Actor)
}

func (n names) actor(a entra.Actor) []span {
	name := quote(a.Name).toned(strong)
	if a.Name == "" {
		name = quote(n.display(a.ID)).toned(strong)
	}
	var spans []span
	switch {
	case a.Type == entra.ActorMicrosoft:
		spans = []span{own("Microsoft").toned(strong)}
		if a.Name != "" {
			spans = append(spans, quote("("+a.Name+")"))
		}
	case name.text == "":
		spans = []span{own("a " + string(a.Type) + " that the audit log does not name")}
	case a.Type == entra.ActorApplication:
		spans = []span{own("the application"), name}
	default:
		spans = []span{name}
	}
	if a.Via != "" {
		spans = append(spans, quote("(through "+a.Via+")"))
	}
	return spans
}

// whyUnknown completes "nobody known: …".
var whyUnknown = map[entra.Unknown]string{
	entra.NoEvent:           "the audit log has no event",
	entra.NoEventYet:        "the audit log has no event yet, and may still get one",
	entra.NoPermission:      "entragit has no permission to read the audit log",
	entra.NoLicence:         "the audit log takes a licence that the tenant does not have",
	entra.OlderThanLog:      "it is older than what the audit log still has",
	entra.LogUnread:         "the audit log was not read, or not to its end",
	entra.NotKept:           "the snapshot was made without the audit log",
	entra.Lost:              "the audit file of a snapshot is not here, or was altered",
	entra.SeveralCandidates: "several may have done it, and the audit log does not tell which",
}

// ofLog are the reasons that lie in the log and not in the change: where they hold, they hold
// for many changes, and are told once.
var ofLog = []entra.Unknown{entra.NoPermission, entra.NoLicence, entra.OlderThanLog, entra.LogUnread, entra.NotKept, entra.Lost}

func (n names) unknown(a entra.Attribution) []span {
	why := unknownWords(a.Unknown)
	if len(a.Candidates) > 0 {
		why += ":"
	}
	return append([]span{own("nobody known: " + why)}, n.oneOf(a.Candidates, "or")...)
}

// unknownWords says why nobody can be named.
func unknownWords(why entra.Unknown) string {
	return cmp.Or(whyUnknown[why], string(why), "the audit log does not tell")
}

// oneOf are some actors, with a word between them.
func (n names) oneOf(actors []entra.Actor, word string) []span {
	var spans []span
	for i, a := range actors {
		if i == shortList {
			return append(spans, own(word+" "+number(len(actors)-i)+" more"))
		}
		if i > 0 {
			spans = append(spans, own(word))
		}
		spans = append(spans, n.actor(a)...)
	}
	return spans
}

// authors are who did the parts of one change, as [entra.Change].By has them.
type authors []entra.Attribution

// main is who did the change, or most of its parts, the newest of what was done; false where
// nobody looked.
func (by authors) main() (entra.Attribution, bool) {
	best, most := -1, 0
	for i, a := range by {
		if len(a.Parts) == 0 {
			return a, true
		}
		parts := 0
		for _, other := range by {
			if sameAuthor(a, other) {
				parts += len(other.Parts)
			}
		}
		if parts > most {
			best, most = i, parts
		}
	}
	if best < 0 {
		return entra.Attribution{}, false
	}
	return by[best], true
}

// of are those who did one part: the ones that name it, a part that it belongs to, or one
// within it; else whoever did the change as a whole.
func (by authors) of(pointer string) authors {
	var named, whole authors
	for _, a := range by {
		switch {
		case len(a.Parts) == 0:
			whole = append(whole, a)
		case slices.ContainsFunc(a.Parts, func(part string) bool { return jsonpointer.Within(pointer, part) || jsonpointer.Within(part, pointer) }):
			named = append(named, a)
		}
	}
	switch {
	case named != nil:
		return named
	case whole == nil && len(by) > 0:
		return authors{{}} // all that is known is about other parts
	}
	return whole
}

// sameAuthor reports whether two attributions name the same, or fail for the same reason.
func sameAuthor(a, b entra.Attribution) bool {
	return a.Actor == b.Actor && a.Unknown == b.Unknown && slices.Equal(a.Candidates, b.Candidates)
}

// told reports whether an attribution is worth a line: what lies in the log as a whole is
// said once, at the end of the report.
func (w writer) told(a entra.Attribution) bool {
	return w.Full || a.Known() || !slices.Contains(ofLog, a.Unknown)
}

// did is the line below a change's headline that says who did it.
func (w writer) did(by authors) []line {
	main, ok := by.main()
	if !ok || !w.told(main) {
		return nil
	}
	return []line{at(1, w.byLine(main, by)...)}
}

// didPart are the lines below a part of a change that others did than the change as such.
func (w writer) didPart(depth int, by authors, pointer string) []line {
	main, ok := by.main()
	if !ok {
		return nil
	}
	of := by.of(pointer)
	var lines []line
	for i, a := range of {
		again := slices.ContainsFunc(of[:i], func(b entra.Attribution) bool { return sameAuthor(a, b) })
		if !again && !sameAuthor(a, main) && w.told(a) {
			lines = append(lines, at(depth, w.byLine(a, of)...))
		}
	}
	return lines
}

// byLine says who did something, when, and from where. others are the attributions among which
// those of the same author are told together.
func (w writer) byLine(a entra.Attribution, others authors) []span {
	if !a.Known() {
		return w.who(a)
	}
	spans := append([]span{own("by")}, w.who(a)...)
	if !a.When.IsZero() {
		spans = append(spans, own(others.when(a)))
	}
	if a.Address != "" {
		spans = append(spans, own("from"), quote(a.Address))
	}
	if a.Address != "" && a.Service {
		spans = append(spans, own("(or of a service that acted for it)").toned(faint))
	}
	if a.Certainty == entra.Touched {
		spans = append(spans, own("– nobody else wrote it meanwhile, and the audit log does not tell the value").toned(faint))
	}
	if w.Full {
		spans = append(spans, logged(a)...)
	}
	return spans
}

// when is the time at which an author did what is told together, or the first and the last.
func (by authors) when(a entra.Attribution) string {
	first, last := a.When, a.When
	for _, other := range by {
		if !sameAuthor(a, other) || other.When.IsZero() {
			continue
		}
		if other.When.Before(first) {
			first = other.When
		}
		if other.When.After(last) {
			last = other.When
		}
	}
	from, to := first.UTC().Format(minute), last.UTC().Format(minute)
	if from == to {
		return "at " + to + " UTC"
	}
	return "between " + from + " and " + to + " UTC"
}

// minute is a time as people read it.
const minute = "2006-01-02 15:04"

// logged is what else the log has of it.
func logged(a entra.Attribution) []span {
	var spans []span
	for _, fact := range []struct{ name, value string }{
		{"activity", a.Activity}, {"client", a.Client}, {"correlation id", a.CorrelationID}, {"log entry", strings.Join(a.Entries, ", ")},
	} {
		if fact.value != "" {
			spans = append(spans, own("· "+fact.name).toned(faint), quote(fact.value).toned(faint))
		}
	}
	return spans
}

// linkBy is the change of a link, with who did it at each element that others changed than
// the object as such.
func (w writer) linkBy(l entra.LinkChange, by authors) []line {
	pointer := jsonpointer.Join(entra.SectionLinks, l.Link)
	if len(w.didPart(2, by, pointer)) == 0 {
		return w.link(1, l)
	}
	lines := []line{at(1, quote(l.Link+":"))}
	for _, part := range []struct {
		ids []string
		t   tone
	}{{l.Removed, removed}, {l.Added, added}} {
		for i, id := range part.ids {
			if limit := w.limit(longList); limit > 0 && i == limit {
				lines = append(lines, at(2, own("… "+number(len(part.ids)-i)+" more")))
				break
			}
			lines = append(lines, w.element(2, []span{sign(part.t)}, id)...)
			lines = append(lines, w.didPart(3, by, jsonpointer.Join(entra.SectionLinks, l.Link, id))...)
		}
	}
	return lines
}

// about are those who did the parts that some ids name, such as new members; all where no
// part does.
func (by authors) about(ids []string) authors {
	var found authors
	for _, a := range by {
		if slices.ContainsFunc(a.Parts, func(part string) bool {
			return slices.ContainsFunc(jsonpointer.Split(part), func(token string) bool { return slices.Contains(ids, token) })
		}) {
			found = append(found, a)
		}
	}
	if found != nil {
		return found
	}
	return by
}

// riskBy completes the sentence about a risk with who brought it about. Where several changed
// the object and nothing tells who did what the sentence is about, it says no more than that.
func (w writer) riskBy(r entra.Risk) []span {
	by := w.by[r.Key].about(r.About)
	var actors []entra.Actor
	word := "– by"
	for _, a := range by {
		switch {
		case !a.Known():
			word = "– changed in part by"
		case !slices.Contains(actors, a.Actor):
			actors = append(actors, a.Actor)
		}
	}
	if len(actors) == 0 {
		return nil
	}
	if len(actors) > 1 && word == "– by" {
		word = "– changed by"
	}
	spans := append([]span{own(word)}, w.oneOf(actors, "and")...)
	if first := slices.IndexFunc(by, entra.Attribution.Known); len(actors) == 1 && !by[first].When.IsZero() {
		spans = append(spans, own(by.when(by[first])))
	}
	return spans
}

// authorsOf are those who did each change, by its object.
func authorsOf(changes []entra.Change) map[entra.Key]authors {
	of := map[entra.Key]authors{}
	for _, c := range changes {
		if len(c.By) > 0 {
			of[c.Key] = c.By
		}
	}
	return of
}
