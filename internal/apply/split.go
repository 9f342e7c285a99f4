package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// mostApart bounds the requests by which one refused update is taken apart. One property
// among forty takes twelve.
const mostApart = 24

// splits reports whether an update that Graph refused can be made in parts: it has several
// properties, and they go into a PATCH.
func splits(k *kind.Kind, s entra.Step, err error) bool {
	if !errors.Is(err, entra.ErrRejected) && !entra.Denied(err) || len(changed(s)) < 2 {
		return false
	}
	switch s.Action {
	case entra.ActionUpdate:
		writes := plan.Writes(&k.Shape, changed(s))
		return k.Requests == nil && !k.Put && len(writes) == 1 && writes[0].Action == nil
	case entra.ActionUpdateContained:
		i := slices.IndexFunc(k.Contained, func(c kind.Contained) bool { return c.Name == s.Target })
		return i >= 0 && !k.Contained[i].Put
	}
	return false
}

// changed names the properties of the object, or of the contained element, that a step
// changes.
func changed(s entra.Step) []string {
	at := 1
	if s.Target != "" {
		at = 3
	}
	var names []string
	for _, c := range s.Properties {
		if tokens := jsonpointer.Split(c.Pointer); len(tokens) > at && !slices.Contains(names, tokens[at]) {
			names = append(names, tokens[at])
		}
	}
	return names
}

// only is the step with the changes of some properties.
func only(s entra.Step, names []string) entra.Step {
	part := s
	part.Properties = slices.DeleteFunc(slices.Clone(s.Properties), func(c entra.PropertyChange) bool {
		some := entra.Step{Target: s.Target, Properties: []entra.PropertyChange{c}}
		return !slices.Contains(names, changed(some)[0])
	})
	return part
}

// apart makes an update that Graph refused as a whole in halves, and halves of halves,
// until what Graph refuses stands alone and the rest is written.
func (r *run) apart(ctx context.Context, k *kind.Kind, s entra.Step, whole error) (entra.Result, string) {
	all := changed(s)
	var refused []string
	var first error
	left := mostApart
	var try func(names []string)
	try = func(names []string) {
		for half := range slices.Chunk(names, (len(names)+1)/2) {
			err := whole
			if left > 0 && ctx.Err() == nil {
				left--
				err = r.part(ctx, k, only(s, half))
			}
			switch {
			case err == nil:
			case len(half) > 1:
				try(half)
			default:
				refused = append(refused, half...)
				first = errors.Join(first, err)
			}
		}
	}
	try(all)
	switch {
	case len(refused) == 0:
		return entra.Done, ""
	case len(refused) == len(all):
		return entra.Failed, whole.Error()
	}
	reason, _, _ := strings.Cut(first.Error(), "\n")
	return entra.Failed, fmt.Sprintf("Graph refused %s: %s; the other properties were written", strings.Join(refused, ", "), reason)
}

// part makes a part of an update.
func (r *run) part(ctx context.Context, k *kind.Kind, s entra.Step) error {
	on := r.subjects[s.Key]
	requests, err := r.render(s, on.live)
	if err != nil {
		return err
	}
	if err := r.send(ctx, s, requests); err != nil {
		return err
	}
	on.live, err = plan.After(k, on.live, s)
	return err
}
