package trust

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// loosen turns every packed object into a file of its own and opens the repository anew.
func (h *history) loosen() {
	h.t.Helper()
	packs, err := filepath.Glob(filepath.Join(h.dir, "objects", "pack", "*.pack"))
	h.check(err)
	for _, pack := range packs {
		h.check(os.Rename(pack, pack+".away"))
		h.unpack(pack + ".away")
		h.check(os.Remove(strings.TrimSuffix(pack, ".pack") + ".idx"))
	}
	h.repo, err = gitstore.Open(h.dir)
	h.check(err)
	h.t.Cleanup(func() { h.repo.Close() })
}

// lose takes a loose object away until the function that it returns is called.
func (h *history) lose(object string) (restore func()) {
	h.t.Helper()
	file := filepath.Join(h.dir, "objects", object[:2], object[2:])
	h.check(os.Rename(file, file+".away"))
	return func() { h.check(os.Rename(file+".away", file)) }
}

// TestDamageIsNoAnswer takes each object of a repository away in turn. Whatever is asked
// then is an error, or has the answer that it had before: what cannot be read never makes
// another file, another version or another signer count.
func TestDamageIsNoAnswer(t *testing.T) {
	h := newHistory(t)
	anna, backup := newKey(t), newKey(t)
	lists := anna.line("approver:anna", "") + h.key.line("entragit", "")
	h.backup(files{SignersPath: lists, policy: "1", group: "1"})
	seen := h.commit(files{SignersPath: lists + backup.line("second", ""), policy: "2", decided: "carried"}, step{})
	h.commit(files{group: "2"}, step{signer: backup})
	reviewed := h.edit(&anna, files{decided: "reviewed"}, h.root)
	unsigned := h.edit(nil, files{decided: "unsigned", policy: "1"}, reviewed)
	side := h.edit(&anna, files{policy: "side"}, seen)
	merged := h.edit(nil, files{decided: "unsigned", policy: "side", "README.md": "x"}, unsigned, side)
	carried := h.edit(nil, files{decided: "carried"}, h.root)
	h.loosen()

	questions := h.questions(map[string]gitstore.Hash{
		"root": h.root, "seen": seen, "head": h.head(), "reviewed": reviewed, "unsigned": unsigned, "side": side, "merged": merged, "carried": carried,
	})
	intact := map[string]string{}
	chain := h.open()
	for name, ask := range questions {
		answer, err := ask(h.open())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		intact[name] = answer
	}
	noticed := map[string]bool{}
	for _, object := range strings.Fields(h.git(h.key, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")) {
		restore := h.lose(object)
		for name, ask := range questions {
			fresh := *chain // one that has read no more than it must
			fresh.members = maps.Clone(chain.members)
			answer, err := ask(&fresh)
			if err == nil && answer != intact[name] {
				t.Errorf("%s without %s: %s, want %s", name, object, answer, intact[name])
			}
			noticed[name] = noticed[name] || err != nil
		}
		restore()
	}
	for name := range questions {
		if !noticed[name] {
			t.Errorf("%s: no damage was noticed", name)
		}
	}
}

// questions are what can be asked of a history, by name, with the answers as text. The
// chain was opened before the damage, as in a run that meets it half way.
func (h *history) questions(commits map[string]gitstore.Hash) map[string]func(*Chain) (string, error) {
	ctx := context.Background()
	paths := []string{policy, group, decided, "README.md"}
	head, folder := h.head(), h.t.TempDir()
	out := map[string]func(*Chain) (string, error){
		"Open": func(*Chain) (string, error) {
			c, err := Open(ctx, h.repo, h.pin, head, later)
			if err != nil {
				return "", err
			}
			return fmt.Sprint(c.Head(), c.Tenant(), c.Pin()), nil
		},
		"Audit": func(*Chain) (string, error) {
			report, err := Audit(ctx, h.repo, h.pin, head, AuditOptions{Now: later, Known: func(string) bool { return true }, Progress: func(int) {}})
			if err == nil && len(report.Problems) > 0 {
				err = errors.New(report.Problems[0].Text)
			}
			if err != nil {
				return "", err
			}
			_, ok := report.Chain()
			return fmt.Sprint(ok, report.Snapshots, report.Files, report.Newest, report.Since, report.Signers), nil
		},
		"First": func(*Chain) (string, error) {
			pin, who, err := First(h.repo, head)
			return fmt.Sprint(pin, who), err
		},
		"Find": func(*Chain) (string, error) {
			s, err := OpenStore(folder, "")
			h.check(err)
			_, err = s.Find(h.repo, head)
			if errors.Is(err, ErrUnpinned) {
				return "unpinned", nil
			}
			return "", err
		},
	}
	for name, commit := range commits {
		out["Source of "+name] = func(c *Chain) (string, error) {
			source, err := c.Source(commit)
			if err != nil {
				return "", err
			}
			found, err := source.Origins(ctx, paths)
			return fmt.Sprint(found, source.whole), err
		}
		out["Unvouched of "+name] = func(c *Chain) (string, error) {
			source, err := c.Source(commit)
			if err != nil {
				return "", err
			}
			found, err := source.Unvouched(ctx, "")
			return fmt.Sprint(found), err
		}
		out["Decision of "+name] = func(c *Chain) (string, error) {
			decision, err := c.Decision(ctx, commit, decided)
			return fmt.Sprint(string(decision.Data), decision.At, decision.Origin, decision.Ignored), err
		}
		out["Signature of "+name] = func(*Chain) (string, error) {
			read, err := h.repo.Commit(commit)
			if err != nil {
				return "", err
			}
			who, err := NewSignatures(h.repo, h.pin).Verify(read)
			if errors.Is(err, gitstore.ErrUnsigned) || errors.Is(err, gitstore.ErrUnknownSigner) {
				return "nobody", nil
			}
			return fmt.Sprint(who), err
		}
	}
	return out
}

// TestDamageBesideTheLine: a merged branch that cannot be read hides what was decided on
// it. Neither does an old approval count again for that, nor is a new one passed over.
func TestDamageBesideTheLine(t *testing.T) {
	h := newHistory(t)
	one := h.edit(&h.key, files{decided: "1"}, h.root)
	main := h.edit(nil, files{policy: "main"}, h.root)
	merged := h.edit(nil, files{policy: "merged"}, h.root)
	two := h.edit(&h.key, files{decided: "2"}, main, merged, one)
	three := h.edit(&h.key, files{decided: "3"}, h.root)
	back := h.edit(nil, files{decided: "1"}, two, one)
	lost := h.edit(nil, files{policy: "lost"}, h.root)
	deep := h.edit(nil, nil, h.edit(nil, nil, lost))
	forth := h.edit(nil, files{decided: "3"}, h.edit(&h.key, files{decided: "2"}, main, deep), three)
	for tip, want := range map[gitstore.Hash]string{two: "2", back: "2", forth: "3"} {
		if got, err := h.open().Decision(t.Context(), tip, decided); err != nil || string(got.Data) != want {
			t.Errorf("Decision = %q, %v; want %q", got.Data, err, want)
		}
	}
	h.loosen()
	h.lose(merged.String())
	h.lose(lost.String())
	for _, tip := range []gitstore.Hash{back, forth} {
		if got, err := h.open().Decision(t.Context(), tip, decided); err == nil {
			t.Errorf("Decision = %q, and what it may rest on is gone", got.Data)
		}
	}
}

// TestDamagedLists: a list that cannot be read is damage, not a list of nobody.
func TestDamagedLists(t *testing.T) {
	for _, lost := range []string{":" + SignersPath, ":.entragit"} {
		h := newHistory(t)
		head := h.backup(nil)
		h.loosen()
		h.lose(h.git(h.key, "rev-parse", h.root.String()+lost))
		if _, _, err := First(h.repo, head); !errors.Is(err, gitstore.ErrDamaged) {
			t.Errorf("without %s: First = %v", lost, err)
		}
		if _, err := SignersAt(h.repo, h.root); !errors.Is(err, gitstore.ErrDamaged) {
			t.Errorf("without %s: SignersAt = %v", lost, err)
		}
		read, err := h.repo.Commit(head)
		h.check(err)
		if _, err := NewSignatures(h.repo, h.pin).Verify(read); !errors.Is(err, gitstore.ErrDamaged) {
			t.Errorf("without %s: Verify = %v", lost, err)
		}
	}
}

// TestWhatNeedNotBeRead: the cost of an answer is what is new, not the whole history.
// That is seen by taking away what lies behind what was verified.
func TestWhatNeedNotBeRead(t *testing.T) {
	h := newHistory(t)
	ctx := context.Background()
	old := h.backup(files{policy: "old"})
	forked := h.backup(nil)
	h.move(old)
	h.backup(files{policy: "1", group: "1"})
	head := h.backup(files{decided: "carried"})
	h.pin = h.open().Pin()
	away := h.edit(nil, nil, h.root)
	unsigned := h.edit(nil, files{policy: "1", group: "1"}, away)
	signed := h.edit(&h.key, files{policy: "reviewed", group: "reviewed"}, h.root, away)
	h.loosen()
	restore := h.lose(old.String())
	h.lose(away.String())

	chain := h.open() // back to the newest head seen
	source := func(commit gitstore.Hash) *Source {
		s, err := chain.Source(commit)
		h.check(err)
		return s
	}
	if got := source(h.root).whole; got.By != BySnapshot || got.Seq != 0 {
		t.Errorf("the root is vouched for by %+v", got)
	}
	if got := source(forked).whole; got.Trusted() {
		t.Errorf("a fork is vouched for by %+v", got)
	}
	found, err := source(unsigned).Origins(ctx, []string{policy, group})
	if err != nil || found[policy].Commit != head || found[group].Commit != head {
		t.Errorf("what the newest snapshot has: %v, %v", found, err)
	}
	if got, err := source(signed).Unvouched(ctx, ""); err != nil || len(got) > 0 {
		t.Errorf("a commit that an approver signed: %q, %v", got, err)
	}
	got, err := chain.Decision(ctx, head, decided)
	if err != nil || string(got.Data) != "carried" || got.At != head || got.Seq != 3 {
		t.Errorf("Decision = %+v, %v", got, err)
	}
	restore() // no snapshot has what follows, which takes them all to know
	found, err = source(signed).Origins(ctx, []string{policy, group})
	if err != nil || found[policy].Commit != signed || found[group].Commit != signed {
		t.Errorf("what the approver signed: %v, %v", found, err)
	}
}

// TestEndlessMerges: a branch whose commits name a hundred thousand others is given up,
// before its search for an approval takes all day.
func TestEndlessMerges(t *testing.T) {
	h := newHistory(t)
	tree := h.git(h.key, "rev-parse", h.edit(nil, files{policy: "x"}, h.root).String()+"^{tree}")
	parents := 0
	wide := func(n int, parent func() string) gitstore.Hash {
		var text strings.Builder
		text.WriteString("tree " + tree + "\n")
		for range n {
			text.WriteString("parent " + parent() + "\n")
		}
		return h.raw(text.String() + "author n <n@example.com> 1792454400 +0000\ncommitter n <n@example.com> 1792454400 +0000\n\nmerge\n")
	}
	nowhere := func() string {
		parents++
		return fmt.Sprintf("%040x", parents)
	}
	chain := h.open()
	for beside, endless := range map[int]bool{maxUnchained: false, maxUnchained + 1: true} {
		var arms []string
		for left := beside - 6; left > 0; left -= 20_000 { // a commit's own size is bounded, too
			arms = append(arms, wide(min(left, 20_000), nowhere).String())
		}
		tip := wide(len(arms), func() (arm string) { arm, arms = arms[0], arms[1:]; return arm })
		source, err := chain.Source(tip)
		h.check(err)
		_, err = source.Origins(t.Context(), []string{policy})
		if err == nil || strings.Contains(err.Error(), fmt.Sprintf("more than %d commits", maxUnchained)) != endless {
			t.Errorf("%d commits: %v", beside, err)
		}
	}
}

// TestBranchesThatMeet: a branch that splits and meets again and again has more ways
// through it than can be walked; each commit is looked at once.
func TestBranchesThatMeet(t *testing.T) {
	h := newHistory(t)
	tip := h.edit(nil, files{policy: "x"}, h.root)
	text := h.git(h.key, "cat-file", "commit", tip.String()) + "\n"
	for range 40 {
		parent := "parent " + tip.String() + "\n"
		tip = h.raw(strings.Replace(text, "parent "+h.root.String()+"\n", parent+parent, 1))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	source, err := h.open().Source(tip)
	h.check(err)
	if found, err := source.Origins(ctx, []string{policy}); err != nil || found[policy].Trusted() {
		t.Errorf("%v, %v", found, err)
	}
}
