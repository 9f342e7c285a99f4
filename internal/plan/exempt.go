package plan

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Exempted counts the objects that enforce something at sign-in now, and from how many of
// them each id is exempt, a person's or a group's.
func Exempted(objects []*entra.Object) (enforced int, by map[string]int) {
	by = map[string]int{}
	for _, o := range objects {
		e := kind.ByName(o.Kind).Enforcement
		if e == nil || !e.While.Holds(o.Property(e.While.Property)) {
			continue
		}
		enforced++
		for id := range exemptIDs(e, o) {
			by[id]++
		}
	}
	return enforced, by
}

// exemptIDs are the ids of the people and groups whom an object exempts, each once.
func exemptIDs(e *kind.Enforcement, o *entra.Object) map[string]bool {
	ids := map[string]bool{}
	for _, s := range e.Excludes {
		if !kind.ByName(s.Of).Person || !slices.Contains([]kind.ScopeBy{kind.ByAccount, kind.ByGroup}, s.By) {
			continue
		}
		list, _ := jsonpointer.Get(o.Spec, strings.Split(s.Path, ".")...).([]any)
		for _, v := range list {
			if id, ok := v.(string); ok {
				ids[id] = true
			}
		}
	}
	return ids
}
