package drill

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

func parse(t *testing.T, text string) Scenario {
	t.Helper()
	s, err := Parse("dir/ours.yaml", []byte(strings.TrimPrefix(text, "\n")))
	must(t, err)
	return s
}

// The manual names every incident that comes with the program.
func TestBuiltInScenariosAreDocumented(t *testing.T) {
	all, err := Scenarios()
	must(t, err)
	help, err := os.ReadFile("../cli/help/drill.md")
	must(t, err)
	for _, s := range all {
		if row := "| `" + s.Name + "` | " + s.Title + " |"; !strings.Contains(string(help), row) {
			t.Errorf("help drill lacks %q", row)
		}
	}
	if n := strings.Count(string(help), "\n| `"); n != len(all)+6 { // and the table of a request's fields
		t.Errorf("help drill has %d rows", n)
	}
}

func TestScenariosThatSayNothing(t *testing.T) {
	for want, text := range map[string]string{
		"ours.yaml:1: the title is missing":                                          "requests: []\n",
		"ours.yaml:1: there are no requests":                                         "title: X\n",
		`ours.yaml:2: unknown key "request"`:                                         "title: X\nrequest: []\n",
		`ours.yaml:3: method is "GET" and must be one of POST, PATCH, PUT, DELETE`:   "title: X\nrequests:\n- method: GET\n  path: /users\n",
		`ours.yaml:3: path is below the version of Graph and starts with "/"`:        "title: X\nrequests:\n- method: DELETE\n  path: users\n",
		"ours.yaml:3: take is of the objects of a kind: for is missing":              "title: X\nrequests:\n- method: DELETE\n  path: /x\n  take: 2\n",
		"ours.yaml:3: where and mentionedBy choose among the objects of a kind":      "title: X\nrequests:\n- method: DELETE\n  path: /x\n  where:\n    a: b\n",
		"ours.yaml:3: as names one answer":                                           "title: X\nrequests:\n- for: users\n  method: POST\n  path: /users\n  as: a\n",
		"ours.yaml:3: {id} is a property of an object, and this request is for none": "title: X\nrequests:\n- method: DELETE\n  path: /users/{id}\n",
		`ours.yaml:3: {a.id}: nothing above is called "a"`:                           "title: X\nrequests:\n- method: DELETE\n  path: /users/{a.id}\n",
		`ours.yaml:3: there is no kind "user"`:                                       "title: X\npick:\n  a:\n    for: user\nrequests:\n- method: DELETE\n  path: /x\n",
		"ours.yaml:3: a pick is of a kind: for is missing":                           "title: X\npick:\n  a:\n    mentionedBy: users\nrequests:\n- method: DELETE\n  path: /x\n",
		"take is 0 and must be a number such as 20, or a share such as \"30%\"":      "title: X\nrequests:\n- for: users\n  take: 0\n  method: DELETE\n  path: /x\n",
		`take is 101% and must be`:                                                   "title: X\nrequests:\n- for: users\n  take: \"101%\"\n  method: DELETE\n  path: /x\n",
		`ours.yaml:5: {b.id}: nothing above is called "b"`:                           "title: X\nrequests:\n- method: POST\n  path: /x\n- method: POST\n  path: /x\n  body:\n    x:\n    - \"{b.id}\"\n",
	} {
		_, err := Parse("ours.yaml", []byte(text))
		if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestScenarioThatIsCalledOddly(t *testing.T) {
	_, err := Parse("dir/**bold**.yaml", []byte("title: X\nrequests:\n- method: DELETE\n  path: /x\n"))
	if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), "called as its file") {
		t.Errorf("got %v", err)
	}
}

func TestTake(t *testing.T) {
	for _, test := range []struct {
		take       any
		of, expect int
	}{
		{20.0, 300, 20}, {20.0, 3, 3}, {"20", 300, 20}, {"30%", 300, 90}, {"30%", 2, 1}, {"30%", 0, 0}, {"100%", 7, 7}, {nil, 5, 5},
	} {
		if got, ok := (&Request{Take: test.take}).take(test.of); !ok || got != test.expect {
			t.Errorf("%v of %d is %d, %t, want %d", test.take, test.of, got, ok, test.expect)
		}
	}
}

func TestFill(t *testing.T) {
	value := func(name string) (string, bool) {
		v, ok := map[string]string{"id": "1", "a.b": "x"}[name]
		return v, ok
	}
	for text, want := range map[string]string{
		"/users/{id}": "/users/1", "{id}{a.b}": "1x", "plain": "plain", "half {id": "half {id", "} {id}": "} 1",
	} {
		if got, ok := fill(text, value); !ok || got != want {
			t.Errorf("%q becomes %q, %t, want %q", text, got, ok, want)
		}
	}
	if got, ok := fillAny(map[string]any{"a": []any{"{id}", 7}}, value); !ok || same(got, map[string]any{"a": []any{"1", 8}}) || !same(got, map[string]any{"a": []any{"1", 7}}) {
		t.Errorf("%v, %t", got, ok)
	}
	for _, v := range []any{"{x}", []any{"{x}"}, map[string]any{"a": "{x}"}} {
		if _, ok := fillAny(v, value); ok {
			t.Errorf("%v has no value", v)
		}
	}
}

// A smaller share of a kind is part of a larger one; conditions and mentions choose.
func TestChosen(t *testing.T) {
	c := chooser{from: snapshot(t, emulator.Options{}), scenario: "x", seed: 3}
	ids := func(choice Choice) []string {
		t.Helper()
		all, err := c.chosen(&choice)
		must(t, err)
		var ids []string
		for _, o := range all {
			ids = append(ids, o.ID)
		}
		return ids
	}
	groups, cloud := ids(Choice{For: "groups"}), ids(Choice{For: "groups", Where: map[string]any{"onPremisesSyncEnabled": nil}})
	if len(cloud) == 0 || len(cloud) == len(groups) {
		t.Errorf("%d of %d groups are the cloud's own", len(cloud), len(groups))
	}
	rest := groups
	for _, id := range cloud {
		i := slices.Index(rest, id)
		if i < 0 {
			t.Fatalf("%s comes in another order", id)
		}
		rest = rest[i+1:]
	}
	if dynamic := ids(Choice{For: "groups", Where: map[string]any{"groupTypes": "DynamicMembership"}}); len(dynamic) == 0 || len(dynamic) >= len(groups) {
		t.Errorf("%d groups are dynamic", len(dynamic))
	}
	if named := ids(Choice{For: "groups", MentionedBy: "conditionalAccessPolicies"}); len(named) == 0 || len(named) >= len(groups)/2 {
		t.Errorf("policies name %d groups", len(named))
	}
	if apps := ids(Choice{For: "applications", MentionedBy: "conditionalAccessPolicies"}); len(apps) == 0 {
		t.Error("policies name applications by appId")
	}
	if unread := ids(Choice{For: "agreements"}); len(unread) > 0 {
		t.Error("the snapshot did not read agreements")
	}
}

func TestNewGUID(t *testing.T) {
	c := chooser{scenario: "x"}
	if got := c.guid(1); len(got) != 36 || got[14] != '4' || !strings.ContainsRune("89ab", rune(got[19])) || got == c.guid(2) {
		t.Errorf("%s", got)
	}
}
