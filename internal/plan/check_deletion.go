package plan

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// checkDeletion makes sure that a step deletes an object that can be deleted, and shows
// nothing of it but what identifies it. Of an object whose id may not outlive it the plan must
// say what identifies it: whether the source has the object under another id is judged by that.
func checkDeletion(plan *entra.Plan, k *kind.Kind, s entra.Step) error {
	switch {
	case k.Deletion.Mode == kind.DeleteNone, k.Requests != nil && k.Requests.Remove == "":
		return fmt.Errorf("nothing deletes a %s", k.Title)
	case s.Target != "" || len(s.Links) > 0:
		return fmt.Errorf("deleting a %s does nothing else", k.Title)
	case plan.Live[s.String()] == "":
		return fmt.Errorf("nothing is noted of the live %s", s.Key)
	}
	for _, c := range s.Properties {
		tokens := jsonpointer.Split(c.Pointer)
		if len(tokens) != 2 || tokens[0] != entra.SectionSpec || !slices.Contains(k.NaturalKey, tokens[1]) || c.After != nil {
			return fmt.Errorf("%s does not identify a %s", c.Pointer, k.Title)
		}
	}
	if len(k.NaturalKey) == 0 {
		return nil
	}
	identity := plan.Identities[s.String()]
	if _, ok := kind.ElementKey(identity.NaturalKey, k.NaturalKey); !ok || identity.ID != s.Key.ID {
		return fmt.Errorf("what identifies %s is missing", s.Key)
	}
	return nil
}
