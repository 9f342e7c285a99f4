package emulator

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// listing is the objects that a list request ranges over, before its options.
type listing struct {
	entries []*entry
	// resource has the limits of the list; typ is the declared type of its objects.
	resource *resource
	typ      string
	// context is the fragment of @odata.context.
	context string
	// numbered marks entries in order of their sequence numbers, so that a page
	// continues at the right object even when others came or went.
	numbered bool
}

// plain is the limits of a relationship's list: those of directory objects.
var plain = &resource{}

// listing returns what a list target holds.
func (s *store) listing(t *target) *listing {
	l := &listing{resource: plain, typ: "directoryObject", context: "directoryObjects"}
	switch {
	case t.link != nil:
		if l.entries = s.shownTargets(t.owner.id, t.link.name); t.link.derived != nil {
			l.entries = s.related(t.owner, t.link)
		}
		if nav, ok := s.meta.Types[t.owner.typ].navigation[t.link.name]; ok && nav.Type != l.typ {
			l.typ, l.context = nav.Type, s.contextPath(t.owner.collection)+"('"+t.owner.id+"')/"+t.link.name
		}
	case t.view != nil:
		l.entries, l.typ = t.view.list(s, t.owner), t.view.typ
		if l.typ != "directoryObject" {
			l.context = s.contextPath(t.owner.collection) + "('" + t.owner.id + "')/" + t.view.name
		}
	case t.resource.source != nil:
		l.entries, l.resource, l.typ = t.resource.source.list(s), t.resource, t.resource.typ
		l.context = s.contextPath(t.path)
	default:
		l.entries, l.resource, l.typ = s.listed(t.path), t.resource, t.resource.typ
		l.context, l.numbered = s.contextPath(t.path), true
		if e := s.itself(t.resource, t.path); e != nil {
			l.entries, l.numbered = slices.Concat([]*entry{e}, l.entries), false
		}
		if by := l.resource.newestBy; by != "" {
			l.entries, l.numbered = slices.Clone(l.entries), false
			slices.Reverse(l.entries)
			sortBy(l.entries, by, true)
		}
	}
	if !l.numbered {
		l.entries = s.shown(l.entries)
	}
	if t.cast != "" {
		l.typ = t.cast
		l.context += "/" + namespace + t.cast
	}
	return l
}

// contextPath returns a collection's path as @odata.context writes it:
// "applications('3f2b…')/federatedIdentityCredentials".
func (s *store) contextPath(path string) string {
	r, keys, _ := s.table.find(path)
	if r == nil {
		return strings.TrimPrefix(path, "/")
	}
	context := strings.TrimPrefix(r.path, "/")
	for _, key := range keys {
		context = strings.Replace(context, "/*", "('"+key+"')", 1)
	}
	return context
}

// list answers a GET of a list.
func (s *Server) list(req *request, t *target) (*response, *apiError) {
	if t.resource != nil && t.resource.source != nil && t.resource.source.castOnly && t.cast == "" {
		return nil, unsupportedQuery("The request must name the type of the deleted items, such as microsoft.graph.group.")
	}
	l := s.store.listing(t)
	s.store.leaveOut(l, t, req)
	q, err := s.store.parseQuery(req, l.resource, l.typ)
	if err != nil {
		return nil, err
	}
	if err := checkScope(l.resource, q); err != nil {
		return nil, err
	}
	if t.count {
		return s.countAnswer(req, l, q)
	}
	token, err := parsePageToken(req, s.opts.Now())
	if err != nil {
		return nil, err
	}
	entries, next := s.page(l, q, token)
	body := object{"@odata.context": req.base + "/$metadata#" + l.context + selectSuffix(q.fields)}
	if q.count && token.Seq == 0 && token.Offset == 0 {
		body["@odata.count"] = s.total(l, q)
	}
	values := make([]any, 0, len(entries))
	for _, e := range entries {
		rendered := s.store.render(e, l.typ, q.fields, false)
		s.store.expandAll(req.base, rendered, e, q.expand)
		values = append(values, rendered)
	}
	body["value"] = values
	if next != nil {
		body["@odata.nextLink"] = nextLink(req, next, s.opts.Now())
	}
	return reply(http.StatusOK, body), nil
}

// checkScope requires the $filter without which some lists answer nothing.
func checkScope(r *resource, q *listQuery) *apiError {
	for _, property := range r.scope {
		if q.filter == nil || q.filter.equals[property] == "" {
			if w := workloadOf(r.path); w.unscoped != nil {
				return w.unscoped
			}
			return badRequest("The request must be filtered by %s.", strings.Join(r.scope, " and "))
		}
	}
	return nil
}

// countAnswer answers "/users/$count" with a number as text.
func (s *Server) countAnswer(req *request, l *listing, q *listQuery) (*response, *apiError) {
	if s.store.meta.isA(l.typ, "directoryObject") && !req.eventual() {
		return nil, directoryError("$count is not currently supported.")
	}
	return reply(http.StatusOK, textBody(strconv.Itoa(s.total(l, q)))), nil
}

func (s *Server) total(l *listing, q *listQuery) int {
	n := 0
	for _, e := range l.entries {
		if s.store.matches(e, l, q) {
			n++
		}
	}
	return n
}

func (s *store) matches(e *entry, l *listing, q *listQuery) bool {
	return s.isLive(e) && s.meta.isA(e.typ, l.typ) && (q.filter == nil || q.filter.match(e.body)) && (q.search == nil || q.search(e.body))
}

// page returns the objects of one page, and where the next begins or nil.
func (s *Server) page(l *listing, q *listQuery, from *pageToken) ([]*entry, *pageToken) {
	entries, at := l.entries, from.Offset
	numbered := l.numbered && q.orderBy == ""
	switch {
	case q.orderBy != "":
		entries = s.sorted(l, q)
	case numbered:
		at = sort.Search(len(entries), func(i int) bool { return entries[i].seq > from.Seq })
	}
	if l.resource.newestBy != "" && from.Seq != 0 {
		if i := slices.IndexFunc(entries, func(e *entry) bool { return e.seq == from.Seq }); i >= 0 {
			at = i + 1 // whatever came or went since
		}
	}
	skip := q.skip
	if from.Seq != 0 || from.Offset != 0 {
		skip = 0
	}
	size := s.pageSize(l.resource, q)
	var page []*entry
	for ; at < len(entries); at++ {
		e := entries[at]
		if !s.store.matches(e, l, q) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(page) == size {
			if numbered {
				return page, &pageToken{Seq: page[size-1].seq}
			}
			if l.resource.newestBy != "" {
				return page, &pageToken{Offset: at, Seq: page[size-1].seq}
			}
			return page, &pageToken{Offset: at}
		}
		page = append(page, e)
	}
	return page, nil
}

// pageSize is never more than $top.
func (s *Server) pageSize(r *resource, q *listQuery) int {
	size := r.pageSize()
	if q.top > 0 {
		size = min(q.top, r.maxPageSize())
	}
	if r.whole {
		return int(^uint(0) >> 1)
	}
	if s.opts.PageSize > 0 {
		size = min(size, s.opts.PageSize)
	}
	return size
}

func (s *Server) sorted(l *listing, q *listQuery) []*entry {
	sorted := slices.Clone(l.entries)
	sortBy(sorted, q.orderBy, q.descends)
	return sorted
}

// sortBy sorts objects by a property: times by what they mean, whatever their form.
func sortBy(entries []*entry, property string, descends bool) {
	keys := make(map[*entry]string, len(entries))
	for _, e := range entries {
		keys[e] = fold(textOf(e.body[property]))
		if at, err := time.Parse(time.RFC3339, textOf(e.body[property])); err == nil {
			keys[e] = at.UTC().Format("2006-01-02T15:04:05.000000000Z")
		}
	}
	slices.SortStableFunc(entries, func(a, b *entry) int {
		if descends {
			a, b = b, a
		}
		return cmp.Compare(keys[a], keys[b])
	})
}

// pageToken is what a $skiptoken holds.
type pageToken struct {
	// Seq is the number of the last object of the page before, for a collection and for a list by
	// time; Offset is the position in any other list, and in one by time whose object is gone.
	Seq    uint64 `json:"s,omitempty"`
	Offset int    `json:"o,omitempty"`
	// Query ties the token to its list and options.
	Query uint64 `json:"q"`
	// At is when the token was made, in Unix seconds.
	At int64 `json:"t"`
}

// pageTokenLife is how long a token works. Graph does not document it; public clients
// report minutes to hours.
const pageTokenLife = time.Hour

// parsePageToken reads $skiptoken. Without one it returns the beginning.
func parsePageToken(req *request, now time.Time) (*pageToken, *apiError) {
	value, ok := req.option("skiptoken")
	if !ok {
		return &pageToken{}, nil
	}
	token := new(pageToken)
	data, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || json.Unmarshal(data, token) != nil || token.Query != queryHash(req) ||
		now.Sub(time.Unix(token.At, 0)) > pageTokenLife {
		return nil, &apiError{status: http.StatusBadRequest, code: "Directory_ExpiredPageToken", message: "The specified page token value has expired and can no longer be included in your request."}

	}
	return token, nil
}

// nextLink returns the URL of the page that begins at next: the request's own with a
// token added, so that the other options still hold.
func nextLink(req *request, next *pageToken, now time.Time) string {
	next.Query, next.At = queryHash(req), now.Unix()
	data, _ := json.Marshal(next) // a struct of numbers cannot fail
	return linkWithToken(req, base64.RawURLEncoding.EncodeToString(data))
}

func linkWithToken(req *request, token string) string {
	link := req.base + req.path + "?"
	if options := withoutToken(req.rawQuery); options != "" {
		link += options + "&"
	}
	return link + "$skiptoken=" + token
}

func queryHash(req *request) uint64 {
	h := fnv.New64a()
	h.Write([]byte(strings.ToLower(req.path) + "?" + withoutToken(req.rawQuery)))
	return h.Sum64()
}

// withoutToken removes $skiptoken from a query and keeps everything else as it is.
func withoutToken(rawQuery string) string {
	kept := slices.DeleteFunc(strings.Split(rawQuery, "&"), func(option string) bool {
		name, _, _ := strings.Cut(option, "=")
		name, _ = url.QueryUnescape(name)
		return option == "" || strings.EqualFold(strings.TrimPrefix(name, "$"), "skiptoken")
	})
	return strings.Join(kept, "&")
}

func selectSuffix(fields []string) string {
	if fields == nil {
		return ""
	}
	return "(" + strings.Join(fields, ",") + ")"
}
