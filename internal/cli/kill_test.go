//go:build unix

package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
)

// hangman serves a tenant to a process and kills the process at one of its requests.
type hangman struct {
	server *emulator.Server

	mu      sync.Mutex
	victim  *os.Process
	at      int  // the number of the request; 0 never
	after   bool // the request acts first
	delay   time.Duration
	counted int
}

func (h *hangman) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.counted++
	victim, first := h.victim, h.counted == h.at
	now := h.at > 0 && h.counted >= h.at
	h.mu.Unlock()
	if !now {
		h.server.ServeHTTP(w, r)
		return
	}
	if first && h.after {
		halve(r)
		h.server.ServeHTTP(httptest.NewRecorder(), r)
	}
	time.Sleep(h.delay)
	_ = victim.Kill()
	panic(http.ErrAbortHandler)
}

// halve leaves the first half of a batch, which is as far as the tenant came with it.
func halve(r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/$batch") {
		return
	}
	var batch map[string][]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		panic(err)
	}
	batch["requests"] = batch["requests"][:(len(batch["requests"])+1)/2]
	half, err := json.Marshal(batch)
	if err != nil {
		panic(err)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(half)), int64(len(half))
}

// spare lets all requests through from now on.
func (h *hangman) spare() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = 0
}

// scene is a tenant to which something happened, and a repository that knows it as it was.
type scene struct {
	*testing.T
	hangman *hangman
	url     string
	dir     string
	paths   []string
	env     []string
	limit   int // bytes that a file may have; 0 is no limit
}

// killKinds are the kinds that the incidents of this test touch.
const killKinds = "users,groups,applications,conditionalAccessPolicies,namedLocations,crossTenantAccessPolicyPartners,permissionGrantPolicies,administrativeUnits"

// newScene makes a tenant of the seed with a repository that is a copy of another, or has its
// first snapshot taken.
func newScene(t *testing.T, like *scene) *scene {
	t.Helper()
	server, err := emulator.New(emulator.Options{})
	must(t, err)
	s := &scene{T: t, hangman: &hangman{server: server}, dir: t.TempDir()}
	web := httptest.NewUnstartedServer(s.hangman)
	web.Config.ErrorLog = nil
	web.Start()
	t.Cleanup(web.Close)
	s.url = web.URL
	s.env = append(os.Environ(), "XDG_CONFIG_HOME="+s.dir, "ENTRAGIT_REPO="+filepath.Join(s.dir, "backup"), "ENTRAGIT_GRAPH="+web.URL, "ENTRAGIT_KINDS="+killKinds)
	if like != nil {
		must(t, os.CopyFS(s.dir, os.DirFS(like.dir)))
		must(t, os.Chmod(filepath.Join(s.dir, "entragit", "signing_key"), 0o600))
		return s
	}
	for _, verb := range []string{"init", "backup"} {
		if code, out := s.entragit(verb); code != exitDone {
			t.Fatalf("%s exits with %d:\n%s", verb, code, out)
		}
	}
	return s
}

// entragit runs a process and returns its exit code, -1 where it was killed.
func (s *scene) entragit(args ...string) (code int, said string) {
	s.Helper()
	if args = append([]string{"entragit"}, args...); s.limit > 0 {
		args = append([]string{"prlimit", "--fsize=" + strconv.Itoa(s.limit)}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Env = &out, &out, s.env
	must(s.T, cmd.Start())
	s.hangman.mu.Lock()
	s.hangman.victim, s.hangman.counted = cmd.Process, 0
	s.hangman.mu.Unlock()
	err := cmd.Wait()
	exit, failed := errors.AsType[*exec.ExitError](err)
	if !failed {
		must(s.T, err)
		return exitDone, out.String()
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return -1, out.String()
	}
	return exit.ExitCode(), out.String()
}

// read is what a file holds.
func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	return string(data)
}

// ask makes one request of the tenant and returns the answer.
func (s *scene) ask(method, path, body string) map[string]any {
	s.Helper()
	r, err := http.NewRequest(method, s.url+"/v1.0"+path, strings.NewReader(body))
	must(s.T, err)
	r.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	s.hangman.server.ServeHTTP(answer, r)
	data, err := io.ReadAll(answer.Body)
	must(s.T, err)
	if answer.Code >= 300 {
		s.Fatalf("%s %s: %d %s", method, path, answer.Code, data)
	}
	var object map[string]any
	_ = json.Unmarshal(data, &object) // some answers have no body
	return object
}

// some are a few objects of a collection, by chance.
func (s *scene) some(random *rand.Rand, n int, path string) []map[string]any {
	s.Helper()
	list, _ := s.ask("GET", path, "")["value"].([]any)
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	var all []map[string]any
	for _, v := range list[:min(n, len(list))] {
		o, _ := v.(map[string]any)
		all = append(all, o)
	}
	return all
}

// happen changes and deletes a few objects of each sort: updates, restores, creations, links
// and contained objects are what it takes to put them back.
func (s *scene) happen(random *rand.Rand) {
	s.Helper()
	touch := func(kindName string, o map[string]any, id string) string {
		s.paths = append(s.paths, kindName+"/"+fmt.Sprint(o[id]))
		return fmt.Sprint(o[id])
	}
	for _, o := range s.some(random, 2, "/identity/conditionalAccess/policies?$select=id,state") {
		if o["state"] != "disabled" {
			s.ask("PATCH", "/identity/conditionalAccess/policies/"+touch("conditionalAccessPolicies", o, "id"), `{"state":"disabled"}`)
		}
	}
	users := s.some(random, 8, "/users?$select=id,onPremisesSyncEnabled&$top=999")
	for i, o := range users {
		if o["onPremisesSyncEnabled"] == true {
			continue
		}
		if id := touch("users", o, "id"); i%2 == 0 {
			s.ask("PATCH", "/users/"+id, `{"jobTitle":"Changed","department":"Changed"}`)
		} else {
			s.ask("DELETE", "/users/"+id, "")
		}
	}
	for _, o := range s.some(random, 1, "/policies/crossTenantAccessPolicy/partners?$expand=identitySynchronization") {
		if o["identitySynchronization"] != nil {
			continue // it holds its partner fast
		}
		s.ask("DELETE", "/policies/crossTenantAccessPolicy/partners/"+touch("crossTenantAccessPolicyPartners", o, "tenantId"), "")
	}
	for _, o := range s.some(random, 5, "/groups?$select=id,mailEnabled,onPremisesSyncEnabled&$top=999") {
		if o["mailEnabled"] == true || o["onPremisesSyncEnabled"] == true {
			continue
		}
		s.shrink(random, "/groups/"+fmt.Sprint(o["id"]))
		s.paths = append(s.paths, "groups/"+fmt.Sprint(o["id"]))
	}
	for _, o := range s.some(random, 30, "/applications?$select=id,displayName") {
		credentials := s.some(random, 1, "/applications/"+fmt.Sprint(o["id"])+"/federatedIdentityCredentials")
		if len(credentials) == 0 {
			continue
		}
		id := touch("applications", o, "id")
		s.ask("DELETE", "/applications/"+id+"/federatedIdentityCredentials/"+fmt.Sprint(credentials[0]["id"]), "")
		s.ask("PATCH", "/applications/"+id, `{"notes":"Changed"}`)
	}
	s.hangman.server.ClearLog()
}

// shrink takes some members out of a group that is not dynamic.
func (s *scene) shrink(random *rand.Rand, group string) {
	s.Helper()
	if types, _ := s.ask("GET", group+"?$select=groupTypes", "")["groupTypes"].([]any); slices.Contains(types, any("DynamicMembership")) {
		s.ask("PATCH", group, `{"description":"Changed"}`)
		return
	}
	for _, m := range s.some(random, 4, group+"/members?$select=id") {
		s.ask("DELETE", group+"/members/"+fmt.Sprint(m["id"])+"/$ref", "")
	}
	s.ask("PATCH", group, `{"description":"Changed"}`)
}

// writes are the changes that the tenant granted, by method and path.
func (s *scene) writes() map[string]int {
	count := map[string]int{}
	for _, r := range s.hangman.server.Requests() {
		if r.Write && r.Status < 300 && r.Path != "/$batch" {
			count[r.Method+" "+r.Path]++
		}
	}
	return count
}

// end is what the tenant holds, as a backup sees it.
func (s *scene) end() string {
	s.Helper()
	s.hangman.spare()
	if code, out := s.entragit("backup"); code != exitDone {
		s.Fatalf("backup exits with %d:\n%s", code, out)
	}
	tree, err := exec.Command("git", "-C", filepath.Join(s.dir, "backup"), "rev-parse", "snapshots:tenant").Output()
	must(s.T, err)
	return string(tree)
}

// reconcile puts everything back that happened.
func (s *scene) reconcile() (int, string) {
	return s.entragit(append([]string{"reconcile", "--from", "seq:1", "--yes", "--accept", strings.Join(ruleNames(), ",")}, s.paths...)...)
}

// killedRuns is how many runs are killed for each of how many incidents; ENTRAGIT_KILLS asks
// for that many incidents, each killed at every request.
func killedRuns(t *testing.T) (incidents, kills int) {
	if n, err := strconv.Atoi(os.Getenv("ENTRAGIT_KILLS")); err == nil {
		return n, 1 << 20
	}
	if testing.Short() {
		t.Skip("kills real processes")
	}
	return 1, 8
}

// A reconcile that is killed (kill -9), at any of its requests, before or after it acts, or a
// moment later, and then resumed gives the same end as one that nobody killed, and asks for
// nothing twice.
func TestKilledReconcileIsResumed(t *testing.T) {
	incidents, kills := killedRuns(t)
	base := newScene(t, nil)
	for seed := range incidents {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			whole := newScene(t, base)
			whole.happen(rand.New(rand.NewPCG(uint64(seed), 1)))
			code, out := whole.reconcile()
			if code != exitDone && code != exitIncomplete { // dynamic members are left alone
				t.Fatalf("reconcile exits with %d:\n%s", code, out)
			}
			requests, was := whole.hangman.counted, ending{code, whole.writes(), whole.end()}
			points := rand.New(rand.NewPCG(uint64(seed), 2)).Perm(2 * requests)
			for _, point := range points[:min(kills, len(points))] {
				k := newScene(t, base)
				k.hangman.at, k.hangman.after = point/2+1, point%2 == 1
				k.hangman.delay = time.Duration(point%5) * 3 * time.Millisecond
				k.killed(uint64(seed), fmt.Sprintf("killed at request %d of %d, after it acted: %v", k.hangman.at, requests, k.hangman.after), was)
			}
		})
	}
}

// ending is how a run ended, what it changed, and what the tenant holds.
type ending struct {
	code   int
	writes map[string]int
	tree   string
}

// killed kills one run, resumes it, and compares.
func (s *scene) killed(seed uint64, name string, was ending) {
	s.Helper()
	s.happen(rand.New(rand.NewPCG(seed, 1)))
	code, said := s.reconcile()
	s.hangman.spare()
	if code != -1 && code != was.code {
		s.Fatalf("%s: exits with %d:\n%s", name, code, said)
	}
	resumed := ""
	if code == -1 {
		if code, resumed = s.entragit("reconcile", "--resume", "--yes"); strings.Contains(resumed, "no operation was interrupted here") {
			code, resumed = s.reconcile() // killed before it had begun, or after it had ended
		}
		if code != was.code {
			s.Fatalf("%s: --resume exits with %d:\n%s\n%s", name, code, said, resumed)
		}
	}
	for what, n := range s.writes() {
		if n > was.writes[what] {
			s.Errorf("%s: %d times instead of %d: %s\n%s", name, n, was.writes[what], what, resumed)
		}
	}
	if got := s.end(); got != was.tree {
		s.Errorf("%s: another end: %s, want %s\n%s", name, got, was.tree, resumed)
	}
	if code, out := s.entragit("verify", "--full"); code != exitDone {
		s.Errorf("%s: verify exits with %d:\n%s", name, code, out)
	}
	if code, out := s.entragit("operations"); code != exitDone || strings.Contains(out, " open") {
		s.Errorf("%s: operations exits with %d:\n%s", name, code, out)
	}
}
