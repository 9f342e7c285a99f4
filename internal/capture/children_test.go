package capture

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Targets of a link are asked for by their ids, on the largest pages where the links of
// directory objects have them; a contained collection comes with what it embeds.
func TestChildCalls(t *testing.T) {
	links := []kind.Link{{Name: "members"}, {Name: "manager", Single: true}}
	contained := []kind.Contained{{Name: "inline", Inline: true}, {Name: "parts", Expand: []string{"a", "b"}}, {Name: "plain"}}
	for _, tt := range []struct {
		kind kind.Kind
		want []string
	}{
		{kind.Kind{Links: links, Reading: kind.Reading{Top: 999}}, []string{
			"links/members /k/1/members?$select=id&$top=999", "links/manager /k/1/manager?$select=id",
		}},
		{kind.Kind{Links: links, Reading: kind.Reading{Top: 100}}, []string{
			"links/members /k/1/members?$select=id", "links/manager /k/1/manager?$select=id",
		}},
		{kind.Kind{Contained: contained, Reading: kind.Reading{ReadSingly: true}}, []string{
			" /k/1", "contained/parts /k/1/parts?$expand=a,b", "contained/plain /k/1/plain",
		}},
	} {
		tt.kind.Path = "/k"
		res := newResult(&tt.kind, entra.Coverage{}, true)
		res.view = newView(&tt.kind, "")
		c := newChildren(&script{}, res)
		for i, call := range res.view.calls {
			if got := call.part() + " " + c.path("1", call); i >= len(tt.want) || got != tt.want[i] {
				t.Errorf("call %d is %q, want %v", i, got, tt.want)
			}
		}
		if len(res.view.calls) != len(tt.want) {
			t.Errorf("%d calls, want %v", len(res.view.calls), tt.want)
		}
	}
}
