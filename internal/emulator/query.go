package emulator

import (
	"slices"
	"strconv"
	"strings"
)

// listQuery is the system query options of a list request.
type listQuery struct {
	fields   []string // $select, nil for the default set
	top      int      // $top, or 0
	filter   *filter
	search   func(object) bool // $search
	count    bool
	orderBy  string
	descends bool
	skip     int
	expand   []expansion
}

// parseSelect reads $select against a type. A list of an abstract type accepts the
// properties of the types that extend it.
func (s *store) parseSelect(typ, value string) ([]string, *apiError) {
	var fields []string
	for field := range strings.SplitSeq(value, ",") {
		field = strings.TrimSpace(field)
		name, _, _ := strings.Cut(field, "/")
		if name == "*" {
			return nil, nil
		}
		if !s.meta.selectable(typ, name) {
			return nil, badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type '%s%s'.", name, namespace, typ)
		}
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields, nil
}

// selectable reports whether $select may name a property or relationship of the type.
func (m *metadata) selectable(typ, name string) bool {
	if m.has(typ, name) {
		return true
	}
	if t := m.Types[typ]; t.Open && strings.HasPrefix(name, "extension_") {
		return true
	}
	for other, t := range m.Types {
		if slices.Contains(t.ancestors, typ) && m.has(other, name) {
			return true
		}
	}
	return false
}

func (m *metadata) has(typ, name string) bool {
	t := m.Types[typ]
	if t == nil {
		return false
	}
	_, property := t.properties[name]
	_, navigation := t.navigation[name]
	return property || navigation
}

// parseQuery reads the options of a list of objects of typ. r has the limits of the list.
func (s *store) parseQuery(req *request, r *resource, typ string) (*listQuery, *apiError) {
	q := &listQuery{}
	directory := s.meta.isA(typ, "directoryObject")
	if err := q.parsePaging(req, r, directory); err != nil {
		return nil, err
	}
	if value, ok := req.option("select"); ok {
		fields, err := s.parseSelect(typ, value)
		if err != nil {
			return nil, err
		}
		q.fields = fields
	}
	if value, ok := req.option("filter"); ok {
		f, err := parseFilter(s.meta, s.meta.Types[typ], value)
		if err != nil {
			return nil, err
		}
		q.filter = f
	}
	if value, ok := req.option("search"); ok {
		search, err := s.parseSearch(typ, value)
		if err != nil {
			return nil, err
		}
		q.search = search
	}
	if err := s.parseOrder(q, req, typ); err != nil {
		return nil, err
	}
	var err *apiError
	if q.expand, err = s.parseExpand(req, r, typ); err != nil {
		return nil, err
	}
	if directory {
		return q, q.checkCombination(req)
	}
	return q, nil
}

// parsePaging reads $top, $skip and $count. The directory refuses a page size out of
// bounds; other services cut it.
func (q *listQuery) parsePaging(req *request, r *resource, directory bool) *apiError {
	if value, ok := req.option("top"); ok {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return badRequest("Invalid value '%s' for $top query option found. The $top query option requires a non-negative integer value.", value)
		}
		if limit := r.maxPageSize(); directory && (n > limit || n == 0) {
			return directoryError("Invalid page size specified: '%d'. Must be between 1 and %d inclusive.", n, limit)
		}
		q.top = n
	}
	if value, ok := req.option("skip"); ok {
		n, err := strconv.Atoi(value)
		if !r.skip || err != nil || n < 0 {
			return badRequest("'$skip' is not supported by the service.")
		}
		q.skip = n
	}
	if value, ok := req.option("count"); ok {
		q.count = strings.EqualFold(value, "true")
	}
	if _, ok := req.option("search"); ok && (!directory || !req.eventual()) {
		return unsupportedQuery("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
	}
	return nil
}

// parseOrder reads $orderby: one property, as Graph documents for these lists.
func (s *store) parseOrder(q *listQuery, req *request, typ string) *apiError {
	value, ok := req.option("orderby")
	if !ok {
		return nil
	}
	name, direction, _ := strings.Cut(strings.TrimSpace(value), " ")
	if !s.meta.has(typ, name) {
		return badRequest("Could not find a property named '%s' on type '%s%s'.", name, namespace, typ)
	}
	if !slices.Contains([]string{"displayName", "userPrincipalName", "createdDateTime", "deletedDateTime", "activityDateTime", "modifiedDateTime", "id"}, name) {
		return unsupportedQuery("Sorting not supported for current query.")
	}
	q.orderBy, q.descends = name, strings.EqualFold(direction, "desc")
	return nil
}

// checkCombination refuses what the directory answers only from its eventually
// consistent index, and silently drops a count asked for without it.
func (q *listQuery) checkCombination(req *request) *apiError {
	advanced := req.eventual() && (q.count || req.batched)
	if !req.eventual() {
		q.count = false
	}
	switch {
	case q.filter != nil && q.filter.advanced && !advanced:
		return unsupportedQuery("Unsupported or invalid query filter clause specified for property. This query needs the header 'ConsistencyLevel: eventual' and $count=true.")
	case q.filter != nil && q.orderBy != "" && !advanced:
		return unsupportedQuery("Sorting not supported for current query.")
	case q.orderBy != "" && q.orderBy != "displayName" && q.orderBy != "userPrincipalName" && !advanced:
		return unsupportedQuery("Sorting not supported for current query.")
	case q.expand != nil && req.eventual():
		return unsupportedQuery("The query combination is not supported: $expand with ConsistencyLevel.")
	}
	return nil
}
