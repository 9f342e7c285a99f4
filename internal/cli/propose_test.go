package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/ui"
)

// pullRequests is GitHub's REST interface for one repository with at most one pull
// request.
type pullRequests struct {
	t    *testing.T
	pull map[string]any // nil: none was ever opened
}

func (g *pullRequests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer token" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var answer any
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, "/repos/contoso/backup") {
	case "GET /pulls":
		list := []any{}
		if g.pull != nil && g.pull["state"] == "open" {
			list = append(list, g.pull)
		}
		answer = list
	case "POST /pulls":
		end := func(ref string) map[string]any {
			return map[string]any{"ref": ref, "repo": map[string]string{"full_name": "contoso/backup"}}
		}
		g.pull = map[string]any{"number": 7, "state": "open", "html_url": "https://github.example/7", "head": end("snapshots"), "base": end("main")}
		fallthrough
	case "PATCH /pulls/7":
		var in map[string]any
		succeed(g.t, json.NewDecoder(r.Body).Decode(&in))
		for _, name := range []string{"title", "body", "state"} {
			if value, ok := in[name]; ok {
				g.pull[name] = value
			}
		}
		answer = g.pull
	case "POST /issues/7/comments":
		answer = map[string]any{}
	default:
		g.t.Errorf("unexpected %s %s", r.Method, r.URL)
	}
	w.Header().Set("Content-Type", "application/json")
	succeed(g.t, json.NewEncoder(w).Encode(answer))
}

// The life of drift: a first baseline, none, opened, brought up to date, closed when the tenant is
// again as people approved.
func TestPropose(t *testing.T) {
	server, err := emulator.New(emulator.Options{})
	succeed(t, err)
	tenant := httptest.NewServer(server)
	defer tenant.Close()
	hub := &pullRequests{t: t}
	rest := httptest.NewServer(hub)
	defer rest.Close()
	dir := t.TempDir()
	output, summary := filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	variables := map[string]string{
		"XDG_CONFIG_HOME": dir, "ENTRAGIT_REPO": filepath.Join(dir, "backup"), "ENTRAGIT_GRAPH": tenant.URL,
		"ENTRAGIT_KINDS": "namedLocations,conditionalAccessPolicies",
		"GITHUB_API_URL": rest.URL, "GITHUB_REPOSITORY": "contoso/backup", "GITHUB_TOKEN": "token",
		"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": summary,
	}
	entragit := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		code := Run(t.Context(), args, Environment{Streams: &ui.Streams{In: strings.NewReader(""), Out: &out, Err: &errs},
			Getenv: func(name string) string { return variables[name] }, Now: time.Now})
		if code != exitDone {
			t.Fatalf("%v exits with %d: %s", args, code, &errs)
		}
		return out.String()
	}
	backupAndPropose := func(want string) {
		t.Helper()
		entragit("backup")
		if got := entragit("propose"); got != want {
			t.Fatalf("printed %q, want %q", got, want)
		}
	}
	client, err := graph.New(graph.Config{BaseURL: tenant.URL})
	succeed(t, err)
	policy := firstID(t, client, "/identity/conditionalAccess/policies")
	rename := func(name string) {
		t.Helper()
		_, err := client.Do(context.Background(), "PATCH", "/identity/conditionalAccess/policies/"+policy.id,
			fmt.Appendf(nil, `{"displayName":%q}`, name))
		succeed(t, err)
	}

	entragit("init", "--tenant", server.TenantID())
	backupAndPropose("Pull request 7 opened: https://github.example/7\n")
	if hub.pull["title"] != "Baseline: 17 objects" || !strings.Contains(hub.pull["body"].(string), "- `+` 12 Conditional Access policies\n") {
		t.Errorf("opened %v", hub.pull)
	}
	hub.pull["state"] = "merged"
	approve(t, variables["ENTRAGIT_REPO"])
	backupAndPropose("No drift between main and snapshots\n")
	rename("ping @everyone <b>")
	variables["ENTRAGIT_PAGE"] = filepath.Join(dir, "drift.html")
	backupAndPropose("Pull request 7 opened: https://github.example/7\n")
	if body := hub.pull["body"].(string); hub.pull["title"] != "Drift: +0 ~1 -0" || !strings.Contains(body, "`ping @everyone <b>`") {
		t.Errorf("opened %v", hub.pull)
	}
	drift, err := os.ReadFile(variables["ENTRAGIT_PAGE"])
	succeed(t, err)
	if !bytes.HasPrefix(drift, []byte("<!DOCTYPE html>")) || !bytes.Contains(drift, []byte("<bdi>ping @everyone &lt;b&gt;</bdi>")) {
		t.Errorf("the page is %s", drift)
	}
	backupAndPropose("Pull request 7 updated: https://github.example/7\n") // it names the newer snapshot
	rename(policy.name)
	backupAndPropose("Pull request 7 closed: https://github.example/7\n")
	if hub.pull["state"] != "closed" {
		t.Errorf("left %v", hub.pull["state"])
	}
	outputs, err := os.ReadFile(output)
	succeed(t, err)
	page, err := os.ReadFile(summary)
	succeed(t, err)
	if strings.Count(string(outputs), "\n7\n") != 3 || !strings.Contains(string(page), "[Pull request 7](https://github.example/7)") {
		t.Errorf("outputs %q, summary %q", outputs, page)
	}
}

func succeed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type named struct{ id, name string }

func firstID(t *testing.T, c *graph.Client, path string) named {
	t.Helper()
	for body, err := range c.List(context.Background(), path, nil) {
		succeed(t, err)
		var o struct{ ID, DisplayName string }
		succeed(t, json.Unmarshal(body, &o))
		return named{o.ID, o.DisplayName}
	}
	t.Fatalf("%s is empty", path)
	return named{}
}

// approve moves main to the newest snapshot, as merging the pull request would.
func approve(t *testing.T, repo string) {
	t.Helper()
	head, err := os.ReadFile(filepath.Join(repo, "refs", "heads", "snapshots"))
	succeed(t, err)
	succeed(t, os.WriteFile(filepath.Join(repo, "refs", "heads", "main"), head, 0o644))
}

func TestProposeNeedsGitHub(t *testing.T) {
	code, _, stderr := run(t, map[string]string{"GITHUB_REPOSITORY": "contoso/backup"}, "propose")
	if code != exitError || !strings.Contains(stderr, "no token\nhint: ") {
		t.Errorf("exits with %d: %s", code, stderr)
	}
}
