package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// check makes sure that a step of a plan file is one that its action can make of its
// kind. Earlier holds the ids of the steps before it.
func check(plan *entra.Plan, s entra.Step, earlier map[string]bool) error {
	k := kind.ByName(s.Kind)
	switch {
	case k == nil:
		return fmt.Errorf("unknown kind %q", s.Kind)
	case k.NeverWritten+k.Unavailable != "":
		return fmt.Errorf("nothing writes a %s", k.Title)
	case s.ID == "" || earlier[s.ID]:
		return fmt.Errorf("its id is empty or not unique")
	case !addressable(s.Key.ID):
		return fmt.Errorf("%q is no object's id", s.Key.ID)
	}
	if _, ok := plan.Live[s.String()]; !ok {
		return fmt.Errorf("nothing is noted of the live %s", s.Key)
	}
	if identity, ok := plan.Identities[s.String()]; ok && (identity.Kind != s.Kind || !addressable(identity.ID)) {
		return fmt.Errorf("%s is no identity of %s", identity.Key, s.Key)
	}
	for _, first := range slices.Concat(s.Needs, s.Follows) {
		if !earlier[first] {
			return fmt.Errorf("it comes after %q, which is no earlier step", first)
		}
	}
	if err := checkConcessions(k, s); err != nil {
		return err
	}
	return checkAction(plan, k, s)
}

// addressable reports whether an id can be a segment of an address by itself.
func addressable(id string) bool { return id != "" && id != "." && id != ".." }

// checkConcessions makes sure that what a restore departs from is what Graph lets it.
func checkConcessions(k *kind.Kind, s entra.Step) error {
	switch local, domain, ok := strings.Cut(s.As, "@"); {
	case s.Action != entra.ActionRestore && (s.As != "" || len(s.Without) > 0):
		return fmt.Errorf("only what is taken back can have another name, or fewer addresses")
	case s.As != "" && (k.Deletion.NewName == "" || !ok || local == "" || domain == "" || strings.ContainsAny(s.As, " \t\r\n")):
		return fmt.Errorf("a %s cannot be taken back as %q", k.Title, s.As)
	case len(s.Without) > 0 && k.Deletion.DropTaken == "":
		return fmt.Errorf("a %s cannot be taken back without addresses", k.Title)
	}
	return nil
}

// checkAction makes sure that what a step changes is what its action can change.
func checkAction(plan *entra.Plan, k *kind.Kind, s entra.Step) error {
	switch s.Action {
	case entra.ActionAddLink, entra.ActionRemoveLink:
		if len(s.Properties) > 0 {
			return fmt.Errorf("it is about a link and lists properties")
		}
		return checkLinks(plan, k, s)
	case entra.ActionRestore:
		if k.Deletion.Mode != kind.DeleteSoft || s.Target != "" || len(s.Properties)+len(s.Links) > 0 {
			return fmt.Errorf("taking back a %s does nothing else", k.Title)
		}
		return nil
	case entra.ActionDelete:
		return checkDeletion(plan, k, s)
	case entra.ActionCreate, entra.ActionUpdate, entra.ActionCreateContained, entra.ActionUpdateContained, entra.ActionDeleteContained:
	default:
		return fmt.Errorf("there is no action %q", s.Action)
	}
	if len(s.Links) > 0 || len(s.Properties) == 0 && s.Action != entra.ActionCreate {
		return fmt.Errorf("it lists no properties, or links")
	}
	if s.Action == entra.ActionCreate && !k.Recreated() && (!k.Recreatable() || !slices.Contains(plan.Renewed, entra.Renewal{Key: s.Key, Old: s.Key.ID})) {
		return fmt.Errorf("a %s cannot be created again as the same", k.Title)
	}
	for _, c := range s.Properties {
		if err := checkChange(k, s, c); err != nil {
			return fmt.Errorf("%s: %w", c.Pointer, err)
		}
	}
	return nil
}

// checkChange makes sure that a change of a property lies where the step's action writes.
func checkChange(k *kind.Kind, s entra.Step, c entra.PropertyChange) error {
	place, ok := diff.Locate(k, c.Pointer)
	tokens := jsonpointer.Split(c.Pointer)
	if !ok || c.Observed || slices.Contains(tokens, "") {
		return fmt.Errorf("it leads to nothing that can be written")
	}
	added, removed := diff.Items(place.Shape, place.Path, c.Before, c.After)
	if !reflect.DeepEqual(added, c.AddedItems) || !reflect.DeepEqual(removed, c.RemovedItems) {
		return fmt.Errorf("the items that it adds and removes are not what becomes of the value")
	}
	if place.Contained != nil {
		return checkElement(place.Contained, s, c, tokens)
	}
	if tokens[0] != entra.SectionSpec || len(tokens) < 2 || s.Target != "" {
		return fmt.Errorf("it is not in the object's spec")
	}
	name := tokens[1]
	switch s.Action {
	case entra.ActionUpdate:
		if !k.Updatable(name) {
			return fmt.Errorf("it cannot be updated")
		}
	case entra.ActionCreate:
		if !k.Restorable(name) && name != typeProperty || c.Before != nil {
			return fmt.Errorf("it cannot be given when the object is created")
		}
	default:
		return fmt.Errorf("it is no part of a contained object")
	}
	return nil
}

// checkElement makes sure that a change is one of the element that the step is about.
func checkElement(contained *kind.Contained, s entra.Step, c entra.PropertyChange, tokens []string) error {
	if s.Action == entra.ActionCreate && contained.AtCreation {
		s.Action, s.Target, s.Properties = entra.ActionCreateContained, contained.Name, []entra.PropertyChange{c}
	}
	if s.Target != contained.Name || len(tokens) < 3 || !addressable(tokens[2]) {
		return fmt.Errorf("it is not in an element of %q", s.Target)
	}
	if s.Action == entra.ActionUpdateContained {
		if len(tokens) < 4 || !slices.Contains(contained.Update, tokens[3]) || jsonpointer.Split(s.Properties[0].Pointer)[2] != tokens[2] {
			return fmt.Errorf("it cannot be updated, or is another element's")
		}
		return nil
	}
	if len(tokens) > 3 || len(s.Properties) > 1 || contained.UpdateOnly {
		return fmt.Errorf("it is not one whole element that can come and go")
	}
	_, comes := c.After.(map[string]any)
	_, goes := c.Before.(map[string]any)
	switch {
	case s.Action == entra.ActionCreateContained && comes && c.Before == nil:
		element, _ := c.After.(map[string]any)
		for name := range element {
			if !contained.Restorable(name) && name != typeProperty && !slices.Contains(contained.Key, name) {
				return fmt.Errorf("%s cannot be given when the element is created", name)
			}
		}
		if key, ok := contained.KeyOf(element); !ok || key != tokens[2] {
			return fmt.Errorf("the element's key is %q", key)
		}
		return nil
	case s.Action == entra.ActionDeleteContained && goes && c.After == nil && !contained.NoDelete:
		return nil
	}
	return fmt.Errorf("it is not what %s does", s.Action)
}

// checkLinks makes sure that a link step adds or removes targets of its one link.
func checkLinks(plan *entra.Plan, k *kind.Kind, s entra.Step) error {
	i := slices.IndexFunc(k.Links, func(l kind.Link) bool { return l.Name == s.Target })
	if i < 0 || len(s.Links) != 1 || s.Links[0].Link != s.Target {
		return fmt.Errorf("it does not list what becomes of %q", s.Target)
	}
	l, change := &k.Links[i], s.Links[0]
	targets, others := change.Added, change.Removed
	if s.Action == entra.ActionRemoveLink {
		targets, others = change.Removed, change.Added
	}
	switch {
	case len(targets) == 0:
		return fmt.Errorf("it lists no target")
	case l.Single && len(targets) > 1:
		return fmt.Errorf("%s leads to one object at most", l.Name)
	case len(others) > 0 && (!l.Single || s.Action == entra.ActionRemoveLink):
		return fmt.Errorf("it adds and removes")
	}
	for _, id := range slices.Concat(targets, others) {
		if !addressable(id) {
			return fmt.Errorf("%q is no object's id", id)
		}
		if of, ok := plan.Targets[id]; ok && kind.ByName(of) == nil {
			return fmt.Errorf("unknown kind %q of %s", of, id)
		}
	}
	return nil
}
