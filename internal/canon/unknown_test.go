package canon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

func vocabulary(t *testing.T, k *kind.Kind) *kind.Vocabulary {
	t.Helper()
	v, err := kind.LoadVocabulary(k)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// documented are properties that Microsoft's own examples of v1.0 show and its metadata does
// not name.
var documented = map[string][]string{
	"organization":              {"status/directorySizeQuota"},
	"servicePrincipals":         {"status/createdDateTime"},
	"authenticationEventsFlows": {"spec/conditions/applications/includeAllApplications"},
}

// What the examples of every kind hold is known, and a property that is not is found where
// it lies.
func TestUnknownOfEveryKind(t *testing.T) {
	for _, k := range kind.All() {
		v := vocabulary(t, k)
		var enc canon.Encoder
		raw := readRaw(t, k)
		if _, err := enc.Encode(k, raw, nil); err != nil {
			t.Fatal(err)
		}
		if got := enc.Unknown(v); !slices.Equal(got, documented[k.Name]) {
			t.Errorf("%s: %v", k.Name, got)
		}
		raw.Body = []byte(strings.Replace(string(raw.Body), "{", `{"ofTomorrow":{"a":1},`, 1))
		if _, err := enc.Encode(k, raw, nil); err != nil {
			t.Fatal(err)
		}
		if got := enc.Unknown(v); !slices.Equal(got, append(slices.Clone(documented[k.Name]), "status/ofTomorrow")) {
			t.Errorf("%s with a new property: %v", k.Name, got)
		}
	}
}

// The first body is of Microsoft's page "Get compliantNetworkNamedLocation" (beta), and the
// session control of the second of "conditionalAccessSessionControls" (beta).
func TestUnknown(t *testing.T) {
	for _, test := range []struct {
		kind, body string
		want       []string
	}{
		{"namedLocations", `{"@odata.type":"#microsoft.graph.compliantNetworkNamedLocation","id":"3d46dbda-8382-466a-856d-eb00cbc6b910",
			"displayName":"All Compliant Network locations","modifiedDateTime":"2024-05-18T00:15:27.662178Z","createdDateTime":"2023-02-13T06:09:11.6935736Z",
			"compliantNetworkType":"allTenantCompliantNetworks","isTrusted":false,"policyInfo":null}`,
			[]string{"spec/@odata.type: #microsoft.graph.compliantNetworkNamedLocation", "spec/isTrusted", "status/compliantNetworkType"}},
		{"namedLocations", `{"@odata.type":"#microsoft.graph.ipNamedLocation","id":"1","displayName":"IP",
			"ipRanges":[{"@odata.type":"#microsoft.graph.iPv4CidrRange","cidrAddress":"192.0.2.0/24"},{"@odata.type":"#microsoft.graph.asnRange","number":64496}]}`,
			[]string{"spec/ipRanges/@odata.type: #microsoft.graph.asnRange", "spec/ipRanges/number"}},
		{"conditionalAccessPolicies", `{"id":"1","displayName":"CA","state":"enabledForSome","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"],"weather":"rain"}},
			"grantControls":{"operator":"OR","builtInControls":["mfa","passkeyOnly"]},
			"sessionControls":{"globalSecureAccessFilteringProfile":{"isEnabled":true,"profileId":"2"}}}`,
			[]string{"spec/conditions/users/weather", "spec/grantControls/builtInControls: passkeyOnly", "spec/sessionControls/globalSecureAccessFilteringProfile", "spec/state: enabledForSome"}},
		{"authenticationMethodsPolicy", `{"id":"authenticationMethodsPolicy","authenticationMethodConfigurations":[
			{"@odata.type":"#microsoft.graph.telepathyAuthenticationMethodConfiguration","id":"Telepathy","state":"disabled","range":3},
			{"@odata.type":"#microsoft.graph.fido2AuthenticationMethodConfiguration","id":"Fido2","state":"enabled"}]}`,
			[]string{"contained/authenticationMethodConfigurations/@odata.type: #microsoft.graph.telepathyAuthenticationMethodConfiguration",
				"contained/authenticationMethodConfigurations/range"}},
		{"conditionalAccessPolicies", `{"id":"1","displayName":"CA","state":"ENABLED","conditions":{"insiderRiskLevels":"elevated, minor"}}`, nil},
	} {
		k := kind.ByName(test.kind)
		var enc canon.Encoder
		encoded, err := enc.Encode(k, canon.Raw{Body: []byte(test.body)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := enc.Unknown(vocabulary(t, k))
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q\nwant %q", test.body, got, test.want)
		}
		// What is unknown is kept, and validation warns of it.
		document, err := yaml.Read("file.yaml", encoded.YAML)
		if err != nil {
			t.Fatal(err)
		}
		schema, err := kind.LoadSchema(k)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range schema.Validate(document) {
			if !p.Warning {
				t.Errorf("%s: %+v is no warning", test.body, p)
			}
		}
		for _, what := range test.want {
			name := what[strings.LastIndexByte(what, '/')+1:]
			name, value, _ := strings.Cut(name, ": ")
			if !strings.Contains(string(encoded.YAML), name) || !strings.Contains(string(encoded.YAML), value) {
				t.Errorf("%s is not in the file:\n%s", what, encoded.YAML)
			}
		}
	}
}
