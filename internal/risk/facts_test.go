package risk_test

import (
	"errors"
	"iter"
	"testing"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/risk"
)

// shelf is a point whose files are named by their objects' keys.
type shelf map[string]*entra.Object

func (s shelf) Files(kindName string) iter.Seq2[diff.File, error] {
	return func(yield func(diff.File, error) bool) {
		for path, o := range s {
			if o == nil && !yield(diff.File{}, errBroken) || o != nil && o.Kind == kindName && !yield(diff.File{Path: path}, nil) {
				return
			}
		}
	}
}

func (s shelf) Find(k *kind.Kind, id string) (string, bool) {
	return k.Name + "/" + id, id != "unheard"
}

func (s shelf) Object(_ *kind.Kind, path string) (*entra.Object, error) {
	switch o := s[path]; {
	case path == "groups/broken":
		return nil, errBroken
	case o == nil:
		return nil, entra.ErrNotFound
	default:
		return o, nil
	}
}

var errBroken = errors.New("broken")

func policyObject(t *testing.T, id, text string) *entra.Object {
	t.Helper()
	return object(t, kind.ByName("conditionalAccessPolicies"), id, text)
}

func TestFactsOf(t *testing.T) {
	group := entra.Key{Kind: "groups", ID: "g"}
	older, newer := &entra.Object{Key: group, Name: "older"}, &entra.Object{Key: group, Name: "newer"}
	from := shelf{"groups/g": older, "groups/gone": older}
	to := shelf{
		"groups/g":                    newer,
		"conditionalAccessPolicies/a": policyObject(t, "a", on(users(`"excludeGroups":["exempt"],"excludeUsers":["user"],"includeGroups":["included"]`))),
		"conditionalAccessPolicies/b": policyObject(t, "b", off(users(`"excludeGroups":["of a policy that is off"]`))),
	}
	facts := risk.FactsOf(from, to, []string{"glass"})
	if exempting, err := facts.Exempting(); err != nil || len(exempting) != 1 || !exempting["exempt"] || len(facts.BreakGlass) != 1 {
		t.Fatalf("%v %+v %v", exempting, facts, err)
	}
	for key, want := range map[entra.Key]*entra.Object{
		group: newer, {Kind: "groups", ID: "gone"}: older, {Kind: "groups", ID: "never"}: nil, {Kind: "groups", ID: "unheard"}: nil, {Kind: "nothing", ID: "g"}: nil,
	} {
		if got, err := facts.Object(key); got != want || err != nil {
			t.Errorf("%s: %v %v", key, got, err)
		}
	}
	if _, err := facts.Object(entra.Key{Kind: "groups", ID: "broken"}); !errors.Is(err, errBroken) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

// Policies that a rule asks for and that cannot be read end the judgement; where no rule asks for
// them, they are not read.
func TestFactsOfUnreadablePolicies(t *testing.T) {
	policies := shelf{"conditionalAccessPolicies/c": policyObject(t, "c", on(""))}
	member := entra.Change{Key: entra.Key{Kind: "groups", ID: "g"}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Added: []string{"u"}}}}
	renamed := entra.Change{Key: member.Key, Type: entra.Changed, Properties: []entra.PropertyChange{{Pointer: "/spec/description", Before: "a", After: "b"}}}
	for what, to := range map[string]risk.Point{"listed": shelf{"x": nil}, "read": unreadable{policies}} {
		facts := risk.FactsOf(shelf{}, to, nil)
		facts.Object = nil
		if _, err := risk.Judge(&entra.ChangeSet{Changes: []entra.Change{member}}, facts); !errors.Is(err, errBroken) {
			t.Errorf("policies that cannot be %s: %v", what, err)
		}
		if risks, err := risk.Judge(&entra.ChangeSet{Changes: []entra.Change{renamed}}, facts); err != nil || len(risks) > 0 {
			t.Errorf("policies that cannot be %s, and nobody asks for: %v %v", what, risks, err)
		}
	}
}

// unreadable is a point that lists files and reads none.
type unreadable struct{ shelf }

func (unreadable) Object(*kind.Kind, string) (*entra.Object, error) { return nil, errBroken }
