package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// CheckWord returns nil when the value is one of the known words, and otherwise an
// error that wraps [entra.ErrInvalid] and names the nearest one: `unknown kind "user",
// did you mean "users"`.
func CheckWord(what, value string, known []string) error {
	if slices.Contains(known, value) {
		return nil
	}
	if near := nearest(value, known); near != "" {
		return fmt.Errorf("unknown %s %q, did you mean %q: %w", what, value, near, entra.ErrInvalid)
	}
	return fmt.Errorf("unknown %s %q: %w", what, value, entra.ErrInvalid)
}

// nearest returns the known word that is fewest edits away, or "" when all are too
// far to be meant. Of equals, the first wins.
func nearest(word string, known []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, candidate := range known {
		d := distance(strings.ToLower(word), strings.ToLower(candidate))
		if d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

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
