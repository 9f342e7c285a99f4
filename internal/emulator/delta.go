package emulator

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// tracking says what the delta query of a collection tells (the page "Use delta query to track
// changes in Microsoft Graph data", and "user: delta", "group: delta" and the like).
type tracking struct {
	// links are the relationships that can be tracked where $select names them, always those that
	// are without $select too.
	links, always []string
}

// deltaLife is how long a token of the directory works (the page on delta queries, "Token
// duration").
const deltaLife = 7 * 24 * time.Hour

// deltaFilterLimit is how many objects a delta query can be filtered by ("user: delta").
const deltaFilterLimit = 50

// deltaToken is what $deltatoken and $skiptoken hold: the options of the first request, and where
// the round is.
type deltaToken struct {
	Begun int64  `json:"b"`
	At    int64  `json:"t"`
	Path  string `json:"p"`
	Query string `json:"q,omitempty"`
	// From and To are the part of the journal that the round tells; a first round tells every
	// object instead. Done is how many of the round's objects were told.
	First bool `json:"i,omitempty"`
	From  int  `json:"f,omitempty"`
	To    int  `json:"l"`
	Done  int  `json:"d,omitempty"`
}

// deltaRound is one delta query as its first request asked for it.
type deltaRound struct {
	*deltaToken
	of      *resource
	fields  []string
	links   []string
	ids     []string
	minimal bool
}

// delta answers a delta query: every object at first, then what changed.
func delta(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodGet {
		return nil, methodNotAllowed(req.method)
	}
	round, err := s.deltaRound(req, t)
	if err != nil {
		return nil, err
	}
	if round == nil {
		return s.resync(req), nil
	}
	told := s.store.changed(round)
	end := min(round.Done+s.pageSize(t.resource, &listQuery{}), len(told))
	values := []any{}
	for _, id := range told[min(round.Done, len(told)):end] {
		values = append(values, s.store.deltaOf(round, t.path, id))
	}
	body := object{"@odata.context": req.base + "/$metadata#" + s.store.contextPath(t.path) + selectSuffix(round.fields), "value": values}
	round.Done = end
	if end < len(told) {
		body["@odata.nextLink"] = req.base + req.path + "?$skiptoken=" + round.encode()
		return reply(http.StatusOK, body), nil
	}
	next := deltaToken{Begun: round.Begun, At: s.opts.Now().Unix(), Path: round.Path, Query: round.Query, From: round.To, To: -1}
	body["@odata.deltaLink"] = req.base + req.path + "?$deltatoken=" + next.encode()
	return reply(http.StatusOK, body), nil
}

func (t *deltaToken) encode() string {
	data, _ := json.Marshal(t) // numbers and strings cannot fail
	return base64.RawURLEncoding.EncodeToString(data)
}

// resync is the answer to a token that is too old or of another service: begin again.
func (s *Server) resync(req *request) *response {
	answer := s.failure(req, &apiError{status: http.StatusGone, code: "syncStateNotFound", message: "The sync state generation is not found; a full synchronization is required."})
	answer.header.Set("Location", req.base+req.path+"?$deltatoken=")
	return answer
}

// deltaRound reads the options, or the token that holds them. It returns nil for a token that
// does not work any more.
func (s *Server) deltaRound(req *request, t *target) (*deltaRound, *apiError) {
	token := &deltaToken{Begun: s.store.journal.begun, At: s.opts.Now().Unix(), Path: t.path, Query: req.rawQuery, First: true, To: s.store.settled()}
	value, isDelta := req.option("deltatoken")
	if skip, ok := req.option("skiptoken"); ok {
		value = skip
	}
	switch {
	case isDelta && value == "latest":
		token.Query, token.First, token.From = dropOption(req.rawQuery, "deltatoken"), false, token.To
	case value != "":
		token = new(deltaToken)
		data, err := base64.RawURLEncoding.DecodeString(value)
		if err != nil || json.Unmarshal(data, token) != nil || token.Path != t.path {
			return nil, badRequest("Badly formed token.")
		}
		if token.Begun != s.store.journal.begun || s.opts.Now().Sub(time.Unix(token.At, 0)) > deltaLife {
			return nil, nil
		}
		if token.To < 0 {
			token.To = max(token.From, s.store.settled())
		}
	}
	return s.deltaOptions(req, t, token)
}

func dropOption(rawQuery, option string) string {
	query, _ := url.ParseQuery(rawQuery) // it was parsed before
	query.Del("$" + option)
	return query.Encode()
}

var idFilter = regexp.MustCompile(`^\s*id eq '([^']+)'\s*$`)

// deltaOptions reads what the first request of a round asked for.
func (s *Server) deltaOptions(req *request, t *target, token *deltaToken) (*deltaRound, *apiError) {
	query, _ := url.ParseQuery(token.Query)
	first := &request{query: query}
	round := &deltaRound{
		deltaToken: token, of: t.resource, links: t.resource.tracked.always,
		minimal: strings.Contains(req.header.Get("Prefer"), "return=minimal"),
	}
	for _, option := range []string{"expand", "orderby", "top", "search", "skip"} {
		if _, ok := first.option(option); ok {
			return nil, badRequest("The query parameter '$%s' is not supported with delta query.", option)
		}
	}
	if value, ok := first.option("select"); ok {
		fields, err := s.store.parseSelect(t.resource.typ, value)
		if err != nil {
			return nil, err
		}
		round.links = nil
		for _, name := range fields {
			if slices.Contains(t.resource.tracked.links, name) {
				round.links = append(round.links, name)
			} else {
				round.fields = append(round.fields, name)
			}
		}
		round.fields = append(round.fields, "id")
	}
	if value, ok := first.option("filter"); ok {
		for part := range strings.SplitSeq(value, " or ") {
			match := idFilter.FindStringSubmatch(part)
			if match == nil {
				return nil, unsupportedQuery("Delta queries can be filtered by id alone.")
			}
			round.ids = append(round.ids, fold(match[1]))
		}
		if len(round.ids) > deltaFilterLimit {
			return nil, badRequest("At most %d objects can be filtered by.", deltaFilterLimit)
		}
	}
	return round, nil
}

// changed lists the ids of what a round tells.
func (s *store) changed(round *deltaRound) []string {
	var ids []string
	seen := make(map[string]bool)
	add := func(id string) {
		if (round.ids == nil || slices.Contains(round.ids, fold(id))) && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if round.First {
		for _, e := range s.list(round.Path) {
			if s.isVisible(e) {
				add(e.id)
			}
		}
		return ids
	}
	for _, e := range s.journal.events[round.From:round.To] {
		owner, nav, _ := s.edgeOf(e, round.of)
		switch {
		case owner != "" && slices.Contains(round.links, nav):
			add(owner)
		case e.collection == round.Path && (e.nav == "" || slices.Contains(round.links, e.nav)):
			add(e.id)
		}
	}
	return ids
}

// edgeOf returns what an event says of a relationship that other objects keep.
func (s *store) edgeOf(e event, r *resource) (owner, nav, related string) {
	for _, l := range r.links {
		if l.derived == nil || e.collection != l.derived.from {
			continue
		}
		body := e.before
		if live := s.get(e.collection, e.id); body == nil && live != nil {
			body = live.body
		}
		owner, related = l.derived.edge(s, body)
		return owner, l.name, related
	}
	return "", "", ""
}

// deltaOf is what a round tells of one object: what it is, what changed, or that it is gone.
func (s *store) deltaOf(round *deltaRound, path, id string) object {
	e := s.get(path, id)
	if e == nil || !s.isVisible(e) {
		reason := "deleted"
		if gone := s.deleted[fold(id)]; gone != nil && !s.expired(gone) {
			reason = "changed"
		}
		return object{"id": id, "@removed": object{"reason": reason}}
	}
	changed := s.changedProperties(round, e)
	out := s.render(e, round.of.typ, round.fields, false)
	maps.DeleteFunc(out, func(name string, value any) bool {
		list, isList := value.([]any)
		switch {
		case name == "id" || strings.HasPrefix(name, "@"):
			return false
		case round.minimal && !round.First:
			return !slices.Contains(changed, name)
		}
		return (value == nil || isList && len(list) == 0) && !slices.Contains(changed, name)
	})
	for _, nav := range round.links {
		if list := s.deltaLinks(round, e, nav); len(list) > 0 {
			out[nav+"@delta"] = list
		}
	}
	return out
}

// changedProperties lists the properties that differ from what an object was before the round.
func (s *store) changedProperties(round *deltaRound, e *entry) []string {
	if round.First {
		return nil
	}
	i := slices.IndexFunc(s.journal.events[round.From:round.To], func(x event) bool { return x.collection == e.collection && x.id == e.id && x.nav == "" })
	if i < 0 {
		return nil
	}
	before := s.journal.events[round.From+i].before
	var names []string
	for name := range e.body {
		if !reflect.DeepEqual(before[name], e.body[name]) {
			names = append(names, name)
		}
	}
	for name := range before {
		if _, still := e.body[name]; !still {
			names = append(names, name)
		}
	}
	return names
}

// deltaLinks is what a round tells of a relationship: every object at first, then what came and
// went.
func (s *store) deltaLinks(round *deltaRound, e *entry, nav string) []any {
	l := e.resource.link(nav)
	var order []string
	if round.First {
		for _, related := range s.related(e, l) {
			order = append(order, fold(related.id))
		}
	} else {
		for _, x := range s.journal.events[round.From:round.To] {
			owner, name, target := s.edgeOf(x, round.of)
			if x.id == e.id && x.nav != "" {
				owner, name, target = x.id, x.nav, x.target
			}
			if owner == e.id && name == nav && !slices.Contains(order, fold(target)) {
				order = append(order, fold(target))
			}
		}
	}
	var list []any
	for _, id := range order {
		list = append(list, s.deltaLink(e, l, id))
	}
	return list
}

func (s *store) deltaLink(e *entry, l *link, id string) object {
	out := object{"id": id}
	for _, known := range []*entry{s.linkTarget(id), s.deleted[id]} {
		if known != nil {
			out["id"], out["@odata.type"] = known.id, "#"+namespace+known.typ
			break
		}
	}
	if !slices.ContainsFunc(s.related(e, l), func(x *entry) bool { return fold(x.id) == id }) {
		out["@removed"] = object{"reason": "deleted"}
	}
	return out
}
