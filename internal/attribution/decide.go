package attribution

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// verdict is what an entry says of something that changed.
type verdict int

const (
	none    verdict = iota // nothing
	strange                // nobody knows what
	touches                // it may have been written then
	brings                 // it became then what it is now
	undoes                 // it became something else
)

// sign is what one entry says of a cell: of the smallest thing that somebody can have done.
type sign struct {
	*entry
	says verdict
	// write is set where it writes the object.
	write *write
	// job is Microsoft's job that it was, "" for none.
	job string
	// loose is set where the entry may mean another cell, too.
	loose bool
	// weak marks what may be no more than the end of what came before: the purge of what was
	// deleted.
	weak bool
}

// outcome is who did what a cell shows, or why that is not known.
type outcome struct {
	*entry    // that tells; nil where nobody is known
	key       string
	job       string
	certainty entra.Certainty
	unknown   entra.Unknown
	rivals    []*entry
}

// decide weighs what the entries say of a cell, oldest first. What was written last before the
// second point was read is in it; entries after that count where none before does, since objects
// are read for some time after a point's. claims is how many cells loose signs may mean.
func (s *span) decide(signs []sign, claims int) outcome {
	var before, after, touching, strangers []sign
	for _, x := range signs {
		switch {
		case !s.near(x.When):
		case x.says == strange:
			strangers = append(strangers, x)
		case x.says == touches:
			touching = append(touching, x)
		case x.says != none && s.early(x.When):
			before = append(before, x)
		case x.says != none:
			after = append(after, x)
		}
	}
	told := slices.Concat(before, after)
	winner := lastOf(before)
	if winner == nil || winner.says == undoes {
		if winner = nil; len(after) > 0 && after[0].says == brings {
			winner = &after[0]
		}
	}
	if winner == nil {
		return s.undecided(touching, slices.Concat(told, strangers))
	}
	if winner.loose && !certain(told, claims) {
		return outcome{unknown: entra.SeveralCandidates, rivals: rivalsOf(told, brings)}
	}
	return outcome{entry: winner.entry, job: winner.job, certainty: entra.Confirmed}
}

// lastOf is the sign that came last. A weak one gives way to what it may be the end of.
func lastOf(signs []sign) *sign {
	for i := len(signs) - 1; i >= 0; i-- {
		if !signs[i].weak || i == 0 || signs[i-1].says != signs[i].says {
			return &signs[i]
		}
	}
	return nil
}

// certain reports whether loose signs leave no doubt: one actor made all of them, and there are as
// many as cells that they may mean. What PIM did for somebody is on an entry of that actor's, too.
func certain(told []sign, claims int) bool {
	actors, count, between := map[string]bool{}, 0, 0
	for _, x := range told {
		switch {
		case x.says != brings:
		case x.goBetween():
			between++
		default:
			actors[x.who()] = true
			count++
		}
	}
	return len(actors) <= 1 && max(count, between) >= claims
}

// undecided is the outcome where no entry tells that a cell became what it is. Whoever wrote the
// object, alone, and did not say what, touched it.
func (s *span) undecided(touching, others []sign) outcome {
	rivals := rivalsOf(slices.Concat(touching, others), none)
	o := outcome{unknown: s.unknown()}
	inside := slices.DeleteFunc(slices.Clone(touching), func(x sign) bool { return !s.within(x.When) })
	if len(inside) == 0 {
		return o
	}
	o.rivals = rivals
	switch {
	case len(rivals) > 1:
		if s.why == "" {
			o.unknown = entra.SeveralCandidates
		}
	case s.why == "" && s.settled:
		last := inside[len(inside)-1]
		return outcome{entry: last.entry, job: last.job, certainty: entra.Touched}
	}
	return o
}

// rivalsOf are the entries of some signs, one for each actor; says is which signs, none for all.
func rivalsOf(signs []sign, says verdict) []*entry {
	byActor := map[string]*entry{}
	for _, x := range signs {
		if says == none || x.says == says {
			byActor[x.who()] = x.entry
		}
	}
	var rivals []*entry
	for _, e := range byActor {
		rivals = append(rivals, e)
	}
	slices.SortFunc(rivals, func(a, b *entry) int { return strings.Compare(a.who(), b.who()) })
	return rivals
}

// inOrder sorts signs by time.
func inOrder(signs []sign) []sign {
	slices.SortStableFunc(signs, func(a, b sign) int { return cmp.Or(earlier(a.entry, b.entry), cmp.Compare(a.says, b.says)) })
	return signs
}
