package gitstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// backend is a native git server: git http-backend over one bare repository.
type backend struct {
	dir string
	url string

	mu     sync.Mutex
	chunks bool  // a push came without a length
	pushed int64 // bytes of the largest push
	lose   bool  // answer pushes with a closed connection, after doing them
}

const testToken = "ghs_test"

func newBackend(t *testing.T) *backend {
	t.Helper()
	root := t.TempDir()
	b := &backend{dir: filepath.Join(root, "remote.git")}
	git(t, root, "init", "-q", "--bare", b.dir)
	git(t, b.dir, "config", "http.receivepack", "true")
	path := strings.TrimSpace(git(t, root, "--exec-path")) + "/git-http-backend"
	handler := &cgi.Handler{Path: path, Stderr: io.Discard, Env: []string{
		"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if _, token, _ := req.BasicAuth(); token != testToken {
			w.Header().Set("WWW-Authenticate", "Basic")
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		push := req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "git-receive-pack")
		b.mu.Lock()
		if push {
			b.chunks = b.chunks || req.ContentLength < 0
			b.pushed = max(b.pushed, req.ContentLength)
		}
		lose := push && b.lose
		b.mu.Unlock()
		if lose {
			handler.ServeHTTP(httptest.NewRecorder(), req)
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, req)
	}))
	t.Cleanup(server.Close)
	b.url = server.URL + "/remote.git"
	return b
}

func (b *backend) http() Remote { return Remote{URL: b.url, Token: testToken} }

// overBoth runs a test through git http-backend and through the file system.
func overBoth(t *testing.T, f func(t *testing.T, b *backend, m Remote)) {
	t.Run("http", func(t *testing.T) { b := newBackend(t); f(t, b, b.http()) })
	t.Run("file", func(t *testing.T) { b := newBackend(t); f(t, b, Remote{URL: b.dir}) })
}

func TestPush(t *testing.T) {
	ctx := context.Background()
	overBoth(t, func(t *testing.T, b *backend, m Remote) {
		r := newRepo(t)
		commits := history(t, r, 3)
		got, err := r.Push(ctx, m, SnapshotsRef)
		if err != nil || got[0] != (RefUpdate{Ref: SnapshotsRef, New: commits[2]}) {
			t.Fatalf("first push = %v, %v", got, err)
		}
		fsck(t, b.dir)
		if head := git(t, b.dir, "rev-parse", SnapshotsRef); head != commits[2].String() {
			t.Errorf("remote is at %s", head)
		}
		// Nothing to do is an outcome; one commit sends one commit's objects.
		if got, err = r.Push(ctx, m, SnapshotsRef); err != nil || got[0].Old != got[0].New {
			t.Errorf("second push = %v, %v", got, err)
		}
		h := snap(t, r, files{"config.yaml": text("new")}, options("four", epoch.AddDate(0, 0, 4)))
		objects := remoteObjects(t, b)
		if got, err = r.Push(ctx, m, SnapshotsRef); err != nil || got[0] != (RefUpdate{SnapshotsRef, commits[2], h}) {
			t.Fatalf("third push = %v, %v", got, err)
		}
		if n := remoteObjects(t, b) - objects; n != 3 {
			t.Errorf("sent %d objects, want blob, root and commit", n)
		}
		if b.chunks {
			t.Error("a push over HTTP did not say its length")
		}
		fsck(t, b.dir)
		if left, _ := filepath.Glob(filepath.Join(r.packDir(), "snapshot_*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

func remoteObjects(t *testing.T, b *backend) int {
	return strings.Count(git(t, b.dir, "cat-file", "--batch-all-objects", "--batch-check"), "\n")
}

func TestPushFromNativelyRepackedRepository(t *testing.T) {
	r := newRepo(t)
	for i := range 5 {
		snap(t, r, files{"big.yaml": text(strings.Repeat("line of a growing file\n", 50+i))}, options("x", epoch.AddDate(0, 0, i)))
	}
	git(t, r.dir, "-c", "pack.window=10", "repack", "-adf", "--depth=50", "--window=50")
	b := newBackend(t)
	if _, err := reopen(t, r).Push(context.Background(), b.http(), SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	fsck(t, b.dir)
}

// A directory that comes back to an earlier state is compared with another one each
// time: what it shares with that is not in what it shares with the other.
func TestPushOfStateThatCameBack(t *testing.T) {
	r := newRepo(t)
	all := files{"d/a": text("1"), "d/b": text("2"), "d/c": text("3")}
	snap(t, r, all, options("all", epoch))
	snap(t, r, files{"d/a": nil}, options("half", epoch.AddDate(0, 0, 1)))
	snap(t, r, files{"d/a": text("1")}, options("all again", epoch.AddDate(0, 0, 2)))
	b := newBackend(t)
	if _, err := r.Push(context.Background(), b.http(), SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	fsck(t, b.dir)
}

func TestPushSeveralIsAtomic(t *testing.T) {
	ctx := context.Background()
	r := newRepo(t)
	commits := history(t, r, 2)
	git(t, r.dir, "update-ref", "refs/entragit/state", commits[0].String())
	git(t, r.dir, "tag", "-a", "-m", "checkpoint", "v1", commits[1].String())
	b := newBackend(t)
	if _, err := r.Push(ctx, b.http(), SnapshotsRef, "refs/entragit/state", "refs/tags/v1"); err != nil {
		t.Fatal(err)
	}
	fsck(t, b.dir)
	hook := filepath.Join(b.dir, "hooks", "update")
	os.WriteFile(hook, []byte("#!/bin/sh\nif [ $1 = refs/entragit/state ]; then echo 'error: GH013 rule' >&2; exit 1; fi\n"), 0o755)
	next := snap(t, r, files{"config.yaml": text("next")}, options("next", epoch.AddDate(0, 0, 9)))
	git(t, r.dir, "update-ref", "refs/entragit/state", next.String())
	_, err := r.Push(ctx, b.http(), SnapshotsRef, "refs/entragit/state")
	if !errors.Is(err, ErrRejected) || !strings.Contains(err.Error(), "GH013") {
		t.Errorf("error = %v, want ErrRejected with the server's words", err)
	}
	if got := git(t, b.dir, "rev-parse", SnapshotsRef); got != commits[1].String() {
		t.Error("one reference moved although the other was refused")
	}
}

func TestPushNeverForces(t *testing.T) {
	ctx := context.Background()
	overBoth(t, func(t *testing.T, b *backend, m Remote) {
		ours, theirs := newRepo(t), newRepo(t)
		history(t, ours, 1)
		if _, err := ours.Push(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		if _, err := theirs.Fetch(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		snap(t, theirs, files{"config.yaml": text("theirs")}, options("theirs", epoch.AddDate(0, 0, 1)))
		if _, err := theirs.Push(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		h := snap(t, ours, files{"config.yaml": text("ours")}, options("ours", epoch.AddDate(0, 0, 1)))
		before := git(t, b.dir, "rev-parse", SnapshotsRef)
		if _, err := ours.Push(ctx, m, SnapshotsRef); !errors.Is(err, ErrDiverged) {
			t.Errorf("push over an unknown commit = %v, want ErrDiverged", err)
		}
		if _, err := ours.Fetch(ctx, m, SnapshotsRef); !errors.Is(err, ErrDiverged) {
			t.Errorf("fetch of another history = %v, want ErrDiverged", err)
		}
		if after := git(t, b.dir, "rev-parse", SnapshotsRef); after != before {
			t.Error("the remote was changed")
		}
		if got, _ := ours.Head(SnapshotsRef); got != h {
			t.Error("the local reference was changed")
		}
	})
}

func TestFetch(t *testing.T) {
	ctx := context.Background()
	overBoth(t, func(t *testing.T, b *backend, m Remote) {
		fresh := newRepo(t)
		if got, err := fresh.Fetch(ctx, m, SnapshotsRef); err != nil || !got[0].New.IsZero() {
			t.Fatalf("fetch from an empty remote = %v, %v", got, err)
		}
		source := newRepo(t)
		history(t, source, 3)
		if _, err := source.Push(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		git(t, b.dir, "repack", "-adf", "--depth=50", "--window=50")
		for i := range 2 {
			head, _ := source.Head(SnapshotsRef)
			got, err := fresh.Fetch(ctx, m, SnapshotsRef, "refs/heads/absent")
			if err != nil || got[0].New != head || !got[1].New.IsZero() {
				t.Fatalf("fetch %d = %v, %v", i, got, err)
			}
			fsck(t, fresh.dir)
			if at, err := fresh.Head(SnapshotsRef); err != nil || at != head {
				t.Errorf("reference is at %s, %v", at, err)
			}
			snap(t, source, files{"config.yaml": text(fmt.Sprint("more ", i))}, options("more", epoch.AddDate(0, 0, 5)))
			if _, err := source.Push(ctx, m, SnapshotsRef); err != nil {
				t.Fatal(err)
			}
		}
		// What is ahead here stays.
		if _, err := fresh.Fetch(ctx, m, SnapshotsRef); err != nil {
			t.Fatal(err)
		}
		h := snap(t, fresh, files{"config.yaml": text("ahead")}, options("ahead", epoch.AddDate(0, 0, 6)))
		if got, err := fresh.Fetch(ctx, m, SnapshotsRef); err != nil || got[0].New != h {
			t.Errorf("fetch into a repository that is ahead = %v, %v", got, err)
		}
	})
}

func TestPushAnswerLost(t *testing.T) { // B14
	ctx := context.Background()
	r, b := newRepo(t), newBackend(t)
	h := history(t, r, 1)[0]
	b.lose = true
	if _, err := r.Push(ctx, b.http(), SnapshotsRef); !errors.Is(err, ErrRemote) {
		t.Fatalf("push = %v, want ErrRemote", err)
	}
	b.lose = false
	got, err := r.Push(ctx, b.http(), SnapshotsRef)
	if err != nil || got[0].Old != h {
		t.Errorf("push again = %v, %v; want nothing to do", got, err)
	}
}

func TestRemoteErrors(t *testing.T) {
	ctx := context.Background()
	r, b := newRepo(t), newBackend(t)
	history(t, r, 1)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, tt := range []struct {
		name   string
		remote Remote
		want   error
	}{
		{"wrong token", Remote{URL: b.url, Token: "secret-wrong"}, ErrUnauthorized},
		{"no repository", Remote{URL: b.url + "x", Token: testToken}, ErrNotFound},
		{"no directory", Remote{URL: filepath.Join(b.dir, "absent")}, ErrNotFound},
		{"nobody there", Remote{URL: closed.URL + "/r.git"}, ErrRemote},
		{"token without TLS", Remote{URL: "http://git.example.com/r.git", Token: "secret"}, ErrRemote},
		{"other protocol", Remote{URL: "gopher://example.com/secret"}, ErrRemote},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, pushErr := r.Push(ctx, tt.remote, SnapshotsRef)
			_, fetchErr := r.Fetch(ctx, tt.remote, SnapshotsRef)
			for _, err := range []error{pushErr, fetchErr} {
				if !errors.Is(err, tt.want) {
					t.Errorf("error = %v, want %v", err, tt.want)
				}
				if strings.Contains(fmt.Sprint(err), "secret-wrong") {
					t.Errorf("error shows the token: %v", err)
				}
			}
		})
	}
}

func TestRemoteStringHasNoCredentials(t *testing.T) {
	for url, want := range map[string]string{
		"https://user:pw@github.com/o/r.git": "https://github.com/o/r.git",
		"https://tok@github.com/o/r.git":     "https://github.com/o/r.git",
		"ssh://git@github.com/o/r.git":       "ssh://git@github.com/o/r.git",
		"git@github.com:o/r.git":             "git@github.com:o/r.git",
		"/srv/backup.git":                    "/srv/backup.git",
	} {
		if got := (Remote{URL: url}).String(); got != want {
			t.Errorf("String of %s = %s, want %s", url, got, want)
		}
	}
}

func TestCancelledPush(t *testing.T) {
	r, stop := newRepo(t), make(chan struct{})
	history(t, r, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		io.Copy(io.Discard, req.Body)
		<-stop
	}))
	defer server.Close()
	defer close(stop)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.Push(ctx, Remote{URL: server.URL + "/r.git"}, SnapshotsRef); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the context's", err)
	}
}

// TestFetchIf: what the caller does not accept moves nothing here, and can be read by it.
func TestFetchIf(t *testing.T) {
	there, here := newRepo(t), newRepo(t)
	old := snap(t, there, files{"a": text("1")}, options("one", epoch))
	if _, err := here.Fetch(t.Context(), Remote{URL: there.dir}, SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	next := snap(t, there, files{"a": text("2")}, options("two", epoch))
	refused := errors.New("refused")
	_, err := here.FetchIf(t.Context(), Remote{URL: there.dir}, func(u RefUpdate) error {
		if u.Ref != SnapshotsRef || u.Old != old || u.New != next {
			t.Errorf("asked about %+v", u)
		}
		if tree, err := here.Tree(u.New); err != nil {
			t.Error(err)
		} else if data, err := tree.Read("a"); err != nil || string(data) != "2" {
			t.Errorf("what came reads %q, %v", data, err)
		}
		return refused
	}, SnapshotsRef)
	if !errors.Is(err, refused) {
		t.Errorf("FetchIf = %v", err)
	}
	if head, err := here.Head(SnapshotsRef); err != nil || head != old {
		t.Errorf("the branch is at %s, %v", head.Short(), err)
	}
	if _, err := here.Fetch(t.Context(), Remote{URL: there.dir}, SnapshotsRef); err != nil {
		t.Fatal(err)
	}
	if head, err := here.Head(SnapshotsRef); err != nil || head != next {
		t.Errorf("the branch is at %s, %v", head.Short(), err)
	}
}
