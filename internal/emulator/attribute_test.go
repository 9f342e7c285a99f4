package emulator

import (
	"net/http"
	"strings"
	"testing"
)

// Custom security attributes are written as "Manage custom security attribute assignments"
// shows: each set with its type, each value with its own.
func TestAttributeValues(t *testing.T) {
	c := serve(t, Options{})
	ada := "/users/" + seeded(c.server.TenantID()).user("cfo")
	set := func(values string) string {
		return `{"customSecurityAttributes":{"Engineering":{"@odata.type":"#Microsoft.DirectoryServices.CustomSecurityAttributeValue",` + values + `}}}`
	}
	c.expect(http.StatusNoContent, "PATCH", ada, set(`"Project@odata.type":"#Collection(String)","Project":["Baker"],"Level@odata.type":"#Int32","Level":4,"Team":"T","SecurityClearedTeam":true`))
	got := func() string { return c.do("GET", ada+"?$select=customSecurityAttributes", "").text }
	for _, want := range []string{
		`"@odata.type":"#microsoft.graph.customSecurityAttributeValue"`, `"Project@odata.type":"#Collection(String)"`, `"Project":["Baker"]`,
		`"Level@odata.type":"#Int32"`, `"Level":4`, `"Team":"T"`, `"SecurityClearedTeam":true`,
	} {
		if !strings.Contains(got(), want) {
			t.Errorf("no %s in %s", want, got())
		}
	}
	c.expect(http.StatusNoContent, "PATCH", ada, set(`"Project":[],"Level":null`))
	if strings.Contains(got(), "Project") || strings.Contains(got(), "Level") || !strings.Contains(got(), "Team") {
		t.Errorf("removed: %s", got())
	}
	for body, message := range map[string]string{
		set(`"Project":["Baker"]`): "#Collection(String)",
		set(`"Project@odata.type":"#Collection(String)","Project":["Alpine"]`): "Invalid value", // no longer active
		set(`"Project@odata.type":"#Collection(String)","Project":["Other"]`):  "Invalid value",
		set(`"Project@odata.type":"#Collection(String)","Project":"Baker"`):    "Invalid value",
		set(`"Level":3`): "#Int32",
		set(`"Level@odata.type":"#Int32","Level":"3"`):                               "Invalid value",
		set(`"Nobody":"x"`):                                                          "is not defined",
		`{"customSecurityAttributes":{"Engineering":{"Team":"x"}}}`:                  "with the type",
		strings.ReplaceAll(set(`"Residency":"DE"`), "Engineering", "Compliance"):     "is deactivated",
		strings.ReplaceAll(set(`"Residency":"DE"`), `"#Microsoft`, `"#NotMicrosoft`): "with the type",
	} {
		if a := c.do("PATCH", ada, body); a.status != http.StatusBadRequest || !strings.Contains(a.text, message) {
			t.Errorf("%s: %d %s; want %q", body, a.status, a.text, message)
		}
	}
	c.expect(http.StatusNoContent, "PATCH", ada, set(`"Team":null,"SecurityClearedTeam":null`))
	if !strings.Contains(got(), `"customSecurityAttributes":null`) {
		t.Errorf("all removed: %s", got())
	}
}
