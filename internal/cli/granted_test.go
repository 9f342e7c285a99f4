package cli

import (
	"cmp"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/emulator/signin"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// trusting runs tests in a process that trusts a certificate of its own, since a program reads
// once whom it trusts.
type trusting struct {
	*testing.M
}

// certificate is what tests serve a tenant with that one has to sign in to.
var certificate *signin.TLS

func (m trusting) Run() int {
	dir, err := os.MkdirTemp("", "entragit-test")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if certificate, err = signin.NewTLS(); err != nil {
		panic(err)
	}
	roots := filepath.Join(dir, "ca.pem")
	if err := cmp.Or(os.WriteFile(roots, certificate.CA, 0o600), os.Setenv("SSL_CERT_FILE", roots)); err != nil {
		panic(err)
	}
	return m.M.Run()
}

// signedInLaw is a tenant that has to be signed in to, and a repository without a snapshot.
func signedInLaw(t *testing.T, permissions []string) *law {
	t.Helper()
	server, err := emulator.New(emulator.Options{Permissions: permissions})
	must(t, err)
	appID := ""
	for _, body := range server.Objects("/applications") {
		if body["displayName"] == ownApplication {
			appID, _ = body["appId"].(string)
		}
	}
	authority, err := signin.New(server, signin.Options{Secrets: map[string]string{appID: "right"}})
	must(t, err)
	web := httptest.NewUnstartedServer(authority)
	web.TLS = certificate.Config
	web.StartTLS()
	t.Cleanup(web.Close)
	dir := t.TempDir()
	l := &law{mutator: newMutator(t, ""), server: server, admin: server.Administrator(), repo: filepath.Join(dir, "backup"), variables: map[string]string{
		"XDG_CONFIG_HOME": dir, "ENTRAGIT_REPO": filepath.Join(dir, "backup"), "ENTRAGIT_GRAPH": web.URL, "AZURE_AUTHORITY_HOST": web.URL,
		"AZURE_TENANT_ID": server.TenantID(), "AZURE_CLIENT_ID": appID, "AZURE_CLIENT_SECRET": "right",
	}}
	if code, out, errs := l.entragit("init"); code != exitDone {
		t.Fatalf("init exits with %d:\n%s%s", code, out, errs)
	}
	return l
}

// lost are the causes of the kinds that the newest snapshot did not read whole.
func (l *law) lost(t *testing.T) map[string]string {
	t.Helper()
	m, err := canon.DecodeManifest(manifestPath, []byte(l.git(t, "show", snapshotsBranch+":"+manifestPath)))
	must(t, err)
	lost := map[string]string{}
	for _, k := range keptKinds(config.Config{}) {
		if c := m.Kinds[k.Name]; !c.State.Whole() && k.Unavailable == "" {
			lost[k.Name] = c.Cause
			if c.State != entra.Partial && c.State != entra.Forbidden {
				t.Errorf("%s is %s", k.Name, c.State)
			}
		}
	}
	return lost
}

// alsoBy are those of the listed permissions that Microsoft's pages take instead of another,
// as "higher privileged": while one of them is granted, the lack of the other is none.
var alsoBy = map[string][]string{
	"AdministrativeUnit.Read.All":            {"Directory.Read.All"},
	"Application.Read.All":                   {"Directory.Read.All"},
	"Domain.Read.All":                        {"Directory.Read.All"},
	"EntitlementManagement.Read.All":         {"RoleManagement.Read.Directory"},
	"Group.Read.All":                         {"Directory.Read.All"},
	"GroupSettings.Read.All":                 {"Directory.Read.All", "Group.Read.All"},
	"LicenseAssignment.Read.All":             {"Directory.Read.All", "Organization.Read.All"},
	"LifecycleWorkflows-CustomExt.Read.All":  {"LifecycleWorkflows.Read.All"},
	"LifecycleWorkflows-Workflow.Read.All":   {"LifecycleWorkflows.Read.All"},
	"Organization.Read.All":                  {"Directory.Read.All"}, // of User.Read.All, less of it is shown
	"OrganizationalBranding.Read.All":        {"Organization.Read.All"},
	"Policy.Read.All":                        {"Directory.Read.All"},
	"Policy.Read.AuthenticationMethod":       {"Policy.Read.All"},
	"RoleAssignmentSchedule.Read.Directory":  {"RoleManagement.Read.Directory"},
	"RoleEligibilitySchedule.Read.Directory": {"RoleManagement.Read.Directory"},
	"RoleManagement.Read.Directory":          {"Directory.Read.All"},
	"User.Read.All":                          {"Directory.Read.All"},
}

// notByBackup are uses of a permission that no backup makes: the object alone takes it, and a
// backup reads the list.
var notByBackup = []string{"IdentityProvider.Read.All samlOrWsFedExternalDomainFederations", "Organization.Read.All to see which tenant it is"}

// With the permissions that "permissions" lists a backup is complete. Without any one of them
// it says what was lost and for lack of which, and keeps every file.
func TestOneByOne(t *testing.T) {
	list := grants(keptKinds(config.Config{}), forBackup)
	var all []string
	for _, g := range list {
		all = append(all, g.permission)
	}
	// Most of the time is spent waiting for the rates of one tenant, so there are several.
	const tenants = 4
	for n := range tenants {
		t.Run(fmt.Sprint("tenant ", n), func(t *testing.T) {
			t.Parallel()
			l := signedInLaw(t, all)
			l.backup(t)
			if lost := l.lost(t); len(lost) > 0 {
				t.Fatalf("with everything that is listed, not read: %v", lost)
			}
			tree := strings.TrimSpace(l.git(t, "rev-parse", snapshotsBranch+":tenant"))
			for i := n; i < len(list); i += tenants {
				t.Run(list[i].permission, func(t *testing.T) { l.withoutGrant(t, list[i], all, tree) })
			}
		})
	}
}

// withoutGrant takes a permission away by itself, and with those that stand in for it.
func (l *law) withoutGrant(t *testing.T, g grant, all []string, tree string) {
	if errs, lost := l.withdrawn(t, all, tree, g.permission); len(lost) == 0 && alsoBy[g.permission] == nil {
		t.Errorf("the backup is complete: %s", errs)
	} else if len(lost) > 0 {
		for name, cause := range lost {
			if !slices.Contains(g.uses, name) || !strings.Contains(cause, g.permission+" is not granted") {
				t.Errorf("%s: %s; listed for %v", name, cause, g.uses)
			}
		}
	}
	if alsoBy[g.permission] == nil {
		return
	}
	_, lost := l.withdrawn(t, all, tree, append(alsoBy[g.permission], g.permission)...)
	for _, use := range g.uses {
		if !strings.Contains(lost[use], g.permission) && !slices.Contains(notByBackup, g.permission+" "+use) {
			t.Errorf("without %v besides, %s: %q", alsoBy[g.permission], use, lost[use])
		}
	}
}

// withdrawn takes a backup without some permissions.
func (l *law) withdrawn(t *testing.T, all []string, tree string, taken ...string) (errs string, lost map[string]string) {
	t.Helper()
	l.server.Grant(slices.DeleteFunc(slices.Clone(all), func(p string) bool { return slices.Contains(taken, p) }))
	code, _, errs := l.entragit("backup")
	lost = l.lost(t)
	// Names in comments may go with what is not read, and an activated role cannot be told from an
	// assigned one without the schedules.
	if changed := l.git(t, "diff", "--stat", "-I", " # ", "--diff-filter=a", tree, snapshotsBranch+":tenant"); changed != "" {
		t.Errorf("files change: %s", changed)
	}
	if added := l.git(t, "diff", "--name-only", "--diff-filter=A", tree, snapshotsBranch+":tenant"); added != "" && !strings.HasPrefix(added, "roleAssignments/") {
		t.Errorf("files come: %s", added)
	}
	if (code == exitIncomplete) != (len(lost) > 0) || code != exitIncomplete && code != exitDone || len(lost) > 0 && !strings.Contains(errs, "hint: grant ") {
		t.Errorf("exit code %d, not read %v:\n%s", code, lost, errs)
	}
	return errs, lost
}

// With the permissions that "permissions --for reconcile" lists for a kind alone, everything of the kind
// is put back.
func TestLawWithWhatIsListed(t *testing.T) {
	t.Parallel() // most of its time it waits
	l := signedInLaw(t, nil)
	l.unrecorded()
	l.backup(t)
	l.first = strings.TrimSpace(l.git(t, "rev-parse", snapshotsBranch))
	l.read(t)
	for _, k := range keptKinds(config.Config{}) {
		if k.Unavailable+k.NeverWritten != "" {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			var listed []string
			for _, g := range grants([]*kind.Kind{k}, forReconcile) {
				listed = append(listed, g.permission)
			}
			l.server.Grant(listed)
			l.server.ClearLog()
			brief := *k
			brief.Update = requested(k)
			l.kind(t, &brief)
			for _, r := range l.server.Requests() {
				if r.Status == 403 {
					t.Errorf("with %v, refused: %s %s %s", listed, r.Method, r.Path, r.Query)
				}
			}
		})
	}
}

// requested are the properties of a kind that take requests or permissions of their own, and the
// first of those that do not.
func requested(k *kind.Kind) []string {
	own := slices.Clone(k.OwnRequest)
	for _, n := range k.Permissions.Needs {
		own = append(own, n.Properties...)
	}
	for _, a := range k.Actions {
		own = append(own, a.Properties...)
	}
	if first := slices.IndexFunc(k.Update, func(p string) bool { return !slices.Contains(own, p) }); first >= 0 {
		own = append(own, k.Update[first])
	}
	return slices.DeleteFunc(slices.Clone(k.Update), func(p string) bool { return !slices.Contains(own, p) })
}

// An administrator and a group that can hold a role take more than permissions to write: that
// is said before the first write, and Graph refuses without it.
func TestAdministratorsTakeMoreThanPermissions(t *testing.T) {
	t.Parallel() // most of its time it waits
	l := signedInLaw(t, nil)
	l.backup(t)
	l.first = strings.TrimSpace(l.git(t, "rev-parse", snapshotsBranch))
	l.read(t)
	var permissions []string
	for _, g := range grants([]*kind.Kind{kind.ByName("users"), kind.ByName("groups")}, forReconcile) {
		if g.permission != givesRoles {
			permissions = append(permissions, g.permission)
		}
	}
	permissions = append(permissions, "RoleManagement.Read.Directory")
	group := l.files["groups"][slices.IndexFunc(l.files["groups"], func(o *entra.Object) bool {
		return o.Spec["isAssignableToRole"] == true && len(o.Links["members"]) > 0
	})]
	member := group.Links["members"][0]
	own := ""
	for _, sp := range l.server.Objects("/servicePrincipals") {
		if sp["appId"] == l.variables["AZURE_CLIENT_ID"] {
			own, _ = sp["id"].(string)
		}
	}
	restore := func(path string) (int, string) {
		code, out, errs := l.entragit("reconcile", "--from", l.first, "--yes", "--accept", strings.Join(ruleNames(), ","), path)
		return code, out + errs
	}
	for _, tt := range []struct {
		name, path, said string
		change           func() error
		mend             func()
	}{
		{"a member of a group that can hold a role", "groups/" + group.ID, "a group that can hold a role, its members and owners take " + givesRoles,
			func() error { return l.admin.Unlink("/groups/"+group.ID, "members", member) },
			func() { l.server.Grant(append(slices.Clone(permissions), givesRoles)) }},
		{"who belongs to such a group, deleted", "users/" + member, "who holds a role, or belongs to a group that can, is changed by a higher administrator only",
			func() error {
				for _, a := range l.server.Objects("/roleManagement/directory/roleAssignments") {
					if a["principalId"] == own {
						must(t, l.admin.Remove("/roleManagement/directory/roleAssignments/"+a["id"].(string)))
					}
				}
				return l.admin.Remove("/users/" + member)
			}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l.server.Grant(permissions)
			must(t, tt.change())
			if code, text := restore(tt.path); code != exitIncomplete || !strings.Contains(text, tt.said) || !strings.Contains(text, "403 Authorization_RequestDenied") {
				t.Errorf("exit code %d:\n%s", code, text)
			}
			if tt.mend == nil {
				return // who lost the role cannot give it back
			}
			tt.mend()
			if code, text := restore(tt.path); code != exitDone || strings.Contains(text, "Graph may refuse") {
				t.Errorf("with what it takes, exit code %d:\n%s", code, text)
			}
		})
	}
}
