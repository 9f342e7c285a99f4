package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
)

// The cast of the incident, by their names in the seed contoso.
const (
	policyName = "CA001 - Require phishing-resistant MFA for administrators"
	groupName  = "Tier 0 Administrators"
	userName   = "Éloïse Fournier"
	appName    = "Contoso Portal"
	promoted   = "Elżbieta Kowalczyk"
	kiosk      = "svc-lobby-kiosk"
	room       = "Room 0.12 <Atrium>"
	// stolen is the administrator whose session the intruder has, and personnel who promotes people.
	stolen    = "ADM 田中 健二"
	personnel = "Ingrid Sørensen"
)

// incident changes the tenant behind entragit's back, by plain requests to Graph.
func (d *demo) incident(ctx context.Context) error {
	g := &intruder{ctx: ctx, base: d.url + "/v1.0"}
	var thief, manager graphObject
	g.find("/users", stolen, &thief)
	g.find("/users", personnel, &manager)
	var policy struct {
		graphObject
		Conditions map[string]any
	}
	g.find("/identity/conditionalAccess/policies", policyName, &policy)
	var stranger, guest, group, victim, colleague graphObject
	g.find("/users", kiosk, &stranger)
	g.find("/users", room, &guest)
	g.find("/groups", groupName, &group)
	g.find("/users", userName, &victim)
	g.find("/users", promoted, &colleague)
	var app struct {
		graphObject
		Web map[string]any
	}
	g.find("/applications", appName, &app)
	if g.err != nil {
		return g.err
	}

	g.act(thief, "203.0.113.66", "python-requests/2.32.3")
	users, _ := policy.Conditions["users"].(map[string]any)
	excluded, _ := users["excludeUsers"].([]any)
	users["excludeUsers"] = append(excluded, stranger.ID)
	g.send("PATCH", "/identity/conditionalAccess/policies/"+policy.ID, map[string]any{"state": "disabled", "conditions": policy.Conditions})
	d.happened("%s is switched off, and %s excluded for later", policyName, kiosk)

	for _, id := range []string{stranger.ID, guest.ID} {
		g.send("POST", "/groups/"+group.ID+"/members/$ref", map[string]any{"@odata.id": g.base + "/directoryObjects/" + id})
	}
	d.happened("%s and %s become members of %s", kiosk, room, groupName)

	g.send("DELETE", "/users/"+victim.ID, nil)
	d.happened("%s is deleted", userName)

	delete(app.Web, "redirectUriSettings") // follows redirectUris
	app.Web["redirectUris"] = []string{"https://portal.contoso.com.evil.example/signin-oidc"}
	g.send("PATCH", "/applications/"+app.ID, map[string]any{"web": app.Web})
	d.happened("%s now sends its sign-ins to portal.contoso.com.evil.example", appName)

	g.act(manager, "198.51.100.20", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)")
	g.send("PATCH", "/users/"+colleague.ID, map[string]any{"jobTitle": "Helpdesk Lead"})
	d.promoted = colleague.ID
	d.happened("%s is promoted: this one is honest, and must survive", promoted)
	fmt.Fprintln(d.Out)
	return g.err
}

func (d *demo) happened(format string, args ...any) {
	fmt.Fprintf(d.Out, "  - %s\n", fmt.Sprintf(format, args...))
}

// graphObject is what every object has, and a user's name.
type graphObject struct{ ID, UserPrincipalName string }

// intruder speaks to Graph without any of entragit's code, so that nothing but the
// tenant knows what it did. The first error stays.
type intruder struct {
	ctx  context.Context
	base string
	// header names the person whose session the requests use, and where they come from.
	header http.Header
	err    error
}

// act makes later requests those of a person's session, as a token says and the tenant's audit log
// notes. Nobody verifies the token here.
func (g *intruder) act(as graphObject, address, agent string) {
	claims, err := json.Marshal(map[string]string{"oid": as.ID, "upn": as.UserPrincipalName})
	if err != nil && g.err == nil {
		g.err = err
	}
	g.header = http.Header{
		"Authorization":   {"Bearer e30." + base64.RawURLEncoding.EncodeToString(claims) + ".unsigned"},
		"X-Forwarded-For": {address}, "User-Agent": {agent},
	}
}

// find reads the object of a collection that has the name.
func (g *intruder) find(collection, name string, object any) {
	query := url.Values{"$filter": {"displayName eq '" + name + "'"}}
	answer := g.do("GET", collection+"?"+query.Encode(), nil)
	var list struct{ Value []json.RawMessage }
	if g.err == nil {
		g.err = json.Unmarshal(answer, &list)
	}
	if g.err == nil && len(list.Value) != 1 {
		g.err = fmt.Errorf("demo: %d objects in %s are called %q", len(list.Value), collection, name)
	}
	if g.err == nil {
		g.err = json.Unmarshal(list.Value[0], object)
	}
}

func (g *intruder) send(method, path string, body any) {
	data, err := json.Marshal(body)
	if err != nil && g.err == nil {
		g.err = err
	}
	g.do(method, path, data)
}

func (g *intruder) do(method, path string, body []byte) []byte {
	if g.err != nil {
		return nil
	}
	req, err := http.NewRequestWithContext(g.ctx, method, g.base+path, bytes.NewReader(body))
	if err != nil {
		g.err = err
		return nil
	}
	maps.Copy(req.Header, g.header)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		g.err = err
		return nil
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("demo: %s %s: %s: %s", method, path, resp.Status, answer)
	}
	g.err = err
	return answer
}
