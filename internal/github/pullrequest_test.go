package github_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/github"
)

var branches = github.Branches{Base: "main", Head: "snapshots"}

func propose(t *testing.T, c *github.Client, body string) github.PullRequest {
	t.Helper()
	pr, err := c.Propose(context.Background(), branches, "Drift", body)
	if err != nil {
		t.Fatal(err)
	}
	return pr
}

// The life of drift: opened once, kept up to date, closed when nothing is left,
// opened anew.
func TestOnePullRequest(t *testing.T) {
	s, c, _ := start(t)
	s.add("feature", "main", "contoso")
	s.add("snapshots", "main", "mallory") // a fork may name its branch as it likes
	s.add("snapshots", "release", "contoso")
	first := propose(t, c, "one policy changed")
	if first.Action != github.Opened || first.Number != 4 || !strings.HasSuffix(first.URL, "/pull/4") {
		t.Errorf("got %+v", first)
	}
	if again := propose(t, c, "one policy changed"); again.Action != github.Unchanged || again.Number != 4 {
		t.Errorf("got %+v, want the same and no write", again)
	}
	if p := s.get("4"); p.Title != "Drift" || p.Body != "one policy changed" {
		t.Errorf("opened %+v", p)
	}
	if got := propose(t, c, "two policies changed"); got.Action != github.Updated || s.get("4").Body != "two policies changed" {
		t.Errorf("got %+v", got)
	}
	closed, err := c.Withdraw(context.Background(), branches, "No drift is left.")
	if err != nil || closed.Action != github.Closed || s.get("4").State != "closed" || strings.Join(s.get("4").comments, "|") != "No drift is left." {
		t.Errorf("got %+v, %v", closed, err)
	}
	if nothing, err := c.Withdraw(context.Background(), branches, "x"); err != nil || nothing.Action != github.None {
		t.Errorf("got %+v, %v", nothing, err)
	}
	if next := propose(t, c, "new drift"); next.Action != github.Opened || next.Number != 5 {
		t.Errorf("got %+v", next)
	}
	if len(s.open()) != 4 {
		t.Errorf("%d open pull requests, want the three of others and ours", len(s.open()))
	}
}

// A list that ignores the filter and goes over pages still finds the right one.
func TestFindsItAmongOthers(t *testing.T) {
	s, c, _ := start(t)
	mine := s.add("snapshots", "main", "contoso")
	for range 4 {
		s.add("feature", "main", "contoso")
	}
	s.add("snapshots", "main", "mallory")
	s.fault = func(_ http.ResponseWriter, r *http.Request) bool {
		q := r.URL.Query()
		q.Set("head", "")
		r.URL.RawQuery = q.Encode()
		return false
	}
	if pr := propose(t, c, "x"); pr.Action != github.Updated || pr.Number != mine.Number {
		t.Errorf("got %+v, want number %d", pr, mine.Number)
	}
}

func TestNothingToPropose(t *testing.T) {
	s, c, _ := start(t)
	s.equal = true
	if pr := propose(t, c, "x"); pr.Action != github.None || len(s.pulls) != 0 {
		t.Errorf("got %+v", pr)
	}
}

// The pull request was opened and the answer lost: it is found, not opened twice.
func TestAnswerLost(t *testing.T) {
	s, c, waits := start(t)
	s.lost = true
	if pr := propose(t, c, "x"); pr.Action != github.Unchanged || pr.Number != 1 || len(s.pulls) != 1 || len(*waits) != 1 {
		t.Errorf("got %+v with %d pull requests after waits %v", pr, len(s.pulls), *waits)
	}
}

func TestTemporaryFaults(t *testing.T) {
	for _, status := range []int{429, 500, 502} {
		s, c, waits := start(t)
		s.fault = func(w http.ResponseWriter, _ *http.Request) bool {
			if len(s.calls) > 2 {
				return false
			}
			w.WriteHeader(status)
			return true
		}
		if pr := propose(t, c, "x"); pr.Action != github.Opened || len(*waits) != 2 || (*waits)[1] != 2*(*waits)[0] {
			t.Errorf("%d: got %+v after waits %v", status, pr, *waits)
		}
	}
}

// The waits here take no time, so that go-github refuses by itself to ask again.
func TestRateLimits(t *testing.T) {
	for name, limit := range map[string]func(h http.Header) (body any){
		"secondary": func(h http.Header) any {
			h.Set("Retry-After", "7")
			return map[string]string{"message": "slow down", "documentation_url": "https://docs.github.com/x#secondary-rate-limits"}
		},
		"primary": func(h http.Header) any {
			h.Set("X-RateLimit-Remaining", "0")
			h.Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(8*time.Second).Unix(), 10))
			return map[string]string{"message": "slow down"}
		},
	} {
		s, c, waits := start(t)
		s.fault = func(w http.ResponseWriter, _ *http.Request) bool {
			body := limit(w.Header())
			reply(w, 403, body)
			return true
		}
		_, err := c.Propose(context.Background(), branches, "t", "b")
		if !errors.Is(err, entra.ErrThrottled) || strings.Contains(err.Error(), "http://") || len(s.calls) != 1 {
			t.Errorf("%s: got %v after %d requests", name, err, len(s.calls))
		}
		if len(*waits) != 3 || (*waits)[0] < 5*time.Second || (*waits)[0] > 8*time.Second {
			t.Errorf("%s: waited %v, want first as long as asked", name, *waits)
		}
	}
}

func TestFaultsThatStay(t *testing.T) {
	for status, want := range map[int]error{
		401: entra.ErrUnauthenticated, 403: entra.ErrForbidden, 404: entra.ErrNotFound,
		422: entra.ErrRejected, 429: entra.ErrThrottled, 503: entra.ErrUnavailable,
	} {
		s, c, waits := start(t)
		s.fault = func(w http.ResponseWriter, r *http.Request) bool {
			reply(w, status, map[string]string{"message": "GitHub says no"})
			return true
		}
		_, err := c.Propose(context.Background(), branches, "t", "b")
		if !errors.Is(err, want) || !strings.Contains(err.Error(), "list pull requests on "+repository) || !strings.Contains(err.Error(), "GitHub says no") {
			t.Errorf("%d: got %v, want %v", status, err, want)
		}
		if tries := len(*waits) + 1; tries != len(s.calls) || (tries > 1) != (status == 429 || status == 503) || tries > 4 {
			t.Errorf("%d: %d requests", status, len(s.calls))
		}
	}
}

func TestTokenStaysHome(t *testing.T) {
	asked := 0
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer thief.Close()
	s, c, _ := start(t)
	s.fault = func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, thief.URL+r.URL.Path, http.StatusTemporaryRedirect)
		return true
	}
	if _, err := c.Propose(context.Background(), branches, "t", "b"); !errors.Is(err, entra.ErrUnsafe) || asked != 0 {
		t.Errorf("got %v after %d requests elsewhere", err, asked)
	}
}

func TestCancelled(t *testing.T) {
	s, c, _ := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	s.fault = func(w http.ResponseWriter, _ *http.Request) bool {
		cancel()
		w.WriteHeader(503)
		return true
	}
	if _, err := c.Propose(ctx, branches, "t", "b"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := github.Config{API: "https://ghe.example/api/v3", Token: "x", Repository: repository}
	if _, err := github.New(good); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*github.Config){
		"no repository":    func(c *github.Config) { c.Repository = "" },
		"half repository":  func(c *github.Config) { c.Repository = "contoso" },
		"path":             func(c *github.Config) { c.Repository = "a/b/c" },
		"no token":         func(c *github.Config) { c.Token = "" },
		"clear text":       func(c *github.Config) { c.API = "http://ghe.example" },
		"no host":          func(c *github.Config) { c.API = "api" },
		"user information": func(c *github.Config) { c.API = "https://me:pw@ghe.example" },
	} {
		cfg := good
		change(&cfg)
		if _, err := github.New(cfg); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	c, err := github.New(good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Propose(context.Background(), branches, "t", strings.Repeat("ä", 65_537)); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
}
