package diff

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// Of two new objects with the natural key of an object that went, the first is that
// object and the other is new.
func TestCompareObjectsCreatedAgainTwice(t *testing.T) {
	grant := func(id string) *entra.Object {
		return &entra.Object{
			Key:  entra.Key{Kind: "oauth2PermissionGrants", ID: id},
			Spec: map[string]any{"clientId": "c", "resourceId": "r", "consentType": "AllPrincipals", "scope": id},
		}
	}
	before := point(t, map[string]*entra.Object{"tenant/oauth2PermissionGrants/1.yaml": grant("1")})
	after := point(t, map[string]*entra.Object{"tenant/oauth2PermissionGrants/2.yaml": grant("2"), "tenant/oauth2PermissionGrants/3.yaml": grant("3")})
	set, err := Compare(before, after, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range set.Changes {
		got = append(got, c.ID+" "+string(c.Type))
	}
	if d := cmp.Diff([]string{"2 changed", "3 added"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An object that was created again has another id and is compared with itself; one
// that is another is not taken for it.
func TestCompareObjectsCreatedAgain(t *testing.T) {
	grant := func(id, client, scope string) *entra.Object {
		return &entra.Object{
			Key: entra.Key{Kind: "oauth2PermissionGrants", ID: id}, Name: client,
			Spec: map[string]any{"clientId": client, "resourceId": "r", "consentType": "AllPrincipals", "scope": scope},
		}
	}
	files := func(grants ...*entra.Object) map[string]*entra.Object {
		all := map[string]*entra.Object{}
		for _, g := range grants {
			all["tenant/oauth2PermissionGrants/"+g.ID+".yaml"] = g
		}
		return all
	}
	before := point(t, files(grant("1", "same", "a"), grant("2", "changed", "a"), grant("3", "gone", "a"), grant("4", "kept", "a")))
	after := point(t, files(grant("5", "same", "a"), grant("6", "changed", "b"), grant("7", "new", "a"), grant("4", "kept", "a")))
	set, err := Compare(before, after, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range set.Changes {
		line := c.ID + " " + string(c.Type)
		if c.Type == entra.Changed {
			line += " " + c.Properties[0].Pointer
		}
		got = append(got, line)
	}
	if d := cmp.Diff([]string{"3 removed", "6 changed /spec/scope", "7 added"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
