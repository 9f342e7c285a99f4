package cli

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// profile is a sort of tenant, and what there is not to read in one: because it was not bought,
// or because the cloud has no such thing.
type profile struct {
	name       string
	tenant     emulator.Options
	unlicensed []string
	absent     []string
}

var (
	// governanceKinds take Microsoft Entra ID Governance, premiumKinds Microsoft Entra ID P2.
	governanceKinds = []string{"lifecycleWorkflowCustomTaskExtensions", "lifecycleWorkflowSettings", "lifecycleWorkflows"}
	premiumKinds    = []string{
		"accessPackageAssignmentPolicies", "accessPackageCatalogs", "accessPackages", "accessReviewDefinitions", "connectedOrganizations",
		"entitlementManagementSettings", "entitlementRoleAssignments", "privilegedAccessGroupAssignmentSchedules",
		"privilegedAccessGroupEligibilitySchedules", "privilegedAccessGroupPolicies", "privilegedAccessGroupPolicyAssignments",
		"roleAssignmentSchedules", "roleEligibilitySchedules", "roleManagementPolicies", "roleManagementPolicyAssignments",
	}
)

// absentKinds are what national clouds do not have, as the table of clouds says on the reference
// pages, such as "List identityApiConnectors" and "Get authenticationMethodsPolicy".
var absentKinds = map[string][]string{
	"usgov": {"apiConnectors", "authenticationEventsFlows", "authenticationFlowsPolicy", "b2xUserFlows", "identityProviders", "userFlowAttributes"},
	"china": {"authenticationEventsFlows", "authenticationMethodsPolicy", "customAuthenticationExtensions"},
}

// profiles are the tenants in which a backup has to end well. Which answers a profile gives is in
// the emulator, from Microsoft's documentation; which kinds are then not to be read is said here.
func profiles() []profile {
	paid := slices.Concat(governanceKinds, premiumKinds)
	return []profile{
		{name: "free", tenant: emulator.Options{Licence: "free"}, unlicensed: paid},
		{name: "p1", tenant: emulator.Options{Licence: "p1"}, unlicensed: paid},
		{name: "p2", tenant: emulator.Options{Licence: "p2"}, unlicensed: governanceKinds},
		{name: "governance", tenant: emulator.Options{Licence: "governance"}},
		{name: "usgov", tenant: emulator.Options{Cloud: "usgov"}, absent: absentKinds["usgov"]},
		{name: "usgov-dod", tenant: emulator.Options{Cloud: "usgov-dod"}, absent: absentKinds["usgov"]},
		{name: "china", tenant: emulator.Options{Cloud: "china"}, absent: absentKinds["china"]},
	}
}

// A backup of any sort of tenant ends with exit code 0, with every kind read or rightly not, with
// no request that Graph answers with 400 but for the licence's sake, and a second backup changes
// nothing.
func TestProfiles(t *testing.T) {
	for _, p := range profiles() {
		t.Run(p.name, func(t *testing.T) {
			l := profiled(t, p.tenant)
			l.backup(t)
			l.covers(t, p)
			for _, r := range l.server.Requests() {
				paid := slices.ContainsFunc(privilegedPaths, func(below string) bool { return strings.HasPrefix(r.Path, below) })
				if r.Status == 400 && (!paid || !slices.Contains(p.unlicensed, "roleManagementPolicies")) {
					t.Errorf("%s %s?%s is answered with 400", r.Method, r.Path, r.Query)
				}
			}
			l.backup(t)
			if subject := strings.TrimSpace(l.git(t, "log", "-1", "--format=%s", snapshotsBranch)); subject != "backup: +0 ~0 -0" {
				t.Errorf("the second backup: %s", subject)
			}
			l.covers(t, p)
			if code, out, errs := l.entragit("diff", "--exit-code"); code != exitDone {
				t.Errorf("nothing changed, and diff exits with %d:\n%s%s", code, out, errs)
			}
			if code, out, errs := l.entragit("verify"); code != exitDone || !strings.Contains(out, "completeness  ok") {
				t.Errorf("verify exits with %d:\n%s%s", code, out, errs)
			}
			if code, out, errs := l.entragit("doctor"); code != exitDone {
				t.Errorf("doctor exits with %d:\n%s%s", code, out, errs)
			}
		})
	}
}

// profiled is a tenant and an empty repository, with the kinds that a backup keeps by itself.
func profiled(t *testing.T, opts emulator.Options) *law {
	t.Helper()
	server, err := emulator.New(opts)
	must(t, err)
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	dir := t.TempDir()
	l := &law{server: server, repo: filepath.Join(dir, "backup"), variables: map[string]string{
		"XDG_CONFIG_HOME": dir, "ENTRAGIT_REPO": filepath.Join(dir, "backup"), "ENTRAGIT_GRAPH": web.URL,
	}}
	init := []string{"init"}
	if opts.Cloud != "" {
		init = append(init, "--cloud", opts.Cloud)
	}
	if code, out, errs := l.entragit(init...); code != exitDone {
		t.Fatalf("init exits with %d:\n%s%s", code, out, errs)
	}
	return l
}

// covers compares the newest snapshot's coverage with what the profile says.
func (l *law) covers(t *testing.T, p profile) {
	t.Helper()
	m, err := canon.DecodeManifest(manifestPath, []byte(l.git(t, "show", snapshotsBranch+":"+manifestPath)))
	must(t, err)
	for name, cover := range m.Kinds {
		want := entra.Complete
		switch {
		case kind.ByName(name).Unavailable != "":
			continue
		case slices.Contains(p.unlicensed, name):
			want = entra.Unlicensed
		case slices.Contains(p.absent, name):
			want = entra.Absent
		}
		if cover.State != want {
			t.Errorf("%s is %s, want %s: %s", name, cover.State, want, cover.Cause)
		}
	}
	for _, name := range slices.Concat(p.unlicensed, p.absent) {
		if _, ok := m.Kinds[name]; !ok {
			t.Errorf("the manifest does not say what became of %s", name)
		}
	}
}

// privilegedPaths begin the paths of privileged identity management, which answers 400 where
// others answer 403.
var privilegedPaths = []string{
	"/roleManagement/directory/roleAssignmentSchedule", "/roleManagement/directory/roleEligibilitySchedule", "/policies/roleManagementPolic",
	"/identityGovernance/privilegedAccess",
}

// quickLaw are the kinds of which the law is held in every profile and in every run, along with
// those of which a cloud lacks parts; with ENTRAGIT_PROFILES in the environment it is held of all that a profile has.
var quickLaw = []string{"conditionalAccessPolicies", "accessPackageCatalogs", "roleDefinitions"}

// The law holds under each licence and in each cloud of what is left.
func TestLawUnderProfiles(t *testing.T) {
	all := os.Getenv("ENTRAGIT_PROFILES") != ""
	for _, p := range profiles() {
		if p.name == "governance" {
			continue // TestLaw
		}
		t.Run(p.name, func(t *testing.T) {
			l := newLaw(t, p.tenant)
			l.unrecorded()
			for _, k := range kind.All() {
				lacking := k.Lacking(p.tenant.Cloud)
				quick := slices.Contains(quickLaw, k.Name) || len(lacking.Parts) > 0 && len(k.Update) > 0
				if k.Unavailable != "" || slices.Contains(p.unlicensed, k.Name) || lacking.All || !all && !quick {
					continue
				}
				t.Run(k.Name, func(t *testing.T) {
					if p.name == "free" && slices.Contains(paidWrites, k.Name) {
						l.unpaid(t, k)
						return
					}
					if all {
						l.kind(t, affordable(p, k))
					} else {
						l.property(t, k, l.objects(t, k), k.Update[0])
					}
					l.unchanged(t, k.Name)
				})
			}
			for _, r := range l.server.Requests() {
				if p.tenant.Cloud != "" && r.Method == "GET" && r.Status == 400 {
					t.Errorf("the cloud has nothing at %s?%s", r.Path, r.Query)
				}
			}
		})
	}
}

// affordable is the kind without the properties that take a licence to be written.
func affordable(p profile, k *kind.Kind) *kind.Kind {
	if p.name != "free" || k.Name != "groups" {
		return k
	}
	some := *k
	some.Update = slices.DeleteFunc(slices.Clone(k.Update), func(name string) bool { return strings.HasPrefix(name, "membershipRule") })
	return &some
}

// paidWrites are the kinds that a tenant without any licence can read and not write.
var paidWrites = []string{"conditionalAccessPolicies", "namedLocations", "groupLifecyclePolicies"}

// unpaid changes an object of a kind that cannot be written for want of a licence: what is not put
// back is said, and so is why.
func (l *law) unpaid(t *testing.T, k *kind.Kind) {
	for _, o := range l.objects(t, k) {
		for _, p := range k.Update {
			for value := range l.others(o.Spec[p]) {
				if l.admin.Set(k.Path+"/"+o.ID, map[string]any{p: value}) != nil {
					continue
				}
				code, out, errs := l.entragit("reconcile", "--from", l.first, "--yes", k.Name+"/"+o.ID)
				if code != exitIncomplete || !strings.Contains(out+errs, "not licensed") {
					t.Errorf("exit code %d:\n%s%s", code, out, errs)
				}
				return
			}
		}
	}
	t.Errorf("no %s can be changed", k.Title)
}
