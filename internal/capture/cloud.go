package capture

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// notInCloud is why nothing of a kind is asked for in a cloud that does not have the kind.
func notInCloud(cloud string) error {
	return fmt.Errorf("%w: the cloud %s lacks it", entra.ErrAbsent, cloud)
}

// without stops asking for what the tenant's cloud does not have of the kind.
func (v *view) without(l kind.Lacking) {
	v.lacking = l
	gone := func(name string) bool { return l.Lacks(entra.SectionSpec, name) }
	v.properties = slices.DeleteFunc(v.properties, gone)
	v.extras = slices.DeleteFunc(v.extras, gone)
	for _, name := range l.Of(entra.SectionSpec) { // an earlier snapshot that has it says that the cloud is another
		v.missed[name] = entra.ErrAbsent
		v.dropped = append(v.dropped, name)
	}
	v.calls = slices.DeleteFunc(v.calls, func(c call) bool { return slices.Contains(l.Parts, c.part()) })
}

// withoutLacking is the coverage of a kind of which a cloud does not have everything: what
// it does not have is neither read nor missing.
func withoutLacking(c entra.Coverage, l kind.Lacking) entra.Coverage {
	c.Links = slices.DeleteFunc(c.Links, func(name string) bool { return l.Lacks(entra.SectionLinks, name) })
	c.Contained = slices.DeleteFunc(c.Contained, func(name string) bool { return l.Lacks(entra.SectionContained, name) })
	c.Absent = l.Parts
	return c
}

// errUnknown is why a property was not read that Graph refuses to be asked for.
var errUnknown = errors.New("this tenant's Graph does not know it")

// notKnown is the cause of a coverage without properties that Graph does not know.
func notKnown(names []string) string {
	if len(names) > 1 {
		return strings.Join(names, ", ") + " not read: this tenant's Graph does not know them"
	}
	return strings.Join(names, ", ") + " not read: " + errUnknown.Error()
}

// answered looks, once there is an answer, whether Graph knew every property that was asked
// for. The others are not asked for again.
func (v *view) answered(src Source) {
	if v.heard {
		return
	}
	v.heard = true
	for _, name := range sortedKeys(src.Unknown(v.list(), v.query())) {
		v.unknown = append(v.unknown, name)
		v.missed[name] = errUnknown
	}
	known := func(names []string) []string {
		return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(v.unknown, name) })
	}
	v.properties, v.extras = known(v.properties), known(v.extras)
}
