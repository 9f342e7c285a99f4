package github_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/github"
)

const (
	repository = "contoso/entra-backup"
	prefix     = "/api/v3/repos/" + repository
	token      = "secret"
)

// pull is a pull request of the server below.
type pull struct {
	Number   int    `json:"number"`
	State    string `json:"state"`
	Title    string `json:"title"`
	Body     string `json:"body"`
	HTMLURL  string `json:"html_url"`
	Head     end    `json:"head"`
	Base     end    `json:"base"`
	comments []string
}

type end struct {
	Ref  string            `json:"ref"`
	Repo map[string]string `json:"repo"`
}

// server is GitHub's REST interface as far as pull requests go: one open pull
// request per pair of branches, none without commits, 422 with a reason otherwise.
type server struct {
	t  *testing.T
	mu sync.Mutex
	// pulls are listed newest first.
	pulls []*pull
	// equal says that the branches hold no commits between them.
	equal bool
	// fault answers a request instead of the server when it returns true.
	fault func(w http.ResponseWriter, r *http.Request) bool
	// lost makes the server act on the next POST and drop its answer.
	lost  bool
	calls []string
	url   string
}

func start(t *testing.T) (*server, *github.Client, *[]time.Duration) {
	t.Helper()
	s := &server{t: t}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	s.url = srv.URL
	waits := new([]time.Duration)
	client, err := github.New(github.Config{API: srv.URL + "/api/v3", Token: token, Repository: repository,
		UserAgent: "entragit/test", Sleep: func(ctx context.Context, d time.Duration) error {
			*waits = append(*waits, d)
			return ctx.Err()
		}})
	if err != nil {
		t.Fatal(err)
	}
	return s, client, waits
}

func (s *server) add(head, base, owner string) *pull {
	n := len(s.pulls) + 1
	p := &pull{Number: n, State: "open", HTMLURL: fmt.Sprintf("https://github.example/%s/pull/%d", repository, n),
		Head: end{head, map[string]string{"full_name": owner + "/entra-backup"}},
		Base: end{base, map[string]string{"full_name": repository}}}
	s.pulls = append([]*pull{p}, s.pulls...)
	return p
}

func (s *server) open() (open []*pull) {
	for _, p := range s.pulls {
		if p.State == "open" {
			open = append(open, p)
		}
	}
	return open
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, ok := strings.CutPrefix(r.URL.Path, prefix)
	s.calls = append(s.calls, r.Method+" "+path)
	switch {
	case s.fault != nil && s.fault(w, r):
	case !ok || r.Header.Get("Authorization") != "Bearer "+token || !strings.HasPrefix(r.Header.Get("User-Agent"), "entragit/"):
		reply(w, 404, map[string]string{"message": "Not Found"})
	case r.Method == "GET" && path == "/pulls":
		s.list(w, r)
	case r.Method == "POST" && path == "/pulls":
		s.create(w, r)
	case r.Method == "POST" && strings.HasPrefix(path, "/issues/"):
		var in struct{ Body string }
		decode(s.t, r, &in)
		p := s.get(strings.TrimSuffix(strings.TrimPrefix(path, "/issues/"), "/comments"))
		p.comments = append(p.comments, in.Body)
		reply(w, 201, in)
	case r.Method == "PATCH":
		p := s.get(strings.TrimPrefix(path, "/pulls/"))
		decode(s.t, r, p)
		reply(w, 200, p)
	default:
		s.t.Errorf("unexpected %s %s", r.Method, r.URL)
	}
}

func (s *server) get(number string) *pull {
	for _, p := range s.pulls {
		if strconv.Itoa(p.Number) == number {
			return p
		}
	}
	s.t.Fatalf("no pull request %s", number)
	return nil
}

// list pages by two, and ignores a head without an owner as GitHub does.
func (s *server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	found := []*pull{}
	for _, p := range s.open() {
		owner, head, qualified := strings.Cut(q.Get("head"), ":")
		if p.Base.Ref == q.Get("base") && (!qualified || head == p.Head.Ref && strings.HasPrefix(p.Head.Repo["full_name"], owner+"/")) {
			found = append(found, p)
		}
	}
	page, _ := strconv.Atoi(q.Get("page"))
	from := min(2*max(page-1, 0), len(found))
	if from+2 < len(found) {
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?page=%d>; rel="next"`, s.url, r.URL.Path, max(page, 1)+1))
	}
	reply(w, 200, found[from:min(from+2, len(found))])
}

func (s *server) create(w http.ResponseWriter, r *http.Request) {
	var in struct{ Title, Body, Head, Base string }
	decode(s.t, r, &in)
	refuse := func(message string) {
		reply(w, 422, map[string]any{"message": "Validation Failed",
			"errors": []map[string]string{{"resource": "PullRequest", "code": "custom", "message": message}}})
	}
	for _, p := range s.open() {
		if p.Head.Ref == in.Head && p.Base.Ref == in.Base && p.Head.Repo["full_name"] == repository {
			refuse("A pull request already exists for contoso:" + in.Head + ".")
			return
		}
	}
	if s.equal {
		refuse("No commits between " + in.Base + " and " + in.Head)
		return
	}
	p := s.add(in.Head, in.Base, "contoso")
	p.Title, p.Body = in.Title, in.Body
	if s.lost {
		s.lost = false
		panic(http.ErrAbortHandler)
	}
	reply(w, 201, p)
}

func decode(t *testing.T, r *http.Request, into any) {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(err)
	}
}
