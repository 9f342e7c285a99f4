package github_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/emulator/signin"
)

// realJob is a job with the real binary, and with a tenant to sign in to over TLS.
type realJob struct {
	*job
	hub    *server
	open   string // the tenant without sign-in, for what people do to it
	policy string // path of a Conditional Access policy
}

func newRealJob(t *testing.T) *realJob {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the binary")
	}
	tenant, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	open := httptest.NewServer(tenant)
	t.Cleanup(open.Close)
	hub, _, _ := start(t)
	j := &realJob{job: newJob(t, map[string]string{"kinds": "conditionalAccessPolicies,namedLocations"}), hub: hub, open: open.URL}
	binary := filepath.Join(j.temp, "entragit", "entragit")
	if err := os.Remove(binary); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/entragit").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	j.signInTo(tenant)
	j.env["GITHUB_API_URL"] = hub.url + "/api/v3"
	j.policy = "/identity/conditionalAccess/policies/" + j.first("/identity/conditionalAccess/policies", "id")
	return j
}

// signInTo serves the tenant over TLS with the endpoint that a workflow gets its
// identity from.
func (j *realJob) signInTo(tenant *emulator.Server) {
	j.t.Helper()
	application := "/applications/" + j.first("/applications?$filter=displayName%20eq%20'entragit'", "id")
	authority, err := signin.New(tenant, signin.Options{Workflow: j.first(application+"/federatedIdentityCredentials", "subject")})
	if err != nil {
		j.t.Fatal(err)
	}
	certificates, err := signin.NewTLS()
	if err != nil {
		j.t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(authority)
	srv.TLS = certificates.Config
	srv.StartTLS()
	j.t.Cleanup(srv.Close)
	roots := filepath.Join(j.temp, "ca.pem")
	if err := os.WriteFile(roots, certificates.CA, 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.inputs["tenant"], j.inputs["graph"] = tenant.TenantID(), srv.URL
	j.inputs["client-id"] = j.first("/applications?$filter=displayName%20eq%20'entragit'", "appId")
	j.env["SSL_CERT_FILE"], j.env["AZURE_AUTHORITY_HOST"] = roots, srv.URL
	j.env["ACTIONS_ID_TOKEN_REQUEST_URL"] = authority.Actions.RequestURL(srv.URL)
	j.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = authority.Actions.RequestToken
}

// first returns a property of the first object of a collection.
func (j *realJob) first(path, property string) string {
	j.t.Helper()
	resp, err := http.Get(j.open + "/v1.0" + path)
	if err != nil {
		j.t.Fatal(err)
	}
	defer resp.Body.Close()
	var list struct{ Value []map[string]any }
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || len(list.Value) == 0 {
		j.t.Fatalf("%s: %v, %s", path, err, resp.Status)
	}
	return fmt.Sprint(list.Value[0][property])
}

// rename is what an administrator does to the policy.
func (j *realJob) rename(name string) {
	j.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPatch, j.open+"/v1.0"+j.policy,
		strings.NewReader(fmt.Sprintf(`{"displayName":%q}`, name)))
	if err != nil {
		j.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		j.t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusNoContent {
		j.t.Fatalf("%s: %s", resp.Status, text)
	}
}

// initialise makes the backup repository by hand, once, and pushes it.
func (j *realJob) initialise() {
	j.t.Helper()
	repo := filepath.Join(j.temp, "first")
	cmd := exec.Command(filepath.Join(j.temp, "entragit", "entragit"), "init",
		"--repo", repo, "--tenant", j.inputs["tenant"], "--graph", j.open)
	cmd.Env = []string{"HOME=" + j.temp, "XDG_CONFIG_HOME=" + j.temp}
	if out, err := cmd.CombinedOutput(); err != nil {
		j.t.Fatalf("%v: %s", err, out)
	}
	j.git(j.remote, "fetch", "-q", repo, "+refs/heads/*:refs/heads/*")
	if heads := j.git(j.remote, "for-each-ref", "--format=%(refname)"); !strings.Contains(heads, "main") {
		j.git(j.remote, "update-ref", "refs/heads/main", "refs/heads/snapshots")
	}
	key, err := os.ReadFile(filepath.Join(j.temp, "entragit", "signing_key"))
	if err != nil {
		j.t.Fatal(err)
	}
	j.inputs["signing-key"] = strings.TrimSuffix(string(key), "\n")
}

// backup runs the action as the schedule does, on a fresh runner.
func (j *realJob) backup() {
	j.t.Helper()
	if err := os.RemoveAll(filepath.Join(j.temp, "entragit", "backup.git")); err != nil {
		j.t.Fatal(err)
	}
	j.env["GITHUB_STEP_SUMMARY"] = filepath.Join(j.temp, "summary.md")
	if failed, code := j.run(); code != 0 {
		j.t.Fatalf("step %s ended with %d:\n%s", failed, code, &j.log)
	}
}

// The whole of it: sign-in by OIDC over TLS, backup, signature, push through git's
// own server, and the life of the drift pull request.
func TestActionForReal(t *testing.T) {
	j := newRealJob(t)
	j.initialise()
	name := j.first("/identity/conditionalAccess/policies", "displayName")
	j.backup()
	j.git(j.remote, "update-ref", "refs/heads/main", "refs/heads/snapshots") // people approve
	j.hub.pulls = nil

	j.backup()
	if len(j.hub.pulls) != 0 {
		t.Errorf("an unchanged tenant has a pull request: %+v", j.hub.pulls[0])
	}
	j.rename("::error::@everyone")
	j.backup()
	open := j.hub.open()
	if len(open) != 1 || open[0].Title != "Drift: +0 ~1 -0" || !strings.Contains(open[0].Body, "`::error::@everyone`") {
		t.Fatalf("open pull requests: %+v\n%s", open, &j.log)
	}
	summary, err := os.ReadFile(j.env["GITHUB_STEP_SUMMARY"])
	if err != nil || !strings.Contains(string(summary), "`::error::@everyone`") {
		t.Errorf("summary %q, %v", summary, err)
	}
	j.rename(name)
	j.backup()
	if len(j.hub.open()) != 0 || len(j.hub.pulls) == 0 {
		t.Errorf("pull requests when the drift is gone: %+v", j.hub.pulls)
	}
	j.git(j.remote, "fsck", "--strict", "--full")
	signers := filepath.Join(j.temp, "allowed_signers")
	if err := os.WriteFile(signers, []byte(j.git(j.remote, "show", "snapshots:.entragit/allowed_signers")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("ssh-keygen"); err == nil || os.Getenv("CI") != "" {
		j.git(j.remote, "-c", "gpg.ssh.allowedSignersFile="+signers, "verify-commit", "snapshots")
	}
	if n := j.git(j.remote, "rev-list", "--count", "snapshots"); n != "5" {
		t.Errorf("%s snapshots, want the first and four backups", n)
	}
}
