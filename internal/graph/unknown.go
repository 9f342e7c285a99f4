package graph

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/entragit/entragit/internal/entra"
)

// Graph refuses a $select that names one property which its model does not have, as that of
// a national cloud or of an older version. The request is then sent again without the
// property, and so are all requests after it that would ask for the same.

// noProperty is what Graph says then
// ("Parsing OData Select and Expand failed: Could not find a property named 'x' on type 'y'.").
var noProperty = regexp.MustCompile(`^Parsing OData Select and Expand failed: Could not find a property named '([^']+)' on type '`)

// mostUnknown bounds how many properties of one $select may turn out not to be known: an
// answer that refuses them one after the other is no answer.
const mostUnknown = 20

const selectOption = "$select"

// unknowns remembers, for one run, which properties Graph does not know of what was asked
// for. Its zero value knows of none.
type unknowns struct {
	mu sync.Mutex
	// by holds what was found out, by what was asked for and then by property.
	by map[string]map[string]error
}

// asked identifies what a $select asks for: it and the first segment of the path, by which an
// object and the list that it is in are the same. It is empty where nothing is selected.
func asked(u *url.URL) (key string, names []string) {
	selection := u.Query().Get(selectOption)
	if selection == "" {
		return "", nil
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(u.Path, version), "/"), "/")
	return first + "?" + selection, strings.Split(selection, ",")
}

// learn notes the property for which a request was refused, which asked for less where not
// everything that was asked for is known, and reports whether to send it again without.
func (k *unknowns) learn(u, sent *url.URL, err error) bool {
	var refused *Error
	if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
		return false
	}
	found := noProperty.FindStringSubmatch(refused.Message)
	key, names := asked(u)
	_, still := asked(sent)
	if found == nil || !slices.Contains(still, found[1]) {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[string]map[string]error{}
	}
	if k.by[key] == nil {
		k.by[key] = map[string]error{}
	}
	k.by[key][found[1]] = err
	return len(k.by[key]) <= mostUnknown && len(k.by[key]) < len(names)
}

// of returns the properties that are not known of what an address asks for, and why.
func (k *unknowns) of(u *url.URL) map[string]error {
	key, _ := asked(u)
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make(map[string]error, len(k.by[key]))
	for name, err := range k.by[key] {
		all[name] = err
	}
	return all
}

// without returns an address that asks for nothing that is not known.
func (k *unknowns) without(u *url.URL) *url.URL {
	gone := k.of(u)
	if len(gone) == 0 {
		return u
	}
	query := u.Query()
	_, names := asked(u)
	names = slices.DeleteFunc(names, func(name string) bool { return gone[name] != nil })
	query.Set(selectOption, strings.Join(names, ","))
	less := *u
	less.RawQuery = encodeQuery(query)
	return &less
}

// known sends a request for an address, and again without each property that is refused.
func (c *Client) known(u *url.URL, send func(*url.URL) error) error {
	for {
		sent := c.unknown.without(u)
		err := send(sent)
		if err == nil || !c.unknown.learn(u, sent, err) {
			return err
		}
	}
}

// Unknown returns the properties that Graph has refused so far to be asked for by such a
// request, because it does not know them, and the refusals. The requests went on without
// them.
func (c *Client) Unknown(path string, query url.Values) map[string]error {
	u, err := c.endpoint.resolve(path, query)
	if err != nil {
		return nil
	}
	return c.unknown.of(u)
}

// withoutUnknown takes the properties that are not known out of the path of an item.
func (c *Client) withoutUnknown(it *item) {
	less := c.unknown.without(it.asked)
	it.call.url = less
	if less != it.asked {
		it.Path = strings.TrimPrefix(less.EscapedPath(), version) + "?" + less.RawQuery
	}
}

// refusedUnknown reports whether an item is to be sent again, without a property that was
// refused.
func (c *Client) refusedUnknown(it *item) bool {
	if !errors.Is(it.answer.Err, entra.ErrRejected) || !c.unknown.learn(it.asked, it.call.url, it.answer.Err) {
		return false
	}
	c.withoutUnknown(it)
	return true
}
