package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Edited lists what a plan would write that its source does not say, one sentence each: a
// plan that was read from a file may have been edited since it was made. Source holds the
// objects of the plan's steps as the snapshot has them, and extents say what the
// snapshot read of them. That the source does not have what a plan deletes is not judged here.
func Edited(p *entra.Plan, source map[entra.Key]*entra.Object, extents map[entra.Key]entra.Extent) []string {
	var all []string
	again := created(p.Steps, source)
	if !slices.Equal(p.Renewed, renewals(again)) || !slices.Equal(p.Losses, losses(again)) {
		all = append(all, fmt.Sprintf("what gets new ids, or what does not come back, is not what follows from %s", pointName(p.From)))
	}
	for _, s := range p.Steps {
		if s.Action == entra.ActionDelete {
			continue // what the source does not have it cannot say anything of
		}
		e := editor{step: s, kind: kind.ByName(s.Kind), want: source[s.Key], extent: extents[s.Key], point: pointName(p.From)}
		all = append(all, e.compare(p)...)
	}
	return all
}

// editor compares one step with its source.
type editor struct {
	step   entra.Step
	kind   *kind.Kind
	want   *entra.Object
	extent entra.Extent
	point  string
}

func (e *editor) compare(p *entra.Plan) []string {
	if e.onlyReaddresses() {
		return nil
	}
	if e.want == nil || !e.extent.Object() {
		return []string{fmt.Sprintf("%s is not in %s", e.step.Key, e.point)}
	}
	var all []string
	if e.step.Name != e.want.Name {
		all = append(all, fmt.Sprintf("%s is not called %q in %s", e.step.Key, e.step.Name, e.point))
	}
	if identity, ok := p.Identities[e.step.String()]; ok {
		got, _ := kind.ElementKey(identity.NaturalKey, e.kind.NaturalKey)
		want, _ := kind.ElementKey(kind.NaturalKey(e.kind, e.want), e.kind.NaturalKey)
		if got != want {
			all = append(all, fmt.Sprintf("%s is another object in %s", e.step.Key, e.point))
		}
	}
	for _, c := range e.step.Properties {
		if !e.says(c) {
			all = append(all, fmt.Sprintf("%s of %s is not what %s says", c.Pointer, e.step.Key, e.point))
		}
	}
	for _, l := range e.step.Links {
		if !e.links(l) {
			all = append(all, fmt.Sprintf("%s of %s is not what %s says", jsonpointer.Join(entra.SectionLinks, l.Link), e.step.Key, e.point))
		}
	}
	return all
}

// links reports whether the source has every target that is added and none that is
// removed.
func (e *editor) links(l entra.LinkChange) bool {
	has := make(map[string]bool, len(e.want.Links[l.Link]))
	for _, id := range e.want.Links[l.Link] {
		has[id] = true
	}
	return e.extent.Link(l.Link) &&
		!slices.ContainsFunc(l.Added, func(id string) bool { return !has[id] }) &&
		!slices.ContainsFunc(l.Removed, func(id string) bool { return has[id] })
}

// says reports whether the source has what a change would leave at its place. Where a set
// changes, that is about the elements that come and go: the plan may be about some of them.
func (e *editor) says(c entra.PropertyChange) bool {
	place, ok := diff.Locate(e.kind, c.Pointer)
	tokens := jsonpointer.Split(c.Pointer)
	if !ok || len(tokens) < 2 || tokens[1] != typeProperty && e.extent.Lack(tokens[0]+"/"+tokens[1]) != nil {
		return false
	}
	if e.readdresses(c) || e.reports(c) {
		return true
	}
	want := diff.Value(e.kind, e.want, c.Pointer)
	if element, ok := want.(map[string]any); ok && place.Contained != nil && len(tokens) == 3 {
		want = withoutStreams(place.Contained, written(place.Contained, element))
	}
	if diff.Equal(place.Shape, place.Path, want, c.After) {
		return true
	}
	if _, set := place.Shape.Set(place.Path); !set {
		return false
	}
	elements, _ := want.([]any)
	has := func(item any) bool {
		key, _ := diff.ElementKey(place.Shape, place.Path, item)
		return slices.ContainsFunc(elements, func(e any) bool {
			other, keyed := diff.ElementKey(place.Shape, place.Path, e)
			return diff.Equal(place.Shape, place.Path+"[]", e, item) || keyed && other == key && diff.IsKeyed(place.Shape, place.Path)
		})
	}
	given := func(item any) bool {
		return slices.ContainsFunc(elements, func(e any) bool { return diff.Equal(place.Shape, place.Path+"[]", e, item) })
	}
	return len(c.AddedItems)+len(c.RemovedItems) > 0 && !slices.ContainsFunc(c.RemovedItems, has) &&
		!slices.ContainsFunc(c.AddedItems, func(item any) bool { return !given(item) })
}

// onlyReaddresses reports whether all that a step changes is to whom something leads. No
// snapshot need say so, nor hold the object.
func (e *editor) onlyReaddresses() bool {
	return e.step.Action == entra.ActionUpdate && len(e.step.Links) == 0 && len(e.step.Properties) > 0 &&
		!slices.ContainsFunc(e.step.Properties, func(c entra.PropertyChange) bool { return !e.readdresses(c) })
}

// readdresses reports whether a change does no more than lead what the tenant names although
// it is gone to what is created again in its place.
func (e *editor) readdresses(c entra.PropertyChange) bool {
	place, ok := diff.Locate(e.kind, c.Pointer)
	return ok && mentionsGone(c.Before) && diff.Equal(place.Shape, place.Path, withoutGone(c.Before), c.After)
}

// mentionsGone reports whether a value names something that is spelled as gone.
func mentionsGone(v any) bool {
	return holds(v, func(text string) bool { return strings.Contains(text, entra.Gone) })
}

// withoutGone is a value with what is spelled as gone spelled as what comes in its place.
func withoutGone(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, entra.Gone, "")
	case []any:
		w := make([]any, len(v))
		for i, e := range v {
			w[i] = withoutGone(e)
		}
		return w
	case map[string]any:
		w := make(map[string]any, len(v))
		for name, e := range v {
			w[name] = withoutGone(e)
		}
		return w
	}
	return v
}

// reports reports whether a change has a policy that enforced something report only once it
// is created again.
func (e *editor) reports(c entra.PropertyChange) bool {
	of := e.kind.Enforcement
	return of != nil && e.step.Action == entra.ActionCreate && c.Pointer == jsonpointer.Join(entra.SectionSpec, of.While.Property) &&
		c.After == of.Reports && of.While.Holds(e.want.Property(of.While.Property))
}
