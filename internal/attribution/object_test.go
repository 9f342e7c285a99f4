package attribution

import (
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// TestComingAndGoing: who created, deleted and took back an object; a purge is the end of a
// deletion, and no other.
func TestComingAndGoing(t *testing.T) {
	t.Parallel()
	gone := entra.Change{Key: entra.Key{Kind: "users", ID: "u-bob"}, Type: entra.Removed}
	deleted := logged("1", "10:00:00", "Delete user", core, user("ada"), targets(of("User", "u-bob", mod("Is Hard Deleted", nil, j("False")))))
	purged := logged("2", "11:00:00", "Hard Delete user", core, user("eve"), targets(of("User", "u-bob", mod("Is Hard Deleted", nil, j("True")))))
	attributed(t, setOf(gone), logOf(deleted, purged), Facts{}, "user ada@contoso.com confirmed 1")
	attributed(t, setOf(gone), logOf(purged), Facts{}, "user eve@contoso.com confirmed 2")
	back := logged("3", "10:30:00", "Restore user", core, user("kim"), targets(of("User", "u-bob")))
	attributed(t, setOf(gone), logOf(deleted, back, purged), Facts{}, "user eve@contoso.com confirmed 2")
	came := entra.Change{Key: gone.Key, Type: entra.Added, Properties: []entra.PropertyChange{set("/spec/displayName", nil, "Bob"), set("/spec/jobTitle", nil, "Boss")}}
	attributed(t, setOf(came), logOf(back), Facts{}, "user kim@contoso.com confirmed 3")
	attributed(t, setOf(came), logOf(back, deleted.with("activityDateTime", at("12:00:00"))), Facts{}, "unknown no-event")
}

// TestCreatedAndChanged: who created an object is named for all of it but for what others wrote.
func TestCreatedAndChanged(t *testing.T) {
	t.Parallel()
	came := entra.Change{Key: entra.Key{Kind: "groups", ID: "g-1"}, Type: entra.Added,
		Properties: []entra.PropertyChange{set("/spec/description", nil, "all"), set("/spec/displayName", nil, "Admins")},
		Links:      []entra.LinkChange{{Link: "members", Added: []string{"u-1", "u-2"}}},
	}
	member := func(id, clock, who, of2 string) event {
		return logged(id, clock, "Add member to group", core, user(who), targets(of("User", of2, mod("Group.ObjectID", nil, j("g-1"))), of("Group", "g-1")))
	}
	attributed(t, setOf(came), logOf(
		logged("1", "10:00:00", "Add group", core, user("ada"), targets(of("Group", "g-1", mod("DisplayName", "[]", a("Admins")), mod("Description", "[]", a("few"))))),
		member("2", "10:00:01", "ada", "u-1"), member("3", "12:00:00", "eve", "u-2"),
		logged("4", "11:00:00", "Update group", core, user("kim"), targets(of("Group", "g-1", mod("Description", a("few"), a("all"))))),
	), Facts{}, "user eve@contoso.com confirmed /links/members/u-2 3\nuser kim@contoso.com confirmed /spec/description 4\nuser ada@contoso.com confirmed 1")
}

// TestTouched: an entry without values names whoever was the only one to write the object, and
// nobody where there were two.
func TestTouched(t *testing.T) {
	t.Parallel()
	change := changed("namedLocations", "n-1", set("/spec/displayName", "Office", "HQ"))
	silent := func(id, clock, who string) event {
		return logged(id, clock, "Update named location", ca, user(who), targets(of("Policy", "n-1")))
	}
	attributed(t, setOf(change), logOf(silent("1", "10:00:00", "ada")), Facts{}, "user ada@contoso.com touched 1")
	attributed(t, setOf(change), logOf(silent("1", "10:00:00", "ada"), silent("2", "11:00:00", "ada")), Facts{}, "user ada@contoso.com touched 2")
	attributed(t, setOf(change), logOf(silent("1", "10:00:00", "ada"), silent("2", "11:00:00", "eve")), Facts{},
		"unknown several-candidates ada@contoso.com eve@contoso.com")
	// What nobody knows may have written it, too.
	strange := logged("2", "11:00:00", "Do something new", ca, user("eve"), targets(of("Policy", "n-1")))
	attributed(t, setOf(change), logOf(silent("1", "10:00:00", "ada"), strange), Facts{}, "unknown several-candidates ada@contoso.com eve@contoso.com")
	attributed(t, setOf(change), logOf(strange), Facts{}, "unknown no-event")
	// Before the first point it was written, too, but that is not what changed.
	early := silent("1", "10:00:00", "ada").with("activityDateTime", fromTime.Add(-60e9))
	attributed(t, setOf(change), logOf(early), Facts{}, "unknown no-event")
	attributed(t, setOf(change), logOf(early, silent("2", "11:00:00", "eve")), Facts{}, "unknown several-candidates ada@contoso.com eve@contoso.com")
	// Where the log is not whole, or not old enough, somebody else may have.
	young := logOf(silent("1", "10:00:00", "ada"))
	young.Windows[0].Read = toTime.Add(60e9)
	attributed(t, setOf(change), young, Facts{}, "unknown no-event-yet ada@contoso.com")
	broken := logOf(silent("1", "10:00:00", "ada"))
	broken.Entries = append(broken.Entries, []byte(`{"id":"x"}`))
	attributed(t, setOf(change), broken, Facts{}, "unknown log-unread ada@contoso.com")
	// What failed was not done.
	attributed(t, setOf(change), logOf(silent("1", "10:00:00", "ada").with("result", "failure")), Facts{}, "unknown no-event")
}

func atHour(h float64) time.Time { return fromTime.Add(time.Duration(h * float64(time.Hour))) }

// TestWindows: why nobody is known is what the windows say.
func TestWindows(t *testing.T) {
	t.Parallel()
	whole := func(from, to, read float64) entra.AuditWindow {
		return entra.AuditWindow{From: atHour(from), To: atHour(to), Read: atHour(read), State: entra.Complete}
	}
	state := func(w entra.AuditWindow, s entra.CoverageState) entra.AuditWindow { w.State = s; return w }
	never := entra.AuditWindow{From: atHour(0), To: atHour(24), State: entra.Skipped}
	tests := map[string]struct {
		windows []entra.AuditWindow
		want    entra.Unknown
		still   []Stretch
	}{
		"none":               {nil, entra.NotKept, nil},
		"whole":              {[]entra.AuditWindow{whole(-1, 25, 26)}, entra.NoEvent, nil},
		"to the second":      {[]entra.AuditWindow{whole(0, 24, 26)}, entra.NoEvent, nil},
		"read at once":       {[]entra.AuditWindow{whole(0, 24, 24)}, entra.NoEventYet, nil},
		"read again":         {[]entra.AuditWindow{whole(0, 24, 24), whole(22, 48, 49)}, entra.NoEvent, nil},
		"read again in part": {[]entra.AuditWindow{whole(0, 24, 24), whole(23.5, 48, 49)}, entra.NoEventYet, nil},
		"two":                {[]entra.AuditWindow{whole(0, 12, 13), whole(12, 24, 26)}, entra.NoEvent, nil},
		"a gap":              {[]entra.AuditWindow{whole(0, 11, 13), whole(12, 24, 26)}, entra.NotKept, nil},
		"no permission":      {[]entra.AuditWindow{state(whole(0, 24, 26), entra.Forbidden)}, entra.NoPermission, nil},
		"no permission once": {[]entra.AuditWindow{state(whole(0, 24, 26), entra.Forbidden), whole(0, 24, 25)}, entra.NoEvent, nil},
		"no licence":         {[]entra.AuditWindow{state(whole(0, 24, 26), entra.Unlicensed)}, entra.NoLicence, nil},
		"too old":            {[]entra.AuditWindow{state(whole(0, 12, 26), entra.Absent), whole(12, 24, 26)}, entra.OlderThanLog, nil},
		"never tried":        {[]entra.AuditWindow{never}, entra.NotKept, nil},
		"not to its end":     {[]entra.AuditWindow{whole(0, 12, 26), state(whole(12, 24, 26), entra.Skipped)}, entra.LogUnread, nil},
		"lost":               {[]entra.AuditWindow{{From: atHour(0), To: atHour(24), State: entra.Skipped, Lost: true}}, entra.Lost, nil},
		"still":              {[]entra.AuditWindow{whole(0, 8, 10), whole(16, 24, 26)}, entra.NoEvent, []Stretch{{atHour(8), atHour(16)}}},
		"still in part":      {[]entra.AuditWindow{whole(0, 8, 10), whole(16, 24, 26)}, entra.NotKept, []Stretch{{atHour(9), atHour(16)}}},
		"still not for long": {[]entra.AuditWindow{whole(0, 8, 10), whole(16, 24, 26)}, entra.NotKept, []Stretch{{atHour(8), atHour(15)}}},
		"still at the end":   {[]entra.AuditWindow{whole(0, 8, 10)}, entra.NoEvent, []Stretch{{atHour(8), atHour(24)}}},
		"still, read early":  {[]entra.AuditWindow{whole(0, 24, 24)}, entra.NoEvent, []Stretch{{atHour(0), atHour(24)}}},
	}
	for name, test := range tests {
		set := setOf(changed("users", "u-bob", set("/spec/mobilePhone", "1", "2")))
		Attribute(set, Log{Windows: test.windows, Still: test.still}, Facts{})
		if got := set.Changes[0].By[0].Unknown; got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if len(set.Audit) != len(test.windows) {
			t.Errorf("%s: %d windows in the set", name, len(set.Audit))
		}
	}
}

// TestWithinOneSecond: of two snapshots in one second nobody knows what was between.
func TestWithinOneSecond(t *testing.T) {
	t.Parallel()
	set := setOf(changed("users", "u-bob", set("/spec/mobilePhone", "1", "2")))
	set.From.Time = set.To.Time
	Attribute(set, Log{Still: []Stretch{{fromTime, toTime.Add(time.Hour)}}}, Facts{})
	if got := set.Changes[0].By[0].Unknown; got != entra.NotKept {
		t.Errorf("%s, want %s", got, entra.NotKept)
	}
}

// TestSplit: an entry that was cut into pieces is read where all are there.
func TestSplit(t *testing.T) {
	t.Parallel()
	document := `{"targetUpdatedProperties":[{"Name":"AssignedLicense","OldValue":[],"NewValue":["[SkuName=EMS, SkuId=S-1, DisabledPlans=[]]"]}]}`
	cut := []string{document[:40], document[40:90], document[90:]}
	var pieces []event
	for i, part := range cut {
		id := string(rune('1' + i))
		pieces = append(pieces, logged(id, "10:00:0"+id, "Change user license", core, user("ada"), targets(of("User", "u-bob"))).
			with("correlationId", "corr").with("additionalDetails", details("id", "s-1", "seq", id, "c", "3", "b", part)))
	}
	change := changed("users", "u-bob", items("/spec/licenseAssignmentStates", []any{map[string]any{"skuId": "s-1"}}, nil))
	attributed(t, setOf(change), logOf(pieces[2], pieces[0], pieces[1]), Facts{}, "user ada@contoso.com confirmed 1,2,3")
	attributed(t, setOf(change), logOf(pieces[2], pieces[0]), Facts{}, "user ada@contoso.com touched 1,3")
	phone := changed("users", "u-bob", set("/spec/mobilePhone", "1", "2"))
	attributed(t, setOf(phone), logOf(pieces[2], pieces[0]), Facts{}, "unknown no-event")
}

// TestConsequence: what follows from a deletion was done by whoever deleted.
func TestConsequence(t *testing.T) {
	t.Parallel()
	user1 := entra.Change{Key: entra.Key{Kind: "users", ID: "u-bob"}, Type: entra.Removed}
	group := entra.Change{Key: entra.Key{Kind: "groups", ID: "g-1"}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Removed: []string{"u-bob"}}}}
	role := roleGiven("roleAssignments", "/", entra.Removed)
	role.Cause = &entra.Cause{Key: user1.Key, Why: "deleted-target"}
	deleted := logged("1", "10:00:00", "Delete user", core, user("ada"), targets(of("User", "u-bob")))
	const ada = "user ada@contoso.com confirmed 1"
	attributed(t, setOf(user1, group, role), logOf(deleted), Facts{}, ada, ada, ada)
	// He was taken out of the group before, by somebody else.
	out := logged("2", "09:00:00", "Remove member from group", core, user("eve"), targets(of("User", "u-bob", mod("Group.ObjectID", j("g-1"), nil)), of("Group", "g-1")))
	attributed(t, setOf(user1, group, role), logOf(deleted, out), Facts{}, ada, "user eve@contoso.com confirmed 2", ada)
	attributed(t, setOf(user1, group, role), logOf(), Facts{}, "unknown no-event", "unknown no-event", "unknown no-event")
}

// TestOthers: domains and partners are known by attributes, singletons are there once.
func TestOthers(t *testing.T) {
	t.Parallel()
	policy := changed("authorizationPolicy", "authorizationPolicy", set("/spec/allowUserConsentForRiskyApps", false, true),
		items("/spec/defaultUserRolePermissions/permissionGrantPoliciesAssigned", []any{"managePermissionGrantsForSelf.microsoft-user-default-legacy"}, nil))
	domain := changed("domains", "contoso.com", set("/status/authenticationType", "Managed", "Federated"))
	partner := changed("crossTenantAccessPolicyPartners", "t-2", set("/spec/b2bCollaborationInbound/usersAndGroups/accessType", "blocked", "allowed"))
	came := entra.Change{Key: entra.Key{Kind: "crossTenantAccessPolicyPartners", ID: "t-3"}, Type: entra.Added}
	access := func(n string) string { return `{"usersAndGroups":{"accessType":` + n + `,"targets":[]}}` }
	attributed(t, setOf(policy, domain, partner, came), logOf(
		logged("1", "10:00:00", "Update authorization policy", core, user("ada"), targets(of("Other", "some-id", mod("AllowUserConsentForRiskyApps", a(false), a(true)),
			mod("PermissionGrantPolicyIdsAssignedToDefaultUserRole", "[]", a("ManagePermissionGrantsForSelf.microsoft-user-default-legacy"))))),
		logged("2", "11:00:00", "Set domain authentication ", core, user("eve"), targets(map[string]any{"id": nil, "displayName": "contoso.com", "modifiedProperties": []any{mod("LiveType", a("Managed"), a("Federated"))}})),
		logged("3", "12:00:00", "Update a partner cross-tenant access setting", core, user("kim"), targets(of("Policy", "t-2", mod("b2bCollaborationInbound", access("2"), access("1"))))),
		logged("4", "13:00:00", "Add a partner to cross-tenant access setting", core, user("joe"), targets(of("Policy", "p-1", mod("tenantId", nil, j("t-3"))))),
	), Facts{}, "user ada@contoso.com confirmed 1", "user eve@contoso.com confirmed 2", "user kim@contoso.com confirmed 3", "user joe@contoso.com confirmed 4")
}

// TestTouchedParts: an update of an object says nothing of what has requests of its own, or whose
// writing is not logged: somebody else may have written that, of whom the log has nothing.
func TestTouchedParts(t *testing.T) {
	t.Parallel()
	stub := func(activity, id string, more ...map[string]any) event {
		return logged("1", "10:00:00", activity, core, user("ada"), targets(of("Other", id, more...)))
	}
	authority := changed("publicKeyInfrastructures", "x", set("/contained/certificateAuthorities/1/certificateRevocationListUrl", "a", "b"))
	attributed(t, setOf(authority), logOf(stub("Update PublicKeyInfrastructure", "x")), Facts{}, "unknown no-event")
	location := changed("users", "u-bob", set("/spec/employeeType", nil, "x"), set("/spec/usageLocation", "DE", "FR"))
	attributed(t, setOf(location), logOf(stub("Update user", "u-bob")), Facts{}, "user ada@contoso.com touched /spec/employeeType 1\nunknown no-event /spec/usageLocation")
	// What the log has no name for may have been written beside what it tells.
	telling := stub("Update user", "u-bob", mod("Mobile", a("1"), a("2")))
	attributed(t, setOf(location), logOf(telling), Facts{}, "user ada@contoso.com touched /spec/employeeType 1\nunknown no-event /spec/usageLocation")
	// A sign of life of a service writes nothing.
	beat := stub("Update user", "u-bob", mod("LastDirSyncTime", a("1"), a("2")))
	attributed(t, setOf(location), logOf(beat), Facts{}, "unknown no-event")
}

// TestUnread: a value of which the log leaves something out was written all the same, so that
// nobody else is the only one who wrote the object.
func TestUnread(t *testing.T) {
	t.Parallel()
	policy := changed("authorizationPolicy", "authorizationPolicy",
		set("/spec/defaultUserRolePermissions/permissionGrantPoliciesAssigned", []any{"ManagePermissionGrantsForSelf.low"}, []any{"xManagePermissionGrantsForSelf.low"}))
	ids := logged("1", "10:00:00", "Update authorization policy", core, user("ada"), targets(of("Other", "some-id",
		mod("PermissionGrantPolicyIdsAssignedToDefaultUserRole", `["low","team"]`, `["team","low"]`))))
	blank := logged("2", "11:00:00", "Update authorization policy", core, user("eve"), targets(of("Other", "some-id", mod("Included Updated Properties", nil, j("")))))
	attributed(t, setOf(policy), logOf(ids), Facts{}, "user ada@contoso.com touched 1")
	attributed(t, setOf(policy), logOf(ids, blank), Facts{}, "unknown several-candidates ada@contoso.com eve@contoso.com")
}
