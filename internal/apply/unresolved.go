package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Unresolved finds the live objects that name one of the selected objects which are deleted
// or gone and which the plan does not bring back. Only the objects that the snapshot says named
// it are read: Graph lets nothing name what is not there.
func Unresolved(ctx context.Context, src capture.Source, from *history.Point, in plan.Input, made *entra.Plan) ([]entra.Naming, error) {
	absent, names, kinds := absences(in, made)
	if len(absent) == 0 {
		return nil, nil
	}
	g := gathering{src: src, from: from, in: plan.Input{Tenant: in.Tenant}}
	var all []entra.Naming
	for _, k := range kind.All() {
		if k.Unavailable != "" || !k.NamesInBody(kinds) {
			continue
		}
		was := map[entra.Key]*entra.Object{}
		var keys []entra.Key
		for o, err := range g.naming(k, names) {
			if err != nil {
				return nil, fmt.Errorf("look for what names what is gone: %w", err)
			}
			was[o.Key] = o
			keys = append(keys, o.Key)
		}
		for chunk := range slices.Chunk(keys, gathered) {
			live, err := readLive(ctx, src, identified(k, chunk, was))
			if err != nil {
				return nil, fmt.Errorf("look for what names what is gone: %w", err)
			}
			for _, o := range live.Objects {
				all = append(all, absent.namedBy(k, o)...)
			}
		}
	}
	slices.SortFunc(all, func(a, b entra.Naming) int {
		return cmp.Or(plan.CompareKeys(a.Key, b.Key), cmp.Compare(a.Pointer, b.Pointer))
	})
	return all, nil
}

// absentees are objects that are not there, by what others name them.
type absentees map[entra.Name]entra.Naming

// absences are the selected objects that a plan leaves deleted or gone.
func absences(in plan.Input, made *entra.Plan) (absent absentees, names map[entra.Name]bool, kinds map[string]bool) {
	comes := map[entra.Key]bool{}
	for _, s := range made.Steps {
		if s.Action == entra.ActionRestore || s.Action == entra.ActionCreate {
			comes[s.Key] = true
		}
	}
	absent, names, kinds = absentees{}, map[entra.Name]bool{}, map[string]bool{}
	for key, want := range in.Want {
		if comes[key] || in.Live[key] != nil && !in.Deleted[key] || in.Now[key.Kind].Of(key.ID).Lack("") != nil {
			continue
		}
		n := entra.Naming{Of: key, OfName: want.Name, Fate: entra.FateGone}
		if in.Deleted[key] {
			n.Fate, n.Until = entra.FateDeleted, until(in.DeletedAt[key])
		}
		identities := []entra.Name{{Kind: key.Kind, Value: key.ID}}
		for _, by := range kind.ByName(key.Kind).Answered {
			identities = append(identities, entra.Name{Kind: key.Kind, By: by, Value: want.Text(by)})
		}
		for _, one := range identities {
			for _, shared := range kind.Shared(one) {
				absent[shared], names[shared], kinds[shared.Kind] = n, true, true
			}
		}
	}
	return absent, names, kinds
}

// until is when an object that was deleted can no longer be taken back; nil where that is not
// known.
func until(deleted time.Time) *time.Time {
	if deleted.IsZero() {
		return nil
	}
	end := deleted.Add(kind.Retention).UTC()
	return &end
}

// namedBy lists the places of an object that name one of the absent ones.
func (a absentees) namedBy(k *kind.Kind, o *entra.Object) []entra.Naming {
	var all []entra.Naming
	for m := range k.NamesOf(o) {
		if strings.HasPrefix(m.Pointer, "/"+entra.SectionLinks+"/") {
			continue
		}
		for _, target := range m.Targets {
			if n, ok := a[entra.Name{Kind: target, By: m.By, Value: m.Referent}]; ok {
				n.Key, n.Name, n.Pointer, n.Old = o.Key, o.Name, m.Pointer, m.Referent
				all = append(all, n)
				break
			}
		}
	}
	return all
}
