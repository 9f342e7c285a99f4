package seed

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"testing"
)

const testTenant = "6e3f1f0a-52b7-5c4f-9d6e-0c1d2e3f4a5b"

func digest(t *testing.T, records iter.Seq[Record]) (sum string, counts map[string]int) {
	t.Helper()
	h := sha256.New()
	counts = make(map[string]int)
	for rec := range records {
		counts[rec.Path]++
		if err := json.NewEncoder(h).Encode([]any{rec.Path, rec.Body, rec.Links, rec.From}); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)), counts
}

func TestSeedIsTheSameEachTime(t *testing.T) {
	for name, made := range map[string]func(string) iter.Seq[Record]{
		"contoso": func(tenant string) iter.Seq[Record] { return Contoso(tenant, Scale{}) },
		"empty":   Empty,
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
	_, counts := digest(t, Contoso(testTenant, Scale{}))
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

func TestSeedNamesAreUnique(t *testing.T) {
	seen := make(map[string]string)
	for rec := range Contoso(testTenant, Scale{Users: 9000, Groups: 500}) {
		for _, property := range []string{"userPrincipalName", "mailNickname", "mail"} {
			v, ok := rec.Body[property].(string)
			if !ok {
				continue
			}
			key := property + "=" + strings.ToLower(v)
			if other := seen[key]; other != "" {
				t.Errorf("%s is both %s and %v", key, other, rec.Body["id"])
			}
			seen[key] = rec.Body["id"].(string)
		}
	}
}

func TestSeedLinksAndPoliciesNameObjectsThatExist(t *testing.T) {
	known := map[string]bool{"all_users": true, "00000000-0000-0000-0000-000000000000": true}
	var records []Record
	for rec := range Contoso(testTenant, Scale{}) {
		records = append(records, rec)
		for _, property := range []string{"id", "appId"} {
			if id, ok := rec.Body[property].(string); ok {
				known[id] = true
			}
		}
	}
	for _, rec := range records {
		for nav, targets := range rec.Links {
			for _, target := range targets {
				if !known[target] {
					t.Errorf("%s/%v: %s %s does not exist", rec.Path, rec.Body["id"], nav, target)
				}
			}
		}
		for nav, sources := range rec.From {
			for _, source := range sources {
				if !known[source] {
					t.Errorf("%s/%v: %s of %s, which does not exist", rec.Path, rec.Body["id"], nav, source)
				}
			}
		}
		for _, property := range []string{"clientId", "resourceId", "principalId"} {
			if id, ok := rec.Body[property].(string); ok && len(id) == 36 && !known[id] {
				t.Errorf("%s/%v: %s %s does not exist", rec.Path, rec.Body["id"], property, id)
			}
		}
		if strings.HasPrefix(rec.Path, "/policies/authenticationMethodsPolicy") {
			walkStrings(rec.Body, "id", func(id string) {
				if len(id) == 36 && !known[id] && rec.Body["id"] != id {
					t.Errorf("%v: target %s does not exist", rec.Body["id"], id)
				}
			})
		}
		if rec.Path == "/identity/conditionalAccess/policies" {
			checkSeededPolicy(t, known, rec.Body)
		}
	}
}

func checkSeededPolicy(t *testing.T, known map[string]bool, policy object) {
	conditions := policy["conditions"].(object)
	users := conditions["users"].(object)
	for _, property := range []string{"includeUsers", "excludeUsers", "includeGroups", "excludeGroups"} {
		for _, v := range users[property].([]any) {
			if id := v.(string); len(id) == 36 && !known[id] {
				t.Errorf("%v: %s %s does not exist", policy["displayName"], property, id)
			}
		}
	}
	if len(users["excludeUsers"].([]any)) < 2 || len(users["excludeGroups"].([]any)) < 1 {
		t.Errorf("%v does not leave the emergency accounts out", policy["displayName"])
	}
	if locations, ok := conditions["locations"].(object); ok {
		for _, v := range locations["excludeLocations"].([]any) {
			if id := v.(string); len(id) == 36 && !known[id] {
				t.Errorf("%v: location %s does not exist", policy["displayName"], id)
			}
		}
	}
}

// walkStrings calls f with every string property of that name in value.
func walkStrings(value any, name string, f func(string)) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			walkStrings(v, name, f)
		}
	case object:
		for k, v := range value {
			if s, ok := v.(string); ok && k == name {
				f(s)
			}
			walkStrings(v, name, f)
		}
	}
}

func TestManagersFormOneTree(t *testing.T) {
	c := newCompany(testTenant, Scale{Users: 5000})
	depth := 0
	for n := range c.people {
		steps := 0
		for at := n; at >= 0; at = c.manager(at) {
			if steps++; steps > 20 {
				t.Fatalf("account %d: managers in a circle", n)
			}
		}
		depth = max(depth, steps)
	}
	if depth < 5 {
		t.Errorf("the tree is only %d deep", depth)
	}
}

func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		for range Contoso(testTenant, Scale{Users: 100_000, Groups: 5000, Applications: 1000}) {
		}
	}
}
