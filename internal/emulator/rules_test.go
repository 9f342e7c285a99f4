package emulator

import "testing"

// What the tenant refuses because of something else in it.
func TestRulesAcrossObjects(t *testing.T) {
	c := serve(t, Options{Scale: Scale{Policies: accessPolicyLimit}})
	const contexts = "/identity/conditionalAccess/authenticationContextClassReferences"
	c.refuses(400, "BadRequest", "Security defaults cannot be enabled", "PATCH", securityDefaultsPath, `{"isEnabled":true}`)
	c.refuses(400, "BadRequest", "is the limit", "POST", policiesPath, `{"displayName":"P","state":"disabled",
		"conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}},
		"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`)
	used := ""
	for _, e := range c.server.store.list(policiesPath) {
		for _, id := range valuesAt(e.body, []string{"conditions", "applications", "includeAuthenticationContextClassReferences"}) {
			used = id
		}
	}
	c.refuses(400, "BadRequest", "published", "DELETE", contexts+"/"+used, "")
	c.expect(204, "PATCH", contexts+"/"+used, `{"isAvailable":false}`)
	c.refuses(400, "BadRequest", "is used by", "DELETE", contexts+"/"+used, "")
	c.expect(201, "POST", contexts, `{"id":"c25","displayName":"C","description":"","isAvailable":false}`)
	c.expect(204, "DELETE", contexts+"/c25", "")
}
