package attribution

import (
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

const (
	core = "Core Directory"
	ca   = "Conditional Access"
)

// TestMember: a member is added by an entry whose first target is the member, and removed by one
// that has the group on the old side.
func TestMember(t *testing.T) {
	t.Parallel()
	group := entra.Change{Key: entra.Key{Kind: "groups", ID: "g-0001"}, Type: entra.Changed, Links: []entra.LinkChange{
		{Link: "members", Added: []string{"u-bob"}, Removed: []string{"u-eve"}},
	}}
	add := logged("1", "10:00:00", "Add member to group", core, user("ada"), targets(
		of("User", "u-bob", mod("Group.ObjectID", nil, j("g-0001")), mod("Group.DisplayName", nil, j("Payroll")), mod("Group.WellKnownObjectName", nil, nil)),
		of("Group", "g-0001")))
	remove := logged("2", "11:00:00", "Remove member from group", core, user("kim"), targets(
		of("User", "u-eve", mod("Group.ObjectID", j("g-0001"), nil), mod("Group.DisplayName", j("Payroll"), nil)), of("Group", "g-0001")))
	attributed(t, setOf(group), logOf(add, remove), Facts{},
		"user kim@contoso.com confirmed /links/members/u-eve 2\nuser ada@contoso.com confirmed /links/members/u-bob 1")
	attributed(t, setOf(group), logOf(add), Facts{},
		"user ada@contoso.com confirmed /links/members/u-bob 1\nunknown no-event /links/members/u-eve")
}

// TestUserProperty: lists of one value, and what the log calls a property.
func TestUserProperty(t *testing.T) {
	t.Parallel()
	e := logged("1", "10:00:00", "Update user", core, user("ada"), targets(of("User", "u-bob",
		mod("Mobile", a("+1 555 0100"), a("+1 555 0199")), mod("Included Updated Properties", nil, j("Mobile")), mod("TargetId.UserType", nil, j("Member")))))
	attributed(t, setOf(changed("users", "u-bob", set("/spec/mobilePhone", "+1 555 0100", "+1 555 0199"))), logOf(e), Facts{},
		"user ada@contoso.com confirmed 1")
	// The entry says what it wrote: another property was written by somebody else.
	attributed(t, setOf(changed("users", "u-bob", set("/spec/usageLocation", "DE", "FR"))), logOf(e), Facts{}, "unknown no-event")
	attributed(t, setOf(changed("users", "u-bob", set("/spec/mobilePhone", "+1 555 0100", "+1 555 0142"))), logOf(e), Facts{}, "unknown no-event")
}

// TestSetBack: an entry that sets a value back is not what a change comes from.
func TestSetBack(t *testing.T) {
	t.Parallel()
	mobile := func(id, clock, who, old, now string) event {
		return logged(id, clock, "Update user", core, user(who), targets(of("User", "u-bob", mod("Mobile", a(old), a(now)))))
	}
	change := changed("users", "u-bob", set("/spec/mobilePhone", "1", "2"))
	attributed(t, setOf(change), logOf(mobile("1", "10:00:00", "ada", "1", "2"), mobile("2", "11:00:00", "eve", "2", "1")), Facts{}, "unknown no-event")
	attributed(t, setOf(change), logOf(mobile("1", "10:00:00", "ada", "1", "2"), mobile("2", "11:00:00", "eve", "2", "1"), mobile("3", "12:00:00", "kim", "1", "2")), Facts{},
		"user kim@contoso.com confirmed 3")
	// Of one time, the ids count up.
	attributed(t, setOf(change), logOf(mobile("Directory_c_ZZZZZ_9", "10:00:00", "eve", "1", "3"), mobile("Directory_c_AAAAA_10", "10:00:00", "ada", "3", "2")), Facts{},
		"user ada@contoso.com confirmed Directory_c_AAAAA_10")
	attributed(t, setOf(change), logOf(mobile("Directory_c_AAAAA_9", "10:00:00", "eve", "1", "3"), mobile("Directory_c_ZZZZZ_10", "10:00:00", "ada", "3", "2")), Facts{},
		"user ada@contoso.com confirmed Directory_c_ZZZZZ_10")
	// Of what was written after the second point was read, nothing is in it.
	late := mobile("2", "00:00:00", "eve", "2", "3").with("activityDateTime", toTime.Add(60e9))
	attributed(t, setOf(change), logOf(mobile("1", "10:00:00", "ada", "1", "2"), late), Facts{}, "user ada@contoso.com confirmed 1")
}

// TestPolicy: Conditional Access writes the policy as a whole, the directory an older form of it in
// an entry of its own, half a second before.
func TestPolicy(t *testing.T) {
	t.Parallel()
	policy := func(state, groups string) string {
		return `{"id":"p-7","displayName":"Require MFA","state":"` + state + `","modifiedDateTime":"2026-10-01T09:59:58.8+00:00","conditions":{"users":{"includeUsers":["All"],"excludeGroups":[` + groups +
			`],"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":63}}},"grantControls":{"operator":"OR","builtInControls":["MFA"]}}`
	}
	update := logged("1", "10:00:00", "Update conditional access policy", ca, user("ada"), targets(of("Policy", "p-7",
		mod("ConditionalAccessPolicy", policy("enabled", `"g-1"`), policy("disabled", `"g-1","g-2"`)))))
	legacy := logged("2", "09:59:59", "Update policy", core, user("ada"), targets(of("Policy", "p-7",
		mod("PolicyDetail", `["{\"Version\":1,\"State\":\"Enabled\"}"]`, `["{\"Version\":1,\"State\":\"Disabled\"}"]`))))
	change := changed("conditionalAccessPolicies", "p-7", set("/spec/state", "enabled", "disabled"),
		items("/spec/conditions/users/excludeGroups", []any{"g-2"}, nil))
	attributed(t, setOf(change), logOf(update, legacy), Facts{}, "user ada@contoso.com confirmed 1,2")
	// Where the policy's own entry is not there, the other only says who wrote it.
	attributed(t, setOf(change), logOf(legacy), Facts{}, "user ada@contoso.com touched 2")
	gone := entra.Change{Key: change.Key, Type: entra.Removed}
	attributed(t, setOf(gone), logOf(logged("1", "10:00:00", "Delete conditional access policy", ca, user("eve"), targets(of("Policy", "p-7",
		mod("ConditionalAccessPolicy", policy("enabled", ""), nil)))), logged("2", "09:59:59", "Delete policy", core, user("eve"), targets(of("Policy", "p-7")))), Facts{},
		"user eve@contoso.com confirmed 1,2")
}

// TestTwoActors: who changed one property is not who changed the other; and of a set, not who
// added the other element.
func TestTwoActors(t *testing.T) {
	t.Parallel()
	policy := func(state, users string) string {
		return `{"id":"p-7","state":"` + state + `","conditions":{"users":{"excludeUsers":[` + users + `]}}}`
	}
	update := func(id, clock, who, old, now string) event {
		return logged(id, clock, "Update conditional access policy", ca, user(who), targets(of("Policy", "p-7", mod("ConditionalAccessPolicy", old, now))))
	}
	change := changed("conditionalAccessPolicies", "p-7", items("/spec/conditions/users/excludeUsers", []any{"u-1", "u-2"}, nil), set("/spec/state", "enabled", "disabled"))
	attributed(t, setOf(change), logOf(
		update("1", "10:00:00", "ada", policy("enabled", ""), policy("enabled", `"u-1"`)),
		update("2", "11:00:00", "eve", policy("enabled", `"u-1"`), policy("disabled", `"u-1","u-2"`)),
	), Facts{}, "user eve@contoso.com confirmed /spec/conditions/users/excludeUsers/u-2 /spec/state 2\nuser ada@contoso.com confirmed /spec/conditions/users/excludeUsers/u-1 1")
}

// TestPoliciesOfTheDirectory: the log calls the policies that the directory keeps nothing but
// policies; who wrote one is found for every kind of them.
func TestPoliciesOfTheDirectory(t *testing.T) {
	t.Parallel()
	policies := 0
	for _, k := range kind.All() {
		if !strings.HasPrefix(k.Path, "/policies/") || !slices.Contains(k.JSON, "definition") {
			continue
		}
		policies++
		gone := entra.Change{Key: entra.Key{Kind: k.Name, ID: "p-7"}, Type: entra.Removed}
		attributed(t, setOf(gone), logOf(logged("1", "10:00:00", "Delete policy", core, user("eve"), targets(of("Policy", "p-7")))), Facts{},
			"user eve@contoso.com confirmed 1")
	}
	if policies < 4 {
		t.Fatalf("%d kinds of policies with a definition", policies)
	}
}
