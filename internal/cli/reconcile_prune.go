package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// ignored says of objects, and of parts of them, whether people decided not to hear of them:
// what was added there is neither told nor taken away.
func ignored(repo *repository, now time.Time, rev *history.Point) (func(key entra.Key, name, pointer string) bool, error) {
	ignore, err := repo.ignore(now)
	return func(key entra.Key, name, pointer string) bool { return ignore.Means(key, name, pointer, rev) }, err
}

// pruneHint is what a person can do about what was added since. What only bears the name of
// a selected object must be named itself.
func pruneHint(plan entra.Plan) string {
	var named []string
	for _, o := range plan.Added {
		if o.Twin != "" {
			named = append(named, o.String())
		}
	}
	if len(named) == 0 || len(named) > maxNamed || len(named) < len(plan.Added)+len(plan.AddedParts) {
		return "look at what was added; --prune takes it away"
	}
	return "look at what bears the same name; --prune " + strings.Join(named, " ") + " takes it away"
}

// addedSince counts what was added and left alone, in words; "" for nothing.
func addedSince(plan entra.Plan) string {
	var what []string
	if n := len(plan.Added); n > 0 {
		what = append(what, numbered(n, "object", "objects"))
	}
	if n := len(plan.AddedParts); n > 0 {
		what = append(what, numbered(n, "part of an object", "parts of objects"))
	}
	switch {
	case len(what) == 0:
		return ""
	case len(plan.Added)+len(plan.AddedParts) == 1:
		return what[0] + " was added since and left alone"
	}
	return strings.Join(what, " and ") + " were added since and left alone"
}

func numbered(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// takesAway says for the question what a plan deletes, and what it removes from objects.
func takesAway(plan entra.Plan) string {
	objects, forGood, parts := 0, 0, 0
	for _, s := range plan.Steps {
		switch s.Action {
		case entra.ActionDelete:
			objects++
			if k := kind.ByName(s.Kind); k != nil && k.Deletion.Mode == kind.DeleteHard {
				forGood++
			}
		case entra.ActionDeleteContained:
			parts++
		case entra.ActionRemoveLink:
			for _, l := range s.Links {
				parts += len(l.Removed)
			}
		}
	}
	text := ""
	if objects > 0 {
		text = fmt.Sprintf(" It deletes %s, %d of them for good.", numbered(objects, "object", "objects"), forGood)
	}
	if parts > 0 {
		text += fmt.Sprintf(" It removes %s from objects.", numbered(parts, "link or contained object", "links and contained objects"))
	}
	return text
}
