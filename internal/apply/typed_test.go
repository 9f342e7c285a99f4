package apply

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/kind"
)

// answeredForm is the type that Graph gives a set of a typed property when it answers.
const answeredForm = "#microsoft.graph.customSecurityAttributeValue"

// typed is a random value of a typed property.
func (g *generator) typed() any {
	sets := map[string]any{}
	for _, set := range g.subset(pool[:2]) {
		values := map[string]any{}
		for _, name := range g.subset(pool) {
			put(values, name, []any{
				words[g.IntN(4)], g.IntN(2) == 0, json.Number(fmt.Sprint(g.IntN(9))),
				[]any{words[g.IntN(4)]}, []any{json.Number("1"), json.Number("2")},
			}[slices.Index(pool, name)+g.IntN(2)])
		}
		if len(values) > 0 {
			values[typeProperty] = answeredForm
			sets[set] = values
		}
	}
	return sets
}

// changeTyped is what Graph makes of the values of a typed property: those that are sent,
// with their types, are laid over those that are there.
func changeTyped(state map[string]any, property, form string, sent any) error {
	sets, ok := sent.(map[string]any)
	if !ok {
		return rejected("%s is no object", property)
	}
	was, _ := state[property].(map[string]any)
	merged := maps.Clone(was)
	if merged == nil {
		merged = map[string]any{}
	}
	for set, v := range sets {
		values, _ := v.(map[string]any)
		if values[typeProperty] != form {
			return rejected("%s has the type %v", set, values[typeProperty])
		}
		before, _ := merged[set].(map[string]any)
		one := map[string]any{typeProperty: answeredForm}
		maps.Copy(one, before)
		for name, v := range values {
			list, many := v.([]any)
			_, number := v.(json.Number)
			switch {
			case strings.Contains(name, "@"):
				continue
			case (many && len(list) > 0 || number) && values[name+typeProperty] == nil:
				return rejected("%s has no type", name)
			}
			put(one, name, v)
		}
		if len(one) == 1 {
			one = nil
		}
		put(merged, set, one)
	}
	put(state, property, merged)
	return nil
}

// Only the values that differ are sent, each with its type, and one that goes is cleared
// by name.
func TestTypedValues(t *testing.T) {
	parse := func(s string) map[string]any {
		m, err := decode([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	live := parse(`{"customSecurityAttributes":{"A":{"@odata.type":"x","same":"s","list":["a"],"number":1,"goes":"g","gone":["g"],"yes":true}}}`)
	want := parse(`{"customSecurityAttributes":{"A":{"@odata.type":"x","same":"s","list":["b","a"],"number":2,"yes":false},"B":{"@odata.type":"x","numbers":[1]}}}`)
	body := top(&kind.ByName("users").Shape, "customSecurityAttributes", live["customSecurityAttributes"], want["customSecurityAttributes"])
	got, err := decode(encode(map[string]any{"v": body}))
	if err != nil {
		t.Fatal(err)
	}
	const form = `"@odata.type":"#Microsoft.DirectoryServices.CustomSecurityAttributeValue"`
	expect := parse(`{"v":{"A":{` + form + `,"list":["b","a"],"list@odata.type":"#Collection(String)","number":2,"number@odata.type":"#Int32","goes":null,"gone":[],"yes":false},
		"B":{` + form + `,"numbers":[1],"numbers@odata.type":"#Collection(Int32)"}}}`)
	if d := cmp.Diff(expect, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	reordered := parse(`{"customSecurityAttributes":{"A":{"@odata.type":"x","list":["a","b"]}}}`)
	if body := top(&kind.ByName("users").Shape, "customSecurityAttributes", reordered["customSecurityAttributes"],
		parse(`{"customSecurityAttributes":{"A":{"@odata.type":"x","list":["b","a"]}}}`)["customSecurityAttributes"]); len(body.(map[string]any)) > 0 {
		t.Errorf("another order is sent: %v", body)
	}
}
