package trust

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

const (
	tenant  = "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	another = "9d0e1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
)

// epoch is when test histories begin; later is when they are looked at.
var (
	epoch = time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	later = epoch.AddDate(0, 1, 0)
)

// key is a signing key and the file that holds it.
type key struct {
	*gitstore.SSHSigner
	file string
}

func newKey(t testing.TB) key {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key")
	signer, err := gitstore.GenerateSSHKey(file, "test")
	if err != nil {
		t.Fatal(err)
	}
	return key{signer, file}
}

// line is what lets the key sign, with options such as `valid-before="…"`.
func (k key) line(principal, options string) string {
	return strings.Join(strings.Fields(principal+" "+options+" "+k.PublicKey()), " ") + "\n"
}

// history is a repository whose chain is honest until somebody does something to it.
type history struct {
	t    testing.TB
	repo *gitstore.Repo
	dir  string
	key  key
	root gitstore.Hash
	pin  Pin
}

// newHistory makes a repository with a root that lists one key.
func newHistory(t testing.TB) *history {
	t.Helper()
	return newHistoryOf(t, newKey(t), "contoso.com")
}

func newHistoryOf(t testing.TB, k key, tenant string) *history {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "backup.git")
	repo, err := gitstore.Init(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { repo.Close() })
	h := &history{t: t, repo: repo, dir: dir, key: k}
	h.root = h.commit(files{SignersPath: k.line("entragit", ""), "entragit.yaml": "kinds: all\n"}, step{seq: "0", tenant: tenant, noTime: true})
	if h.pin, _, err = First(repo, h.root); err != nil {
		t.Fatal(err)
	}
	return h
}

// files is a change to a tree: content by path, gone for a file to delete.
type files map[string]string

const gone = "\x00"

// step says what a commit claims to be; what is zero is as an honest backup has it.
type step struct {
	seq, tenant string
	captured    time.Time
	committed   time.Time
	timeText    string // in place of captured
	signer      gitstore.Signer
	unsigned    bool
	noTime      bool
}

// commit adds a snapshot to the branch, signed unless the step says otherwise.
func (h *history) commit(change files, s step) gitstore.Hash {
	h.t.Helper()
	ctx := context.Background()
	head, exists, err := h.repo.Ref(gitstore.SnapshotsRef)
	h.check(err)
	seq := 0
	if exists {
		commit, err := h.repo.Commit(head)
		h.check(err)
		text, _ := commit.Trailer(SeqTrailer)
		seq, _ = strconv.Atoi(text)
		seq++
	}
	when := epoch.Add(time.Duration(seq) * time.Hour)
	o := gitstore.CommitOptions{
		Subject: "backup", Name: "Backup", Email: "backup@example.com", When: when, AllowEmpty: true,
		Trailers: []gitstore.Trailer{{Key: SeqTrailer, Value: strconv.Itoa(seq)}, {Key: TenantTrailer, Value: tenant}},
	}
	if s.seq != "" {
		o.Trailers[0].Value = s.seq
	}
	if s.tenant != "" {
		o.Trailers[1].Value = s.tenant
	}
	if !s.committed.IsZero() {
		o.When = s.committed
	}
	if s.captured.IsZero() {
		s.captured = o.When
	}
	if s.timeText == "" {
		s.timeText = s.captured.UTC().Format(time.RFC3339)
	}
	if !s.noTime {
		o.Trailers = append(o.Trailers, gitstore.Trailer{Key: TimeTrailer, Value: s.timeText})
	}
	if o.Signer = s.signer; o.Signer == nil && !s.unsigned {
		o.Signer = h.key
	}
	w, err := h.repo.Begin(ctx, gitstore.SnapshotsRef, gitstore.BeginOptions{Root: !exists})
	h.check(err)
	defer w.Abort()
	for path, content := range change {
		if content == gone {
			h.check(w.Delete(path))
			continue
		}
		_, err := w.Put(path, []byte(content))
		h.check(err)
	}
	hash, err := w.Commit(ctx, o)
	h.check(err)
	return hash
}

// backup adds an honest snapshot.
func (h *history) backup(change files) gitstore.Hash {
	h.t.Helper()
	return h.commit(change, step{})
}

// git runs the native binary in the repository; what it signs is signed by the key.
func (h *history) git(k key, args ...string) string {
	h.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", h.dir, "-c", "gpg.format=ssh", "-c", "user.signingkey=" + k.file}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=n", "GIT_AUTHOR_EMAIL=n@example.com", "GIT_COMMITTER_NAME=n", "GIT_COMMITTER_EMAIL=n@example.com",
		"GIT_AUTHOR_DATE=2026-10-20T00:00:00Z", "GIT_COMMITTER_DATE=2026-10-20T00:00:00Z",
		"GIT_INDEX_FILE="+filepath.Join(h.dir, "index.test"), "GIT_DIR="+h.dir, "GIT_WORK_TREE="+h.dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// edit commits a change as a person does, on a branch of its own, on top of parents; a
// key signs it unless it is nil.
func (h *history) edit(k *key, change files, parents ...gitstore.Hash) gitstore.Hash {
	h.t.Helper()
	return h.edited(k, "edit by hand", change, parents...)
}

func (h *history) edited(k *key, message string, change files, parents ...gitstore.Hash) gitstore.Hash {
	h.t.Helper()
	h.git(h.key, "read-tree", parents[0].String())
	for path, content := range change { // first, so that a folder can take a file's place
		if content == gone {
			h.git(h.key, "update-index", "--force-remove", path)
		}
	}
	for path, content := range change {
		if content == gone {
			continue
		}
		file := filepath.Join(h.t.TempDir(), "content")
		h.check(os.WriteFile(file, []byte(content), 0o600))
		blob := h.git(h.key, "hash-object", "-w", file)
		h.git(h.key, "update-index", "--add", "--cacheinfo", "100644,"+blob+","+path)
	}
	args := []string{"commit-tree", "-m", message}
	for _, parent := range parents {
		args = append(args, "-p", parent.String())
	}
	signer := h.key
	if k != nil {
		signer = *k
		args = append(args, "-S")
	}
	hash, err := gitstore.ParseHash(h.git(signer, append(args, h.git(h.key, "write-tree"))...))
	h.check(err)
	return hash
}

// move points the branch at a commit, as somebody with write access can.
func (h *history) move(to gitstore.Hash) {
	h.t.Helper()
	h.git(h.key, "update-ref", gitstore.SnapshotsRef, to.String())
}

func (h *history) head() gitstore.Hash {
	h.t.Helper()
	head, err := h.repo.Head(gitstore.SnapshotsRef)
	h.check(err)
	return head
}

func (h *history) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// open opens the chain, which must verify.
func (h *history) open() *Chain {
	h.t.Helper()
	chain, err := Open(context.Background(), h.repo, h.pin, h.head(), later)
	h.check(err)
	return chain
}

// refused fails the test unless the chain is refused with all of the words, by Open and
// by Audit.
func (h *history) refused(words ...string) *BrokenError {
	h.t.Helper()
	_, err := Open(context.Background(), h.repo, h.pin, h.head(), later)
	broken, ok := errors.AsType[*BrokenError](err)
	if !ok || !errors.Is(err, entra.ErrUnverified) {
		h.t.Fatalf("Open = %v, want a broken chain", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			h.t.Errorf("Open = %q, want %q in it", err, word)
		}
	}
	report := h.audit(AuditOptions{Full: true})
	if _, ok := report.Chain(); ok || len(report.Of(broken.Question)) == 0 {
		h.t.Errorf("Audit found %v", report.Problems)
	}
	return broken
}

func (h *history) audit(o AuditOptions) *Report {
	h.t.Helper()
	o.Now, o.Progress = later, func(int) {}
	o.Known = func(path string) bool { return !strings.HasPrefix(path, "bin/") }
	report, err := Audit(context.Background(), h.repo, h.pin, h.head(), o)
	h.check(err)
	return report
}

// unpack turns a pack into loose objects, as native git does.
func (h *history) unpack(pack string) {
	h.t.Helper()
	data, err := os.Open(pack)
	h.check(err)
	defer data.Close()
	cmd := exec.Command("git", "-C", h.dir, "unpack-objects", "-q")
	cmd.Stdin = data
	if out, err := cmd.CombinedOutput(); err != nil {
		h.t.Fatalf("unpack-objects: %v\n%s", err, out)
	}
}

// raw writes a commit as it is given, which no honest program would write.
func (h *history) raw(text string) gitstore.Hash {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "commit")
	h.check(os.WriteFile(file, []byte(text), 0o600))
	hash, err := gitstore.ParseHash(h.git(h.key, "hash-object", "-t", "commit", "-w", "--literally", file))
	h.check(err)
	return hash
}

// forge writes a commit again with a part of its text changed, below the signature that
// it has.
func (h *history) forge(commit gitstore.Hash, old, new string) gitstore.Hash {
	h.t.Helper()
	text := h.git(h.key, "cat-file", "commit", commit.String()) + "\n"
	if !strings.Contains(text, old) {
		h.t.Fatalf("there is no %q in %s", old, text)
	}
	return h.raw(strings.Replace(text, old, new, 1))
}
