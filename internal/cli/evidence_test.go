//go:build linux

package cli

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
)

// evidenceOf makes three snapshots of a tenant, between which a policy and a user changed and
// a user went, and packs what the first and the last differ in.
func evidenceOf(t *testing.T) (variables map[string]string, repo, archive string) {
	t.Helper()
	server, err := emulator.New(emulator.Options{Seed: "empty"})
	must(t, err)
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	dir := t.TempDir()
	repo, archive = filepath.Join(dir, "backup"), filepath.Join(dir, "incident.zip")
	variables = map[string]string{"ENTRAGIT_GRAPH": web.URL, "XDG_CONFIG_HOME": filepath.Join(dir, "config"), "HOME": dir}
	kinds := []string{"--kinds", "users,conditionalAccessPolicies"}
	evidenceRun(t, variables, "init", "--repo", repo, "--tenant", "contoso.com")
	for _, name := range []string{"ada", "bob", "eve"} {
		sendTo(t, "POST", web.URL+"/v1.0/users", `{"accountEnabled":true,"displayName":"`+name+`","mailNickname":"`+name+`","userPrincipalName":"`+name+`@contoso.com",
			"passwordProfile":{"password":"Xy7!aaaaBBBB"}}`)
	}
	evidenceRun(t, variables, append(kinds, "backup", "--repo", repo)...)
	sendTo(t, "PATCH", web.URL+"/v1.0/users/ada@contoso.com", `{"jobTitle":"<script>alert(1)</script>"}`)
	evidenceRun(t, variables, append(kinds, "backup", "--repo", repo)...)
	sendTo(t, "DELETE", web.URL+"/v1.0/users/bob@contoso.com", "")
	evidenceRun(t, variables, append(kinds, "backup", "--repo", repo)...)
	evidenceRun(t, variables, "diff", "seq:1", "seq:3", "--repo", repo, "--evidence", archive)
	return variables, repo, archive
}

func evidenceRun(t *testing.T, variables map[string]string, args ...string) {
	t.Helper()
	if code, out, errs := run(t, variables, args...); code != exitDone {
		t.Fatalf("%v exits with %d:\n%s%s", args, code, out, errs)
	}
}

func sendTo(t *testing.T, method, url, body string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	r, err := http.DefaultClient.Do(req)
	must(t, err)
	answer, err := io.ReadAll(r.Body)
	must(t, errors.Join(err, r.Body.Close()))
	if r.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %s\n%s", method, url, r.Status, answer)
	}
}

// unpack unzips an archive into a new folder.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	z, err := zip.OpenReader(archive)
	must(t, err)
	defer func() { _ = z.Close() }()
	dir := t.TempDir()
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		data, err := io.ReadAll(r)
		must(t, err)
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, f.Name)), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, f.Name), data, 0o600))
	}
	return dir
}

// follow does what VERIFY.md says, with sha256sum, ssh-keygen and git and nothing else.
func follow(t *testing.T, dir string) (string, error) {
	t.Helper()
	bin := t.TempDir()
	for _, tool := range []string{"sha256sum", "ssh-keygen", "git"} {
		at, err := exec.LookPath(tool)
		if err != nil && os.Getenv("CI") == "" {
			t.Skipf("%s is not here", tool)
		}
		must(t, err)
		must(t, os.Symlink(at, filepath.Join(bin, tool)))
	}
	text, err := os.ReadFile(filepath.Join(dir, "VERIFY.md"))
	must(t, err)
	var script strings.Builder
	for i, block := range strings.Split(string(text), "```sh\n") {
		if i > 0 {
			script.WriteString(block[:strings.Index(block, "```")])
		}
	}
	cmd := exec.Command("/bin/sh", "-eu", "-c", script.String())
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + bin, "HOME=" + bin, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Whoever gets the archive checks it without entragit; whoever alters anything in it is found
// out, by the step that says so.
func TestEvidenceIsCheckedWithoutEntragit(t *testing.T) {
	_, repo, archive := evidenceOf(t)
	dir := unpack(t, archive)
	if out, err := follow(t, dir); err != nil || !strings.Contains(out, "Good \"git\" signature") {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, report := range []string{"report.txt", "report.md", "report.html", "report.json", "report.csv"} {
		text, err := os.ReadFile(filepath.Join(dir, report))
		must(t, err)
		if !bytes.Contains(text, []byte("jobTitle")) {
			t.Errorf("%s says nothing of what changed:\n%s", report, text)
		}
	}
	entries, err := os.ReadFile(filepath.Join(dir, "audit.jsonl"))
	must(t, err)
	if !bytes.Contains(entries, []byte(`"Update user"`)) || !bytes.Contains(entries, []byte(`"Delete user"`)) {
		t.Errorf("audit.jsonl:\n%s", entries)
	}
	// by whoever can sign
	resign := func(t *testing.T, dir string) {
		t.Helper()
		sums := exec.Command("sh", "-c", `sed -i '/SHA/!d' SHA256SUMS; find . -type f ! -name 'SHA256SUMS*' | sed 's|^\./||' | sort | xargs -d '\n' sha256sum > SHA256SUMS; rm -f SHA256SUMS.sig
			ssh-keygen -q -Y sign -n git -f "$KEY" SHA256SUMS`)
		sums.Dir, sums.Env = dir, append(os.Environ(), "KEY="+filepath.Join(filepath.Dir(repo), "config", "entragit", "signing_key"))
		if out, err := sums.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for _, test := range []struct {
		name, says string
		alter      func(t *testing.T, dir string)
	}{
		{"a report", "FAILED: a file is not the one", func(t *testing.T, dir string) { replaceIn(t, filepath.Join(dir, "report.txt"), "jobTitle", "jobtitle") }},
		{"the sums", "FAILED: the sums are not signed", func(t *testing.T, dir string) { replaceIn(t, filepath.Join(dir, "SHA256SUMS"), "0", "1") }},
		{"a file, and signed again", "FAILED: after/tenant/users", func(t *testing.T, dir string) {
			replaceIn(t, userFile(t, dir), "alert", "trust")
			resign(t, dir)
		}},
		{"a snapshot left out, and signed again", "FAILED: the snapshots do not follow", func(t *testing.T, dir string) {
			list := filepath.Join(dir, "commits.txt")
			text, err := os.ReadFile(list)
			must(t, err)
			commits := strings.SplitAfter(string(text), "\n")
			must(t, os.WriteFile(list, []byte(commits[0]+strings.Join(commits[2:], "")), 0o600))
			resign(t, dir)
		}},
		{"that a file is there, and signed again", " is in after", func(t *testing.T, dir string) {
			text, err := os.ReadFile(filepath.Join(dir, "before.txt"))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(dir, "after-absent.txt"), text, 0o600))
			resign(t, dir)
		}},
		{"the objects, and signed again", "FAILED: the objects cannot", func(t *testing.T, dir string) {
			name := filepath.Join(dir, "objects.pack")
			pack, err := os.ReadFile(name)
			must(t, err)
			pack[len(pack)/2] ^= 1
			must(t, os.WriteFile(name, pack, 0o600))
			resign(t, dir)
		}},
		{"the keys, and signed by a stranger", "FAILED: the signature of", func(t *testing.T, dir string) {
			key := filepath.Join(t.TempDir(), "key")
			if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			public, err := os.ReadFile(key + ".pub")
			must(t, err)
			name := filepath.Join(dir, "allowed_signers")
			before, err := os.ReadFile(name)
			must(t, err)
			principal, _, _ := strings.Cut(string(before), " ")
			must(t, os.WriteFile(name, []byte(principal+` namespaces="git" `+string(public)), 0o600))
			sums := exec.Command("sh", "-c", `sed -i "s|^[0-9a-f]*  allowed_signers|$(sha256sum < allowed_signers | cut -c1-64)  allowed_signers|" SHA256SUMS; rm SHA256SUMS.sig; ssh-keygen -q -Y sign -n git -f `+key+` SHA256SUMS`)
			sums.Dir = dir
			if out, err := sums.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := unpack(t, archive)
			test.alter(t, dir)
			if out, err := follow(t, dir); err == nil || !strings.Contains(out, test.says) {
				t.Errorf("%v, not %q:\n%s", err, test.says, out)
			}
		})
	}
}

// userFile is the file of the user who changed.
func userFile(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "after/tenant/users/*"))
	must(t, err)
	if len(files) != 1 {
		t.Fatalf("users: %v", files)
	}
	return files[0]
}

func replaceIn(t *testing.T, name, old, replacement string) {
	t.Helper()
	text, err := os.ReadFile(name)
	must(t, err)
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s has no %q", name, old)
	}
	must(t, os.WriteFile(name, bytes.ReplaceAll(text, []byte(old), []byte(replacement)), 0o600))
}

func TestEvidenceIsTheSameBytesAndNotWrittenOver(t *testing.T) {
	variables, repo, archive := evidenceOf(t)
	again := archive + "2"
	evidenceRun(t, variables, "diff", "seq:1", "seq:3", "--repo", repo, "--evidence", again)
	first, err := os.ReadFile(archive)
	must(t, err)
	second, err := os.ReadFile(again)
	must(t, err)
	if !bytes.Equal(first, second) {
		t.Error("the same comparison gave other bytes")
	}
	if code, _, errs := run(t, variables, "diff", "seq:1", "seq:3", "--repo", repo, "--evidence", again); code != exitError || !strings.Contains(errs, "is there already") {
		t.Errorf("exits with %d: %s", code, errs)
	}
	key := filepath.Join(t.TempDir(), "key")
	must(t, exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).Run())
	stranger := archive + "3"
	code, _, errs := run(t, variables, "diff", "seq:1", "seq:3", "--repo", repo, "--evidence", stranger, "--signing-key", key)
	if _, err := os.Stat(stranger); err == nil || code != exitUnverified || !strings.Contains(errs, "none of those that sign snapshots") {
		t.Errorf("exits with %d: %s", code, errs)
	}
}
