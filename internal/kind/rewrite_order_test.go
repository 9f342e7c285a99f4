package kind_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// An object whose identities come in another order after they were rewritten is in canonical
// form all the same: sets in keys of contained objects are compared as they are.
func TestRewriteKeepsSetsInOrder(t *testing.T) {
	reversed := func(_ *kind.Reference, identity string) (string, bool) {
		other := []byte(identity)
		for i, c := range other {
			if at := slices.Index(hexDigits, c); at >= 0 {
				other[i] = hexDigits[len(hexDigits)-1-at]
			}
		}
		return string(other), true
	}
	moved := 0
	for k, o := range goldenObjects(t) {
		w := kind.Rewrite(k, o, reversed)
		again, err := canon.Decode(k, k.Name+".yaml", []byte(encoded(t, k, w)))
		if err != nil {
			t.Fatal(err)
		}
		for part, pair := range map[string][2]any{"spec": {again.Spec, w.Spec}, "contained": {again.Contained, w.Contained}, "links": {again.Links, w.Links}} {
			if d := cmp.Diff(pair[0], pair[1]); d != "" {
				t.Errorf("%s: %s is not canonical (-canonical +rewritten):\n%s", k.Name, part, d)
			}
		}
		if !cmp.Equal(o.Contained, w.Contained) {
			moved++
		}
	}
	if moved < 5 {
		t.Errorf("only %d kinds have identities in contained objects", moved)
	}
}

var hexDigits = []byte("0123456789abcdef")

// Elements without a key of their own are ordered by their whole value.
func TestRewriteOrdersWholeElements(t *testing.T) {
	k := kind.ByName("roleManagementPolicies")
	approver := func(id string) any {
		return map[string]any{"@odata.type": "#microsoft.graph.singleUser", "userId": id}
	}
	o := &entra.Object{Contained: map[string][]map[string]any{"rules": {{"id": "Approval_EndUser_Assignment", "setting": map[string]any{
		"approvalStages": []any{map[string]any{"primaryApprovers": []any{approver("a"), approver("b")}}},
	}}}}}
	w := kind.Rewrite(k, o, kind.Renamed(map[entra.Name]string{{Kind: "users", Value: "a"}: "z"}))
	stage := w.Contained["rules"][0]["setting"].(map[string]any)["approvalStages"].([]any)[0].(map[string]any)
	if d := cmp.Diff([]any{approver("b"), approver("z")}, stage["primaryApprovers"]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The name of a directory extension is rewritten once, also where the identity that it gets is
// itself one that goes by another: the new appId reads as the old one, and the old one as gone.
func TestRewriteRenamesEachExtensionOnce(t *testing.T) {
	const first, second, third = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222", "33333333-3333-3333-3333-333333333333"
	to := kind.Renamed(map[entra.Name]string{
		{Kind: "applications", By: "appId", Value: first}: second, {Kind: "applications", By: "appId", Value: second}: third,
	})
	name := func(appID string, i int) string {
		return fmt.Sprintf("extension_%s_value%d", strings.ReplaceAll(appID, "-", ""), i)
	}
	spec, want := map[string]any{}, map[string]any{}
	for i := range 100 {
		spec[name(first, i)], want[name(second, i)] = i, i
		spec[name(second, i)], want[name(third, i)] = -i, -i
	}
	for range 5 {
		got := kind.Rewrite(kind.ByName("users"), &entra.Object{Spec: spec}, to).Spec
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
	}
}
