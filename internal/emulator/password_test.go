package emulator

import (
	"testing"
	"time"
)

// A secret is shown once, when it is made, and goes by its id.
func TestPasswords(t *testing.T) {
	now := testClock
	c := serve(t, Options{Now: func() time.Time { return now }})
	for _, collection := range []string{"/applications", "/servicePrincipals"} {
		path := collection + "/" + c.server.Objects(collection)[0]["id"].(string)
		before := len(asList(c.get(path)["passwordCredentials"]))
		made := c.expect(200, "POST", path+"/addPassword", `{"passwordCredential":{"displayName":"ci"}}`)
		secret := textOf(made["secretText"])
		if len(secret) != 40 || textOf(made["hint"]) != secret[:3] || made["displayName"] != "ci" ||
			made["endDateTime"] != now.UTC().AddDate(2, 0, 0).Format(time.RFC3339) {
			t.Errorf("%s: made %v", collection, made)
		}
		other := c.expect(200, "POST", path+"/addPassword", `{"passwordCredential":{"endDateTime":"2027-01-01T00:00:00Z"}}`)
		if other["keyId"] == made["keyId"] || other["endDateTime"] != "2027-01-01T00:00:00Z" {
			t.Errorf("%s: made %v", collection, other)
		}
		held := asList(c.get(path)["passwordCredentials"])
		if len(held) != before+2 || field(held[before], "keyId") != made["keyId"] || field(held[before], "secretText") != nil {
			t.Errorf("%s: held %v", collection, held)
		}
		key := `{"keyId":"` + textOf(made["keyId"]) + `"}`
		c.expect(204, "POST", path+"/removePassword", key)
		c.refuses(400, "Request_BadRequest", "keyId", "POST", path+"/removePassword", key)
		if held := asList(c.get(path)["passwordCredentials"]); len(held) != before+1 {
			t.Errorf("%s: held %v", collection, held)
		}
		c.refuses(405, "Request_BadRequest", "GET", "GET", path+"/addPassword", "")
	}
}
