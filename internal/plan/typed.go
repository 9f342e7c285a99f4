package plan

import (
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/kind"
)

// Typed returns what of a [kind.Shape.Typed] property differs and so is written: by set,
// the values that are to be, nil for one that goes.
func Typed(s *kind.Shape, property string, live, planned any) map[string]map[string]any {
	before, _ := live.(map[string]any)
	after, _ := planned.(map[string]any)
	differing := map[string]map[string]any{}
	for _, set := range keys(before, after) {
		b, _ := before[set].(map[string]any)
		a, _ := after[set].(map[string]any)
		for _, name := range keys(b, a) {
			if strings.Contains(name, "@") || diff.Equal(s, property+"."+set+"."+name, b[name], a[name]) {
				continue
			}
			if differing[set] == nil {
				differing[set] = map[string]any{}
			}
			differing[set][name] = a[name]
		}
	}
	return differing
}

// sent is what a write of a property names: of a typed property the values that are new or
// differ, of any other the whole value.
func (d *objectPlan) sent(name string) any {
	planned := d.desired.Spec[name]
	if _, typed := d.kind.Typed[name]; !typed {
		return planned
	}
	given := map[string]any{}
	for set, values := range Typed(&d.kind.Shape, name, d.live.Spec[name], planned) {
		some := map[string]any{}
		for value, v := range values {
			if v != nil {
				some[value] = v
			}
		}
		given[set] = some
	}
	return given
}
