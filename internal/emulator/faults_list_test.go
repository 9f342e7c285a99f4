package emulator

import (
	"slices"
	"strings"
	"testing"
)

func TestUntrueLists(t *testing.T) {
	c := serve(t, Options{Seed: "empty", PageSize: 3})
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		c.group(name)
	}
	all := pick(c.values("/groups"), "id")
	heal := func(list string) {
		t.Helper()
		c.server.faults.clear()
		if err := c.server.AddFaults(Fault{Path: "/groups", List: list}); err != nil {
			t.Fatal(err)
		}
	}
	heal("empty")
	if body := c.get("/groups"); len(asList(body["value"])) != 0 || body["@odata.nextLink"] != nil {
		t.Errorf("empty: %v", body)
	}
	if got := c.get("/groups/" + all[0])["id"]; got != all[0] {
		t.Errorf("an object of an empty list: %v", got)
	}
	heal("half")
	half := pick(c.values("/groups"), "id")
	if len(half) == 0 || len(half) >= len(all) || !slices.Equal(half, pick(c.values("/groups?$top=2"), "id")) {
		t.Errorf("half: %d of %d", len(half), len(all))
	}
	heal("twins")
	values := pick(c.values("/groups?$top=1"), "id")
	if len(values) != 2*len(all) || values[0] == values[1] || !strings.EqualFold(values[0], values[1]) {
		t.Errorf("twins: %v", values)
	}
}

func TestEndlessList(t *testing.T) {
	c := serve(t, Options{Seed: "empty", PageSize: 2, Faults: []Fault{{Path: "/groups", List: "endless"}}})
	for _, name := range []string{"a", "b", "c"} {
		c.group(name)
	}
	seen, at := map[string]bool{}, "/groups?$select=id"
	objects := 0
	for range 50 {
		body := c.get(at)
		objects += len(asList(body["value"]))
		next, _ := body["@odata.nextLink"].(string)
		if next == "" || seen[next] || !strings.Contains(next, "$select=id") {
			t.Fatalf("next link %q after %d pages", next, len(seen))
		}
		seen[next], at = true, next
	}
	if objects != 3 {
		t.Errorf("%d objects, and 3 there are", objects)
	}
}

func TestListFaultsAreChecked(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	for _, f := range []Fault{{List: "some"}, {List: "empty", Status: 500}, {List: "half", Body: "x"}} {
		if err := c.server.AddFaults(f); err == nil {
			t.Errorf("%+v was accepted", f)
		}
	}
}
