package emulator

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

const testTenant = "6e3f1f0a-52b7-5c4f-9d6e-0c1d2e3f4a5b"

func TestScaleAddsObjectsAndChangesNoId(t *testing.T) {
	table := newTable(allResources)
	ids := func(scale Scale) map[string]bool {
		found := make(map[string]bool)
		for rec := range seed.Contoso(testTenant, scale) {
			key := rec.Path
			if r, _, _ := table.find(rec.Path); !r.singleton {
				key += fmt.Sprint("/", rec.Body[r.keyName()])
			}
			if found[key] {
				t.Errorf("%s occurs twice", key)
			}
			found[key] = true
		}
		return found
	}
	small := ids(Scale{})
	large := ids(Scale{Users: 3000, Groups: 200, Applications: 60, Policies: 40, Locations: 30})
	for key := range small {
		if !large[key] {
			t.Errorf("%s is gone at a larger scale", key)
		}
	}
	if got := len(large) - len(small); got < 2700+140+2*35+28+25 {
		t.Errorf("only %d objects more", got)
	}
}

func TestSeedFollowsTheMetadata(t *testing.T) {
	meta, err := loadMetadata(CloudGlobal)
	if err != nil {
		t.Fatal(err)
	}
	for _, records := range []iter.Seq[seed.Record]{seed.Contoso(testTenant, Scale{Groups: 70, Applications: 30, Policies: 14, Locations: 8}), seed.Empty(testTenant)} {
		for rec := range records {
			r, _, ok := newTable(allResources).find(rec.Path)
			if !ok {
				t.Errorf("%s: no such resource", rec.Path)
				continue
			}
			conforms(t, meta, fmt.Sprint(rec.Path, "/", rec.Body["id"]), r.typ, rec.Body)
		}
	}
}

// conforms reports where a value is not of its type.
func conforms(t *testing.T, meta *metadata, at, typ string, value any) {
	body, ok := value.(object)
	if !ok {
		scalar(t, meta, at, typ, value)
		return
	}
	if annotated, ok := body["@odata.type"].(string); ok {
		typ = typeName(annotated)
	}
	def := meta.Types[typ]
	if def == nil || def.Abstract {
		t.Errorf("%s: no type %q", at, typ)
		return
	}
	for name, v := range body {
		if strings.Contains(name, "@") {
			continue
		}
		p, ok := def.properties[name]
		if nav, isNav := def.navigation[name]; !ok && isNav {
			p = property{Type: nav.Type, Collection: nav.Collection}
		} else if !ok {
			if !def.Open {
				t.Errorf("%s: %s has no property %s", at, typ, name)
			}
			continue
		}
		switch elements, isList := v.([]any); {
		case v == nil:
			if p.Required {
				t.Errorf("%s.%s: null", at, name)
			}
		case isList != p.Collection:
			t.Errorf("%s.%s: %T", at, name, v)
		case isList:
			for i, e := range elements {
				conforms(t, meta, fmt.Sprintf("%s.%s[%d]", at, name, i), p.Type, e)
			}
		default:
			conforms(t, meta, at+"."+name, p.Type, v)
		}
	}
}

func scalar(t *testing.T, meta *metadata, at, typ string, value any) {
	var ok bool
	switch typ {
	case "Boolean":
		_, ok = value.(bool)
	case "Int32", "Int64", "Single":
		_, ok = value.(json.Number)
	case "DateTimeOffset":
		_, err := time.Parse(time.RFC3339, value.(string))
		ok = err == nil
	default:
		s, isString := value.(string)
		ok = isString
		if members := meta.Enums[typ]; members != nil {
			for _, one := range strings.Split(s, ",") {
				ok = ok && slices.Contains(members, one)
			}
		} else if meta.Types[typ] != nil {
			ok = false
		}
	}
	if !ok {
		t.Errorf("%s: %v (%T) is not a %s", at, value, value, typ)
	}
}
