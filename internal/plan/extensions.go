package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// goneExtensions names the selected values of directory extensions that the snapshot has
// of an object and that the tenant cannot have now: Graph answers an extension by name, so
// that one without a definition was not asked for.
func (in *Input) goneExtensions(k *kind.Kind, want *entra.Object, snapshot entra.Extent) []string {
	if !k.Extensions {
		return nil
	}
	now := in.Now[k.Name].Of(want.ID)
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(want.Spec)) {
		tokens := []string{entra.SectionSpec, name}
		selected := len(in.Parts) == 0 || slices.ContainsFunc(in.Parts, func(p diff.Part) bool { return p.Touches(tokens) })
		if strings.HasPrefix(name, kind.ExtensionPrefix) && selected && snapshot.Property(name) && now.Object() && !now.Property(name) {
			gone = append(gone, name)
		}
	}
	return gone
}

// extensions refuses the values of directory extensions that are not defined now.
func (d *objectPlan) extensions() {
	for _, name := range d.in.goneExtensions(d.kind, d.want, d.in.snapshot[d.key]) {
		d.refuse(jsonpointer.Join(entra.SectionSpec, name), "the directory extension is not defined now",
			"restore extensionProperties of its application, then reconcile again")
	}
}
