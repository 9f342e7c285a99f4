package config

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/nearest"
)

// CheckWord returns nil when the value is one of the known words, and otherwise an
// error that wraps [entra.ErrInvalid] and names the nearest one: `unknown kind "user",
// did you mean "users"`.
func CheckWord(what, value string, known []string) error {
	if slices.Contains(known, value) {
		return nil
	}
	near := nearest.To(value)
	for _, word := range known {
		near.Add(word)
	}
	if found := near.Found(); len(found) > 0 {
		return fmt.Errorf("unknown %s %q, did you mean %q: %w", what, value, found[0], entra.ErrInvalid)
	}
	return fmt.Errorf("unknown %s %q: %w", what, value, entra.ErrInvalid)
}
