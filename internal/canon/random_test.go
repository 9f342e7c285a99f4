package canon

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

func jsonNumber(s string) json.Number { return json.Number(s) }

// nest returns a value of that many lists in each other.
func nest(depth int) any {
	v := any([]any{"x"})
	for range depth {
		v = []any{v}
	}
	return v
}

// nestObjects returns that many objects in each other.
func nestObjects(depth int) map[string]any {
	v := map[string]any{"a": "x"}
	for range depth - 1 {
		v = map[string]any{"a": v}
	}
	return v
}

// hostile are strings that some YAML parser, editor or terminal makes something else
// of.
var hostile = func() []string {
	var list []string
	if err := json.Unmarshal(must(os.ReadFile("../yaml/testdata/hostile.json")), &list); err != nil {
		panic(err)
	}
	return list
}()

func randomString(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return hostile[r.IntN(len(hostile))]
	}
	var b strings.Builder
	for range r.IntN(12) {
		switch r.IntN(4) {
		case 0:
			b.WriteString(hostile[r.IntN(len(hostile))])
		case 1:
			b.WriteByte(" \n:#-'\"\\,[]{}"[r.IntN(13)])
		default:
			b.WriteByte(byte('a' + r.IntN(26)))
		}
	}
	return strings.ToValidUTF8(b.String(), "?")
}

func randomValue(r *rand.Rand, depth int) any {
	switch n := r.IntN(10); {
	case n < 2 && depth > 0:
		list := []any{}
		for range r.IntN(4) {
			list = append(list, randomValue(r, depth-1))
		}
		return list
	case n < 4 && depth > 0:
		m := map[string]any{}
		for range r.IntN(4) {
			m[randomString(r)] = randomValue(r, depth-1)
		}
		return m
	case n == 4:
		return json.Number([]string{"0", "-0", "1.0", "1e3", "-1.5E-7", "12345678901234567890123", "0.10"}[r.IntN(7)])
	case n == 5:
		return r.IntN(2) == 0
	case n == 6:
		return nil
	}
	return randomString(r)
}

// The law of the package: what Encode writes, Decode reads and EncodeObject writes
// again are the same, for any object.
func TestRandomObjectsRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var e Encoder
	for i := range 3000 {
		body := map[string]any{"id": "x" + randomString(r), "displayName": randomString(r)}
		for _, name := range []string{"conditions", "list", "targets", "scope", "when", "strength", "state", "methods", randomString(r)} {
			if _, ok := body[name]; !ok && r.IntN(2) == 0 {
				body[name] = randomValue(r, 4)
			}
		}
		body["methods"] = []any{map[string]any{"name": randomValue(r, 2)}, map[string]any{randomString(r): randomValue(r, 2)}}
		raw := Raw{Body: must(json.Marshal(body)), Links: map[string][]string{"owners": {randomString(r), randomString(r)}}}
		out, err := e.Encode(policies, raw, nil)
		if err != nil {
			t.Fatalf("%d: %v\n%s", i, err, raw.Body)
		}
		first := string(out.YAML)
		o, err := Decode(policies, "f.yaml", []byte(first))
		if err != nil {
			t.Fatalf("%d: %v\n%s", i, err, first)
		}
		again, err := e.EncodeObject(policies, o, nil)
		if err != nil || string(again.YAML) != first {
			t.Fatalf("%d: %v\n%s", i, err, cmp.Diff(first, string(again.YAML)))
		}
		if o.Key != (entra.Key{Kind: "policies", ID: body["id"].(string)}) || o.Name != body["displayName"] {
			t.Fatalf("%d: got %q %q", i, o.Key, o.Name)
		}
	}
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(fmt.Sprintf("test data: %v", err))
	}
	return data
}
