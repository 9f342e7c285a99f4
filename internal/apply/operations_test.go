package apply

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Every way of writing that the table of kinds knows, as the requests that are sent.
func TestPlanByEachOperation(t *testing.T) {
	const grant = `"Spec":{"clientId":"p1","resourceId":"p2","consentType":"AllPrincipals","scope":"a"}`
	tests := []struct {
		name              string
		key, live, wanted string // live empty: gone
		plan              []string
	}{
		{"PUT sends what does not differ as well", "adminConsentRequestPolicy/x",
			`{"Spec":{"isEnabled":true,"notifyReviewers":true,"requestDurationInDays":5}}`, `{"Spec":{"isEnabled":false,"requestDurationInDays":5}}`,
			[]string{`PUT /policies/adminConsentRequestPolicy {"isEnabled":false,"notifyReviewers":null,"requestDurationInDays":5}`}},
		{"PUT sends what was given at creation", "accessPackageAssignmentPolicies/1",
			`{"Spec":{"displayName":"a","accessPackage":{"id":"p1"}}}`, `{"Spec":{"displayName":"b","accessPackage":{"id":"p1"}}}`,
			[]string{`PUT /identityGovernance/entitlementManagement/assignmentPolicies/1 {"accessPackage":{"id":"p1"},"displayName":"b"}`}},
		{"PUT names nothing that is gone, although it does not differ", "accessPackageAssignmentPolicies/1",
			`{"Spec":{"displayName":"a","accessPackage":{"id":"gone"}}}`, `{"Spec":{"displayName":"b","accessPackage":{"id":"gone"}}}`,
			[]string{`left alone accessPackageAssignmentPolicies/1: accessPackage.id names accessPackages with id gone, which does not exist`}},
		{"an action for a property, and an update for the others", "authenticationStrengthPolicies/1",
			`{"Spec":{"allowedCombinations":["a"],"displayName":"x"}}`, `{"Spec":{"allowedCombinations":["a","b"],"displayName":"y"}}`,
			[]string{
				`PATCH /policies/authenticationStrengthPolicies/1 {"displayName":"y"}`,
				`POST /policies/authenticationStrengthPolicies/1/updateAllowedCombinations {"allowedCombinations":["a","b"]}`,
			}},
		{"an action that says what to change", "users/1",
			`{"Spec":{"licenseAssignmentStates":[{"skuId":"a"},{"skuId":"b","disabledPlans":["x"]},{"skuId":"c"}]}}`,
			`{"Spec":{"licenseAssignmentStates":[{"skuId":"a"},{"skuId":"b"},{"skuId":"d"}]}}`,
			[]string{`POST /users/1/assignLicense {"addLicenses":[{"disabledPlans":[],"skuId":"b"},{"skuId":"d"}],"removeLicenses":["c"]}`}},
		{"an action that takes everything", "lifecycleWorkflows/1",
			`{"Spec":{"category":"joiner","displayName":"x","tasks":[{"a":"b"}]}}`, `{"Spec":{"category":"joiner","displayName":"y","tasks":[{"a":"c"}]}}`,
			[]string{`POST /identityGovernance/lifecycleWorkflows/workflows/1/createNewVersion {"workflow":{"category":"joiner","displayName":"y","tasks":[{"a":"c"}]}}`}},
		{"an object that cannot be null", "lifecycleWorkflows/1", `{"Spec":{"settings":{"a":{"b":"c"}}}}`, `{}`,
			[]string{`PATCH /identityGovernance/lifecycleWorkflows/workflows/1 {"settings":{"a":null}}`}},
		{"a request to change", "roleEligibilitySchedules/1",
			`{"Spec":{"principalId":"p1","roleDefinitionId":"p2","directoryScopeId":"/","scheduleInfo":{"expiration":{"type":"noExpiration"}}}}`,
			`{"Spec":{"principalId":"p1","roleDefinitionId":"p2","directoryScopeId":"/","scheduleInfo":{"expiration":{"type":"afterDuration","duration":"P1D"}}}}`,
			[]string{`POST /roleManagement/directory/roleEligibilityScheduleRequests {"action":"adminUpdate","directoryScopeId":"/","justification":"entragit: back to snapshot ",` +
				`"principalId":"p1","roleDefinitionId":"p2","scheduleInfo":{"expiration":{"duration":"P1D","type":"afterDuration"}}}`}},
		{"a request to create", "privilegedAccessGroupEligibilitySchedules/1", "",
			`{"Spec":{"principalId":"p1","groupId":"p2","accessId":"member","scheduleInfo":{"expiration":{"type":"noExpiration"}}}}`,
			[]string{`POST /identityGovernance/privilegedAccess/group/eligibilityScheduleRequests {"accessId":"member","action":"adminAssign","groupId":"p2",` +
				`"justification":"entragit: back to snapshot ","principalId":"p1","scheduleInfo":{"expiration":{"type":"noExpiration"}}}`}},
		{"a locked object is not created", "roleEligibilitySchedules/1", "", `{"Spec":{"principalId":"p1"},"Status":{"memberType":"Inherited"}}`,
			[]string{`left alone roleEligibilitySchedules/1: it was deleted for good, and it is not created here: it follows from the membership of a group`}},
		{"created by its natural key", "oauth2PermissionGrants/1", "", `{` + grant + `}`,
			[]string{`POST /oauth2PermissionGrants {"clientId":"p1","consentType":"AllPrincipals","resourceId":"p2","scope":"a"}`}},
		{"created under the id that was chosen, then the rest", "permissionGrantPolicies/mine", "",
			`{"Spec":{"displayName":"x"},"Contained":{"includes":[{"permissionType":"delegated"}]}}`,
			[]string{
				`POST /policies/permissionGrantPolicies {"description":"","displayName":"x","id":"mine"}`,
				`POST /policies/permissionGrantPolicies/mine/includes {"permissionType":"delegated"}`,
			}},
		{"Graph puts something before the id", "b2xUserFlows/B2X_1_flow", "", `{"Spec":{"userFlowType":"signUp"},"Links":{"userFlowIdentityProviders":["p1"]}}`,
			[]string{
				`POST /identity/b2xUserFlows {"id":"flow","userFlowType":"signUp"}`,
				`POST /identity/b2xUserFlows/B2X_1_flow/userFlowIdentityProviders/$ref {"@odata.id":"` + testBase + `/identity/identityProviders/p1"}`,
			}},
		{"another id than would be chosen", "roleDefinitions/1", "", `{"Spec":{"displayName":"x","templateId":"2"}}`,
			[]string{`left alone roleDefinitions/1: its templateId is not its id, so that it would get another id`}},
		{"a singleton that may not exist", "organizationalBranding/singleton", "", `{"Spec":{"signInPageText":"x"}}`,
			[]string{`PATCH /organization/t/branding {"signInPageText":"x"}`}},
		{"what cannot come back", "domains/example.org", "", `{}`,
			[]string{`left alone domains/example.org: it was deleted for good, and a domain must be verified by DNS again`}},
		{"what nobody can write", "subscribedSkus/1", `{"Status":{"skuId":"a"}}`, `{"Status":{"skuId":"b"}}`,
			[]string{`left alone subscribedSkus/1: licences are bought`}},
		{"what no application can write", "agreements/1", `{"Spec":{"displayName":"a"}}`, `{"Spec":{"displayName":"b"}}`,
			[]string{`left alone agreements/1: ` + kind.ByName("agreements").Unavailable}},
		{"what cannot be changed back", "customSecurityAttributeDefinitions/1", `{"Spec":{"usePreDefinedValuesOnly":false}}`, `{"Spec":{"usePreDefinedValuesOnly":true}}`,
			[]string{`left alone customSecurityAttributeDefinitions/1/spec/usePreDefinedValuesOnly: Graph does not let it be changed once it is false`}},
		{"a contained object that stays", "customSecurityAttributeDefinitions/1", `{"Contained":{"allowedValues":[{"id":"a","isActive":true}]}}`, `{}`,
			[]string{`left alone customSecurityAttributeDefinitions/1/contained/allowedValues/a: Graph does not let it be removed`}},
		{"a link that is written at its target, removed before one is added", "claimsMappingPolicies/1", `{"Links":{"appliesTo":["p1"]}}`, `{"Links":{"appliesTo":["p2"]}}`,
			[]string{
				`DELETE /servicePrincipals/p1/claimsMappingPolicies/1/$ref`,
				`POST /servicePrincipals/p2/claimsMappingPolicies/$ref {"@odata.id":"` + testBase + `/policies/claimsMappingPolicies/1"}`,
			}},
		{"a contained object by request", "accessPackageCatalogs/1",
			`{"Contained":{"resources":[{"originId":"p1","originSystem":"AadGroup"}]}}`, `{"Contained":{"resources":[{"originId":"p2","originSystem":"AadGroup"}]}}`,
			[]string{
				`POST /identityGovernance/entitlementManagement/resourceRequests {"catalog":{"id":"1"},"requestType":"adminAdd","resource":{"originId":"p2","originSystem":"AadGroup"}}`,
				`POST /identityGovernance/entitlementManagement/resourceRequests {"catalog":{"id":"1"},"requestType":"adminRemove","resource":{"id":"id-of-AadGroup+p1"}}`,
			}},
		{"a single contained object by PUT", "crossTenantAccessPolicyPartners/1", `{}`,
			`{"Contained":{"identitySynchronization":[{"tenantId":"1","displayName":"x"}]}}`,
			[]string{`PUT /policies/crossTenantAccessPolicy/partners/1/identitySynchronization {"displayName":"x"}`}},
		{"a single contained object changed by PUT, as a whole", "crossTenantAccessPolicyPartners/1",
			`{"Contained":{"identitySynchronization":[{"tenantId":"1","displayName":"x","userSyncInbound":{"isSyncAllowed":true}}]}}`,
			`{"Contained":{"identitySynchronization":[{"tenantId":"1","displayName":"y","userSyncInbound":{"isSyncAllowed":true}}]}}`,
			[]string{`PUT /policies/crossTenantAccessPolicy/partners/1/identitySynchronization {"displayName":"y","userSyncInbound":{"isSyncAllowed":true}}`}},
		{"a contained collection below a type", "samlOrWsFedExternalDomainFederations/1", `{"Contained":{"domains":[{"id":"a.example"}]}}`, `{}`,
			[]string{`DELETE /directory/federationConfigurations/microsoft.graph.samlOrWsFedExternalDomainFederation/1/domains/a.example`}},
		{"a contained object makes room for one with its unique values", "applications/1",
			`{"Contained":{"federatedIdentityCredentials":[{"name":"new","issuer":"i","subject":"s"}]}}`,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"old","issuer":"i","subject":"s"}]}}`,
			[]string{
				`DELETE /applications/1/federatedIdentityCredentials/id-of-new`,
				`POST /applications/1/federatedIdentityCredentials {"issuer":"i","name":"old","subject":"s"}`,
			}},
		{"a reference with something before it", "authorizationPolicy/x", `{}`,
			`{"Spec":{"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":["ManagePermissionGrantsForSelf.gone"]}}}`,
			[]string{`left alone authorizationPolicy/x/spec/defaultUserRolePermissions: defaultUserRolePermissions.permissionGrantPoliciesAssigned names permissionGrantPolicies with id gone, which does not exist`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on := newTenant()
			if tt.live != "" {
				on = newTenant(object(t, tt.key, tt.live))
			}
			in := input(on, object(t, tt.key, tt.wanted))
			if d := cmp.Diff(tt.plan, lines(t, in, mustPlan(t, in))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// An object that somebody created again is written under the id that it has now.
func TestPlanFollowsTheNaturalKey(t *testing.T) {
	on := newTenant(object(t, "oauth2PermissionGrants/new", `{"Spec":{"clientId":"p1","resourceId":"p2","consentType":"AllPrincipals","scope":"a"}}`))
	want := object(t, "oauth2PermissionGrants/old", `{"Spec":{"clientId":"p1","resourceId":"p2","consentType":"AllPrincipals","scope":"b"}}`)
	plan := mustPlan(t, input(on, want))
	if outcome := mustApply(t, on, plan); !outcome.Complete() {
		t.Errorf("%+v", outcome)
	}
	if d := cmp.Diff([]string{`PATCH /oauth2PermissionGrants/new {"scope":"b"}`}, on.log); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A creation of which the answer was lost is not made twice, in this run or the next.
func TestApplyCreatesOnce(t *testing.T) {
	want := object(t, "oauth2PermissionGrants/old", `{"Spec":{"clientId":"p1","resourceId":"p2","consentType":"AllPrincipals","scope":"b"}}`)
	on := newTenant()
	plan := mustPlan(t, input(on, want))
	on.lost = func(string, string) error { return entra.ErrUnavailable }
	for range 2 {
		if outcome := mustApply(t, on, plan); !outcome.Complete() {
			t.Errorf("%+v", outcome)
		}
	}
	if on.made != 1 {
		t.Errorf("created %d times: %q", on.made, on.log)
	}
}
