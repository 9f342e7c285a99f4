package capture_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// Files of kinds with very many objects say what ids mean as well: whatever else is read at
// the same time, in the same words each time.
func TestGlosses(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	all, s := tn.run(t, files{}, entra.Manifest{})
	for folder, comments := range map[string][]string{
		"roleAssignments":        {`principalId: \S+ # (users|groups|servicePrincipals): .`, `roleDefinitionId: \S+ # roleDefinitions: .`},
		"applications":           {`- id: 37f7f235-527c-4136-accd-4a02d197296e # openid`, `resourceAppId: 00000003-\S+ # servicePrincipals: Microsoft Graph`},
		"oauth2PermissionGrants": {`clientId: \S+ # servicePrincipals: .`, `resourceId: \S+ # servicePrincipals: Microsoft Graph`},
		"servicePrincipals":      {`appRoleId: df021288-bdef-4463-88db-98f22de89214 # User.Read.All`, `appRoleId: 0+-\S+ # default access`},
		"users":                  nil,
	} {
		text := ""
		for path, data := range all {
			if strings.HasPrefix(path, "tenant/"+folder+"/") {
				text += data
				if strings.Contains(data, "consentType: Principal\n") && strings.Contains(data, " # ") {
					t.Errorf("%s has comments, and may be one of a million:\n%s", path, data)
				}
			}
		}
		for _, comment := range comments {
			if !regexp.MustCompile(`(?m)` + comment).MatchString(text) {
				t.Errorf("%s: nowhere %s", folder, comment)
			}
		}
		if comments == nil && strings.Contains(text, " # ") {
			t.Errorf("%s: an unexpected comment", folder)
		}
	}
	again, _ := tn.run(t, all, s.Manifest)
	other, _ := tn.run(t, files{}, entra.Manifest{})
	for path, data := range all {
		if again[path] != data || other[path] != data {
			t.Errorf("%s is not the same each time", path)
		}
	}
}

// In kinds that may have very many objects a comment alone rewrites no file: an application
// that is renamed leaves the grants of its clients as they are, and so does a backup of an
// older version, whose files have no comments. The next change of an object brings the names
// of today.
func TestCommentsAloneRewriteNothing(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.run(t, files{}, entra.Manifest{})
	bulk := []string{"roleAssignments", "applications", "oauth2PermissionGrants", "servicePrincipals"}
	bare := regexp.MustCompile(`(?m) # .*$`)
	for path, data := range base {
		for _, name := range bulk {
			if strings.HasPrefix(path, "tenant/"+name+"/") {
				base[path] = bare.ReplaceAllString(data, "")
			}
		}
	}
	again, summary := tn.run(t, base, s.Manifest)
	for path, data := range base {
		if again[path] != data {
			t.Errorf("%s was rewritten", path)
		}
	}
	for _, k := range summary.Kinds {
		if len(k.Changes) > 0 {
			t.Errorf("%s: %v", k.Kind.Name, k.Changes)
		}
	}
	for path, data := range base {
		if strings.HasPrefix(path, "tenant/applications/") && strings.Contains(data, "name: Legal Vault\n") {
			id := path[strings.LastIndex(path, "/")+1 : len(path)-len(".yaml")]
			tn.write(t, "PATCH", "/applications/"+id, `{"notes":"changed"}`)
			again, _ = tn.run(t, base, s.Manifest)
			if got := []byte(again[path]); !bytes.Contains(got, []byte("notes: changed")) || !bytes.Contains(got, []byte(" # openid")) {
				t.Errorf("after a change:\n%s", got)
			}
		}
	}
}
