package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// harmless is how the filter calls a change that no rule says anything of.
const harmless = "none"

// Summary is the comparison in plain sentences.
func (v *pageView) Summary() []line {
	lines := []line{at(0, own(changesSummary(v.Set, v.told)+"."))}
	if n := len(v.Set.Risks); n > 0 {
		can := " can do harm: "
		if n == 1 {
			can = " can do harm: it is "
		}
		lines = append(lines, at(0, own("Of what changed, "+count(n, "thing")+can+tallyRisks(v.Set.Risks)+".")))
	} else if v.Set.Risks != nil && len(v.told) > 0 {
		lines = append(lines, at(0, own("No rule sees a risk in what changed.")))
	}
	if busiest := v.busiest(); len(busiest) > 0 {
		lines = append(lines, at(0, busiest...))
	}
	for _, l := range append(ignoredLines(v.Set.Ignored), attributedLines(v.Set)...) {
		if last := &l.spans[len(l.spans)-1]; !last.quoted {
			last.text += "."
		}
		lines = append(lines, l)
	}
	return lines
}

// busiest says who changed most.
func (v *pageView) busiest() []span {
	counts := map[string]int{}
	for _, c := range v.told {
		for _, name := range v.actorsOf(c) {
			counts[name]++
		}
	}
	delete(counts, nobodyKnown)
	if len(counts) == 0 {
		return nil
	}
	actors := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	spans := []span{own("Changed by")}
	for i, name := range actors {
		if i == firstLooks {
			return append(spans, own("and "+number(len(actors)-i)+" more."))
		}
		end := ","
		if i == len(actors)-1 {
			end = "."
		}
		spans = append(spans, quote(name).toned(strong), own("("+count(counts[name], "object")+")"+end))
	}
	return spans
}

// pageTally is a row of the summary's table: a kind, or all.
type pageTally struct {
	Kind, Title             string
	Added, Changed, Removed int
	By                      []pageCount
}

// pageCount is how many changes are so bad, or of a type.
type pageCount struct {
	Of    string
	Count int
}

// Types are how many of the kind came, changed and went.
func (t pageTally) Types() []pageCount {
	return []pageCount{{string(entra.Added), t.Added}, {string(entra.Changed), t.Changed}, {string(entra.Removed), t.Removed}}
}

// All is how many changes of the kind there are.
func (t pageTally) All() int { return t.Added + t.Changed + t.Removed }

// Severities are the columns: the severities, worst first, and none.
func (v *pageView) Severities() []string { return severitiesAnd(harmless) }

func severitiesAnd(other string) []string {
	var all []string
	for _, s := range entra.Severities() {
		all = append(all, string(s))
	}
	return append(all, other)
}

// Tally counts the changes by kind, in the order in which the page tells them.
func (v *pageView) Tally() []pageTally {
	var rows []pageTally
	at := map[string]int{}
	for _, c := range v.told {
		i, known := at[c.Kind]
		if !known {
			i = len(rows)
			at[c.Kind] = i
			row := pageTally{Kind: ui.Safe(c.Kind), Title: kindTitle(c.Kind)}
			for _, s := range v.Severities() {
				row.By = append(row.By, pageCount{Of: s})
			}
			rows = append(rows, row)
		}
		rows[i].add(c, v.severity(c))
	}
	return rows
}

func (t *pageTally) add(c entra.Change, severity string) {
	switch c.Type {
	case entra.Added:
		t.Added++
	case entra.Removed:
		t.Removed++
	default:
		t.Changed++
	}
	for i := range t.By {
		if t.By[i].Of == severity {
			t.By[i].Count++
		}
	}
}

// severity is the worst that a change can do, as the filter calls it.
func (v *pageView) severity(c entra.Change) string {
	return cmp.Or(string(entra.Worst(v.risks[c.Key])), harmless)
}

// pageChoices are what can be filtered by.
type pageChoices struct{ Kinds, Actors, Properties []pageChoice }

type pageChoice struct{ Value, Title string }

// Choices are all there are, by name.
func (v *pageView) Choices() pageChoices {
	kinds, actors, properties := map[string]string{}, map[string]string{}, map[string]string{}
	for _, c := range v.told {
		kinds[ui.Safe(c.Kind)] = kindTitle(c.Kind)
		for _, a := range v.actorsOf(c) {
			actors[a] = a
		}
		for _, p := range propertiesOf(c) {
			properties[p] = p
		}
	}
	return pageChoices{choicesOf(kinds), choicesOf(actors), choicesOf(properties)}
}

func choicesOf(titles map[string]string) []pageChoice {
	choices := make([]pageChoice, 0, len(titles))
	for value, title := range titles {
		choices = append(choices, pageChoice{value, title})
	}
	slices.SortFunc(choices, func(a, b pageChoice) int { return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.Value, b.Value)) })
	return choices
}
