package report

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// TestPagesInABrowser opens pages in headless Chromium and does what people do. `make test-browser`
// runs it; it needs Node's modules in the folder that ENTRAGIT_BROWSER names.
func TestPagesInABrowser(t *testing.T) {
	modules := os.Getenv("ENTRAGIT_BROWSER")
	if modules == "" {
		t.Skip("make test-browser runs it")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, page := range map[string]Page{"incident": toldIncident(), "hostile": hostilePage(), "large": largePage(3000)} {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(pageOf(t, page)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	test := exec.Command("node", "--test", "--test-reporter", "spec", "../../testdata/browser/page.test.cjs")
	test.Env = append(os.Environ(), "NODE_PATH="+modules, "PAGES="+dir, "CHROMIUM="+chromium)
	out, err := test.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// largePage is one change that is critical, and very many that are not.
func largePage(n int) Page {
	set := &entra.ChangeSet{From: snapshot, To: now, Names: map[string]string{}}
	for i := range n + 1 {
		id := fmt.Sprintf("3f2b1c9e-7c1d-4f0e-9a53-%012x", i)
		set.Changes = append(set.Changes, entra.Change{
			Key: entra.Key{Kind: "users", ID: id}, Name: fmt.Sprintf("user %d .", i), Type: entra.Changed,
			Properties: []entra.PropertyChange{
				{Pointer: "/spec/department", Before: "Research", After: "Development"},
				{Pointer: "/spec/jobTitle", Before: fmt.Sprintf("Analyst %d", i), After: fmt.Sprintf("Lead %d", i)},
			},
			By: []entra.Attribution{portalAda},
		})
	}
	first := set.Changes[0]
	set.Risks = []entra.Risk{{Severity: entra.Critical, Key: first.Key, Name: first.Name, Says: "is the worst", Reference: "https://attack.mitre.org/"}}
	return Page{Set: set}
}
