package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// A deleted object is taken back, and whatever else is planned of it waits for that.
func TestPlanTakesBack(t *testing.T) {
	run(t, true, []oneObject{
		{name: "as it was", key: "users/1", live: `{"Spec":{"city":"a"}}`, want: `{"Spec":{"city":"a"}}`, plan: []string{"restore"}},
		{name: "then what differs", key: "users/1", live: `{"Spec":{"city":"a"}}`, want: `{"Spec":{"city":"b"},"Links":{"manager":["p1"]}}`,
			plan: []string{"restore", "update /spec/city after users/1:restore", "addLink:manager +p1 after users/1:restore"}},
		{name: "a deleted item does not tell its links", key: "groups/1", live: `{"Links":{"members":["p1","p2"]}}`, want: `{"Links":{"members":["p1"]}}`,
			plan: []string{"restore", "addLink:members +p1 after groups/1:restore"}},
		{name: "nor its contained objects", key: "applications/1", live: `{"Contained":{"federatedIdentityCredentials":[{"name":"a"}]}}`,
			want: `{"Contained":{"federatedIdentityCredentials":[{"name":"a"}]}}`,
			plan: []string{"restore", "createContained:federatedIdentityCredentials:a /contained/federatedIdentityCredentials/a after applications/1:restore"}},
		{name: "what it does not show comes back as it was", key: "groups/1", live: `{}`, want: `{"Spec":{"isAssignableToRole":true,"theme":"Teal"}}`,
			plan: []string{"restore", "update /spec/theme after groups/1:restore"}},
		{name: "what it does show must be right", key: "groups/1", live: `{"Spec":{"mailEnabled":true,"groupTypes":["Unified"]}}`, want: `{"Spec":{"mailEnabled":false,"groupTypes":["Unified"]}}`,
			plan: []string{"restore", "left alone /spec/mailEnabled: " + createOnly}},
		{name: "what is observed of it says nothing", key: "groups/1", live: `{"Status":{"mail":"a"}}`, want: `{"Status":{"mail":"b"}}`, plan: []string{"restore"}},
		{name: "a lock of what it will be again", key: "groups/1", live: `{}`, want: `{"Spec":{"groupTypes":["DynamicMembership"]},"Links":{"members":["p1"]}}`,
			plan: []string{"restore", "update /spec/groupTypes after groups/1:restore", "left alone /links/members: members follow the membership rule; restore spec/membershipRule instead"}},
		{name: "not where it is locked as a whole", key: "users/1", live: `{"Status":{"isManagementRestricted":true}}`, want: `{"Spec":{"city":"a"}}`,
			plan: []string{"left alone: " + restricted.Reason + "; " + restricted.Hint}},
		{name: "nor where it was, as far as is known", key: "users/1", live: `{}`, want: `{"Status":{"isManagementRestricted":true}}`,
			plan: []string{"left alone: " + restricted.Reason + "; " + restricted.Hint}},
		{name: "but with what a lock excepts", key: "users/1", live: `{"Status":{"onPremisesSyncEnabled":true}}`, want: `{}`, plan: []string{"restore"}},
		{name: "not as something else", key: "namedLocations/1", live: `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation"}}`, want: `{"Spec":{"@odata.type":"#microsoft.graph.countryNamedLocation"}}`,
			plan: []string{"left alone: it is a #microsoft.graph.ipNamedLocation now and was a #microsoft.graph.countryNamedLocation, which cannot be written"}},
		{name: "not where nobody can", key: "roleAssignments/1", live: `{}`, want: `{}`, plan: []string{"left alone: a deleted role assignment cannot be taken back"}},
	})
}

// restricted is the lock of users in a restricted administrative unit.
var restricted = func() kind.Lock {
	locks := kind.ByName("users").Locks
	return locks[len(locks)-1]
}()

// A part of a deleted item that comes in its body is compared.
func TestPlanTakesBackWhatIsInline(t *testing.T) {
	k := *kind.ByName("applications")
	credentials := k.Contained[1]
	credentials.Inline = true
	k.Contained = []kind.Contained{k.Contained[0], credentials}
	const body = `{"Contained":{"federatedIdentityCredentials":[{"name":"a"}]}}`
	want := object(t, "applications/1", body)
	p := newPlanner((&world{deleted: []*entra.Object{object(t, "applications/1", body)}}).input(t, want))
	d := p.object(&k, want.Key)
	d.plan()
	if got := details(entra.Plan{Steps: d.steps}); len(got) != 1 || got[0] != "restore" {
		t.Errorf("%q", got)
	}
}

// What is observed is refused where a person expects it to be written, or named it.
func TestPlanOfWhatIsObserved(t *testing.T) {
	const labels = "left alone /status/assignedLabels: sensitivity labels are only writable by an administrator who is signed in"
	const only = "left alone /status/createdDateTime: it is observed only, Graph does not let it be written"
	const now, then = `{"Status":{"assignedLabels":[{"labelId":"a"}],"createdDateTime":"x"}}`, `{"Status":{"createdDateTime":"y"}}`
	run(t, false, []oneObject{
		{name: "where one would expect it", key: "groups/1", live: now, want: then, plan: []string{labels}},
		{name: "where it is named", key: "groups/1", live: now, want: then, parts: []string{"createdDateTime"}, plan: []string{only}},
		{name: "where all of it is named", key: "groups/1", live: now, want: then, parts: []string{"status"}, plan: []string{labels, only}},
		{name: "not where something else is named", key: "groups/1", live: now, want: then, parts: []string{"displayName"}},
		{name: "not where it is the same", key: "groups/1", live: now, want: now, parts: []string{"createdDateTime", "assignedLabels"}},
		{name: "nor where that is among what is named", key: "groups/1", live: `{"Spec":{"displayName":"a"},"Status":{"createdDateTime":"x"}}`,
			want: `{"Spec":{"displayName":"b"},"Status":{"createdDateTime":"x"}}`, parts: []string{"createdDateTime", "displayName"}, plan: []string{"update /spec/displayName"}},
		{name: "in whatever order", key: "groups/1", live: `{"Status":{"proxyAddresses":["a","b"]}}`, want: `{"Status":{"proxyAddresses":["b","a"]}}`},
	})
	part := allRead()
	groups := part["groups"]
	groups.Properties = []string{"displayName"}
	part["groups"] = groups
	w := &world{now: part, live: []*entra.Object{object(t, "groups/1", `{"Spec":{"displayName":"a"}}`)}}
	if got := details(w.plan(t, object(t, "groups/1", `{"Spec":{"displayName":"b"},"Status":{"assignedLabels":[{"labelId":"a"}]}}`))); len(got) != 1 {
		t.Errorf("what was not read: %q", got)
	}
}

// What is gone for good is created where it will be the same again.
func TestPlanOfWhatIsGone(t *testing.T) {
	const grant = `{"Spec":{"clientId":"p1","resourceId":"p2","consentType":"AllPrincipals","scope":"a"}}`
	const all = "create /spec/clientId /spec/consentType /spec/resourceId /spec/scope"
	const missing = "its %s is not its id, so that it would get another id"
	run(t, false, []oneObject{
		{name: "known by its natural key", key: "oauth2PermissionGrants/1", want: grant, plan: []string{all}},
		{name: "by a request", key: "privilegedAccessGroupEligibilitySchedules/1", want: `{"Spec":{"principalId":"p1","groupId":"p2","accessId":"member"}}`,
			plan: []string{"create /spec/accessId /spec/groupId /spec/principalId"}},
		{name: "not a part of it", key: "oauth2PermissionGrants/1", want: grant, parts: []string{"scope"},
			plan: []string{"left alone: it was deleted for good, and a part of it cannot be created; reconcile the whole object"}},
		{name: "under its own id, then the rest", key: "permissionGrantPolicies/mine", want: `{"Spec":{"displayName":"x"},"Contained":{"includes":[{"permissionType":"delegated"}]}}`,
			plan: []string{"create /spec/displayName", "createContained:includes:+++++delegated++ /contained/includes/+++++delegated++ after permissionGrantPolicies/mine:create"}},
		{name: "under the id that Graph makes of it", key: "b2xUserFlows/B2X_1_flow", want: `{"Spec":{"userFlowType":"signUp"},"Links":{"userFlowIdentityProviders":["p1"]}}`,
			plan: []string{"create /spec/userFlowType", "addLink:userFlowIdentityProviders +p1 after b2xUserFlows/B2X_1_flow:create"}},
		{name: "not under another", key: "b2xUserFlows/flow", want: `{"Spec":{"userFlowType":"signUp"}}`, plan: []string{"left alone: " + strings.ReplaceAll(missing, "%s", "id")}},
		{name: "with the id among its properties", key: "roleDefinitions/1", want: `{"Spec":{"displayName":"x","templateId":"1"}}`, plan: []string{"create /spec/displayName /spec/templateId"}},
		{name: "not with another there", key: "roleDefinitions/1", want: `{"Spec":{"displayName":"x","templateId":"2"}}`,
			plan: []string{"left alone: " + strings.ReplaceAll(missing, "%s", "templateId")}},
		{name: "a singleton that may be missing", key: "organizationalBranding/singleton", want: `{"Spec":{"signInPageText":"x"}}`, plan: []string{"create /spec/signInPageText"}},
		{name: "not what names something that is gone", key: "oauth2PermissionGrants/1", want: `{"Spec":{"clientId":"gone","resourceId":"p2","consentType":"AllPrincipals"}}`,
			plan: []string{"left alone: clientId names servicePrincipals with id gone, which does not exist; " + restoreFirst}},
		{name: "not what is locked", key: "roleEligibilitySchedules/1", want: `{"Spec":{"principalId":"p1"},"Status":{"memberType":"Inherited"}}`,
			plan: []string{"left alone: it was deleted for good, and it is not created here: it follows from the membership of a group; restore the group's members"}},
		{name: "not what never comes back", key: "domains/example.org", want: `{}`, plan: []string{"left alone: it was deleted for good, and a domain must be verified by DNS again"}},
		{name: "not what would be another", key: "users/1", want: `{}`,
			plan: []string{"left alone: it was deleted for good; --recreate creates it with a new id, and rewrites what refers to it"}},
	})
}

// What nobody writes is refused where it differs, is gone or deleted.
func TestPlanOfWhatNobodyWrites(t *testing.T) {
	bought := "left alone: " + kind.ByName("subscribedSkus").NeverWritten
	tests := []oneObject{
		{name: "it differs", key: "subscribedSkus/1", live: `{"Status":{"skuId":"a"}}`, want: `{"Status":{"skuId":"b"}}`, plan: []string{bought}},
		{name: "it does not", key: "subscribedSkus/1", live: `{"Status":{"skuId":"a"}}`, want: `{"Status":{"skuId":"a"}}`},
		{name: "it is gone", key: "subscribedSkus/1", want: `{}`, plan: []string{bought}},
		{name: "no application can", key: "agreements/1", live: `{"Spec":{"displayName":"a"}}`, want: `{"Spec":{"displayName":"b"}}`,
			plan: []string{"left alone: " + kind.ByName("agreements").Unavailable}},
	}
	run(t, false, tests)
	run(t, true, []oneObject{{name: "it is deleted", key: "subscribedSkus/1", live: `{}`, want: `{}`, plan: []string{bought}}})
	// Also where something of it is not compared, so that it was not counted as equal.
	w := &world{now: except(entra.Exception{ID: "1", Part: "links/owners"}), unwritable: map[entra.Key]string{{Kind: "groups", ID: "1"}: "it is odd"},
		live: []*entra.Object{object(t, "groups/1", `{}`)}}
	if got := w.plan(t, object(t, "groups/1", `{}`)); len(got.Refusals) > 0 || got.Matched != 1 {
		t.Errorf("what does not differ: %q", lines(got))
	}
}

// An object that was created again is written under the name it has now.
func TestPlanFollowsWhatWasCreatedAgain(t *testing.T) {
	want := object(t, "oauth2PermissionGrants/old", `{"Spec":{"clientId":"p1","resourceId":"p2","scope":"b"}}`)
	live := object(t, "oauth2PermissionGrants/new", `{"Spec":{"clientId":"p1","resourceId":"p2","scope":"a"}}`)
	in := Input{Tenant: "t", Now: allRead()}
	in.Add(Selected{Want: want, Read: in.Now[want.Kind].Of("old"), Now: live})
	gone := object(t, "oauth2PermissionGrants/gone", `{"Spec":{"clientId":"p3"}}`)
	in.Add(Selected{Want: gone, Read: in.Now[want.Kind].Of("gone")})
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	expected := map[string]entra.Identity{
		"oauth2PermissionGrants/old":  {Key: live.Key, NaturalKey: map[string]any{"clientId": "p1", "resourceId": "p2"}},
		"oauth2PermissionGrants/gone": {Key: gone.Key, NaturalKey: map[string]any{"clientId": "p3"}},
	}
	if d := cmp.Diff(expected, made.Identities); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if made.Live["oauth2PermissionGrants/gone"] != "" || len(made.Live["oauth2PermissionGrants/old"]) != 64 {
		t.Errorf("hashes %q", made.Live)
	}
	if id := IdentityOf(kind.ByName("users"), object(t, "users/1", `{}`), "2"); id.NaturalKey != nil || id.String() != "users/2" {
		t.Errorf("of a kind whose ids last: %+v", id)
	}
}

// Hash tells states apart, and is the same for the same state.
func TestPlanHashes(t *testing.T) {
	w := &world{live: []*entra.Object{object(t, "users/1", `{"Spec":{"city":"a"}}`)}, deleted: []*entra.Object{object(t, "users/2", `{}`)}}
	hashes := func() map[string]string {
		return w.plan(t, object(t, "users/1", `{"Spec":{"city":"z"}}`), object(t, "users/2", `{}`)).Live
	}
	first := hashes()
	if d := cmp.Diff(first, hashes()); d != "" || len(first["users/1"]) != 64 {
		t.Errorf("%q (-first +again):\n%s", first, d)
	}
	if hash, ok := first["users/2"]; !ok || hash != "" {
		t.Errorf("what does not exist has the hash %q, %v", hash, ok)
	}
	w.live[0].Spec["city"] = "b"
	if again := hashes(); again["users/1"] == first["users/1"] {
		t.Error("another state, the same hash")
	}
}
