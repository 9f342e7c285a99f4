package emulator

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// folderOf writes files by their path below a temporary folder.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func loaded(t *testing.T, files map[string]string) *store {
	t.Helper()
	s, err := New(Options{Seed: "empty", Load: folderOf(t, files)})
	if err != nil {
		t.Fatal(err)
	}
	return s.store
}

// inUTF16 encodes text as Windows PowerShell writes files.
func inUTF16(text string, order binary.AppendByteOrder, mark bool) string {
	var out []byte
	if mark {
		out = order.AppendUint16(out, 0xFEFF)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

const (
	ada   = "11111111-1111-4111-8111-111111111111"
	grace = "22222222-2222-4222-8222-222222222222"
	team  = "33333333-3333-4333-8333-333333333333"
	tool  = "44444444-4444-4444-8444-444444444444"
)

func TestLoadAcceptsWhatExportsLookLike(t *testing.T) {
	one := `{"id":"` + ada + `","displayName":"Ada Žluťoučká 愛"}`
	for name, files := range map[string]map[string]string{
		"an object":              {"users/ada.json": one},
		"an array":               {"users/all.json": "[" + one + "]"},
		"a list response":        {"users/page.JSON": `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[` + one + `]}`},
		"a byte order mark":      {"users/ada.json": "\xEF\xBB\xBF" + one},
		"UTF-16, little-endian":  {"users/ada.json": inUTF16(one, binary.LittleEndian, true)},
		"UTF-16, big-endian":     {"users/ada.json": inUTF16(one, binary.BigEndian, true)},
		"UTF-16 without a mark":  {"users/ada.json": inUTF16(one, binary.LittleEndian, false)},
		"PascalCase":             {"users/ada.json": `{"Id":"` + ada + `","DisplayName":"Ada Žluťoučká 愛"}`},
		"another spelling of it": {"Users/ada.json": one},
		"other files beside":     {"users/ada.json": one, "users/notes.txt": "{", "users/.hidden.json": "{", ".git/config": "", "README.md": "#"},
		"PowerShell's leftovers": {"users/ada.json": `{"Id":"` + ada + `","AdditionalProperties":{"@odata.context":"x","displayName":"Ada Žluťoučká 愛"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := loaded(t, files)
			e := s.get("/users", ada)
			if e == nil || e.body["displayName"] != "Ada Žluťoučká 愛" {
				t.Fatalf("got %+v", e)
			}
			if got := len(s.list("/users")); got != 1 {
				t.Errorf("%d users", got)
			}
		})
	}
}

func TestLoadTakesResponsesApart(t *testing.T) {
	s := loaded(t, map[string]string{
		"users/a.json": `[{"id":"` + ada + `","userPrincipalName":"ada@contoso.com","manager":{"id":"` + grace + `"}},{"id":"` + grace + `"}]`,
		"groups/team.json": `{"id":"` + team + `","displayName":"Team","groupTypes":[],
			"members@odata.context":"x","members":[{"@odata.type":"#microsoft.graph.user","id":"` + ada + `"}],"#microsoft.graph.validateProperties":{}}`,
		"groups/" + team + "/owners/owners.json":                           `{"value":[{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + grace + `"}]}`,
		"applications/tool.json":                                           `{"id":"` + tool + `","appId":"` + ada + `","displayName":"Tool"}`,
		"applications/" + tool + "/federatedIdentityCredentials/main.json": `{"id":"` + team + `","name":"main","issuer":"i","subject":"s","audiences":["a"]}`,
		"identity/conditionalAccess/policies/CA.json": `{"id":"` + team + `","displayName":"CA","state":"disabled","conditions":{"Users":{"IncludeUsers":["All"]}},
			"grantControls":{"operator":"OR","authenticationStrength@odata.context":"x","authenticationStrength":{"id":"` + tool + `","displayName":"Ours","policyType":"custom","allowedCombinations":["fido2"]}}}`,
		"policies/authenticationMethodsPolicy/policy.json": `{"id":"authenticationMethodsPolicy","reconfirmationInDays":7,
			"authenticationMethodConfigurations":[{"@odata.type":"#microsoft.graph.fido2AuthenticationMethodConfiguration","id":"Fido2","state":"disabled"}]}`,
		"directory/deletedItems/microsoft.graph.user/gone.json": `{"id":"` + tool + `","userPrincipalName":"gone@contoso.com","deletedDateTime":"2026-05-01T00:00:00Z"}`,
		"organization/us.json": `{"id":"55555555-5555-4555-8555-555555555555","displayName":"Us"}`,
	})
	if !s.linked(ada, "manager", grace) || !s.linked(team, "members", ada) || !s.linked(team, "owners", grace) {
		t.Error("relationships are missing")
	}
	for _, left := range []string{"members", "#microsoft.graph.validateProperties"} {
		if _, ok := s.get("/groups", team).body[left]; ok {
			t.Errorf("the group still holds %s", left)
		}
	}
	if s.get("/applications/"+tool+"/federatedIdentityCredentials", team) == nil {
		t.Error("the federated credential is missing")
	}
	policy := s.get("/identity/conditionalAccess/policies", team).body
	if users := policy["conditions"].(object)["users"].(object); users["includeUsers"] == nil {
		t.Errorf("conditions: %v", users)
	}
	if strength := policy["grantControls"].(object)["authenticationStrength"].(object); len(strength) != 1 || strength["id"] != tool {
		t.Errorf("the policy embeds %v", strength)
	}
	if s.get("/policies/authenticationStrengthPolicies", tool) == nil {
		t.Error("the embedded strength is lost")
	}
	methods := "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations"
	if s.get(methods, "Fido2").body["state"] != "disabled" || s.get(methods, "Sms") == nil {
		t.Error("the inline method did not take its place among the others")
	}
	if e := s.deleted[tool]; e == nil || e.body["deletedDateTime"] != "2026-05-01T00:00:00Z" || s.get("/users", tool) != nil {
		t.Errorf("the deleted user: %+v", e)
	}
	if list := s.list(tenantPath); len(list) != 1 || s.tenantID != list[0].id {
		t.Errorf("%d organizations, tenant %s", len(list), s.tenantID)
	}
}

func TestLoadGivesAnObjectWithoutIdOne(t *testing.T) {
	files := map[string]string{"users/new.json": `[{"displayName":"Ada"},{"displayName":"Grace"}]`}
	first, second := loaded(t, files).list("/users"), loaded(t, files).list("/users")
	if len(first) != 2 || first[0].id == first[1].id || first[0].id != second[0].id {
		t.Errorf("got %d users", len(first))
	}
}

func TestLoadReplacesTheHolderOfAUniqueValue(t *testing.T) {
	s := loaded(t, map[string]string{"servicePrincipals/graph.json": `{"id":"` + tool + `","appId":"` + graphAppID + `","displayName":"Microsoft Graph"}`})
	if found := s.lookup("appId", graphAppID); len(found) != 1 || found[0].id != tool {
		t.Errorf("%d service principals of Microsoft Graph", len(found))
	}
}

func TestLoadRefuses(t *testing.T) {
	user := `{"id":"` + ada + `"}`
	for name, test := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a key twice":            {map[string]string{"users/a.json": "{\n\"id\":\"1\",\n\"id\":\"2\"}"}, []string{"users/a.json", "line 3", "id", "keep one"}},
		"a key in two spellings": {map[string]string{"users/a.json": `{"id":"1","Id":"2"}`}, []string{"users/a.json", "id", "keep one"}},
		"no properties":          {map[string]string{"users/a.json": `[` + user + `,{"@odata.etag":"x"}]`}, []string{"users/a.json: object 2", "remove it"}},
		"a deletion":             {map[string]string{"users/a.json": `{"id":"1","@removed":{"reason":"deleted"}}`}, []string{"users/a.json", "delta"}},
		"a method without an id": {map[string]string{"policies/authenticationMethodsPolicy/p.json": `{"authenticationMethodConfigurations":[{"state":"enabled"}]}`}, []string{"p.json", "id", "add it"}},
		"an empty file":          {map[string]string{"users/a.json": ""}, []string{"users/a.json", "empty"}},
		"half a file":            {map[string]string{"users/a.json": `{"id":"1",`}, []string{"users/a.json", "line 1", "ends"}},
		"two values":             {map[string]string{"users/a.json": user + user}, []string{"users/a.json", "after the first"}},
		"not JSON":               {map[string]string{"users/a.json": "{\n'id': 1}"}, []string{"users/a.json", "line 2"}},
		"not text":               {map[string]string{"users/a.json": "{\"id\":\"\xff\"}"}, []string{"users/a.json", "UTF-8"}},
		"half UTF-16":            {map[string]string{"users/a.json": "\xFF\xFE{"}, []string{"users/a.json", "UTF-16"}},
		"an error response":      {map[string]string{"users/a.json": `{"error":{"code":"Authorization_RequestDenied"}}`}, []string{"users/a.json", "Authorization_RequestDenied"}},
		"a number":               {map[string]string{"users/a.json": "[1]"}, []string{"users/a.json", "element 1"}},
		"an unknown folder":      {map[string]string{"usres/a.json": user}, []string{"usres", "no such collection"}},
		"a view":                 {map[string]string{"directoryObjects/a.json": user}, []string{"directoryObjects", "of their own"}},
		"files at the top":       {map[string]string{"a.json": user}, []string{"no such collection"}},
		"two files of a singleton": {map[string]string{
			"policies/authorizationPolicy/a.json": "{}", "policies/authorizationPolicy/b.json": "{}",
		}, []string{"a.json", "b.json", "remove one"}},
		"an owner that is nowhere": {map[string]string{"groups/" + team + "/members/m.json": user}, []string{"groups/" + team, "add the object"}},
		"a type that does not fit": {map[string]string{"users/a.json": `{"@odata.type":"#microsoft.graph.group","id":"1"}`}, []string{"users/a.json", "group"}},
		"a member without an id":   {map[string]string{"groups/g.json": `{"id":"` + team + `"}`, "groups/" + team + "/members/m.json": "[{}]"}, []string{"members/m.json", "@odata.id"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Seed: "empty", Load: folderOf(t, test.files)})
			if err == nil {
				t.Fatal("loaded")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

func TestLoadNeedsAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, file + "-not"} {
		if _, err := New(Options{Seed: "empty", Load: dir}); err == nil || !strings.Contains(err.Error(), "folder") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}
