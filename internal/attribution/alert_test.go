package attribution

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// TestAlertsAreNoActs: for as long as somebody has a role that PIM did not give, its scan writes that
// the role was given, by whoever gave it, every two hours. It was given once, at the time of the
// directory's entry.
func TestAlertsAreNoActs(t *testing.T) {
	t.Parallel()
	w := newWitness(t)
	bob := w.does("Setup", "POST", "/users", `{"accountEnabled":true,"displayName":"bob","mailNickname":"bob","userPrincipalName":"bob@`+w.domain()+`","passwordProfile":{"password":"correct horse"}}`)
	w.now = fromTime
	w.does("ada", "POST", "/roleManagement/directory/roleAssignments", `{"principalId":"`+bob+`","roleDefinitionId":"`+globalReader+`","directoryScopeId":"/"}`)
	given := given("roleAssignments", bob, globalReader, "/")
	when := w.now
	w.now = w.now.Add(20 * time.Minute)
	resp, err := http.Post(strings.TrimSuffix(w.url, "/v1.0")+"/_emulator/jobs", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	set, log := setOf(given), w.log()
	if !strings.Contains(w.about(log, bob), "Add member to role outside of PIM (permanent)") {
		t.Fatal("the tenant complains of nothing")
	}
	Attribute(set, log, Facts{Object: func(entra.Key) *entra.Object { return nil }})
	if by := set.Changes[0].By; len(by) != 1 || by[0].Actor.Name != "ada@contoso.com" || !by[0].When.Equal(when) || by[0].Activity != "Add member to role" {
		t.Errorf("%s at %s, want %s", whoDid(set.Changes[0]), by[0].When, when)
	}
}
