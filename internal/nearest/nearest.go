// Package nearest finds the known words that a misspelt word may have meant.
//
// It owns the measure of nearness and its bounds. It must not know what the words
// are: kinds, keys of a configuration, names of objects.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// most is how many words are worth proposing.
const most = 3

// Words gathers, of the words that it is shown, the few nearest to one that is none of
// them. It keeps those few only, however many are shown.
type Words struct {
	word  string
	bound int
	best  []candidate
}

type candidate struct {
	word  string
	edits int
}

// To begins a search for what the word may have meant.
func To(word string) *Words {
	return &Words{word: strings.ToLower(word), bound: max(2, len(word)/3)}
}

// Add shows one known word. A word that holds what was typed counts as near, however
// much longer it is; upper and lower case are no difference.
func (w *Words) Add(known string) { w.AddAs(known, known) }

// AddAs shows a known word by what is to be proposed for it.
func (w *Words) AddAs(known, proposal string) {
	known = strings.ToLower(known)
	holds := len(w.word) >= 3 && strings.Contains(known, w.word)
	if !holds && abs(len(known)-len(w.word)) > w.bound {
		return
	}
	edits := distance(w.word, known)
	if holds {
		edits = min(edits, w.bound)
	}
	if edits > w.bound {
		return
	}
	at, _ := slices.BinarySearchFunc(w.best, edits, func(c candidate, edits int) int {
		return cmp.Or(cmp.Compare(c.edits, edits), -1) // behind its equals: the first wins
	})
	if at == most || slices.Contains(w.best, candidate{proposal, edits}) {
		return
	}
	w.best = slices.Insert(w.best, at, candidate{proposal, edits})
	w.best = w.best[:min(len(w.best), most)]
}

// Found returns the nearest words, the nearest first. Of equals, the first shown is
// first. There is none when all are too far to be meant.
func (w *Words) Found() []string {
	var words []string
	for _, c := range w.best {
		words = append(words, c.word)
	}
	return words
}

func abs(n int) int { return max(n, -n) }

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
