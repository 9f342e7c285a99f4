package gitstore

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// epoch is when test histories begin.
var epoch = time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)

// git runs the native binary, the judge of most tests, on a repository.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	out, err := tryGit(dir, args...)
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimRight(out, "\n")
}

func tryGit(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-c", "safe.directory=*", "-C", dir}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=native", "GIT_AUTHOR_EMAIL=native@example.com",
		"GIT_COMMITTER_NAME=native", "GIT_COMMITTER_EMAIL=native@example.com")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// fsck fails the test unless native git finds nothing wrong.
func fsck(t testing.TB, dir string) {
	t.Helper()
	out := git(t, dir, "fsck", "--strict", "--full")
	for line := range strings.SplitSeq(out, "\n") {
		if line != "" && !strings.HasPrefix(line, "dangling") && !strings.HasPrefix(line, "notice: HEAD points to an unborn") {
			t.Fatalf("git fsck: %s", out)
		}
	}
}

func newRepo(t testing.TB) *Repo {
	t.Helper()
	r, err := Init(filepath.Join(t.TempDir(), "backup.git"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func reopen(t testing.TB, r *Repo) *Repo {
	t.Helper()
	again, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

func options(subject string, when time.Time) CommitOptions {
	return CommitOptions{Subject: subject, Name: "Backup", Email: "backup@example.com", When: when}
}

// files is a change to a tree: content by path, nil for a file to delete.
type files map[string]*string

func text(s string) *string { return &s }

// snap records one snapshot on SnapshotsRef, the first as a root.
func snap(t testing.TB, r *Repo, change files, o CommitOptions) Hash {
	t.Helper()
	h, err := trySnap(r, change, o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func trySnap(r *Repo, change files, o CommitOptions) (Hash, error) {
	ctx := context.Background()
	_, exists, err := r.Ref(SnapshotsRef)
	if err != nil {
		return Hash{}, err
	}
	w, err := r.Begin(ctx, SnapshotsRef, BeginOptions{Root: !exists})
	if err != nil {
		return Hash{}, err
	}
	defer w.Abort()
	for path, content := range change {
		if content == nil {
			err = w.Delete(path)
		} else {
			_, err = w.Put(path, []byte(*content))
		}
		if err != nil {
			return Hash{}, err
		}
	}
	return w.Commit(ctx, o)
}

// history makes n daily snapshots of a small, growing state.
func history(t testing.TB, r *Repo, n int) []Hash {
	t.Helper()
	var out []Hash
	for i := range n {
		change := files{"config.yaml": text(strings.Repeat("day ", i+1)), "day/" + string(rune('a'+i)) + ".yaml": text("x")}
		out = append(out, snap(t, r, change, options("day", epoch.AddDate(0, 0, i))))
	}
	return out
}

func shell(dir, script string) (string, error) {
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// needs skips a test whose judge is not installed, except in CI, which installs it.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed", program)
	}
	t.Skipf("%s is not installed", program)
}
