package cli

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// attributedTo holds who a report names against who sent the requests: whoever is named did it, and
// where nobody is, the reason is the true one.
func (w *watched) attributedTo(t *testing.T, from, to int, tally *actorTally) {
	t.Helper()
	set := w.diff(t, seq(from), seq(to))
	why := entra.NoEvent
	if to == len(w.worlds)-1 {
		why = entra.NoEventYet // the log was read with the snapshot, and not since
	}
	var done []sent
	for _, sends := range w.sets[from+1 : to+1] {
		done = append(done, sends...)
	}
	for _, c := range set.Changes {
		for _, part := range pointersOf(c) {
			w.judgeActor(t, set, c, part, done, why, tally)
		}
	}
}

// pointersOf are the pointers of what a change tells; of an object that came or went, that.
func pointersOf(c entra.Change) []string {
	if c.Type != entra.Changed {
		return []string{""}
	}
	var parts []string
	for _, p := range c.Properties {
		if !p.Observed {
			parts = append(parts, p.Pointer)
		}
	}
	for _, l := range c.Links {
		for _, id := range slices.Concat(l.Added, l.Removed) {
			parts = append(parts, entra.LinkPart(l.Link, id))
		}
	}
	return parts
}

// judgeActor holds who is named for a part of a change against who did it.
func (w *watched) judgeActor(t *testing.T, set entra.ChangeSet, c entra.Change, part string, done []sent, why entra.Unknown, tally *actorTally) {
	t.Helper()
	by := ofPart(c.By, part)
	did := w.writersOf(c, part, done)
	for _, gone := range set.Changes {
		if gone.Type == entra.Removed && len(did) == 0 && gone.ID != c.ID && strings.Contains(textOf(c), gone.ID) {
			did = w.writersOf(gone, "", done) // what went with something else took more with it
		}
	}
	switch {
	case by.Known() && !slices.ContainsFunc(did, func(a actor) bool { return a.is(by.Actor) }):
		t.Errorf("%s %s %s: %s is named (%s, %s), and it was %v\n  %s", c.Key, c.Type, part, textOf(by.Actor), by.Activity, by.Certainty, did, textOf(c))
		tally.wrong++
	case by.Known():
		tally.right++
	case by.Unknown == entra.SeveralCandidates:
		tally.several++
		if len(did) > 0 && !slices.ContainsFunc(by.Candidates, func(a entra.Actor) bool {
			return slices.ContainsFunc(did, func(d actor) bool { return d.is(a) })
		}) {
			t.Errorf("%s %s %s: the candidates are %s, and it was %v", c.Key, c.Type, part, textOf(by.Candidates), did)
		}
	case by.Unknown != why:
		t.Errorf("%s %s %s: it is unknown because %q, and it should be %q", c.Key, c.Type, part, by.Unknown, why)
	default:
		tally.unknown[c.Kind+" "+string(c.Type)+" "+strings.Join(strings.SplitN(part, "/", 4)[:min(3, strings.Count(part, "/")+1)], "/")]++
	}
}

// actorTally counts how many parts of changes somebody is named for.
type actorTally struct {
	right, wrong, several int
	unknown               map[string]int // by kind, what became of it, and part
}

// share is how much of what happened somebody is named for.
func (a *actorTally) share() float64 {
	all := a.right + a.wrong + a.several
	for _, n := range a.unknown {
		all += n
	}
	return float64(a.right) / float64(max(all, 1))
}

// ofPart is the attribution of a part of a change.
func ofPart(by []entra.Attribution, part string) entra.Attribution {
	var whole entra.Attribution
	for _, a := range by {
		if len(a.Parts) == 0 {
			whole = a
		}
		for _, p := range a.Parts {
			if p == part || part != "" && (strings.HasPrefix(part, p+"/") || strings.HasPrefix(p, part+"/")) {
				return a
			}
		}
	}
	return whole
}

// writersOf are those who made a part of a change what it is: whoever wrote it last or, where
// nobody did, whoever wrote something that it comes of.
func (w *watched) writersOf(c entra.Change, part string, done []sent) []actor {
	section, id, _ := cutPart(part)
	var last, object, others []actor
	for _, s := range done {
		switch {
		case s.key != c.Key:
			if s.part == "" && w.mentions(c, s.key) || w.isAbout(s.key, c.ID, id) || soleOf(c, s) == section {
				others = append(others, s.by)
			}
		case s.part == "" && c.Type == entra.Added:
			last = append(last, s.by) // created it, or took it back since
		case s.part == "" && (part == "" || c.Type != entra.Changed):
			last = []actor{s.by}
		case s.part == "":
			object = []actor{s.by}
		case s.part == section && (s.target == "" || id == "" || s.target == id):
			last = []actor{s.by}
		}
	}
	switch {
	case len(last) > 0 && c.Type == entra.Changed && strings.HasPrefix(section, entra.SectionSpec):
		return writersWithin(c, part, done)
	case len(last) > 0 && !strings.HasPrefix(section, entra.SectionLinks):
		return last
	}
	// Whatever became of a link, who deleted what it led to took it away, too.
	return slices.Concat(last, object, others)
}

// isAbout reports whether an object, such as a schedule, is about two others.
func (w *watched) isAbout(key entra.Key, id, other string) bool {
	return other != "" && slices.ContainsFunc(w.snapshots, func(files map[string][]*entra.Object) bool {
		return slices.ContainsFunc(files[key.Kind], func(o *entra.Object) bool {
			text := textOf(o)
			return o.ID == key.ID && strings.Contains(text, id) && strings.Contains(text, other)
		})
	})
}

// soleOf is the part that a write takes from another object of its kind.
func soleOf(c entra.Change, s sent) string {
	if property := kind.ByName(c.Kind).Sole; property != "" && s.key.Kind == c.Kind {
		return entra.SectionSpec + "/" + property
	}
	return ""
}

// writersWithin are those who made a value, or a part of a complex one, what it is: whoever changed
// it last, though others may have written it as it was since. Where that cannot be followed, as in
// a list, all who wrote the value.
func writersWithin(c entra.Change, pointer string, done []sent) []actor {
	section, _, _ := cutPart(pointer)
	i := slices.IndexFunc(c.Properties, func(p entra.PropertyChange) bool { return p.Pointer == pointer })
	now, path := c.Properties[i].Before, jsonpointer.Split(pointer)[2:]
	var last, all []actor
	followed := true
	for _, s := range done {
		if s.key != c.Key || s.part != section {
			continue
		}
		all = append(all, s.by)
		v := s.value
		for _, token := range path {
			m, ok := v.(map[string]any)
			v, followed = m[token], followed && (ok || v == nil)
		}
		if !reflect.DeepEqual(plain(v), plain(now)) {
			now, last = v, []actor{s.by}
		}
	}
	if !followed || len(last) == 0 || !reflect.DeepEqual(plain(now), plain(c.Properties[i].After)) {
		return all
	}
	return last
}

// mentions reports whether a change holds what another object is known by.
func (w *watched) mentions(c entra.Change, key entra.Key) bool {
	text := textOf(c)
	for _, files := range w.snapshots {
		for _, o := range files[key.Kind] {
			if app := o.Text("appId"); o.ID == key.ID && app != "" && strings.Contains(text, app) {
				return true
			}
		}
	}
	return strings.Contains(text, key.ID)
}

// cutPart is a pointer's section and name, and the element that it leads to.
func cutPart(pointer string) (part, element string, ok bool) {
	tokens := strings.SplitN(strings.TrimPrefix(pointer, "/"), "/", 4)
	if len(tokens) < 2 {
		return "", "", false
	}
	if len(tokens) > 2 {
		element = strings.NewReplacer("~1", "/", "~0", "~").Replace(tokens[2])
	}
	return tokens[0] + "/" + tokens[1], element, true
}

// is reports whether an actor is the one that is named.
func (a actor) is(b entra.Actor) bool {
	return b.Type == a.typ && (b.ID == "" || b.ID == a.id) && (b.Type != entra.ActorUser || b.Name == a.name)
}

func (a actor) String() string { return cmp.Or(a.name, a.id) }
