package emulator

import (
	"net/http"
	"strings"
	"testing"
)

// Members of an enumeration after unknownFutureValue are there for those who ask for them.
func TestLaterMembersNeedAPreference(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	body := strings.Replace(policyBody, `"users"`, `"platforms":{"includePlatforms":["android","linux"]},"users"`, 1)
	c.refuses(400, "BadRequest", "'linux' needs the header Prefer", "POST", policiesPath, body)
	prefer := func(value string) { c.header.Set("Prefer", value) }
	prefer("return=minimal, include-unknown-enum-members")
	path := policiesPath + "/" + c.create(policiesPath, body)
	platforms := func(body object) string {
		var all []string
		for _, v := range asList(at(body, "conditions.platforms.includePlatforms")) {
			all = append(all, v.(string))
		}
		return strings.Join(all, ",")
	}
	if got := platforms(c.get(path)); got != "android,linux" {
		t.Errorf("with the preference: %s", got)
	}
	c.header.Del("Prefer")
	if got := platforms(c.get(path)); got != "android,"+sentinel {
		t.Errorf("without: %s", got)
	}
	if got := platforms(asList(c.get(policiesPath)["value"])[0].(object)); got != "android,"+sentinel {
		t.Errorf("in a list: %s", got)
	}
	// An item of a batch says for itself what it prefers.
	batch := func(headers string) string {
		answer := c.expect(http.StatusOK, "POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"`+path+`"`+headers+`}]}`)
		return platforms(asList(answer["responses"])[0].(object)["body"].(object))
	}
	if with, without := batch(`,"headers":{"Prefer":"include-unknown-enum-members"}`), batch(""); with != "android,linux" || without != "android,"+sentinel {
		t.Errorf("batch: %s, and %s without", with, without)
	}
}
