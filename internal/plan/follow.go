package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// span is where an object's steps of one stage begin and end in the list of all steps.
type span struct{ first, last int }

// place is a stage of an object.
type place struct {
	key entra.Key
	in  stage
}

// follow notes which steps come after others although they do not need them: within a
// stage an object comes after those that it refers to, and removals go the other way. Only
// the first step of an object has to know: the others follow that one.
func follow(steps []entra.Step, stages []stage, plans []*objectPlan) {
	spans := make(map[place]span, len(steps))
	for i, s := range steps {
		at := place{s.Key, stages[i]}
		if of, ok := spans[at]; ok {
			spans[at] = span{of.first, i}
		} else {
			spans[at] = span{i, i}
		}
	}
	after := func(later, sooner place) {
		l, ok := spans[later]
		s, both := spans[sooner]
		if !ok || !both || s.last >= l.first {
			return
		}
		step, id := &steps[l.first], steps[s.last].ID
		if !slices.Contains(step.Needs, id) && !slices.Contains(step.Follows, id) {
			step.Follows = append(step.Follows, id)
		}
	}
	for _, d := range plans {
		for _, key := range d.before {
			after(place{d.key, stageArrivals}, place{key, stageArrivals})
			after(place{d.key, stageChanges}, place{key, stageChanges})
			after(place{key, stageRemovals}, place{d.key, stageRemovals})
			after(place{key, stageDeletions}, place{d.key, stageDeletions})
		}
	}
}
