//go:build unix

package cli

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// BenchmarkGoalDiff compares two snapshots of 200,000 users and groups, of which 100 differ:
// 90 have another title or member, and 10 came. Native git's list of what differs and the
// parsing of the files on it are the measure of the whole command, which also opens and
// verifies the history, judges the changes and resolves names. Where users went, each of the
// 30,000 groups is looked through for a rule that still names one of them.
func BenchmarkGoalDiff(b *testing.B) {
	const users, groups, changed, came, went = 170_000, 30_000, 90, 10, 5
	l := backedUp(b, emulator.Options{Seed: "empty"})
	crowd := crowd{law: l}
	files := map[string][]byte{}
	for i := range users + groups {
		crowd.member(b, files, i, users, "Engineer")
	}
	first := crowd.snapshot(b, files)
	clear(files)
	for i := range changed {
		crowd.member(b, files, i*(users+groups)/changed, users, "Manager")
	}
	for i := range came {
		crowd.member(b, files, users+groups+i, users+groups+came, "Newcomer")
	}
	second := crowd.snapshot(b, files)
	removals := map[string][]byte{}
	for i := range went {
		removals[crowd.path(b, 7+i, users)] = nil
	}
	third := crowd.snapshot(b, removals)
	native, own, gone := time.Hour, time.Hour, time.Hour
	for range 5 {
		native = min(native, crowd.raw(b, first, second, files, changed+came))
		own = min(own, crowd.diff(b, first, second))
		gone = min(gone, crowd.diff(b, second, third))
	}
	b.Logf("git and parsing %s, entragit diff %s, with removals %s", native, own, gone)
	_, peak := l.child(b, "diff", first, second)
	goal("diff: time of two snapshots of 200,000 files, 100 changed, git diff --raw and parsing = 1", own.Seconds()/native.Seconds(), 3)
	goal("diff: peak memory of it, MB", peak, 60)
	goal("diff: milliseconds where 5 users went, 30,000 groups being looked through for them", float64(gone.Milliseconds()), 2000)
}

// raw lists what differs with native git and parses the files on it, what was and what is.
func (c crowd) raw(b *testing.B, from, to string, files map[string][]byte, want int) time.Duration {
	b.Helper()
	start := time.Now()
	out, err := exec.Command("git", "--git-dir", c.repo, "diff", "--raw", "--no-renames", "-r", from, to, "--", "tenant").Output()
	must(b, err)
	if n := bytes.Count(out, []byte("\n")); n != want {
		b.Fatalf("git knows %d differences:\n%s", n, out)
	}
	for path, data := range files {
		kindName, _, _ := canon.ParsePath(path)
		for range 2 {
			_, err = canon.Decode(kind.ByName(kindName), path, data)
			must(b, err)
		}
	}
	return time.Since(start)
}

// diff compares two revisions in this process.
func (c crowd) diff(b *testing.B, from, to string) time.Duration {
	b.Helper()
	start := time.Now()
	if code, out, errs := c.entragit("diff", from, to); code != exitDone {
		b.Fatalf("exits with %d: %s%s", code, out, errs)
	}
	return time.Since(start)
}

// crowd is many users and groups.
type crowd struct{ *law }

func crowdID(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(i)*2654435761, i) }

// object is the i-th of them: the first are users, the others groups of ten users each.
func (crowd) object(i, users int, title string) *entra.Object {
	if i < users {
		return &entra.Object{Key: entra.Key{Kind: "users", ID: crowdID(i)}, Name: fmt.Sprint("User ", i), Spec: map[string]any{
			"accountEnabled": true, "displayName": fmt.Sprint("User ", i), "jobTitle": title, "userType": "Member",
			"department": fmt.Sprint("Department ", i%50), "userPrincipalName": fmt.Sprintf("user%d@contoso.example", i),
		}}
	}
	var members []string
	for n := range 10 {
		members = append(members, crowdID((i*10+n+len(title))%users))
	}
	return &entra.Object{Key: entra.Key{Kind: "groups", ID: crowdID(i)}, Name: fmt.Sprint("Group ", i),
		Spec: map[string]any{"displayName": fmt.Sprint("Group ", i), "securityEnabled": true}, Links: map[string][]string{"members": members}}
}

func (c crowd) path(b *testing.B, i, users int) string {
	o := c.object(i, users, "")
	path, err := canon.Path(kind.ByName(o.Kind), 3, o.ID, o.Name)
	must(b, err)
	return path
}

// member adds the file of one.
func (c crowd) member(b *testing.B, files map[string][]byte, i, users int, title string) {
	o := c.object(i, users, title)
	var e canon.Encoder
	out, err := e.EncodeObject(kind.ByName(o.Kind), o, nil)
	must(b, err)
	files[c.path(b, i, users)] = bytes.Clone(out.YAML)
}

// snapshot adds files to the newest snapshot, or takes away those without content, and commits
// with the key that init made.
func (c crowd) snapshot(b *testing.B, files map[string][]byte) string {
	b.Helper()
	repo, err := gitstore.Open(c.repo)
	must(b, err)
	defer repo.Close()
	key, err := gitstore.LoadSSHSigner(filepath.Join(c.variables["XDG_CONFIG_HOME"], "entragit", "signing_key"))
	must(b, err)
	w, err := repo.Begin(context.Background(), snapshotsRef, gitstore.BeginOptions{})
	must(b, err)
	defer w.Abort()
	parent, err := repo.Commit(w.ParentCommit())
	must(b, err)
	data, err := w.Parent().Read(manifestPath)
	must(b, err)
	manifest, err := canon.DecodeManifest(manifestPath, data)
	must(b, err)
	for _, name := range []string{"users", "groups"} {
		cover := manifest.Kinds[name]
		cover.Shard = 3
		manifest.Kinds[name] = cover
	}
	_, err = w.Put(manifestPath, canon.EncodeManifest(manifest))
	must(b, err)
	for path, data := range files {
		if data == nil {
			must(b, w.Delete(path))
			continue
		}
		_, err := w.Put(path, data)
		must(b, err)
	}
	o := gitstore.CommitOptions{Subject: "backup", Name: "entragit", Email: "entragit@localhost", When: time.Now(), AllowEmpty: true, Signer: key}
	for _, t := range parent.Trailers {
		switch t.Key {
		case seqTrailer:
			seq, err := strconv.Atoi(t.Value)
			must(b, err)
			t.Value = strconv.Itoa(seq + 1)
		case timeTrailer:
			t.Value = time.Now().UTC().Format(time.RFC3339)
		case severityTrailer:
			continue
		}
		o.Trailers = append(o.Trailers, t)
	}
	hash, err := w.Commit(context.Background(), o)
	must(b, err)
	return hash.String()
}
