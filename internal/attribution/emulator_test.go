package attribution

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// witness is a tenant whose log the emulator writes, which reads Microsoft's pages for itself.
type witness struct {
	t   *testing.T
	url string
	now time.Time
	// objects are what the facts know.
	objects map[entra.Key]*entra.Object
}

func newWitness(t *testing.T) *witness {
	w := &witness{t: t, now: fromTime.Add(-time.Hour), objects: map[entra.Key]*entra.Object{}}
	server, err := emulator.New(emulator.Options{Seed: "empty", Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	w.url = web.URL + "/v1.0"
	return w
}

// does makes a request as a person, or as an application where the name begins with a capital
// letter, and returns the id that was answered.
func (w *witness) does(who, method, path, body string) string {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	claims := `{"oid":"u-` + who + `","upn":"` + who + `@contoso.com","app_displayname":"Portal"}`
	if strings.ToUpper(who[:1]) == who[:1] {
		claims = `{"oid":"sp-` + who + `","appid":"a","app_displayname":"` + who + `"}`
	}
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(strings.ReplaceAll(body, "URL", w.url)))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer e30."+base64.RawURLEncoding.EncodeToString([]byte(claims))+".sig")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		w.t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, raw, err)
	}
	var answer struct{ ID string }
	_ = json.Unmarshal(raw, &answer) // many answers are empty
	return answer.ID
}

func (w *witness) ref(id string) string { return `{"@odata.id":"URL/directoryObjects/` + id + `"}` }

// log is what Graph answers two hours after the second point.
func (w *witness) log() Log {
	w.t.Helper()
	client, err := graph.New(graph.Config{BaseURL: strings.TrimSuffix(w.url, "/v1.0")})
	if err != nil {
		w.t.Fatal(err)
	}
	w.now = toTime.Add(2 * time.Hour)
	log, err := Read(w.t.Context(), client, Reading{From: fromTime.Add(-Margin), To: toTime.Add(Margin), Now: func() time.Time { return w.now }})
	if err != nil {
		w.t.Fatal(err)
	}
	return log
}

// an act is a request, and the change that two snapshots around it would show.
type act struct {
	who, method, path, body string
	change                  entra.Change
	// want is how sure the attribution is; "" is nobody known.
	want entra.Certainty
}

func linkOf(kindName, id, link, target string, came bool) entra.Change {
	l := entra.LinkChange{Link: link, Added: []string{target}}
	if !came {
		l = entra.LinkChange{Link: link, Removed: []string{target}}
	}
	return entra.Change{Key: entra.Key{Kind: kindName, ID: id}, Type: entra.Changed, Links: []entra.LinkChange{l}}
}

func goneOf(kindName, id string) entra.Change {
	return entra.Change{Key: entra.Key{Kind: kindName, ID: id}, Type: entra.Removed}
}

// TestEmulatorsLog holds what is read of the log against a second reading of Microsoft's pages: each
// act, by somebody else each time, is found again, with its value where the log tells values.
func TestEmulatorsLog(t *testing.T) {
	t.Parallel()
	w := newWitness(t)
	user := func(name string) string {
		return w.does("Setup", "POST", "/users", `{"accountEnabled":true,"displayName":"`+name+`","mailNickname":"`+name+`","userPrincipalName":"`+name+`@`+w.domain()+`","passwordProfile":{"password":"correct horse"}}`)
	}
	group := func(name string) string {
		return w.does("Setup", "POST", "/groups", `{"displayName":"`+name+`","mailEnabled":false,"mailNickname":"`+name+`","securityEnabled":true}`)
	}
	bob, boss, g1, g2 := user("bob"), user("boss"), group("one"), group("two")
	w.does("Setup", "POST", "/groups/"+g2+"/members/$ref", w.ref(bob))
	app := w.does("Setup", "POST", "/applications", `{"displayName":"app"}`)
	policy := w.does("Setup", "POST", "/identity/conditionalAccess/policies", `{"displayName":"p","state":"enabled","conditions":{"applications":{"includeApplications":["All"]},"users":{"includeUsers":["All"]},"clientAppTypes":["all"]},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`)
	place := w.does("Setup", "POST", "/identity/conditionalAccess/namedLocations", `{"@odata.type":"#microsoft.graph.ipNamedLocation","displayName":"l","isTrusted":false,"ipRanges":[{"@odata.type":"#microsoft.graph.iPv4CidrRange","cidrAddress":"203.0.113.0/24"}]}`)
	unit := w.does("Setup", "POST", "/directory/administrativeUnits", `{"displayName":"unit"}`)
	w.now = fromTime
	acts := []act{
		{"a1", "PATCH", "/users/" + bob, `{"mobilePhone":"2","jobTitle":"Boss"}`, changed("users", bob, set("/spec/jobTitle", nil, "Boss"), set("/spec/mobilePhone", nil, "2")), entra.Confirmed},
		{"a2", "PATCH", "/users/" + boss, `{"accountEnabled":false}`, changed("users", boss, set("/spec/accountEnabled", true, false)), entra.Confirmed},
		{"a3", "POST", "/groups/" + g1 + "/members/$ref", w.ref(bob), linkOf("groups", g1, "members", bob, true), entra.Confirmed},
		{"a4", "DELETE", "/groups/" + g2 + "/members/" + bob + "/$ref", "", linkOf("groups", g2, "members", bob, false), entra.Confirmed},
		{"Robot", "PATCH", "/identity/conditionalAccess/policies/" + policy, `{"state":"disabled"}`, changed("conditionalAccessPolicies", policy, set("/spec/state", "enabled", "disabled")), entra.Confirmed},
		{"a6", "PATCH", "/identity/conditionalAccess/namedLocations/" + place, `{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":true}`, changed("namedLocations", place, set("/spec/isTrusted", false, true)), entra.Confirmed},
		{"a7", "PATCH", "/applications/" + app, `{"web":{"redirectUris":["https://new.example"]}}`, changed("applications", app, items("/spec/web/redirectUris", []any{"https://new.example"}, nil)), entra.Confirmed},
		{"a8", "POST", "/applications/" + app + "/owners/$ref", w.ref(bob), linkOf("applications", app, "owners", bob, true), entra.Confirmed},
		{"a9", "POST", "/applications/" + app + "/federatedIdentityCredentials", `{"name":"ci","issuer":"https://token.example","subject":"s","audiences":["api://x"]}`, changed("applications", app, set("/contained/federatedIdentityCredentials/ci", nil, map[string]any{"name": "ci"})), entra.Confirmed},
		{"b1", "POST", "/directory/administrativeUnits/" + unit + "/members/$ref", w.ref(bob), linkOf("administrativeUnits", unit, "members", bob, true), entra.Confirmed},
		{"b2", "PATCH", "/policies/authorizationPolicy", `{"allowUserConsentForRiskyApps":true}`, changed("authorizationPolicy", "authorizationPolicy", set("/spec/allowUserConsentForRiskyApps", nil, true)), entra.Confirmed},
		{"b3", "PATCH", "/policies/identitySecurityDefaultsEnforcementPolicy", `{"isEnabled":true}`, changed("identitySecurityDefaultsEnforcementPolicy", "00000000-0000-0000-0000-000000000005", set("/spec/isEnabled", false, true)), entra.Touched},
		{"b4", "PATCH", "/users/" + boss, `{"usageLocation":"FR"}`, changed("users", boss, set("/spec/usageLocation", nil, "FR")), ""},
		{"b5", "DELETE", "/groups/" + g2, "", goneOf("groups", g2), entra.Confirmed},
		{"b6", "PATCH", "/directory/administrativeUnits/" + unit, `{"description":"d"}`, changed("administrativeUnits", unit, set("/spec/description", nil, "d")), entra.Touched},
		{"b7", "PUT", "/users/" + bob + "/manager/$ref", w.ref(boss), linkOf("users", bob, "manager", boss, true), entra.Touched},
		{"b8", "PATCH", "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Sms", `{"@odata.type":"#microsoft.graph.smsAuthenticationMethodConfiguration","state":"disabled"}`, changed("authenticationMethodsPolicy", "authenticationMethodsPolicy", set("/contained/authenticationMethodConfigurations/Sms/state", "enabled", "disabled")), entra.Confirmed},
		{"b9", "POST", "/roleManagement/directory/roleAssignments", `{"principalId":"` + bob + `","roleDefinitionId":"` + globalReader + `","directoryScopeId":"/"}`, given("roleAssignments", bob, globalReader, "/"), entra.Confirmed},
		{"c1", "POST", "/roleManagement/directory/roleEligibilityScheduleRequests", `{"action":"adminAssign","principalId":"` + boss + `","roleDefinitionId":"` + globalReader + `","directoryScopeId":"/","scheduleInfo":{"expiration":{"type":"noExpiration"}}}`, given("roleEligibilitySchedules", boss, globalReader, "/"), entra.Confirmed},
		{"c2", "POST", "/roleManagement/directory/roleAssignmentScheduleRequests", `{"action":"adminAssign","principalId":"` + boss + `","roleDefinitionId":"` + globalReader + `","directoryScopeId":"/","scheduleInfo":{"expiration":{"type":"noExpiration"}}}`, given("roleAssignments", boss, globalReader, "/"), entra.Confirmed},
		{"c3", "POST", "/roleManagement/directory/roleAssignments", `{"principalId":"` + boss + `","roleDefinitionId":"` + userAdministrator + `","directoryScopeId":"/administrativeUnits/` + unit + `"}`, given("roleAssignments", boss, userAdministrator, "/administrativeUnits/"+unit), entra.Confirmed},
	}
	w.objects[entra.Key{Kind: "roleDefinitions", ID: userAdministrator}] = &entra.Object{Name: "User Administrator"}
	var changes []entra.Change
	for _, a := range acts {
		w.does(a.who, a.method, a.path, a.body)
		changes = append(changes, a.change)
	}
	w.found(acts, setOf(changes...))
}

// found holds what is said of the changes against who made them.
func (w *witness) found(acts []act, set *entra.ChangeSet) {
	t := w.t
	t.Helper()
	log := w.log()
	facts := Facts{Object: func(k entra.Key) *entra.Object { return w.objects[k] }}
	Attribute(set, log, facts)
	for i, a := range acts {
		by := set.Changes[i].By[0]
		name := a.who + "@contoso.com"
		if a.who == "Robot" {
			name = a.who
		}
		switch {
		case len(set.Changes[i].By) != 1 || by.Certainty != a.want || by.Known() && by.Actor.Name != name:
			t.Errorf("%s %s by %s, want %s:\n%s\n%s", a.method, a.path, a.who, a.want, whoDid(set.Changes[i]), w.about(log, a.who))
		case a.want == "" && by.Unknown != entra.NoEvent:
			t.Errorf("%s %s: %s", a.method, a.path, whoDid(set.Changes[i]))
		}
	}
	held(t, set, log, facts)
}

const (
	globalReader      = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	userAdministrator = "fe930be7-5e62-47db-91af-98c3a49a38b1"
)

func given(kindName, principal, role, scope string) entra.Change {
	return entra.Change{Key: entra.Key{Kind: kindName, ID: principal + role}, Type: entra.Added, Properties: []entra.PropertyChange{
		set("/spec/directoryScopeId", nil, scope), set("/spec/principalId", nil, principal), set("/spec/roleDefinitionId", nil, role),
	}}
}

// about are the entries that name an id, for a message.
func (w *witness) about(log Log, id string) string {
	var lines []string
	for _, raw := range log.Entries {
		if strings.Contains(string(raw), id) {
			lines = append(lines, string(raw))
		}
	}
	return strings.Join(lines, "\n")
}

// domain is a domain of the tenant.
func (w *witness) domain() string {
	w.t.Helper()
	resp, err := http.Get(w.url + "/organization")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Value []struct{ VerifiedDomains []struct{ Name string } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || len(answer.Value) == 0 {
		w.t.Fatalf("no domain: %v", err)
	}
	return answer.Value[0].VerifiedDomains[0].Name
}
