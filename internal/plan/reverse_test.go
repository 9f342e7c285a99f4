package plan

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// A planned value is reached when it is there whole. A contained element that came also has
// what Graph added to it.
func TestReached(t *testing.T) {
	type object = map[string]any
	const element, property = "/contained/federatedIdentityCredentials/a", "/contained/federatedIdentityCredentials/a/subject"
	for _, tt := range []struct {
		name, pointer string
		after, now    any
		want          bool
	}{
		{"a value", "/spec/notes", "x", "x", true},
		{"another value", "/spec/notes", "x", "y", false},
		{"none", "/spec/notes", nil, nil, true},
		{"an object with more than planned", "/spec/web", object{"a": "b"}, object{"a": "b", "c": "d"}, false},
		{"an element", element, object{"subject": "s"}, object{"subject": "s"}, true},
		{"an element with an id", element, object{"subject": "s"}, object{"subject": "s", "id": "x"}, true},
		{"an element with another value", element, object{"subject": "s"}, object{"subject": "t", "id": "x"}, false},
		{"an element that is not there", element, object{}, nil, false},
		{"an element that went", element, nil, nil, true},
		{"an element that is still there", element, nil, object{"subject": "s"}, false},
		{"a property of an element", property, "s", "s", true},
		{"another value of a property of an element", property, "s", "t", false},
		{"an object inside an element, with more than planned", property, object{"a": "b"}, object{"a": "b", "c": "d"}, false},
		{"nothing that there is", "/nowhere/a", "x", "x", false},
	} {
		if got := Reached(kind.ByName("applications"), entra.PropertyChange{Pointer: tt.pointer, After: tt.after}, tt.now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
