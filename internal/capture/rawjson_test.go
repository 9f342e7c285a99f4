package capture

import (
	"fmt"
	"testing"

	"github.com/entragit/entragit/internal/kind"
)

// What is needed of an answer is found without trusting the rest of it.
func TestPropertiesOfAnswers(t *testing.T) {
	for _, tt := range []struct {
		body   string
		text   string // of "p" as a string
		member string // of "p" as a value
	}{
		{`{"p":"a"}`, "a", "a"},
		{`{"q":{"p":"no"},"p":"a"}`, "a", "a"},
		{`{"p":"\u00e9\n"}`, "é\n", "é\n"},
		{`{"p":7}`, "", "7"},
		{`{"p":true}`, "", "true"},
		{`{"p":null}`, "", "<nil>"},
		{`{"p":["a"]}`, "", "[a]"},
		{`{"p":7,"p":"a"}`, "a", "7"},
		{`{"q":1}`, "", "<nil>"},
		{`{}`, "", "<nil>"},
		{``, "", "<nil>"},
		{`["p","a"]`, "", "<nil>"},
		{`"p"`, "", "<nil>"},
		{`{"p"`, "", "<nil>"},
		{`{"p":`, "", "<nil>"},
		{`{"q":tru,"p":"a"}`, "", "<nil>"},
		{`{"p":"a","q":`, "a", "a"},
		{`{"p":"a`, "", "<nil>"},
		{`{"\x":1,"p":"a"}`, "", "<nil>"},
	} {
		if got := stringProperty([]byte(tt.body), "p"); got != tt.text {
			t.Errorf("%s: string %q, want %q", tt.body, got, tt.text)
		}
		if got := fmt.Sprint(member([]byte(tt.body), "p")); got != tt.member {
			t.Errorf("%s: value %s, want %s", tt.body, got, tt.member)
		}
	}
}

// An object must meet every condition.
func TestMeets(t *testing.T) {
	cloud := kind.Condition{Property: "sync", Equals: true, Not: true}
	security := kind.Condition{Property: "security", Equals: true}
	for _, tt := range []struct {
		body string
		when []kind.Condition
		want bool
	}{
		{`{}`, nil, true},
		{`{"security":true}`, []kind.Condition{security}, true},
		{`{"security":false}`, []kind.Condition{security}, false},
		{`{}`, []kind.Condition{security}, false},
		{`{"security":true}`, []kind.Condition{security, cloud}, true},
		{`{"security":true,"sync":true}`, []kind.Condition{security, cloud}, false},
		{`{"sync":null}`, []kind.Condition{cloud, security}, false},
	} {
		if got := meets([]byte(tt.body), tt.when); got != tt.want {
			t.Errorf("%s: %v", tt.body, got)
		}
	}
}

// Graph shows what an identity may not read as a type and an id, with everything else
// empty; a property that says something, or an object without a type, is no such thing.
func TestRedacted(t *testing.T) {
	for _, tt := range []struct {
		body string
		want bool
	}{
		{`{"@odata.type":"#microsoft.graph.group","id":"1"}`, true},
		{`{"@odata.type":"#microsoft.graph.group","id":"1","a":null,"b":[],"c":{},"d":""}`, true},
		{`{"@odata.type":"#microsoft.graph.group","@odata.id":"x","id":"1","members@odata.context":"y"}`, true},
		{`{"id":"1","a":null}`, false},
		{`{"@odata.type":"#microsoft.graph.group","id":"1","a":"x"}`, false},
		{`{"@odata.type":"#microsoft.graph.group","id":"1","a":false}`, false},
		{`{"@odata.type":"#microsoft.graph.group","id":"1","a":[null]}`, false},
		{`{"a":0,"@odata.type":"#microsoft.graph.group","id":"1"}`, false},
		{``, false},
	} {
		if got := redacted([]byte(tt.body)); got != tt.want {
			t.Errorf("%s: %v", tt.body, got)
		}
	}
}
