package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// reader reads one tenant. Facts that several kinds need are asked for once.
type reader struct {
	src Source
	// parents are the owners of the kinds that have no list of their own, by that kind.
	parents map[string]*parents

	mu         sync.Mutex // guards what follows
	tenant     string     // "" until it is known
	held       *kind.Held // nil until it was asked
	extensions *extensions
	// prefetched are answers that arrived before their kinds are read, by kind.
	prefetched map[string]answer
}

// extensions are the names of the tenant's directory extensions by the type they
// extend, in lower case, or why they are not known.
type extensions struct {
	names map[string][]string
	err   error
}

// view is how a kind is asked for in one run.
type view struct {
	*kind.Kind
	// held is what whoever reads was granted.
	held kind.Held
	// addresses are where the tenant has its objects.
	addresses kind.Addresses
	// properties are asked for by name; nil asks for Graph's default answer.
	properties []string
	// extras are asked for as well, and need a permission of their own; dropped are the
	// extras that the identity has no permission for.
	extras, dropped []string
	// missed says why properties are not asked for that the kind has: its extras, by
	// name, or "extension_" for the directory extensions.
	missed map[string]error
	calls  []call
	// unknown are properties that Graph turned out not to know, and refused to be asked for.
	unknown []string
	heard   bool // there was an answer
	// lacking is what the tenant's cloud does not have of the kind, and is not asked for.
	lacking kind.Lacking
	// silent says why the kind was not listed for some of the objects that it is listed
	// for, by their id.
	silent map[string]error
}

// view prepares reading a kind. Its error means that the kind cannot be read.
func (r *reader) view(ctx context.Context, k *kind.Kind) (*view, error) {
	tenant := ""
	if k.InTenant() {
		var err error
		if tenant, err = r.tenantID(ctx); err != nil {
			return nil, err
		}
	}
	v := newView(k, tenant)
	if err := v.curtail(r.heldBy(ctx)); err != nil {
		return nil, err
	}
	if k.Extensions {
		names, err := r.extensionsOf(ctx, k.Type)
		if err != nil {
			if fatal(ctx, err) {
				return nil, err
			}
			v.missed[kind.ExtensionPrefix] = err
		}
		v.properties = append(v.properties, names...)
	}
	v.without(k.Lacking(r.src.Cloud()))
	return v, nil
}

// newView is a view of the properties that need no permission of their own.
func newView(k *kind.Kind, tenant string) *view {
	v := &view{
		Kind: k, addresses: kind.Addresses{Tenant: tenant},
		missed: map[string]error{}, calls: childCalls(k),
	}
	if byName(k) {
		v.properties = selected(k)
	}
	return v
}

// byName reports whether properties are asked for by name: where Graph leaves some out
// otherwise, and where some properties may be asked for and some not, so that reading the
// other properties does not depend on that.
func byName(k *kind.Kind) bool { return k.Select || k.Extensions || len(k.Extras) > 0 }

// withoutExtras stops asking for the properties that the identity has no permission for.
func (v *view) withoutExtras(why error) {
	for _, name := range v.extras {
		v.missed[name] = why
	}
	v.dropped, v.extras = append(v.dropped, v.extras...), nil
}

// missing reports why a property of the kind is not asked for; nil when the property is
// asked for.
func (v *view) missing(property string) error {
	if strings.HasPrefix(property, kind.ExtensionPrefix) {
		property = kind.ExtensionPrefix
	}
	return v.missed[property]
}

// unheard is the first of the errors for which the kind was not listed for some objects.
func (v *view) unheard() error {
	for _, id := range sortedKeys(v.silent) {
		return v.silent[id]
	}
	return nil
}

// asked lists the properties that are asked for, sorted; nil means Graph's default
// answer.
func (v *view) asked() []string {
	if v.properties == nil {
		return nil
	}
	list := slices.Concat(v.properties, v.extras)
	slices.Sort(list)
	return slices.Compact(list)
}

// query asks for one object.
func (v *view) query() url.Values {
	q := url.Values{}
	if names := v.asked(); names != nil {
		q.Set("$select", strings.Join(names, ","))
	}
	if len(v.Expand) > 0 {
		q.Set("$expand", strings.Join(v.Expand, ","))
	}
	return q
}

// listQuery asks for every object, on the largest pages.
func (v *view) listQuery() url.Values {
	q := v.query()
	if v.Top > 0 {
		q.Set("$top", strconv.Itoa(v.Top))
	}
	if v.Filter != "" {
		q.Set("$filter", v.Filter)
	}
	return q
}

// list is where the objects are listed.
func (v *view) list() string { return v.addresses.Collection(v.Kind) }

// object is where one object is; below leads on to a part of the object.
func (v *view) object(id string, below ...string) string {
	return v.addresses.Object(v.Kind, id, below...)
}

// extent is what the view reads of each object.
func (v *view) extent() entra.Coverage {
	c := Extent(v.Kind)
	c.Properties = v.asked()
	if len(v.unknown) > 0 {
		c.State, c.Cause = entra.Partial, notKnown(v.unknown)
	}
	return withoutLacking(c, v.lacking)
}

// withQuery returns a path as a batch takes it.
func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + strings.NewReplacer("%24", "$", "%2C", ",", "+", "%20").Replace(q.Encode())
}

// selected lists the top-level properties of a kind that can be asked for without a
// permission of their own, sorted.
func selected(k *kind.Kind) []string {
	list := slices.Concat([]string{"id"}, k.Update, k.Create, k.Status)
	for _, e := range k.Extras {
		if e.Silent {
			continue
		}
		list = slices.DeleteFunc(list, func(name string) bool { return slices.Contains(e.Properties, name) })
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// tenantID returns the tenant's id.
func (r *reader) tenantID(ctx context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tenant == "" {
		org, err := Tenant(ctx, r.src)
		if err != nil {
			return "", err
		}
		r.tenant = org.ID
	}
	return r.tenant, nil
}

// extensionsOf returns the names of the directory extensions of a type.
func (r *reader) extensionsOf(ctx context.Context, graphType string) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.extensions == nil {
		names, err := readExtensions(ctx, r.src)
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		r.extensions = &extensions{names, err}
	}
	name := strings.ToLower(graphType[strings.LastIndexByte(graphType, '.')+1:])
	return r.extensions.names[name], r.extensions.err
}

// extensionsRequest asks which directory extensions there are, of whichever application
// (https://learn.microsoft.com/graph/api/directoryobject-getavailableextensionproperties).
var extensionsRequest = graph.BatchRequest{
	Method: "POST", Path: "/directoryObjects/getAvailableExtensionProperties", Body: []byte("{}"),
}

// readExtensions returns the names of the directory extensions by the type they extend, in
// lower case.
func readExtensions(ctx context.Context, src Source) (map[string][]string, error) {
	resps, err := src.Batch(ctx, []graph.BatchRequest{extensionsRequest})
	if err != nil {
		return nil, fmt.Errorf("read directory extensions: %w", err)
	}
	if err := resps[0].Err; err != nil {
		return nil, fmt.Errorf("read directory extensions: %w", err)
	}
	names := map[string][]string{}
	for body, err := range src.Items(ctx, resps[0].Body) {
		if err != nil {
			return nil, fmt.Errorf("read directory extensions: %w", err)
		}
		var x struct {
			Name          string
			TargetObjects []string
		}
		if err := json.Unmarshal(body, &x); err != nil {
			return nil, fmt.Errorf("read directory extensions: %w: %w", entra.ErrUnavailable, err)
		}
		for _, t := range x.TargetObjects {
			if !strings.HasPrefix(x.Name, kind.ExtensionPrefix) {
				continue
			}
			names[strings.ToLower(t)] = append(names[strings.ToLower(t)], x.Name)
		}
	}
	return names, nil
}
