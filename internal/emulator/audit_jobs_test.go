package emulator

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// portal returns an administrator who is somebody.
func (c *client) portal(id, name string) Administrator {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", bearing(`{"oid":"`+id+`","upn":"`+name+`"}`))
	return c.server.Administrator().As(r)
}

// A consent that is given again is told as three things with one id, of which the consent itself hides
// what is new.
func TestConsentInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	api, _ := c.api()
	_, client, _ := c.principal("client", "")
	bob := c.user("bob")
	person := c.portal(bob, "bob@contoso.com")
	for _, scope := range []string{"User.Read", "Mail.Read"} {
		if err := person.Consent(client, api, scope, false); err != nil {
			t.Fatal(err)
		}
	}
	grants := c.values("/oauth2PermissionGrants")
	if len(grants) != 1 || grants[0]["scope"] != "User.Read Mail.Read" {
		t.Fatalf("%v", grants)
	}
	consents, added, removed := c.entries("Consent to application"), c.entries("Add delegated permission grant"), c.entry("Remove delegated permission grant")
	first, again := said(consents[1]), said(consents[0])
	text := `[[Id: ` + textOf(grants[0]["id"]) + `, ClientId: ` + client + `, PrincipalId: ` + bob + `, ResourceId: ` + api +
		`, ConsentType: Principal, Scope:  User.Read, CreatedDateTime: , LastModifiedDateTime ]]`
	if want := `ConsentAction.Permissions: ∅ → "[] => ` + text + `; "`; first[5] != want {
		t.Errorf("%s\nwant %s", first[5], want)
	}
	if want := `ConsentAction.Permissions: ∅ → "` + text + ` => ` + text + `; "`; again[0] != "ServicePrincipal "+client || again[5] != want {
		t.Errorf("%s\nwant %s", again[5], want)
	}
	change := `DelegatedPermissionGrant.Scope: " User.Read" → " User.Read Mail.Read"`
	if said(added[0])[1] != change || said(removed)[1] != change || said(removed)[4] != `ServicePrincipal.ObjectID: ∅ → "`+client+`"` {
		t.Errorf("%q, %q", said(added[0]), said(removed))
	}
	if added[0]["correlationId"] != consents[0]["correlationId"] || removed["correlationId"] != consents[0]["correlationId"] {
		t.Error("one consent, several ids")
	}
	user := at(consents[0], "initiatedBy.user").(object)
	if user["displayName"] != "Azure ESTS Service" || user["id"] != bob || user["ipAddress"] != tokenAddress || detailOf(consents[0], "User-Agent") != "EvoSTS" {
		t.Errorf("%v", user)
	}
	if line := said(c.entry("Add app role assignment grant to user"))[1]; line != `AppRole.Id: ∅ → "`+zeroID+`"` {
		t.Error(line)
	}
}

// What privileged identity management gave for a time ends without a person.
func TestExpiryInTheLog(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "contoso", Now: func() time.Time { return now }})
	c.server.RunJobs() // what is over in the seed
	bob := c.user("bob")
	request := c.ada().create(roleAssignment.requested, fmt.Sprintf(`{"action":"adminAssign","principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/",`+
		`"justification":"j","scheduleInfo":{"startDateTime":"2026-10-01T09:00:00Z","expiration":{"type":"afterDuration","duration":"PT4H"}}}`, bob, globalReader))
	now = now.Add(4*time.Hour - time.Second)
	c.server.RunJobs()
	about := "?$filter=" + url.PathEscape("activityDateTime ge 2026-10-01T12:00:00Z and targetResources/any(t: t/id eq '"+bob+"')")
	if got := c.values(auditPath + about); len(got) != 0 {
		t.Fatalf("before its end: %q", pick(got, "activityDisplayName"))
	}
	now = now.Add(10 * time.Minute)
	c.expect(204, "POST", strings.TrimSuffix(c.url, servicePrefix)+"/_emulator/jobs", "")
	log := c.values(auditPath + about)
	if got := pick(log, "activityDisplayName"); !slices.Equal(got, []string{"Remove member from role in PIM completed (timebound)", "Remove member from role"}) {
		t.Fatalf("%q", got)
	}
	if got := pick(log, "activityDateTime"); !slices.Equal(got, []string{"2026-10-01T13:00:06.9Z", "2026-10-01T13:00:00.9Z"}) {
		t.Errorf("%q", got)
	}
	if at(log[1], "initiatedBy.app.displayName") != "MS-PIM" || at(log[0], "initiatedBy.user.displayName") != "Azure AD PIM" ||
		at(log[0], "initiatedBy.user.userPrincipalName") != nil || at(log[0], "initiatedBy.user.ipAddress") != nil {
		t.Errorf("%v, %v", log[0]["initiatedBy"], log[1]["initiatedBy"])
	}
	if detailOf(log[0], "ActionType") != "Revoke" || detailOf(log[0], "RoleAssignmentRequestId") != request {
		t.Errorf("%v", log[0]["additionalDetails"])
	}
	if lines := said(log[1]); lines[3] != `Role.TemplateId: "`+globalReader+`" → ∅` {
		t.Errorf("%q", lines)
	}
	for _, e := range c.values(roleAssignmentsPath) {
		if e["principalId"] == bob {
			t.Errorf("still assigned: %v", e)
		}
	}
}

// Licences through a group are a job's doing, and long entries come in pieces.
func TestLicencesInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	bob := c.user("bob")
	c.expect(204, "PATCH", "/users/"+bob, `{"usageLocation":"DE"}`)
	c.expect(200, "POST", "/users/"+bob+"/assignLicense", `{"addLicenses":[{"skuId":"`+skuFlow+`","disabledPlans":[]}],"removeLicenses":[]}`)
	c.says(c.entry("Change user license"), "User "+bob, `AssignedLicense: [] → ["[SkuName=FLOW_FREE, SkuId=`+skuFlow+`, DisabledPlans=[]]"]`,
		`Included Updated Properties: ∅ → "AssignedLicense"`)
	group := c.group("Licensed")
	c.expect(200, "POST", "/groups/"+group+"/assignLicense", `{"addLicenses":[{"skuId":"`+skuE3+`","disabledPlans":[]}],"removeLicenses":[]}`)
	c.says(c.entry("Set group license"), "Group "+group)
	c.expect(204, "POST", "/groups/"+group+"/members/$ref", pointer(bob))
	inherited := c.entries("Change user license")[0]
	if by := at(inherited, "initiatedBy.app.displayName"); by != "Microsoft Azure AD Group-Based Licensing" || !strings.Contains(said(inherited)[1], skuE3) {
		t.Errorf("%v: %q", by, said(inherited))
	}

	plans, known := c.server.store.servicePlans(skuE5)
	if !known {
		t.Fatal("no plans")
	}
	list, err := json.Marshal(plans)
	if err != nil {
		t.Fatal(err)
	}
	before := len(c.entries("Change user license"))
	c.expect(200, "POST", "/users/"+bob+"/assignLicense", `{"addLicenses":[{"skuId":"`+skuE5+`","disabledPlans":`+string(list)+`}],"removeLicenses":[]}`)
	pieces := c.entries("Change user license")
	pieces = pieces[:len(pieces)-before]
	if len(pieces) < 2 {
		t.Fatalf("%d pieces of %d plans", len(pieces), len(plans))
	}
	slices.SortFunc(pieces, func(a, b object) int {
		x, _ := strconv.Atoi(detailOf(a, "seq"))
		y, _ := strconv.Atoi(detailOf(b, "seq"))
		return x - y
	})
	var whole string
	for _, p := range pieces {
		c.says(p, "User "+bob)
		if detailOf(p, "c") != strconv.Itoa(len(pieces)) || detailOf(p, "id") != detailOf(pieces[0], "id") || p["correlationId"] != pieces[0]["correlationId"] {
			t.Errorf("%v", p["additionalDetails"])
		}
		whole += detailOf(p, "b")
	}
	var told struct {
		TargetUpdatedProperties []struct {
			Name               string
			OldValue, NewValue []string
		}
	}
	if err := json.Unmarshal([]byte(whole), &told); err != nil {
		t.Fatalf("%v: %s", err, whole)
	}
	if line := told.TargetUpdatedProperties[0]; line.Name != "AssignedLicense" || len(line.NewValue) != 3 || len(line.OldValue) != 2 {
		t.Errorf("%+v", line)
	}
}

// Policies of booleans, and jobs that the log names nobody for.
func TestPolicyAndNobodyInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	c.expect(204, "PATCH", "/policies/authorizationPolicy", `{"allowUserConsentForRiskyApps":true}`)
	c.says(c.entry("Update authorization policy"), "Other authorizationPolicy", "AllowUserConsentForRiskyApps: [false] → [true]",
		`Included Updated Properties: ∅ → "AllowUserConsentForRiskyApps"`)
	bob := c.user("bob")
	if err := c.server.Administrator().AsNobody().Set("/users/"+bob, map[string]any{"userPrincipalName": "robert@" + mainDomain}); err != nil {
		t.Fatal(err)
	}
	renamed := c.entry("Update user")
	if by := renamed["initiatedBy"].(object); by["user"] != nil || by["app"] != nil {
		t.Errorf("%v", by)
	}
	if line := said(renamed)[1]; line != `UserPrincipalName: ["bob@`+c.domain()+`"] → ["robert@`+mainDomain+`"]` {
		t.Error(line)
	}
}

// Whom a rule makes a member, a job of Microsoft's adds.
func TestDynamicMembersInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	bob := c.user("bob")
	group := c.create("/groups", `{"displayName":"Oslo","mailEnabled":false,"mailNickname":"oslo","securityEnabled":true,"groupTypes":["DynamicMembership"],`+
		`"membershipRule":"(user.city -eq \"Oslo\") and user.accountEnabled -eq true","membershipRuleProcessingState":"On"}`)
	c.create("/groups", `{"displayName":"Hard","mailEnabled":false,"mailNickname":"hard","securityEnabled":true,"groupTypes":["DynamicMembership"],`+
		`"membershipRule":"user.city -startsWith \"O\"","membershipRuleProcessingState":"On"}`)
	for _, step := range []struct{ city, activity string }{{"oslo", "Add member to group"}, {"Bergen", "Remove member from group"}} {
		c.expect(204, "PATCH", "/users/"+bob, `{"city":"`+step.city+`"}`)
		c.server.RunJobs()
		c.server.RunJobs() // nothing more to do
		e := c.entry(step.activity)
		if by := at(e, "initiatedBy.app.displayName"); by != "Microsoft Approval Management" || said(e)[0] != "User "+bob || said(e)[4] != "Group "+group {
			t.Errorf("%v: %q", by, said(e))
		}
	}
}

// What a portal changes of a schedule is told as privileged identity management tells it.
func TestSchedulesInAPortalInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	bob, group := c.user("bob"), c.create("/groups", `{"displayName":"T0","mailEnabled":false,"mailNickname":"t0","securityEnabled":true,"isAssignableToRole":true}`)
	c.create(groupAssignment.requested, fmt.Sprintf(`{"action":"adminAssign","principalId":%q,"groupId":%q,"accessId":"member","justification":"j",`+
		`"scheduleInfo":{"startDateTime":"2026-10-01T09:00:00Z","expiration":{"type":"afterDuration","duration":"PT4H"}}}`, bob, group))
	joined := c.entry("Add member to group")
	if at(joined, "initiatedBy.app.displayName") != "MS-PIM" || said(joined)[1] != `Group.ObjectID: ∅ → "`+group+`"` {
		t.Errorf("%v", joined)
	}
	if done := c.entry("Add member to role in PIM completed (timebound)"); done["category"] != "GroupManagement" || said(done)[0] != "Role ∅" {
		t.Errorf("%v", done)
	}
	schedules := c.values(groupAssignment.path + "?$filter=groupId eq '" + group + "'")
	if err := c.portal(bob, "bob@contoso.com").Remove(groupAssignment.path + "/" + textOf(schedules[0]["id"])); err != nil {
		t.Fatal(err)
	}
	c.entry("Remove member from role in PIM completed (timebound)")
	c.entry("Remove member from group")
}

// A role that somebody gave himself is complained of again and again, in the words of an assignment.
func TestAlertsInTheLog(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "contoso", Now: func() time.Time { return now }})
	bob := c.user("bob")
	assignment := c.ada().create(roleAssignmentsPath, fmt.Sprintf(`{"principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/"}`, bob, globalReader))
	for range 2 {
		now = now.Add(2 * time.Hour)
		c.server.RunJobs()
	}
	alerts := c.entries("Add member to role outside of PIM (permanent)")
	if len(alerts) != 2 || detailOf(alerts[0], "AuditType") != "RoleElevatedOutsidePimAlert" || at(alerts[0], "initiatedBy.user.id") != "u-ada" ||
		alerts[0]["activityDateTime"] != "2026-10-01T13:00:00Z" || detailOf(alerts[0], "StartTime") != "2026-10-01T13:00:00Z" ||
		detailOf(alerts[0], "RoleAssignmentRequestId") == detailOf(alerts[1], "RoleAssignmentRequestId") {
		t.Fatalf("%v", alerts)
	}
	c.entry("Add member to role") // it was given once
	c.expect(204, "DELETE", roleAssignmentsPath+"/"+assignment, "")
	c.server.RunJobs()
	if got := len(c.entries("Add member to role outside of PIM (permanent)")); got != 2 {
		t.Errorf("%d alerts about a role that is taken back", got)
	}
}
