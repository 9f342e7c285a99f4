package report

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

var update = flag.Bool("update", false, "write testdata anew")

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s:\n%s", path, diff)
	}
}

const (
	adaID     = "0b1c2d3e-0000-4000-8000-00000000000a"
	glassID   = "9e0c1111-0000-4000-8000-00000000000b"
	policyID  = "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	tierID    = "77777777-0000-4000-8000-00000000000c"
	payrollID = "55555555-0000-4000-8000-00000000000d"
	mallory   = "66666666-0000-4000-8000-00000000000e"
)

var (
	snapshot = entra.Point{Commit: strings.Repeat("3f2b1c9e", 5), Seq: 12, Time: time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC)}
	now      = entra.Point{Time: time.Date(2026, 10, 2, 9, 12, 30, 0, time.UTC)}
)

// incident is a change set with one of everything.
func incident() *entra.ChangeSet {
	gone := entra.Cause{Key: entra.Key{Kind: "users", ID: adaID}, Name: "Ada Lovelace", Why: "deleted-target"}
	return &entra.ChangeSet{
		From: snapshot, To: now,
		Names: map[string]string{
			adaID: "users: Ada Lovelace", glassID: "groups: Break-glass", mallory: "users: Mallory Moe",
		},
		Unread: []entra.Unread{
			{Kind: "namedLocations", State: entra.Forbidden, Cause: "permission denied: GET /identity/conditionalAccess/namedLocations: 403 AccessDenied"},
			{Kind: "groups", Link: "owners", State: entra.Partial, Cause: "3 objects could not be read"},
			{Kind: "groups", ID: glassID, Name: "Break-glass", Link: "members", State: entra.Partial, Cause: "permission denied: 403 Authorization_RequestDenied"},
			{Kind: "groups", ID: tierID, Name: "Tier 0 Admins", Link: "members", State: entra.Partial, Cause: "permission denied: 403 Authorization_RequestDenied"},
			{Kind: "users", ID: mallory, State: entra.Partial, Cause: "nothing but its id is shown: permission denied"},
		},
		Shrunk: []entra.Shrinkage{
			{Kind: "users", Lost: 1200, Before: 1201, Names: []string{"Ada\u202eLovelace", "Grace Hopper"}},
			{Kind: "groups", Link: "members", Lost: 40, Before: 50, Names: []string{"Tier 0 Admins"}},
		},
		Changes: []entra.Change{
			{
				Key: entra.Key{Kind: "conditionalAccessPolicies", ID: policyID}, Name: "CA001 - Require MFA for admins", Type: entra.Changed,
				Properties: []entra.PropertyChange{
					{Pointer: "/spec/conditions/users/excludeGroups", Before: []any{glassID}, After: []any{tierID}, AddedItems: []any{tierID}, RemovedItems: []any{glassID}},
					{Pointer: "/spec/state", Before: "enabled", After: "disabled"},
					{Pointer: "/status/modifiedDateTime", After: "2026-10-02T09:00:00Z", Observed: true},
				},
			},
			{
				Key: entra.Key{Kind: "applications", ID: payrollID}, Name: "Payroll", OldName: "Payroll (old)", Type: entra.Changed,
				Properties: []entra.PropertyChange{
					{
						Pointer: "/contained/federatedIdentityCredentials/github",
						After:   map[string]any{"name": "github", "subject": "repo:contoso/payroll:ref:refs/heads/main", "audiences": []any{"api://AzureADTokenExchange"}},
					},
					{Pointer: "/contained/federatedIdentityCredentials/a.b~1c/subject", Before: "x", After: "y"},
					{Pointer: "/spec/appRoles/" + tierID + "/isEnabled", Before: true, After: false},
					{Pointer: "/spec/notes", Before: "Owner: Finance\nPager: 4711\nOn call: Ada", After: "Owner: Finance\nPager: 4712\nOn call: Ada\n"},
					{Pointer: "/spec/tokenLifetime", Before: json.Number("60"), After: json.Number("100000000000000000000")},
					{
						Pointer:    "/spec/web/redirectUris",
						AddedItems: []any{"https://evil.example/callback"}, RemovedItems: []any{"https://payroll.contoso.com/callback"},
					},
					{Pointer: "/spec/web/redirectUriSettings", AddedItems: []any{map[string]any{"index": json.Number("1"), "uri": "https://evil.example/callback"}}},
				},
			},
			{
				Key: entra.Key{Kind: "groups", ID: tierID}, Name: "Tier 0 Admins", Type: entra.Changed,
				Links:  []entra.LinkChange{{Link: "members", Added: []string{mallory}, Removed: []string{adaID}}},
				Causes: []entra.Cause{{Key: gone.Key, Name: gone.Name, Why: gone.Why, Parts: []string{"/links/members/" + adaID}}},
			},
			{
				Key: entra.Key{Kind: "groups", ID: glassID}, Name: "Break-glass", Type: entra.Changed,
				Links: []entra.LinkChange{{Link: "members", Removed: []string{adaID}}, {Link: "owners", Removed: []string{adaID}}},
				Cause: &gone, Causes: []entra.Cause{gone},
			},
			{
				Key: entra.Key{Kind: "users", ID: adaID}, Name: "Ada Lovelace", Type: entra.Removed,
				Properties: []entra.PropertyChange{{Pointer: "/spec/department", Before: "Research"}},
			},
		},
	}
}

// comeback is a plan with a step of each action.
func comeback() *entra.Plan {
	ca := entra.Key{Kind: "conditionalAccessPolicies", ID: policyID}
	app := entra.Key{Kind: "applications", ID: payrollID}
	user := entra.Key{Kind: "users", ID: adaID}
	group := entra.Key{Kind: "groups", ID: tierID}
	set := incident()
	return &entra.Plan{
		FormatVersion: 1, Tenant: "t", From: snapshot, Names: set.Names, Matched: 12,
		Added: []entra.Listed{
			{Identity: entra.Identity{
				Key:        entra.Key{Kind: "roleAssignments", ID: "lAPpYvVpN0KRkAEhdxReEJC2sEqbR_9Hr48lds9SGHI-1"},
				NaturalKey: map[string]any{"principalId": mallory, "roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10", "directoryScopeId": "/"},
			}, Name: mallory, Danger: 1},
			{Identity: entra.Identity{Key: entra.Key{Kind: "users", ID: "77aa"}}, Name: "Eve", Danger: 15},
		},
		AddedParts: []entra.AddedPart{
			{Key: group, Name: "Tier 0 Admins", Pointer: "/links/members/" + mallory, Danger: 2},
			{Key: app, Name: "Payroll", Pointer: "/contained/federatedIdentityCredentials/github", Danger: 4, Value: map[string]any{"name": "github", "issuer": "https://token.actions.githubusercontent.com", "subject": "repo:mallory/x", "audiences": []any{"api://AzureADTokenExchange"}}},
		},
		Steps: []entra.Step{
			{ID: "1", Key: user, Name: "Ada Lovelace", Action: entra.ActionRestore},
			{ID: "2", Key: user, Name: "Ada Lovelace", Action: entra.ActionUpdate, Properties: []entra.PropertyChange{{Pointer: "/spec/department", After: "Research"}}},
			{ID: "3", Key: user, Name: "Ada Lovelace", Action: entra.ActionAddLink, Target: "manager", Links: []entra.LinkChange{{Link: "manager", Added: []string{mallory}}}},
			{ID: "4", Key: ca, Name: "CA001 - Require MFA for admins", Action: entra.ActionUpdate, Properties: []entra.PropertyChange{{Pointer: "/spec/state", Before: "disabled", After: "enabled"}}},
			{ID: "5", Key: app, Name: "Payroll", Action: entra.ActionUpdate, Properties: []entra.PropertyChange{
				{Pointer: "/spec/displayName", Before: "Payroll", After: "Payroll (old)"},
				{Pointer: "/spec/web/redirectUris", AddedItems: []any{"https://payroll.contoso.com/callback"}, RemovedItems: []any{"https://evil.example/callback"}},
			}},
			{ID: "6", Key: app, Name: "Payroll", Action: entra.ActionDeleteContained, Target: "federatedIdentityCredentials", Properties: []entra.PropertyChange{
				{Pointer: "/contained/federatedIdentityCredentials/github", Before: map[string]any{"name": "github", "subject": "repo:x"}},
			}},
			{ID: "7", Key: app, Name: "Payroll", Action: entra.ActionUpdateContained, Target: "federatedIdentityCredentials", Properties: []entra.PropertyChange{
				{Pointer: "/contained/federatedIdentityCredentials/deploy/subject", Before: "y", After: "x"},
			}},
			{ID: "8", Key: group, Name: "Tier 0 Admins", Action: entra.ActionAddLink, Target: "members", Links: []entra.LinkChange{{Link: "members", Added: []string{adaID}}}, Needs: []string{"1"}},
			{ID: "9", Key: group, Name: "Tier 0 Admins", Action: entra.ActionRemoveLink, Target: "members", Links: []entra.LinkChange{{Link: "members", Removed: []string{mallory, payrollID}}}},
			{ID: "10", Key: user, Name: "Ada Lovelace", Action: entra.ActionUpdate, Properties: []entra.PropertyChange{{Pointer: "/spec/jobTitle", Before: "Countess"}}},
			{ID: "11", Key: entra.Key{Kind: "roleAssignments", ID: "new"}, Name: mallory, Action: entra.ActionDelete, Properties: []entra.PropertyChange{
				{Pointer: "/spec/principalId", Before: mallory}, {Pointer: "/spec/directoryScopeId", Before: "/"},
			}},
			{ID: "12", Key: entra.Key{Kind: "applications", ID: "new"}, Name: "Mail Sync", Action: entra.ActionDelete},
			{ID: "13", Key: entra.Key{Kind: "domains", ID: "evil.example"}, Name: "evil.example", Action: entra.ActionDelete},
		},
		Refusals: []entra.Refusal{
			{Key: entra.Key{Kind: "users", ID: mallory}, Name: "Mallory Moe", Reason: "synchronized from on-premises Active Directory", Hint: "change it in Active Directory"},
			{Key: group, Name: "Tier 0 Admins", Pointer: "/links/members", Reason: "members of a dynamic group are computed by Microsoft Entra"},
			{Key: group, Name: "Tier 0 Admins", Pointer: "/links/owners", Reason: "members of a dynamic group are computed by Microsoft Entra"},
		},
	}
}

// done is the outcome of that plan, where something failed.
func done() *entra.Outcome {
	p := comeback()
	o := &entra.Outcome{Plan: *p, Remaining: incident().Changes[2:3]}
	for _, s := range p.Steps {
		o.Steps = append(o.Steps, entra.StepOutcome{Step: s.ID, Result: entra.Done})
	}
	o.Steps[0] = entra.StepOutcome{Step: "1", Result: entra.Failed, Error: "restore users/" + adaID + ": conflict: a user with this name exists"}
	o.Steps[7] = entra.StepOutcome{Step: "8", Result: entra.SkipDep, Error: "needs step 1, which failed"}
	return o
}
