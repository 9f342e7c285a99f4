package csdl_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/kind/csdl"
)

// Microsoft's metadata is the judge, of good requests and of requests with one mistake each.
func TestJudge(t *testing.T) {
	m, err := csdl.Read("../../emulator/metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	const policies = "/identity/conditionalAccess/policies"
	for _, tt := range []struct{ request, body, complaint string }{
		{"GET /users?$select=id,displayName,onPremisesExtensionAttributes/extensionAttribute1", "", ""},
		{"GET /users?$select=extension_0123_badge", "", ""},
		{"GET /groups/1/members?$select=id,accountEnabled", "", ""},
		{"GET /users?$select=id,nickname", "", "user has no nickname"},
		{"GET /domains?$select=extension_0123_badge", "", "domain has no"},
		{"GET /user", "", "no user"},
		{"GET /users?$expand=manager($select=id)", "", ""},
		{"GET /users?$expand=displayName", "", "no relationship"},
		{"GET /users?$expand=manager($select=nothing)", "", "has no nothing"},
		{"GET /users?$filter=startswith(displayName,'it''s and x') and assignedLicenses/any(l:l/skuId eq 5e3a) and not(accountEnabled eq true)", "", ""},
		{"GET /users?$filter=groupTypes eq 'Unified'", "", "user has no groupTypes"},
		{"GET /users?$filter=assignedLicenses/any(l:l/sku eq 'x')", "", "assignedLicense has no sku"},
		{"GET /groups?$filter=groupTypes/any(g:g eq 'Unified') and extension_0123_a eq 'x'", "", ""},
		{"GET /groups?$filter=visibility eq 'Private'", "", "cannot be filtered"},
		{"GET /users?$filter=schools/any(s:s eq 'x')", "", "cannot be filtered"},
		{"GET /users?$orderby=nothing desc", "", "has no nothing"},
		{"GET /users?$fields=id", "", "no option"},
		{"PATCH /users/1", `{"displayName": null, "accountEnabled": true}`, ""},
		{"PATCH /users/1", `{"accountEnabled": "yes"}`, "no Boolean"},
		{"PATCH /users/1", `{"id": "2"}`, "never updated"},
		{"PATCH /users/1", `{"department": ["a"]}`, "no String"},
		{"PATCH /users/1", `{"businessPhones": "1"}`, "no list"},
		{"PATCH /users/1", `{"businessPhones": [null]}`, "null"},
		{"PATCH /applications/1", `{"createdByAppId": "1"}`, "never updated"},
		{"PATCH /applications/1", `{"certification": {"isCertifiedByMicrosoft": true}}`, "computed"},
		{"PATCH /domains/1", `{"isDefault": null}`, "null"},
		{"PATCH " + policies + "/1", `{"state": "enabled"}`, ""},
		{"PATCH " + policies + "/1", `{"state": "on"}`, "no conditionalAccessPolicyState"},
		{"PATCH " + policies + "/1", `{"conditions": {"users": {"include": []}}}`, "has no include"},
		{"POST /identity/identityProviders", `{"displayName": "x"}`, "abstract"},
		{"POST /identity/conditionalAccess/namedLocations", `{"@odata.type": "#microsoft.graph.ipNamedLocation", "isTrusted": true}`, ""},
		{"POST /identity/conditionalAccess/namedLocations", `{"@odata.type": "#microsoft.graph.countryNamedLocation", "isTrusted": true}`, "has no isTrusted"},
		{"POST /identity/conditionalAccess/namedLocations", `{"@odata.type": "#microsoft.graph.user"}`, "not derived"},
		{"POST /groups/1/members/$ref", `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/1"}`, ""},
		{"POST /groups/1/members/$ref", `{"id": "1"}`, "@odata.id"},
		{"PATCH /groups/1", `{"members@odata.bind": ["x"]}`, ""},
		{"PATCH /groups/1", `{"displayName@odata.bind": ["x"]}`, "no relationship"},
		{"POST /users/1/assignLicense", `{"addLicenses": [], "removeLicenses": ["5e3a0e54-1d5c-4a0e-9f3e-0123456789ab"]}`, ""},
		{"POST /users/1/assignLicense", `{"add": []}`, "no parameter"},
		{"POST /users/1/assignLicense", `{"removeLicenses": ["x"]}`, "no Guid"},
		{"PUT /organization/1/branding/bannerLogo", "GIF", ""},
		{"PATCH /users/1", `{`, "the body"},
	} {
		method, address, _ := strings.Cut(tt.request, " ")
		path, query, _ := strings.Cut(address, "?")
		options := url.Values{}
		if query != "" {
			key, value, _ := strings.Cut(query, "=")
			options.Set(key, value)
		}
		err := m.Judge(csdl.Request{Method: method, Path: path, Query: options, Body: []byte(tt.body)})
		switch {
		case tt.complaint == "" && err != nil:
			t.Errorf("%s %s: %v", tt.request, tt.body, err)
		case tt.complaint != "" && (err == nil || !strings.Contains(err.Error(), tt.complaint)):
			t.Errorf("%s %s: %v, want %q", tt.request, tt.body, err, tt.complaint)
		}
	}
}
