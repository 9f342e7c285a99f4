package capture

import (
	"errors"
	"fmt"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// A part that is not found is settled by its owner, and the owner by the deleted items:
// only what is there is gone. Other answers settle nothing.
func TestSettle(t *testing.T) {
	soft := kind.ByName("groups")
	hard := *soft
	hard.Deletion = kind.Deletion{Mode: kind.DeleteHard}
	missing := &graph.Error{Status: 404, Code: "Gone", Sentinel: entra.ErrNotFound}
	deleted := withoutQuery(deletedPath(soft, "a", kind.Lacking{}))
	for _, tt := range []struct {
		name     string
		kind     *kind.Kind
		part     error // of the members
		owner    error
		bin      error // of the owner among the deleted
		asked    int   // requests beyond the two links
		gone     bool
		object   error
		excepted string
		fails    error
	}{
		{"all there", soft, nil, nil, nil, 0, false, nil, "", nil},
		{"refused", soft, entra.ErrForbidden, missing, nil, 0, false, nil, "links/members", nil},
		{"only the part", soft, missing, nil, nil, 1, false, nil, "links/members", nil},
		{"the owner, too", soft, missing, missing, missing, 2, false, entra.ErrNotFound, "", nil},
		{"deleted", soft, missing, missing, nil, 2, true, entra.ErrNotFound, "", nil},
		{"the deleted cannot be read", soft, missing, missing, entra.ErrForbidden, 2, false, entra.ErrNotFound, "", nil},
		{"deleted for good", &hard, missing, missing, nil, 1, false, entra.ErrNotFound, "", nil},
		{"the owner cannot be read", soft, missing, entra.ErrForbidden, nil, 1, false, nil, "links/members", nil},
		{"the sign-in is refused at the owner", soft, missing, entra.ErrUnauthenticated, nil, 1, false, nil, "", entra.ErrUnauthenticated},
		{"the sign-in is refused at the deleted", soft, missing, missing, entra.ErrUnauthenticated, 2, false, nil, "", entra.ErrUnauthenticated},
	} {
		src := &script{errs: map[string]error{"/groups/a/members": tt.part, "/groups/a": tt.owner, deleted: tt.bin}}
		res := newResult(tt.kind, entra.Coverage{}, true)
		res.view = newView(tt.kind, "")
		c := newChildren(src, res)
		c.add(item{id: "a", raw: canon.Raw{Body: []byte(`{"id":"a"}`)}})
		items, err := c.flush(t.Context())
		if !errors.Is(err, tt.fails) || len(src.sizes) != 1+tt.asked { // the links take one batch
			t.Errorf("%s: %v, asked %v", tt.name, err, src.asked)
		}
		if tt.fails != nil {
			continue
		}
		if it := items[0]; it.gone != tt.gone || !errors.Is(it.err, tt.object) {
			t.Errorf("%s: gone %v, %v", tt.name, it.gone, it.err)
		}
		var excepted string
		if p := res.parts["links/members"]; p != nil && p.count() > 0 {
			excepted = "links/members"
		}
		if excepted != tt.excepted {
			t.Errorf("%s: exception of %q", tt.name, excepted)
		}
	}
}

// Of many objects only those are read again that lack a part, and each is judged by its
// own answer.
func TestSettleOfSeveral(t *testing.T) {
	k := kind.ByName("groups")
	missing := fmt.Errorf("x: %w", entra.ErrNotFound)
	src := &script{errs: map[string]error{
		"/groups/a/owners": missing, "/groups/c/members": missing, "/groups/c": missing, "/groups/d/members": missing, "/groups/d": missing,
		withoutQuery(deletedPath(k, "d", kind.Lacking{})): missing,
	}}
	res := newResult(k, entra.Coverage{}, true)
	res.view = newView(k, "")
	c := newChildren(src, res)
	for _, id := range []string{"a", "b", "c", "d"} {
		c.add(item{id: id, raw: canon.Raw{Body: []byte(`{"id":"` + id + `"}`)}})
	}
	items, err := c.flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, it := range items {
		got += fmt.Sprintf("%s:%v,%v,%d ", it.id, it.gone, it.err != nil, len(it.unread))
	}
	if want := "a:false,false,1 b:false,false,0 c:true,true,1 d:false,true,1 "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if src.sizes[1] != 3 || src.sizes[2] != 2 {
		t.Errorf("batches of %v", src.sizes)
	}
	src.batch = entra.ErrUnavailable
	if _, err := c.ask(t.Context(), []*item{{id: "a"}}, func(string) string { return "/x" }); !errors.Is(err, entra.ErrUnavailable) {
		t.Errorf("a batch that fails: %v", err)
	}
}

func withoutQuery(path string) string {
	for i := range path {
		if path[i] == '?' {
			return path[:i]
		}
	}
	return path
}
