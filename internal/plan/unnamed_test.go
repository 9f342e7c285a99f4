package plan

import "testing"

// What v1.0 does not name is left alone by its place; what is known beside it is written, and
// no list is made shorter for it.
func TestPlanOfWhatV1DoesNotName(t *testing.T) {
	const left = ": it is unknown to v1.0, so that it is kept and compared, and not written"
	run(t, false, []oneObject{
		{name: "a member of a value that is written", key: "conditionalAccessPolicies/1",
			live: `{"Spec":{"sessionControls":{"newControl":{"a":"1"},"signInFrequency":{"type":"days"}}}}`, want: `{"Spec":{"sessionControls":{"newControl":{"a":"2"},"signInFrequency":{"type":"hours"}}}}`,
			plan: []string{"update /spec/sessionControls/signInFrequency/type", "left alone /spec/sessionControls/newControl" + left}},
		{name: "a value that is cleared but for it", key: "conditionalAccessPolicies/1",
			live: `{"Spec":{"sessionControls":{"newControl":{"a":"1"},"signInFrequency":{"type":"days"}}}}`, want: `{}`,
			plan: []string{"update /spec/sessionControls/signInFrequency/type", "left alone /spec/sessionControls/newControl" + left}},
		{name: "a value that comes without it", key: "conditionalAccessPolicies/1",
			live: `{}`, want: `{"Spec":{"sessionControls":{"newControl":{"a":"1"},"signInFrequency":{"type":"days"}}}}`,
			plan: []string{"update /spec/sessionControls/signInFrequency/type", "left alone /spec/sessionControls/newControl" + left}},
		{name: "a list that would have it", key: "conditionalAccessPolicies/1",
			live: `{"Spec":{"grantControls":{"builtInControls":["mfa"],"operator":"OR"}}}`, want: `{"Spec":{"grantControls":{"builtInControls":["block","newControl"],"operator":"AND"}}}`,
			plan: []string{"update /spec/grantControls/operator", "left alone /spec/grantControls/builtInControls" + left}},
		{name: "a list that has it and keeps it", key: "conditionalAccessPolicies/1",
			live: `{"Spec":{"grantControls":{"builtInControls":["newControl"]}}}`, want: `{"Spec":{"grantControls":{"builtInControls":["mfa","newControl"]}}}`,
			plan: []string{"update /spec/grantControls/builtInControls"}},
		{name: "a list that has it and should not", key: "conditionalAccessPolicies/1",
			live: `{"Spec":{"grantControls":{"builtInControls":["mfa","newControl"]}}}`, want: `{"Spec":{"grantControls":{"builtInControls":["mfa"]}}}`,
			plan: []string{"update /spec/grantControls/builtInControls"}},
		{name: "a value of an enumeration", key: "conditionalAccessPolicies/1",
			live: `{"Spec":{"state":"enabled"}}`, want: `{"Spec":{"state":"enabledForSome"}}`, plan: []string{"left alone /spec/state" + left}},
		{name: "the same on both sides", key: "conditionalAccessPolicies/1",
			live: `{"Spec":{"state":"enabledForSome","displayName":"a"}}`, want: `{"Spec":{"state":"enabledForSome","displayName":"b"}}`, plan: []string{"update /spec/displayName"}},
		{name: "an object of an unknown type", key: "namedLocations/1",
			live: `{"Spec":{"@odata.type":"#microsoft.graph.newLocation","displayName":"a","isTrusted":true}}`, want: `{"Spec":{"@odata.type":"#microsoft.graph.newLocation","displayName":"b"}}`,
			plan: []string{"update /spec/displayName", "left alone /spec/isTrusted" + left}},
		{name: "a new property", key: "users/1", live: `{"Status":{"newProperty":1}}`, want: `{"Status":{"newProperty":2}}`, plan: []string{"left alone /status/newProperty" + left}},
	})
}
