package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// mostCompared is how many comparisons a filter may have (page "Use the $filter query
// parameter": the in operator takes 15 expressions).
const mostCompared = 15

// holders finds out who has the values that the plan's objects are to have and that no two
// objects may have. Whose kind may not be listed is left to Graph to judge.
func (g *gathering) holders(ctx context.Context) error {
	h := &holders{book: kind.Addresses{Tenant: g.in.Tenant}, found: map[plan.Claim]*plan.Holder{}}
	h.ask(plan.Claims(g.in))
	resps, err := g.src.Batch(ctx, h.reqs)
	if err != nil {
		return fmt.Errorf("look for who has a name or an address: %w", err)
	}
	for i, resp := range resps {
		switch {
		case resp.Err == nil:
			h.take(h.asked[i], resp.Body)
		case entra.Denied(resp.Err), errors.Is(resp.Err, entra.ErrRejected), errors.Is(resp.Err, entra.ErrNotFound):
		default:
			return fmt.Errorf("look for who has a name or an address: %w", resp.Err)
		}
	}
	g.in.Held = func(c plan.Claim) *plan.Holder { return h.found[c] }
	return nil
}

// holders is a search under way.
type holders struct {
	book  kind.Addresses
	reqs  []graph.BatchRequest
	asked []sought
	found map[plan.Claim]*plan.Holder
}

// sought are claims by one rule, looked for among the objects of one kind.
type sought struct {
	claims []plan.Claim
	unique *kind.Unique
	among  *kind.Kind
}

// ask makes the requests for claims that are sorted by kind and property.
func (h *holders) ask(claims []plan.Claim) {
	for len(claims) > 0 {
		n := 1
		for n < len(claims) && claims[n].Kind == claims[0].Kind && claims[n].Property == claims[0].Property {
			n++
		}
		k := kind.ByName(claims[0].Kind)
		i := slices.IndexFunc(k.Unique, func(u kind.Unique) bool { return u.Property == claims[0].Property })
		u := &k.Unique[i]
		for _, name := range append([]string{k.Name}, u.Among...) {
			among := kind.ByName(name)
			perRequest := mostCompared
			switch {
			case u.Key:
				perRequest = 1
			case collection(among, u.Held()):
				perRequest /= 2 // an address is compared with its scheme in capitals besides
			}
			for some := range slices.Chunk(claims[:n], perRequest) {
				h.add(sought{some, u, among})
			}
		}
		claims = claims[n:]
	}
}

// collection reports whether a property is a list of values.
func collection(k *kind.Kind, property string) bool { _, ok := k.Sets[property]; return ok }

// add makes one request.
func (h *holders) add(s sought) {
	names := []string{"id", "displayName", s.unique.Held()}
	if slices.Contains(s.among.Status, createdProperty) {
		names = append(names, createdProperty)
	}
	slices.Sort(names)
	path, query := h.book.Collection(s.among), url.Values{"$select": {strings.Join(slices.Compact(names), ",")}}
	if s.unique.Key {
		path = h.book.Referred(s.among, s.unique.Held(), s.claims[0].Value)
	} else {
		query.Set("$filter", s.filter())
	}
	h.asked = append(h.asked, s)
	h.reqs = append(h.reqs, graph.BatchRequest{Method: "GET", Path: path + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")})
}

// createdProperty is when an object was created.
const createdProperty = "createdDateTime"

// filter selects the objects that have one of the values.
func (s sought) filter() string {
	property := s.unique.Held()
	var values []string
	for _, c := range s.claims {
		values = append(values, quoted(c.Value))
	}
	if !collection(s.among, property) {
		return property + " in (" + strings.Join(values, ",") + ")"
	}
	var tests []string
	for _, v := range values {
		tests = append(tests, property+"/any(x:x eq "+v+")")
		if address, ok := strings.CutPrefix(v, "'smtp:"); ok { // a primary address has the scheme in capitals
			tests = append(tests, property+"/any(x:x eq 'SMTP:"+address+")")
		}
	}
	return strings.Join(tests, " or ")
}

// take notes whom an answer shows to have what.
func (h *holders) take(s sought, answer []byte) {
	var list struct{ Value []json.RawMessage }
	if json.Unmarshal(answer, &list) != nil {
		return
	}
	if s.unique.Key {
		list.Value = []json.RawMessage{answer}
	}
	for _, body := range list.Value {
		var o struct {
			ID, DisplayName string
			CreatedDateTime time.Time
		}
		var values map[string]any
		if json.Unmarshal(body, &o) != nil || json.Unmarshal(body, &values) != nil {
			continue
		}
		holder := &plan.Holder{Key: entra.Key{Kind: s.among.Name, ID: o.ID}, Name: o.DisplayName, Created: o.CreatedDateTime}
		for _, c := range s.claims {
			if holds(values[s.unique.Held()], c.Value) {
				h.found[c] = holder
			}
		}
	}
}

// holds reports whether a property has a value, upper and lower case aside.
func holds(property any, value string) bool {
	switch v := property.(type) {
	case string:
		return strings.EqualFold(v, value)
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return holds(e, value) })
	}
	return false
}
