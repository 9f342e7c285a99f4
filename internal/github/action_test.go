package github_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// action is action.yml as far as the runner below understands it.
type action struct {
	Inputs map[string]struct {
		Default  string
		Required bool
	}
	Runs struct{ Steps []step }
}

type step struct {
	ID, Uses, If, Run, Shell string
	Env                      map[string]string
}

func loadAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// No input may become part of a script, and no foreign action may change under us.
func TestActionIsSafe(t *testing.T) {
	pinned := regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{40}$`)
	for i, s := range loadAction(t).Runs.Steps {
		if s.Uses != "" && !pinned.MatchString(s.Uses) {
			t.Errorf("step %d uses %s, which is not pinned by its hash", i, s.Uses)
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %s: an expression inside a script is code", s.ID)
		}
		if s.Run != "" && s.Shell != "bash" {
			t.Errorf("step %s has no shell", s.ID)
		}
	}
}

// The workflow that people copy gives the action what it needs, and no more rights
// than that.
func TestExampleFitsTheAction(t *testing.T) {
	data, err := os.ReadFile("../../.github/examples/backup.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Permissions map[string]string
		Concurrency struct {
			Group            string
			CancelInProgress *bool `json:"cancel-in-progress"`
		}
		Jobs map[string]struct {
			Permissions map[string]string
			Steps       []struct{ With map[string]string }
		}
	}
	if err := yaml.Unmarshal(data, &workflow); err != nil {
		t.Fatal(err)
	}
	job := workflow.Jobs["backup"]
	want := map[string]string{"id-token": "write", "contents": "write", "pull-requests": "write"}
	if len(workflow.Permissions) != 0 || !maps.Equal(job.Permissions, want) {
		t.Errorf("permissions %v, want %v for the job alone", job.Permissions, want)
	}
	if c := workflow.Concurrency; c.CancelInProgress == nil || *c.CancelInProgress || !strings.Contains(c.Group, "TENANT") {
		t.Errorf("concurrency %+v", c)
	}
	inputs := loadAction(t).Inputs
	for name, in := range inputs {
		if _, given := job.Steps[0].With[name]; in.Required && !given {
			t.Errorf("the input %s is missing", name)
		}
	}
	for name := range job.Steps[0].With {
		if _, known := inputs[name]; !known {
			t.Errorf("the action has no input %s", name)
		}
	}
}

// The workflow that rehearses needs no secret, no sign-in, and nothing to write to.
func TestDrillExampleCanDoNoHarm(t *testing.T) {
	data, err := os.ReadFile("../../.github/examples/drill.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct {
			Permissions map[string]string
			Steps       []step
		}
	}
	if err := yaml.Unmarshal(data, &workflow); err != nil {
		t.Fatal(err)
	}
	job := workflow.Jobs["drill"]
	if len(workflow.Permissions) != 0 || !maps.Equal(job.Permissions, map[string]string{"contents": "read"}) || len(job.Steps) == 0 {
		t.Errorf("permissions %v of %d steps", job.Permissions, len(job.Steps))
	}
	if strings.Contains(string(data), "secrets.") || strings.Contains(string(data), "AZURE") {
		t.Error("a drill signs in nowhere and takes no secret")
	}
	pinned := regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{40}$`)
	for i, s := range job.Steps {
		if s.Uses != "" && !pinned.MatchString(s.Uses) || strings.Contains(s.Run, "${{") {
			t.Errorf("step %d: %s%s", i, s.Uses, s.Run)
		}
	}
}

// stub stands in for the binary: a backup commits one more snapshot and prints what
// a tenant may hold, a proposal sets its output.
const stub = `#!/bin/bash
set -e
echo "$1 $(git -C "$ENTRAGIT_REPO" rev-parse refs/heads/main) $ENTRAGIT_KINDS $ENTRAGIT_SIGN_IN" >> "$STUB_LOG"
if [ "$1" = propose ]; then
  [ "$GITHUB_TOKEN" = secret ]
  echo "pull-request=7" >> "$GITHUB_OUTPUT"
  exit
fi
[ "$(cat "$ENTRAGIT_SIGNING_KEY")" = "the key" ] && [ "$(stat -c %a "$ENTRAGIT_SIGNING_KEY")" = 600 ] && [ -z "$KEY" ]
echo "::error::gotcha" >&2
[ "$STUB_EXIT" = 1 ] && exit 1
head=$(git -C "$ENTRAGIT_REPO" rev-parse "refs/heads/snapshots")
new=$(git -C "$ENTRAGIT_REPO" -c user.name=x -c user.email=x commit-tree -m backup -p "$head" "$head^{tree}")
git -C "$ENTRAGIT_REPO" update-ref refs/heads/snapshots "$new"
exit "$STUB_EXIT"
`

// job is a runner with the stub and with GitHub's Git server beside it.
type job struct {
	t       *testing.T
	temp    string
	remote  string // the repository behind the server
	env     map[string]string
	inputs  map[string]string
	outputs map[string]string // "step.name"
	log     bytes.Buffer
}

func newJob(t *testing.T, inputs map[string]string) *job {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	dir := t.TempDir()
	j := &job{t: t, temp: filepath.Join(dir, "temp"), remote: filepath.Join(dir, "srv", repository),
		inputs: inputs, outputs: map[string]string{}}
	j.git("", "init", "-q", "--bare", j.remote)
	j.git(j.remote, "config", "http.receivepack", "true")
	tree := j.git(j.remote, "hash-object", "-w", "-t", "tree", "/dev/null")
	root := j.git(j.remote, "-c", "user.name=x", "-c", "user.email=x", "commit-tree", "-m", "init", tree)
	j.git(j.remote, "update-ref", "refs/heads/snapshots", root)
	j.git(j.remote, "update-ref", "refs/heads/main", root)
	j.env = map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": dir, "RUNNER_TEMP": j.temp, "GITHUB_ACTIONS": "true",
		"GITHUB_SERVER_URL": gitServer(t, filepath.Join(dir, "srv")), "GITHUB_REPOSITORY": repository,
		"STUB_LOG": filepath.Join(dir, "stub.log"), "STUB_EXIT": "0",
	}
	if err := os.MkdirAll(filepath.Join(j.temp, "entragit"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(j.temp, "entragit", "entragit"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	return j
}

// gitServer serves repositories through git's own backend to those who have the
// token, and returns its URL.
func gitServer(t *testing.T, root string) string {
	t.Helper()
	path, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		t.Skip("no git")
	}
	backend := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(path)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=x"},
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "x-access-token" || password != token {
			w.Header().Set("WWW-Authenticate", `Basic realm="GitHub"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		backend.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func (j *job) git(dir string, args ...string) string {
	j.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		j.t.Fatalf("git %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// run runs the scripts of the action in order, without building, until one fails.
func (j *job) run() (failed string, code int) {
	j.t.Helper()
	a := loadAction(j.t)
	for name, in := range a.Inputs {
		if _, given := j.inputs[name]; !given {
			j.inputs[name] = j.expand(in.Default)
		}
	}
	for _, s := range a.Runs.Steps {
		if s.Run == "" || s.ID == "build" || s.If != "" && !j.holds(s.If) {
			continue
		}
		if code := j.script(s); code != 0 {
			return s.ID, code
		}
	}
	return "", 0
}

func (j *job) script(s step) int {
	j.t.Helper()
	output := filepath.Join(j.temp, s.ID+".output")
	env := maps.Clone(j.env)
	env["GITHUB_OUTPUT"] = output
	for name, value := range s.Env {
		env[name] = j.expand(value)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	cmd.Stdout, cmd.Stderr = &j.log, &j.log
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	err := cmd.Run()
	if data, err := os.ReadFile(output); err == nil {
		for line := range strings.Lines(string(data)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			j.outputs[s.ID+"."+name] = value
		}
	}
	if err != nil && cmd.ProcessState == nil {
		j.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

var expression = regexp.MustCompile(`\$\{\{ (\w+)\.([\w.-]+) \}\}`)

func (j *job) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		m := expression.FindStringSubmatch(found)
		switch {
		case m[1] == "inputs":
			return j.inputs[m[2]]
		case m[1] == "steps":
			id, name, _ := strings.Cut(m[2], ".outputs.")
			return j.outputs[id+"."+name]
		case m[1]+"."+m[2] == "github.token":
			return token
		}
		j.t.Fatalf("expression %s", found)
		return ""
	})
}

// holds understands comparisons of an input with a word.
func (j *job) holds(condition string) bool {
	name, word, ok := strings.Cut(strings.TrimPrefix(condition, "inputs."), " == ")
	if !ok {
		j.t.Fatalf("condition %s", condition)
	}
	return j.inputs[name] == strings.Trim(word, "'")
}

func (j *job) commands() []string {
	data, _ := os.ReadFile(j.env["STUB_LOG"])
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

func TestActionBacksUpAndPushes(t *testing.T) {
	j := newJob(t, map[string]string{"signing-key": "the key", "kinds": "users,groups"})
	base := j.git(j.remote, "rev-parse", "main")
	const operations = "refs/entragit/operations"
	j.git(j.remote, "update-ref", operations, base)
	if failed, code := j.run(); code != 0 {
		t.Fatalf("step %s ended with %d:\n%s", failed, code, &j.log)
	}
	if got := j.git(filepath.Join(j.temp, "entragit", "backup.git"), "rev-parse", operations); got != base {
		t.Errorf("the backup knows the operations up to %s, want %s", got, base)
	}
	if n := j.git(j.remote, "rev-list", "--count", "snapshots"); n != "2" {
		t.Errorf("%s snapshots at the remote, want 2", n)
	}
	if got, want := j.outputs["push.commit"], j.git(j.remote, "rev-parse", "snapshots"); got != want {
		t.Errorf("output commit %q, want %q", got, want)
	}
	if j.outputs["backup.exit-code"] != "0" || j.outputs["propose.pull-request"] != "7" {
		t.Errorf("outputs %v", j.outputs)
	}
	if want := []string{"backup " + base + " users,groups github", "propose " + base}; !slices.Equal(trimmed(j.commands()), want) {
		t.Errorf("ran %q, want %q", j.commands(), want)
	}
	if _, err := os.Stat(filepath.Join(j.temp, "entragit", "signing-key")); !os.IsNotExist(err) {
		t.Errorf("the signing key was left behind: %v", err)
	}
	quoted := regexp.MustCompile(`(?s)::stop-commands::(\w{32})\n.*::error::gotcha\n.*::\w{32}::\n`)
	if !quoted.Match(j.log.Bytes()) {
		t.Errorf("text of the tenant is a command of the log:\n%s", &j.log)
	}
}

func trimmed(lines []string) []string {
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return lines
}

func TestActionWithoutPullRequest(t *testing.T) {
	j := newJob(t, map[string]string{"signing-key": "the key", "pull-request": "false"})
	if failed, code := j.run(); code != 0 || len(j.commands()) != 1 {
		t.Errorf("step %s ended with %d after %q", failed, code, j.commands())
	}
}

// An incomplete snapshot is pushed and proposed like any other, and then fails the
// job.
func TestActionIncomplete(t *testing.T) {
	j := newJob(t, map[string]string{"signing-key": "the key"})
	j.env["STUB_EXIT"] = "3"
	if failed, code := j.run(); failed != "finish" || code != 3 || len(j.commands()) != 2 {
		t.Errorf("step %s ended with %d after %q:\n%s", failed, code, j.commands(), &j.log)
	}
	if n := j.git(j.remote, "rev-list", "--count", "snapshots"); n != "2" {
		t.Errorf("%s snapshots at the remote, want 2", n)
	}
}

func TestActionFails(t *testing.T) {
	t.Run("backup", func(t *testing.T) {
		j := newJob(t, map[string]string{"signing-key": "the key"})
		j.env["STUB_EXIT"] = "1"
		if failed, code := j.run(); failed != "backup" || code != 1 || j.outputs["backup.exit-code"] != "1" {
			t.Errorf("step %s ended with %d, outputs %v", failed, code, j.outputs)
		}
	})
	t.Run("no snapshots yet", func(t *testing.T) {
		j := newJob(t, map[string]string{"signing-key": "the key"})
		j.git(j.remote, "update-ref", "-d", "refs/heads/snapshots")
		if failed, code := j.run(); failed != "fetch" || code != 1 || !strings.Contains(j.log.String(), "entragit init") {
			t.Errorf("step %s ended with %d:\n%s", failed, code, &j.log)
		}
	})
	t.Run("wrong token", func(t *testing.T) {
		j := newJob(t, map[string]string{"signing-key": "the key", "token": "stale"})
		if failed, code := j.run(); failed != "fetch" || code != 1 {
			t.Errorf("step %s ended with %d", failed, code)
		}
	})
	t.Run("the remote moved on", func(t *testing.T) {
		j := newJob(t, map[string]string{"signing-key": "the key"})
		hook := filepath.Join(j.remote, "hooks", "pre-receive")
		if err := os.WriteFile(hook, []byte("#!/bin/sh\necho protected; exit 1\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		if failed, code := j.run(); failed != "push" || code == 0 || len(j.commands()) != 1 {
			t.Errorf("step %s ended with %d after %q", failed, code, j.commands())
		}
	})
}
