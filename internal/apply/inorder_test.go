package apply

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/kind"
)

// A set is sent as the tenant answered it, with what is new after that; a list whose order means
// something is sent as it is planned.
func TestInOrder(t *testing.T) {
	s := &kind.Shape{Sets: map[string]string{"set": "", "of": "id", "of[].inner": ""}, Ordered: []string{"list"}}
	for _, tt := range []struct{ path, planned, answered, want string }{
		{"set", `["a","b","c"]`, `["c","x","b"]`, `["c","b","a"]`},
		{"list", `["a","b"]`, `["b","a"]`, `["a","b"]`},
		{"set", `["a","b"]`, `null`, `["a","b"]`},
		{"set", `["a","a"]`, `["a"]`, `["a","a"]`},
		{"of", `[{"id":"1","inner":["p","q"]},{"id":"2"}]`, `[{"id":"2","null":null},{"id":"1","inner":["q","p"]}]`, `[{"id":"2"},{"id":"1","inner":["q","p"]}]`},
		{"of", `[{"id":"1","n":2},{"id":"2"}]`, `[{"id":"2"},{"id":"1","n":1}]`, `[{"id":"2"},{"id":"1","n":2}]`},
		{"", `{"set":["a","b"]}`, `"text"`, `{"set":["a","b"]}`},
	} {
		var planned, answered, want any
		for i, into := range []*any{&planned, &answered, &want} {
			if err := json.Unmarshal([]byte([]string{tt.planned, tt.answered, tt.want}[i]), into); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(want, inOrder(s, tt.path, planned, answered)); d != "" {
			t.Errorf("%s of %s: %s", tt.planned, tt.answered, d)
		}
	}
}
