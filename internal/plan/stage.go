package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// stage is a part of a plan that all objects go through together: first everything is
// there, then it is as it should be, then linked. Removals come last, so that nothing is
// without what replaces it, except where one makes room for what replaces it: first what is
// about others (a member, a credential, a role assignment), then objects.
type stage int

const (
	stageArrivals stage = iota
	stageRoom
	stageChanges
	stageLinks
	stageRemovals
	stageDeletions
)

// stagesOf says in which stage each step is made: that of its action, or the one in which
// another step needs it. Steps come after those that they need.
func stagesOf(steps []entra.Step) []stage {
	coming := comingElements(steps)
	stages := make([]stage, len(steps))
	at := make(map[string]int, len(steps))
	for i := range steps {
		stages[i] = stageOf(&steps[i], coming)
		at[steps[i].ID] = i
	}
	for i, s := range slices.Backward(steps) {
		for _, need := range slices.Concat(s.Needs, s.Follows) {
			if n, ok := at[need]; ok && n < i {
				stages[n] = min(stages[n], stages[i])
			}
		}
	}
	return stages
}

// byStage sorts steps by their stages, which it returns in the new order.
func byStage(steps []entra.Step) ([]entra.Step, []stage) {
	sorted, stages := make([]entra.Step, len(steps)), stagesOf(steps)
	for i, n := range inStages(stages) {
		sorted[i] = steps[n]
	}
	slices.Sort(stages)
	return sorted, stages
}

// inStages are the indexes of steps in the order of their stages.
func inStages(stages []stage) []int {
	indexes := make([]int, len(stages))
	for i := range indexes {
		indexes[i] = i
	}
	slices.SortStableFunc(indexes, func(a, b int) int { return cmp.Compare(stages[a], stages[b]) })
	return indexes
}

func stageOf(s *entra.Step, coming map[elements][]map[string]any) stage {
	switch s.Action {
	case entra.ActionRestore, entra.ActionCreate:
		return stageArrivals
	case entra.ActionUpdate, entra.ActionCreateContained, entra.ActionUpdateContained:
		return stageChanges
	case entra.ActionAddLink:
		return stageLinks
	}
	switch k := kind.ByName(s.Kind); {
	case makesRoom(s, coming):
		return stageRoom
	case s.Action == entra.ActionDelete && (k == nil || len(k.NaturalKey) == 0):
		return stageDeletions
	}
	return stageRemovals
}

// elements is a collection of elements that an object contains.
type elements struct {
	owner entra.Key
	name  string
}

// comingElements are the elements that steps create, and of those that they change the
// properties that they get.
func comingElements(steps []entra.Step) map[elements][]map[string]any {
	coming := map[elements][]map[string]any{}
	for _, s := range steps {
		if s.Action != entra.ActionCreateContained && s.Action != entra.ActionUpdateContained {
			continue
		}
		element := map[string]any{}
		for _, c := range s.Properties {
			tokens := jsonpointer.Split(c.Pointer)
			if whole, ok := c.After.(map[string]any); ok && len(tokens) == 3 {
				maps.Copy(element, whole)
			} else if len(tokens) == 4 {
				element[tokens[3]] = c.After
			}
		}
		in := elements{s.Key, s.Target}
		coming[in] = append(coming[in], element)
	}
	return coming
}

// makesRoom reports whether what a step removes is in the way of what comes: an element
// with the values of one that comes where no two may have them, or a link that is written
// at its target, which takes but one.
func makesRoom(s *entra.Step, coming map[elements][]map[string]any) bool {
	k := kind.ByName(s.Kind)
	if k == nil || len(s.Properties)+len(s.Links) == 0 {
		return false
	}
	switch s.Action {
	case entra.ActionRemoveLink:
		return slices.ContainsFunc(k.Links, func(l kind.Link) bool { return l.Name == s.Target && l.Reverse != "" })
	case entra.ActionDeleteContained:
		i := slices.IndexFunc(k.Contained, func(c kind.Contained) bool { return c.Name == s.Target })
		goes, _ := s.Properties[0].Before.(map[string]any)
		return i >= 0 && slices.ContainsFunc(coming[elements{s.Key, s.Target}], func(e map[string]any) bool {
			return takes(k.Contained[i].Unique, e, goes)
		})
	}
	return false
}

// takes reports whether what an element gets of the unique properties is what another has.
func takes(unique []string, gets, has map[string]any) bool {
	got := slices.DeleteFunc(slices.Clone(unique), func(name string) bool { return gets[name] == nil })
	wants, ok := kind.ElementKey(gets, got)
	held, _ := kind.ElementKey(has, got)
	return ok && wants == held
}
