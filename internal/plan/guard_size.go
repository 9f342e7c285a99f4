package plan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// smallKind is how many objects a kind must have for a share of them to mean anything.
const smallKind = 20

// tooManyDeletions counts everything that a plan takes away.
func tooManyDeletions(j *judgement) []Finding {
	total, losers := 0, map[entra.Key]bool{}
	for _, s := range j.plan.Steps {
		if n := takenAway(s); n > 0 {
			total += n
			losers[s.Key] = true
		}
	}
	limit := j.facts.Limits.Deletions
	return slices.Concat(
		above(total, limit.Most, "the plan removes %d objects, links and contained objects, more than %d"),
		j.share(losers, limit.Percent, "the plan removes, or removes something from, %d of %d %s, more than %d %%"))
}

// takenAway is how many things a step takes away.
func takenAway(s entra.Step) int {
	switch s.Action {
	case entra.ActionRemoveLink:
		n := 0
		for _, l := range s.Links {
			n += len(l.Removed)
		}
		return n
	case entra.ActionDeleteContained, entra.ActionDelete:
		return 1
	}
	return 0
}

// tooManyWrites counts the objects that a plan writes to.
func tooManyWrites(j *judgement) []Finding {
	limit := j.facts.Limits.Writes
	return slices.Concat(
		above(len(j.changed), limit.Most, "the plan writes to %d objects, more than %d"),
		j.share(j.changed, limit.Percent, "the plan writes to %d of %d %s, more than %d %%"))
}

func above(n, limit int, sentence string) []Finding {
	if n <= limit {
		return nil
	}
	return []Finding{{Sentence: fmt.Sprintf(sentence, n, limit)}}
}

// share finds the kinds of which the keys are more than a percentage.
func (j *judgement) share(keys map[entra.Key]bool, percent int, sentence string) []Finding {
	counts := map[string]int{}
	for key := range keys {
		counts[key.Kind]++
	}
	var findings []Finding
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if size := j.facts.Sizes[name]; size >= smallKind && counts[name]*100 > size*percent {
			findings = append(findings, Finding{Sentence: fmt.Sprintf(sentence, counts[name], size, name, percent)})
		}
	}
	return findings
}
