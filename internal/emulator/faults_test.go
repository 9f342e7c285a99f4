package emulator

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	c := serve(t, Options{Seed: "empty", Faults: []Fault{
		{Method: "GET", Path: "/groups", Status: 503, Headers: map[string]string{"Retry-After": "3"}, Skip: 1, Count: 2},
		{Path: "/v1.0/users/*", Status: 403},
		{Path: "/identity/**", Status: 429, Code: "Odd", Message: "slow down", Count: 1},
	}})
	for i, want := range []int{200, 503, 503, 200} {
		a := c.do("GET", "/groups", "")
		if a.status != want || (a.header.Get("Retry-After") == "3") != (want == 503) {
			t.Errorf("request %d: %d %v", i, a.status, a.header)
		}
	}
	c.refuses(403, "Authorization_RequestDenied", "Insufficient privileges", "GET", "/users/x", "")
	c.refuses(429, "Odd", "slow down", "GET", "/identity/conditionalAccess/policies", "")
	c.get("/identity/conditionalAccess/policies")
	c.get("/users")
	item := asList(c.expect(200, "POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"/users/x"}]}`)["responses"])[0].(object)
	if item["status"] != json.Number("403") {
		t.Errorf("a fault in a batch: %v", item)
	}
}

func TestBrokenAnswers(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	if err := c.server.AddFaults(
		Fault{Path: "/users", Body: `{"value":[`, Count: 1},
		Fault{Path: "/organization", Drop: true, Count: 1},
		Fault{Path: "/groups", Delay: "50ms", Count: 1},
		Fault{Method: "POST", Path: "/groups", Status: 504, After: true, Count: 1},
	); err != nil {
		t.Fatal(err)
	}
	if a := c.do("GET", "/users", ""); a.status != 200 || a.text != `{"value":[` {
		t.Errorf("%d %s", a.status, a.text)
	}
	resp, err := http.Get(c.url + "/organization")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("the body arrived whole: %s", data)
	}
	start := time.Now()
	c.get("/groups")
	if took := time.Since(start); took < 50*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
	c.refuses(504, "GatewayTimeout", "in time", "POST", "/groups", `{"displayName":"G","mailEnabled":false,"mailNickname":"g","securityEnabled":true}`)
	if got := c.values("/groups?$filter=displayName eq 'G'"); len(got) != 1 {
		t.Errorf("the write before a lost answer: %v", got)
	}
	if err := c.server.AddFaults(Fault{Path: "/users"}); err == nil {
		t.Error("a fault that does nothing was accepted")
	}
}

func TestFaultScripts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "faults.json")
	for script, want := range map[string]string{
		`[{"method":"GET","path":"/users","status":503,"headers":{"Retry-After":"1"}},{"drop":true}]`: "",
		`{"status":500}`:                  "",
		`[{"status":500,"pfad":"x"}]`:     "unknown field",
		`[{"delay":"soon","status":500}]`: "delay",
		`[{"path":"/users"}]`:             "needs a status",
		`[`:                               "EOF",
	} {
		if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		faults, err := LoadFaults(path)
		if want == "" && (err != nil || len(faults) == 0) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, %v", script, faults, err)
		}
	}
	if _, err := LoadFaults(path + ".missing"); err == nil {
		t.Error("a script that is not there")
	}
}

// Scripts steer the emulator and read what was asked of it.
func TestAdmin(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	admin := strings.TrimSuffix(c.url, servicePrefix) + adminPrefix
	c.expect(http.StatusNoContent, "POST", admin+"faults", `{"path":"/users","status":500,"count":1}`)
	c.refuses(500, "InternalServerError", "", "GET", "/users", "")
	c.get("/users?$select=id")
	c.group("g")
	var stats Stats
	if err := json.Unmarshal([]byte(c.do("GET", admin+"stats", "").text), &stats); err != nil || stats != (Stats{HTTP: 3, Graph: 3, Writes: 1}) {
		t.Errorf("%+v, %v", stats, err)
	}
	var requests []LoggedRequest
	if err := json.Unmarshal([]byte(c.do("GET", admin+"requests", "").text), &requests); err != nil || len(requests) != 3 {
		t.Fatalf("%v, %v", requests, err)
	}
	if got := requests[1]; got != (LoggedRequest{Method: "GET", Path: "/users", Query: "$select=id", Status: 200}) {
		t.Errorf("%+v", got)
	}
	c.expect(http.StatusNoContent, "DELETE", admin+"requests", "")
	if stats := c.server.Stats(); stats != (Stats{}) || len(c.server.Requests()) != 0 {
		t.Errorf("after clearing: %+v", stats)
	}
	if a := c.do("POST", admin+"faults", `{"status":500,"x":1}`); a.status != 400 {
		t.Errorf("%d", a.status)
	}
	if a := c.do("GET", admin+"shoes", ""); a.status != 404 {
		t.Errorf("%d", a.status)
	}
}

// Nobody but this machine steers the emulator.
func TestAdminAnswersLoopbackAlone(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	for address, want := range map[string]int{"127.0.0.1:9": 200, "[::1]:9": 200, "192.0.2.1:9": 404} {
		req := httptest.NewRequest("GET", adminPrefix+"stats", nil)
		req.RemoteAddr = address
		w := httptest.NewRecorder()
		c.server.ServeHTTP(w, req)
		if w.Code != want {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
}

func TestLogIsBounded(t *testing.T) {
	var s Server
	req := &request{method: "GET", path: "/users"}
	for range logLimit + 5 {
		s.log.add(req, 200)
	}
	s.log.add(&request{method: "GET", path: "/groups"}, 200)
	requests := s.Requests()
	if len(requests) != logLimit || requests[logLimit-1].Path != "/groups" || requests[0].Path != "/users" || s.Stats().Graph != logLimit+6 {
		t.Errorf("%d requests, last %+v", len(requests), requests[len(requests)-1])
	}
}

// An answer without a body is lost as a whole, and a batch with the answer to one of its
// items; what was asked for is done.
func TestLostAnswers(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada := c.user("ada")
	for city, request := range map[string][3]string{
		"a": {"PATCH", "/users/" + ada, `{"city":"a"}`},
		"b": {"POST", "/$batch", `{"requests":[{"id":"1","method":"PATCH","url":"/users/` + ada + `","headers":{"Content-Type":"application/json"},"body":{"city":"b"}}]}`},
	} {
		if err := c.server.AddFaults(Fault{Method: "PATCH", Drop: true, Count: 1}); err != nil {
			t.Fatal(err)
		}
		q, err := http.NewRequest(request[0], c.url+request[1], strings.NewReader(request[2]))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(q)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: the answer arrived", city)
		}
		if got := c.get("/users/" + ada + "?$select=city")["city"]; got != city {
			t.Errorf("%v, want %s", got, city)
		}
	}
}
