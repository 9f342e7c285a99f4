package emulator

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// bearing makes a bearer token that names a caller. Nobody verifies it here.
func bearing(claims string) string {
	return "Bearer e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".sig"
}

// ada is a client of a signed-in user at a network address.
func (c *client) ada() *client {
	return c.with("Authorization", bearing(`{"oid":"u-ada","upn":"ada@contoso.com","app_displayname":"ADIbizaUX"}`)).
		with("X-Forwarded-For", "203.0.113.7, 10.0.0.1").with("User-Agent", "curl/8")
}

// entries returns what the log has of one activity, newest first.
func (c *client) entries(activity string) []object {
	c.t.Helper()
	return c.values(auditPath + "?$filter=activityDisplayName eq '" + strings.ReplaceAll(activity, "–", "%E2%80%93") + "'")
}

// entry returns the one entry of an activity.
func (c *client) entry(activity string) object {
	c.t.Helper()
	found := c.entries(activity)
	if len(found) != 1 {
		c.t.Fatalf("%d entries %q among %q", len(found), activity, pick(c.values(auditPath), "activityDisplayName"))
	}
	return found[0]
}

// said is an entry in short: what it is about, and what it tells of each, as "name: old → new".
func said(e object) []string {
	show := func(v any) string {
		if v == nil {
			return "∅"
		}
		return textOf(v)
	}
	var lines []string
	for _, t := range asList(e["targetResources"]) {
		lines = append(lines, show(field(t, "type"))+" "+show(field(t, "id")))
		for _, m := range asList(field(t, "modifiedProperties")) {
			lines = append(lines, textOf(field(m, "displayName"))+": "+show(field(m, "oldValue"))+" → "+show(field(m, "newValue")))
		}
	}
	return lines
}

func (c *client) says(e object, want ...string) {
	c.t.Helper()
	if got := said(e); !slices.Equal(got, want) {
		c.t.Errorf("%s says\n  %s\nwant\n  %s", e["activityDisplayName"], strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// detailOf returns the value of an additional detail.
func detailOf(e object, key string) string {
	return textOf(field(find(asList(e["additionalDetails"]), "key", key), "value"))
}

func TestWhoAndWhere(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", Now: func() time.Time { return now }})
	group := c.group("g")
	now = now.Add(time.Hour + 1_230_000*time.Nanosecond)
	c.ada().expect(http.StatusNoContent, "PATCH", "/groups/"+group, `{"description":"new"}`)
	app := c.with("Authorization", bearing(`{"oid":"o","appid":"a","app_displayname":"x"}`))
	app.expect(http.StatusNoContent, "PATCH", "/groups/"+group, `{"description":"newer"}`)
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group, "")
	c.expect(http.StatusOK, "POST", "/directory/deletedItems/"+group+"/restore", "")
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group, "")
	c.expect(http.StatusNoContent, "DELETE", "/directory/deletedItems/"+group, "")

	log := c.values(auditPath + "?$filter=activityDateTime ge 2026-10-01T09:30:00Z and targetResources/any(t: t/id eq '" + group + "')")
	want := []string{"Hard Delete group", "Delete group", "Restore group", "Delete group", "Update group", "Update group"}
	if got := pick(log, "activityDisplayName"); !slices.Equal(got, want) {
		t.Fatalf("activities: %q", got)
	}
	byAda := log[5]
	user := at(byAda, "initiatedBy.user").(object)
	if user["userPrincipalName"] != "ada@contoso.com" || user["id"] != "u-ada" || user["displayName"] != nil || user["ipAddress"] != "203.0.113.7" || at(byAda, "initiatedBy.app") != nil {
		t.Errorf("initiated by %v", byAda["initiatedBy"])
	}
	if byAda["activityDateTime"] != "2026-10-01T10:00:00.00123Z" || detailOf(byAda, "User-Agent") != "curl/8" || byAda["category"] != "GroupManagement" ||
		byAda["loggedByService"] != "Core Directory" || byAda["operationType"] != "Update" || byAda["result"] != "success" {
		t.Errorf("%v", byAda)
	}
	if id := textOf(byAda["id"]); !strings.HasPrefix(id, "Directory_"+textOf(byAda["correlationId"])+"_") {
		t.Errorf("id %s", id)
	}
	by := at(log[4], "initiatedBy.app").(object)
	if by["displayName"] != "x" || by["servicePrincipalId"] != "o" || by["appId"] != nil || at(log[4], "initiatedBy.user") != nil {
		t.Errorf("initiated by %v", log[4]["initiatedBy"])
	}
	c.refuses(405, "Request_BadRequest", "not allowed", "POST", auditPath, `{}`)
}

func TestRefusedWritesAreNotAudited(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	c.refuses(400, "BadRequest", "shoeSize", "POST", "/groups", `{"shoeSize":4}`)
	if log := c.values(auditPath); len(log) != 0 {
		t.Errorf("%v", log)
	}
}

// A tenant without an audit log takes the same writes.
func TestNoAudit(t *testing.T) {
	c := serve(t, Options{Seed: "empty", NoAudit: true})
	ada := c.user("ada")
	c.expect(204, "PATCH", "/users/"+ada, `{"jobTitle":"Analyst"}`)
	c.expect(204, "DELETE", "/users/"+ada, "")
	if log := c.values(auditPath); len(log) != 0 {
		t.Errorf("the log has %d entries", len(log))
	}
}

// The member comes first, and what says which group is on the side on which the membership is.
func TestMembersInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	bob, group := c.user("bob"), c.group("Payroll")
	c.ada().expect(204, "POST", "/groups/"+group+"/members/$ref", pointer(bob))
	c.ada().expect(204, "DELETE", "/groups/"+group+"/members/"+bob+"/$ref", "")
	added := c.entry("Add member to group")
	c.says(added, "User "+bob, `Group.ObjectID: ∅ → "`+group+`"`, `Group.DisplayName: ∅ → "Payroll"`, "Group.WellKnownObjectName: ∅ → ∅", "Group "+group)
	if added["operationType"] != "Assign" || field(asList(added["targetResources"])[0], "userPrincipalName") != "bob@"+c.domain() ||
		field(asList(added["targetResources"])[1], "groupType") != "azureAD" {
		t.Errorf("%v", added)
	}
	c.says(c.entry("Remove member from group"), "User "+bob, `Group.ObjectID: "`+group+`" → ∅`, `Group.DisplayName: "Payroll" → ∅`,
		"Group.WellKnownObjectName: ∅ → ∅", "Group "+group)
	c.expect(204, "POST", "/groups/"+group+"/owners/$ref", pointer(bob))
	c.says(c.entry("Add owner to group"), "User "+bob, `Group.ObjectID: ∅ → "`+group+`"`, `Group.DisplayName: ∅ → "Payroll"`, "Group.WellKnownObjectName: ∅ → ∅", "Group "+group)
}

func TestUsersInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	bob := c.user("bob")
	created := c.entry("Add user")
	c.says(created, "User "+bob, "AccountEnabled: [] → [true]", `DisplayName: [] → ["bob"]`, `UserPrincipalName: [] → ["bob@`+c.domain()+`"]`,
		`UserType: [] → ["Member"]`, `StsRefreshTokensValidFrom: [] → ["2026-10-01T09:00:00Z"]`, `MailNickname: [] → ["bob"]`,
		`Included Updated Properties: ∅ → "AccountEnabled, DisplayName, UserPrincipalName, UserType, StsRefreshTokensValidFrom, AlternativeSecurityId, MailNickname"`,
		`TargetId.UserType: ∅ → "Member"`)
	if password := c.entry("Update PasswordProfile"); password["correlationId"] != created["correlationId"] {
		t.Error("the password's entry is of another call")
	}
	c.expect(204, "PATCH", "/users/"+bob, `{"mobilePhone":"+1 555 0100"}`)
	c.expect(204, "PATCH", "/users/"+bob, `{"mobilePhone":null,"employeeType":"Contractor"}`)
	c.expect(204, "PATCH", "/users/"+bob, `{"employeeType":"Employee"}`)
	c.expect(204, "PATCH", "/users/"+bob, `{"usageLocation":"DE"}`) // not told
	updates := c.entries("Update user")
	if len(updates) != 3 {
		t.Fatalf("%d updates", len(updates))
	}
	kind := `TargetId.UserType: ∅ → "Member"`
	c.says(updates[2], "User "+bob, `Mobile: [] → ["+1 555 0100"]`, `Included Updated Properties: ∅ → "Mobile"`, kind)
	c.says(updates[1], "User "+bob, `Mobile: ["+1 555 0100"] → []`, `Included Updated Properties: ∅ → "Mobile"`, kind)
	c.says(updates[0], "User "+bob, `Included Updated Properties: ∅ → ""`, kind)
	if detailOf(updates[0], "UserType") != "Member" {
		t.Errorf("%v", updates[0]["additionalDetails"])
	}
	c.expect(204, "PATCH", "/users/"+bob, `{"accountEnabled":false}`)
	disabled, twin := c.entry("Disable account"), c.entries("Update user")[0]
	c.says(disabled, "User "+bob, "AccountEnabled: [true] → [false]", `Included Updated Properties: ∅ → "AccountEnabled"`)
	if twin["correlationId"] != disabled["correlationId"] {
		t.Error("twins of different calls")
	}
	c.expect(204, "DELETE", "/users/"+bob, "")
	gone := c.entry("Delete user")
	c.says(gone, "User "+bob, `Is Hard Deleted: ∅ → "False"`)
	if name := field(asList(gone["targetResources"])[0], "userPrincipalName"); name != prefixOf(bob)+"bob@"+c.domain() {
		t.Errorf("deleted: %v", name)
	}
	c.expect(204, "DELETE", "/directory/deletedItems/"+bob, "")
	c.says(c.entry("Hard Delete user"), "User "+bob, `Is Hard Deleted: ∅ → "True"`)
	if got := len(c.values(auditPath + "?$filter=targetResources/any(t: t/id eq '" + bob + "')")); got != 9 {
		t.Errorf("%d entries about somebody who is gone", got)
	}
}

func TestGroupsInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	admins := c.create("/groups", `{"displayName":"Tier 0","mailEnabled":false,"mailNickname":"t0","securityEnabled":true,"isAssignableToRole":true}`)
	created := said(c.entry("Add group"))
	if created[1] != `DisplayName: [] → ["Tier 0"]` || created[2] != "IsAssignableToRole: [] → [true]" {
		t.Errorf("%q", created)
	}
	all := c.create("/groups", `{"displayName":"All","mailEnabled":false,"mailNickname":"all","securityEnabled":true,"groupTypes":["DynamicMembership"],`+
		`"membershipRule":"user.city -eq \"Oslo\"","membershipRuleProcessingState":"On"}`)
	c.expect(204, "PATCH", "/groups/"+all, `{"membershipRule":"user.city -eq \"Bergen\""}`)
	rule := c.entry("Update group")
	c.says(rule, "Group "+all, `MembershipRule: ["user.city -eq \"Oslo\""] → ["user.city -eq \"Bergen\""]`,
		`Included Updated Properties: ∅ → "MembershipRule"`, `TargetId.GroupType: ∅ → "DynamicMembership"`)
	if detailOf(rule, "GroupType") != "DynamicMembership" {
		t.Errorf("%v", rule["additionalDetails"])
	}
	c.expect(204, "DELETE", "/groups/"+admins, "")
	c.says(c.entry("Delete group"), "Group "+admins)
}

// A policy of Conditional Access is told twice: by the service, whole, and by the directory a little
// earlier and under another id.
func TestPoliciesInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	policy := c.ada().create(policiesPath, `{"displayName":"P","state":"enabled","conditions":{"users":{"includeUsers":["All"],`+
		`"excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest,serviceProvider","externalTenants":{"@odata.type":"#microsoft.graph.conditionalAccessAllExternalTenants","membershipKind":"all"}}},`+
		`"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`)
	c.ada().expect(204, "PATCH", policiesPath+"/"+policy, `{"state":"disabled"}`)
	changed := c.entry("Update conditional access policy")
	if changed["loggedByService"] != "Conditional Access" || !strings.HasPrefix(textOf(changed["id"]), "IPCGraph_") || detailOf(changed, "Category") != "Conditional Access" ||
		at(changed, "initiatedBy.user.userPrincipalName") != "ada@contoso.com" || at(changed, "initiatedBy.app.displayName") != "ADIbizaUX" {
		t.Errorf("%v", changed)
	}
	line := asList(field(asList(changed["targetResources"])[0], "modifiedProperties"))[0].(object)
	old, now := textOf(line["oldValue"]), textOf(line["newValue"])
	for _, part := range []string{`{"conditions":`, `"state":"enabled"`, `"guestOrExternalUserTypes":33`, `"createdDateTime":"2026-10-01T09:00:00+00:00"`, `"builtInControls":["MFA"]`} {
		if !strings.Contains(old, part) {
			t.Errorf("no %s in %s", part, old)
		}
	}
	if line["displayName"] != "ConditionalAccessPolicy" || !strings.Contains(now, `"state":"disabled"`) || strings.Contains(now, "sessionControls") || strings.Contains(now, "null") {
		t.Errorf("%v", line)
	}
	companion := c.entry("Update policy")
	const legacy = `["{\"Conditions\":{\"Applications\":{\"Include\":[{\"Applications\":[\"All\"]}]},\"Users\":{\"Include\":[{\"Users\":[\"All\"]}]}},` +
		`\"Controls\":[{\"Control\":[\"Mfa\"]}],\"CreatedDateTime\":\"2026-10-01T09:00:00Z\",\"ModifiedDateTime\":\"2026-10-01T09:00:00Z\",\"State\":\"Enabled\",\"Version\":1}"]`
	c.says(companion, "Policy "+policy, "PolicyDetail: "+legacy+" → "+strings.Replace(legacy, "Enabled", "Disabled", 1), `Included Updated Properties: ∅ → "PolicyDetail"`)
	if detailOf(companion, "User-Agent") != "Microsoft Azure Graph Client Library 1.0" || changed["resultReason"] != nil {
		t.Errorf("%v, %v", companion["additionalDetails"], changed["resultReason"])
	}
	if companion["activityDateTime"] != "2026-10-01T08:59:59.6Z" || companion["correlationId"] == changed["correlationId"] || at(companion, "initiatedBy.app") != nil {
		t.Errorf("%v", companion)
	}
	c.expect(204, "DELETE", policiesPath+"/"+policy, "")
	gone := c.entry("Delete conditional access policy")
	line = asList(field(asList(gone["targetResources"])[0], "modifiedProperties"))[0].(object)
	if line["oldValue"] == nil || line["newValue"] != nil {
		t.Errorf("%v", line)
	}
	c.says(c.entry("Delete policy"), "Policy "+policy)
}
