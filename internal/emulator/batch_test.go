package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestBatch(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada := c.user("ada")
	body := c.expect(http.StatusOK, "POST", "/$batch", `{"requests":[
		{"id":"1","method":"GET","url":"/users/`+ada+`?$select=displayName"},
		{"id":"2","method":"GET","url":"users/nobody"},
		{"id":"3","method":"PATCH","url":"/users/`+ada+`","headers":{"Content-Type":"application/json"},"body":{"city":"Bonn"}},
		{"id":"4","method":"PATCH","url":"/users/`+ada+`","body":{"city":"Bonn"}},
		{"id":"5","method":"GET","url":"/users/$count","headers":{"ConsistencyLevel":"eventual"}},
		{"id":"6","method":"GET","url":"/users/`+ada+`?$select=city","dependsOn":["3"]},
		{"id":"7","method":"GET","url":"/users/`+ada+`","dependsOn":["2"]},
		{"id":"8","method":"GET","url":"/users/`+ada+`","dependsOn":["7"]},
		{"id":"9","method":"POST","url":"/$batch","headers":{"Content-Type":"application/json"},"body":{"requests":[]}}
	]}`)
	want := map[string]struct {
		status int
		text   string
	}{
		"1": {200, `"displayName":"ada"`}, "2": {404, "Request_ResourceNotFound"}, "3": {204, ""},
		"4": {400, "Content-Type"}, "5": {200, "1"}, "6": {200, `"city":"Bonn"`},
		"7": {424, "FailedDependency"}, "8": {424, "FailedDependency"}, "9": {400, "nested"},
	}
	responses := asList(body["responses"])
	if len(responses) != len(want) {
		t.Fatalf("%d responses", len(responses))
	}
	for _, v := range responses {
		item := v.(object)
		text, err := json.Marshal(item["body"])
		if err != nil {
			t.Fatal(err)
		}
		w := want[item["id"].(string)]
		if item["status"] != json.Number(fmt.Sprint(w.status)) || !strings.Contains(string(text), w.text) {
			t.Errorf("item %v: %v %s, want %d %s", item["id"], item["status"], text, w.status, w.text)
		}
	}
}

func TestBadBatches(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	item := func(id string) string { return `{"id":"` + id + `","method":"GET","url":"/users"}` }
	var many []string
	for i := range 21 {
		many = append(many, item(fmt.Sprint(i)))
	}
	for _, test := range []struct{ requests, message string }{
		{``, "Invalid batch payload"},
		{strings.Join(many, ","), "maximum value of 20"},
		{item("a") + "," + item("A"), "not unique"},
		{`{"id":"1","method":"GET"}`, "needs an id, a method and a url"},
		{`{"id":"1","method":"GET","url":"/users","dependsOn":["2"]}`, "depends on '2'"},
	} {
		c.refuses(400, "BadRequest", test.message, "POST", "/$batch", `{"requests":[`+test.requests+`]}`)
	}
	c.refuses(400, "BadRequest", "Invalid batch payload", "POST", "/$batch", `nonsense`)
	c.refuses(405, "Request_BadRequest", "not allowed", "GET", "/$batch", ``)
}

func TestGetByIDs(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, group, gone := c.user("ada"), c.group("g"), c.user("gone")
	c.expect(http.StatusNoContent, "DELETE", "/users/"+gone, "")
	ask := func(query, body string) []any {
		t.Helper()
		return asList(c.expect(http.StatusOK, "POST", "/directoryObjects/getByIds"+query, body)["value"])
	}
	ids := `"ids":["` + ada + `","` + group + `","` + gone + `","` + zeroID + `"]`
	if got := ask("", `{`+ids+`}`); len(got) != 2 || got[0].(object)["@odata.type"] != "#microsoft.graph.user" {
		t.Errorf("%v", got)
	}
	if got := ask("?$select=id", `{`+ids+`,"types":["group"]}`); len(got) != 1 || got[0].(object)["id"] != group || len(got[0].(object)) != 2 {
		t.Errorf("%v", got)
	}
	const path = "/directoryObjects/microsoft.graph.getByIds"
	c.refuses(400, "Request_BadRequest", "'ids'", "POST", path, `{"ids":[]}`)
	c.refuses(400, "Request_BadRequest", "Invalid object identifier", "POST", path, `{"ids":["x"]}`)
	c.refuses(400, "Request_BadRequest", "maximum is 1000", "POST", path, `{"ids":["`+strings.Repeat(zeroID+`","`, 1000)+zeroID+`"]}`)
	if stats := c.server.Stats(); stats.Writes != 4 {
		t.Errorf("getByIds counted as a write: %+v", stats)
	}
}
