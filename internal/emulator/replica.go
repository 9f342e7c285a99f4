package emulator

import (
	"hash/fnv"
	"slices"
	"time"
)

// Writes are made in one place and reach the replicas that answer reads after a while
// ([Options.Lag]): "brief as a rule", says Microsoft's page "Add members", which has the
// answer to a write of a relationship that comes too early; a minute and more, say reports of
// service principals (msgraph-bicep-types issue 193, msgraph-sdk-dotnet issue 3108). Until
// then a new object is not found, a changed one shows its old value, and a deleted one is
// still listed. Lists and requests for one object are answered by different replicas, of
// which for one object the one lags longer, for another object the other.

// replica is who answers a read.
type replica int

const (
	byKey  replica = iota // a request for the object, or for a part of it
	byList                // a list of its collection
)

// version is what an object or singleton was before a write.
type version struct {
	body object
	// until is when it was written.
	until time.Time
}

// ghost is an object that was deleted and that some replicas still have.
type ghost struct {
	*entry
	at time.Time
}

// move is a relationship that came or went lately.
type move struct {
	at  time.Time
	was bool
}

// behind is how long a write of an object takes to show in a replica.
func (s *store) behind(id string, v replica) time.Duration {
	if s.lag == 0 {
		return 0
	}
	h := fnv.New32a()
	h.Write([]byte(fold(id)))
	if ahead := h.Sum32() % 3; ahead == 1 && v == byKey || ahead == 2 && v == byList {
		return s.lag / 2
	}
	return s.lag
}

// arrived notes that an object has just come.
func (s *store) arrived(e *entry) {
	if s.lag > 0 {
		e.since = s.now()
	}
}

// replicated reports whether every replica has an object that came a while ago: a write finds
// the object then.
func (s *store) replicated(e *entry) bool {
	return e.since.IsZero() || !s.now().Before(e.since.Add(s.lag))
}

// seen returns an object as a replica shows it, nil where it does not yet.
func (s *store) seen(e *entry, v replica) *entry {
	if e == nil || s.lag == 0 {
		return e
	}
	at := s.now().Add(-s.behind(e.id, v))
	if !e.since.IsZero() && at.Before(e.since) {
		return nil
	}
	return e.as(at)
}

// as returns the entry with the body that it had at a time.
func (e *entry) as(at time.Time) *entry {
	if body, old := before(e.earlier, at); old {
		then := *e
		then.body = body
		return &then
	}
	return e
}

// before returns the version that held at a time, if that is not the newest.
func before(earlier []version, at time.Time) (object, bool) {
	for _, old := range earlier {
		if at.Before(old.until) {
			return old.body, true
		}
	}
	return nil, false
}

// keepVersion adds what a body was to its earlier versions, without those that no replica has.
func (s *store) keepVersion(earlier []version, body object) []version {
	if s.lag == 0 {
		return nil
	}
	now := s.now()
	kept := slices.DeleteFunc(slices.Clone(earlier), func(v version) bool { return !now.Before(v.until.Add(s.lag)) })
	return append(kept, version{body, now})
}

// keepGhost notes that an object was deleted.
func (s *store) keepGhost(e *entry) {
	if s.lag == 0 {
		return
	}
	now := s.now()
	kept := slices.DeleteFunc(s.ghosts[e.collection], func(g ghost) bool { return !now.Before(g.at.Add(s.lag)) })
	s.ghosts[e.collection] = append(kept, ghost{e, now})
}

// ghostly reports whether a replica still shows a deleted object.
func (s *store) ghostly(g ghost, v replica) bool {
	return s.now().Before(g.at.Add(s.behind(g.id, v)))
}

// listed returns the objects of a collection as its list shows them.
func (s *store) listed(path string) []*entry {
	if s.lag == 0 {
		return s.list(path)
	}
	all := s.shown(s.list(path))
	for _, g := range s.ghosts[path] {
		if s.ghostly(g, byList) && !slices.ContainsFunc(all, func(e *entry) bool { return e.id == g.id }) {
			all = append(all, g.entry)
		}
	}
	return bySeq(all)
}

// shown returns objects as a list shows them.
func (s *store) shown(entries []*entry) []*entry {
	if s.lag == 0 {
		return entries
	}
	var shown []*entry
	for _, e := range entries {
		if then := s.seen(e, byList); then != nil {
			shown = append(shown, then)
		}
	}
	return shown
}

// found returns the object of a collection that a request for one finds: a deleted one where
// the replica does not know yet.
func (s *store) found(e *entry, path, key string) *entry {
	if then := s.seen(e, byKey); then != nil {
		return then
	}
	for _, g := range s.ghosts[path] {
		if fold(g.id) == fold(key) && s.ghostly(g, byKey) {
			return g.entry
		}
	}
	return nil
}

// moved notes that a relationship came or went.
func (s *store) moved(source, nav, target string, came bool) {
	if s.lag == 0 {
		return
	}
	key := linkKey{source, nav}
	if s.moves[key] == nil {
		s.moves[key] = make(map[string]move)
	}
	if m, known := s.moves[key][target]; !known || !s.now().Before(m.at.Add(s.lag)) {
		s.moves[key][target] = move{s.now(), !came}
	}
}

// shownTargets returns the objects of a relationship as a read shows them.
func (s *store) shownTargets(source, nav string) []*entry {
	targets := s.targets(source, nav)
	if s.lag == 0 {
		return targets
	}
	lately := s.moves[linkKey{fold(source), nav}]
	shown := slices.DeleteFunc(slices.Clone(targets), func(e *entry) bool {
		m, moved := lately[fold(e.id)]
		return moved && !m.was && s.now().Before(m.at.Add(s.behind(source, byKey)))
	})
	for id, m := range lately {
		e := s.linkTarget(id)
		if e != nil && m.was && !slices.Contains(shown, e) && s.now().Before(m.at.Add(s.behind(source, byKey))) {
			shown = append(shown, e)
		}
	}
	if len(shown) != len(targets) {
		bySeq(shown[min(len(targets), len(shown)):]) // those that went, in one order
	}
	return shown
}

// shownSingleton is the body of a singleton as a read shows it.
func (s *store) shownSingleton(path string) object {
	if body, old := before(s.singletonsBefore[path], s.now().Add(-s.behind(path, byKey))); old {
		return body
	}
	return s.singletons[path]
}
