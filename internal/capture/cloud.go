package capture

import (
	"fmt"
	"slices"

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
