package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// Phase is a part of a plan that is made as a whole before the next one begins. Its nodes
// can be made at once, as far as none comes after another.
type Phase []Node

// Node is a step of a phase.
type Node struct {
	// Step is the step's index in the plan.
	Step int
	// After are the indexes of those steps of the phase that have ended before it begins:
	// the one before it of the same object, those that it needs, and those that it follows.
	After []int
}

// Phases says which steps of a plan can be made together. It goes by what each step does
// and says that it needs or follows, so that a plan file's order decides nothing but which
// of two steps that could be made together begins first.
func Phases(p *entra.Plan) []Phase {
	stages := stagesOf(p.Steps)
	ids := make(map[string]int, len(p.Steps))
	for i := range p.Steps {
		ids[p.Steps[i].ID] = i
	}
	var phases []Phase
	begun := map[int]bool{} // the steps of the phase
	last := map[entra.Key]int{}
	for at, i := range inStages(stages) {
		s := &p.Steps[i]
		if at == 0 || stages[i] != stages[phases[len(phases)-1][0].Step] {
			phases = append(phases, nil)
			clear(begun)
			clear(last)
		}
		node := Node{Step: i}
		if before, ok := last[s.Key]; ok {
			node.After = append(node.After, before)
		}
		for _, id := range slices.Concat(s.Needs, s.Follows) {
			if n, ok := ids[id]; ok && begun[n] && !slices.Contains(node.After, n) {
				node.After = append(node.After, n)
			}
		}
		begun[i], last[s.Key] = true, i
		phases[len(phases)-1] = append(phases[len(phases)-1], node)
	}
	return phases
}
