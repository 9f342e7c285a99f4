package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// TenantPermission is the application permission that [Tenant] needs.
const TenantPermission = "Organization.Read.All"

// Probe is whether a kind, or a part of it that needs permissions of its own, can be
// read.
type Probe struct {
	Kind *kind.Kind
	// Part is a property, link or contained collection, or [kind.ExtensionsPart]; empty for the
	// kind itself.
	Part string
	// Permissions are what reading takes; where it is known which of them were not granted,
	// those alone.
	Permissions []string
	// Unknown is set where Graph answers, and nobody knows whether it leaves something out for
	// lack of the permissions.
	Unknown bool
	// Untried is set where there is no object to ask about.
	Untried bool
	// Without are the properties that Graph does not know, and that were left out.
	Without []string
	// Err is why it cannot be read.
	Err error
}

// Probes asks for as little as there is of each kind: one object, or the first page of
// a list that takes no size. It fails when nothing could be learned. Kinds that no
// application can read are left out.
func Probes(ctx context.Context, src Source, tenant string, kinds []*kind.Kind) ([]Probe, error) {
	granted, known := src.Permissions(ctx)
	p := &prober{src: src, tenant: tenant, held: kind.Held{Known: known, Granted: granted}, first: map[string]string{}}
	for _, k := range kinds {
		switch {
		case k.Unavailable != "":
		case k.Lacking(src.Cloud()).All:
			p.done = append(p.done, Probe{Kind: k, Err: notInCloud(src.Cloud())})
		case k.Parent == nil:
			p.add(Probe{Kind: k, Permissions: k.Permissions.Read}, p.listing(k))
		}
	}
	if err := p.send(ctx); err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if k.Unavailable == "" && !k.Lacking(src.Cloud()).All {
			p.parts(k)
		}
	}
	if err := p.send(ctx); err != nil {
		return nil, err
	}
	rank := map[*kind.Kind]int{}
	for i, k := range kinds {
		rank[k] = i
	}
	slices.SortStableFunc(p.done, func(a, b Probe) int { return rank[a.Kind] - rank[b.Kind] })
	return p.done, nil
}

// prober gathers requests and their answers.
type prober struct {
	src    Source
	tenant string
	held   kind.Held
	first  map[string]string // the id of an object of each kind
	asked  []Probe
	reqs   []graph.BatchRequest
	done   []Probe
}

func (p *prober) add(probe Probe, path string) {
	p.asked = append(p.asked, probe)
	p.reqs = append(p.reqs, graph.BatchRequest{Method: "GET", Path: path})
}

// listing is the cheapest read of a kind.
func (p *prober) listing(k *kind.Kind) string {
	v := p.view(k)
	q := v.query()
	if !k.Singleton || k.Listed {
		q = v.listQuery()
	}
	if k.Top > 0 {
		q.Set("$top", "1")
	}
	return withQuery(v.list(), q)
}

// view is how a kind is asked for in the tenant's cloud.
func (p *prober) view(k *kind.Kind) *view {
	v := newView(k, p.tenant)
	v.without(k.Lacking(p.src.Cloud()))
	return v
}

// parts asks for what of a kind needs an object of it, or of its parent, first.
func (p *prober) parts(k *kind.Kind) {
	v := p.view(k)
	if k.Parent != nil {
		id, ok := p.first[k.Parent.Kind]
		if !ok {
			p.done = append(p.done, Probe{Kind: k, Permissions: k.Permissions.Read, Untried: true})
			return
		}
		q := url.Values{"$filter": {k.Parent.FilterFor(id)}}
		p.add(Probe{Kind: k, Permissions: k.Permissions.Read}, withQuery(v.list(), q))
	}
	for _, e := range k.Extras {
		q := url.Values{"$select": {"id," + strings.Join(e.Properties, ",")}, "$top": {"1"}}
		p.add(Probe{Kind: k, Part: strings.Join(e.Properties, ", "), Permissions: e.Permissions.Read}, withQuery(v.list(), q))
	}
	if k.Extensions {
		p.asked = append(p.asked, Probe{Kind: k, Part: kind.ExtensionsPart, Permissions: k.ReadPermissions(kind.ExtensionsPart)})
		p.reqs = append(p.reqs, extensionsRequest)
	}
	for _, c := range k.Contained {
		if len(c.Permissions.Read) > 0 && !c.Inline && !v.lacking.Lacks(entra.SectionContained, c.Name) {
			p.child(k, c.Name, []string{c.Name}, c.Permissions.Read)
		}
	}
	for _, l := range k.Links {
		if len(l.Permissions.Read) > 0 && !v.lacking.Lacks(entra.SectionLinks, l.Name) {
			p.child(k, l.Name, []string{l.Name}, l.Permissions.Read)
		}
	}
}

func (p *prober) child(k *kind.Kind, name string, below, permissions []string) {
	probe := Probe{Kind: k, Part: name, Permissions: permissions}
	id, ok := p.first[k.Name]
	if !ok {
		probe.Untried = true
		p.done = append(p.done, probe)
		return
	}
	p.add(probe, newView(k, p.tenant).object(id, below...))
}

// send asks, and files the answers.
func (p *prober) send(ctx context.Context) error {
	if len(p.reqs) == 0 {
		return nil
	}
	resps, err := p.src.Batch(ctx, p.reqs)
	if err != nil {
		return fmt.Errorf("ask for each kind: %w", err)
	}
	for i, resp := range resps {
		probe := p.asked[i]
		probe.Err = probe.judge(resp.Err)
		probe.Without = p.unknown(p.reqs[i].Path)
		p.compare(&probe)
		if errors.Is(probe.Err, entra.ErrUnauthenticated) {
			return probe.Err
		}
		if resp.Err == nil && probe.Part == "" {
			if id := firstID(probe.Kind, resp.Body); id != "" {
				p.first[probe.Kind.Name] = id
			}
		}
		p.done = append(p.done, probe)
	}
	p.asked, p.reqs = nil, nil
	return nil
}

// unknown returns the properties of a path's $select that Graph does not know.
func (p *prober) unknown(path string) []string {
	path, query, _ := strings.Cut(path, "?")
	asked, err := url.ParseQuery(query)
	if err != nil {
		return nil
	}
	return sortedKeys(p.src.Unknown(path, asked))
}

// compare sets an answer against what was granted: without some permissions Graph answers, and
// leaves out what they are for.
func (p *prober) compare(probe *Probe) {
	k := probe.Kind
	silent := slices.Contains(k.SilentParts(), probe.Part)
	extra := slices.ContainsFunc(k.Extras, func(e kind.Extra) bool { return strings.Join(e.Properties, ", ") == probe.Part })
	lacking := p.held.Lacking(probe.Permissions)
	switch {
	case probe.Err != nil:
	case (silent || extra) && len(lacking) > 0:
		probe.Err = notGranted(lacking)
	case probe.Part == "" && len(p.held.Curtailed(k)) > 0:
		probe.Err = notGranted(p.held.Curtailed(k))
	}
	probe.Unknown = silent && probe.Err == nil && !p.held.Known
	if probe.Err != nil && len(lacking) > 0 {
		probe.Permissions = lacking
	}
}

// judge forgives what only says that there is nothing.
func (p *Probe) judge(err error) error {
	if errors.Is(err, entra.ErrNotFound) && (p.Kind.Optional || p.Part != "") {
		return nil
	}
	// A part that the one object asked about cannot have.
	if errors.Is(err, entra.ErrRejected) && p.Part != "" {
		return nil
	}
	return err
}

// firstID finds the id of the first object of an answer, "" where there is none.
func firstID(k *kind.Kind, body []byte) string {
	if k.Singleton && !k.Listed {
		return stringProperty(body, "id")
	}
	var list struct{ Value []json.RawMessage }
	if json.Unmarshal(body, &list) != nil || len(list.Value) == 0 {
		return ""
	}
	property := "id"
	if k.IDFrom != "" {
		property = k.IDFrom
	}
	return stringProperty(list.Value[0], property)
}

// State names the state of coverage that the kind would have, and why in words that
// leave the run out.
func (p *Probe) State() (entra.CoverageState, string) {
	if p.Err == nil {
		return entra.Complete, ""
	}
	return stateOf(p.Err), cause(p.Err)
}
