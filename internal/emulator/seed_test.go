package emulator

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"
)

const testTenant = "6e3f1f0a-52b7-5c4f-9d6e-0c1d2e3f4a5b"

func digest(t *testing.T, records iter.Seq[record]) (sum string, counts map[string]int) {
	t.Helper()
	h := sha256.New()
	counts = make(map[string]int)
	for rec := range records {
		counts[rec.path]++
		if err := json.NewEncoder(h).Encode([]any{rec.path, rec.body, rec.links, rec.from}); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)), counts
}

func TestSeedIsTheSameEachTime(t *testing.T) {
	for name, made := range map[string]func(string) iter.Seq[record]{
		"contoso": func(tenant string) iter.Seq[record] { return contoso(tenant, Scale{}) },
		"empty":   emptyTenant,
	} {
		first, _ := digest(t, made(testTenant))
		if second, _ := digest(t, made(testTenant)); first != second {
			t.Errorf("%s: two runs differ", name)
		}
		if other, _ := digest(t, made("another tenant")); first == other {
			t.Errorf("%s: two tenants have the same objects", name)
		}
	}
}

func TestContosoHasItsNaturalSize(t *testing.T) {
	_, counts := digest(t, contoso(testTenant, Scale{}))
	for path, want := range map[string]int{
		"/users": 300, "/groups": 60, "/applications": 25,
		"/servicePrincipals":                                                       25 + 2 + 6,
		"/identity/conditionalAccess/policies":                                     12,
		"/identity/conditionalAccess/namedLocations":                               5,
		"/policies/authenticationMethodsPolicy/authenticationMethodConfigurations": 10,
		"/organization": 1,
	} {
		if counts[path] != want {
			t.Errorf("%s: %d objects, want %d", path, counts[path], want)
		}
	}
}

func TestScaleAddsObjectsAndChangesNoId(t *testing.T) {
	table := newTable(allResources)
	ids := func(scale Scale) map[string]bool {
		found := make(map[string]bool)
		for rec := range contoso(testTenant, scale) {
			key := rec.path
			if r, _, _ := table.find(rec.path); !r.singleton {
				key += fmt.Sprint("/", rec.body[r.keyName()])
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

func TestSeedNamesAreUnique(t *testing.T) {
	seen := make(map[string]string)
	for rec := range contoso(testTenant, Scale{Users: 9000, Groups: 500}) {
		for _, property := range []string{"userPrincipalName", "mailNickname", "mail"} {
			v, ok := rec.body[property].(string)
			if !ok {
				continue
			}
			key := property + "=" + strings.ToLower(v)
			if other := seen[key]; other != "" {
				t.Errorf("%s is both %s and %v", key, other, rec.body["id"])
			}
			seen[key] = rec.body["id"].(string)
		}
	}
}

func TestSeedFollowsTheMetadata(t *testing.T) {
	meta, err := loadMetadata()
	if err != nil {
		t.Fatal(err)
	}
	for _, records := range []iter.Seq[record]{contoso(testTenant, Scale{Groups: 70, Applications: 30, Policies: 14, Locations: 8}), emptyTenant(testTenant)} {
		for rec := range records {
			r, _, ok := newTable(allResources).find(rec.path)
			if !ok {
				t.Errorf("%s: no such resource", rec.path)
				continue
			}
			conforms(t, meta, fmt.Sprint(rec.path, "/", rec.body["id"]), r.typ, rec.body)
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
