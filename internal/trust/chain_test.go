package trust

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// TestHonestChain: a chain whose signers change as they may verifies, from the root and
// from any head that was seen.
func TestHonestChain(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			h := newHistory(t)
			listed := []key{h.key}
			for range 8 {
				signer := listed[random.IntN(len(listed))]
				change := files{"tenant/users/a.yaml": fmt.Sprint(random.Int())}
				switch random.IntN(4) {
				case 0:
					listed = append(listed, newKey(t))
				case 1:
					if len(listed) > 1 {
						listed = listed[1:]
					}
				}
				change[SignersPath] = "# who signs\n"
				for _, k := range listed {
					change[SignersPath] += k.line("entragit", "")
				}
				h.commit(change, step{signer: signer})
				chain := h.open()
				if random.IntN(2) == 0 {
					h.pin = chain.Pin()
				}
			}
			if report := h.audit(AuditOptions{Full: true}); len(report.Problems) > 0 || report.Snapshots != 9 {
				t.Errorf("Audit: %d snapshots, %v", report.Snapshots, report.Problems)
			}
			chain := h.open()
			if chain.Head() != (Mark{8, h.head()}) || chain.Tenant() != tenant {
				t.Errorf("the head is %v of %s", chain.Head(), chain.Tenant())
			}
			signers, err := SignersAt(h.repo, chain.Head().Commit)
			h.check(err)
			for _, k := range listed {
				if err := signers.MaySign(k.SSHSigner, later); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestAttacksOnTheChain: each commit is signed by a key that counts, apart from the one
// flaw that its case is about.
func TestAttacksOnTheChain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		attack func(h *history)
		says   string
	}{
		{"unsigned", func(h *history) { h.commit(nil, step{unsigned: true}) }, "not signed"},
		{"a stranger's key", func(h *history) { h.commit(nil, step{signer: newKey(h.t)}) }, "is not listed"},
		{"a stranger who lists himself in the commit that he signs", func(h *history) {
			k := newKey(h.t)
			h.commit(files{SignersPath: h.key.line("entragit", "") + k.line("entragit", "")}, step{signer: k})
		}, "is not listed"},
		{"a stranger let in by a stranger", func(h *history) {
			k := newKey(h.t)
			h.commit(files{SignersPath: k.line("entragit", "")}, step{signer: newKey(h.t)})
			h.commit(nil, step{signer: k})
		}, "is not listed"},
		{"a key that was taken off the list", func(h *history) {
			h.commit(files{SignersPath: newKey(h.t).line("entragit", "")}, step{})
			h.commit(nil, step{})
		}, "is not listed"},
		{"a key that was commented out", func(h *history) {
			h.commit(files{SignersPath: "# " + h.key.line("entragit", "") + newKey(h.t).line("entragit", "")}, step{})
			h.commit(nil, step{})
		}, "is not listed"},
		{"an expired key", func(h *history) {
			h.commit(files{SignersPath: h.key.line("entragit", `valid-before="202610010830Z"`)}, step{})
			h.commit(nil, step{})
		}, "is not valid after"},
		{"an expired key that dates itself back", func(h *history) {
			h.commit(files{SignersPath: h.key.line("entragit", `valid-before="202610010830Z"`) + "x " + newKey(h.t).PublicKey()}, step{})
			h.commit(nil, step{committed: epoch.Add(2 * time.Hour)})
		}, "follows one of"},
		{"a key of another purpose", func(h *history) {
			h.commit(files{SignersPath: h.key.line("entragit", `namespaces="file"`)}, step{})
			h.commit(nil, step{})
		}, "namespace"},
		{"a key that may approve only", func(h *history) {
			k := newKey(h.t)
			h.commit(files{SignersPath: h.key.line("entragit", "") + k.line("approver:anna", "")}, step{})
			h.commit(nil, step{signer: k})
		}, "is not listed"},
		{"a list that is gone", func(h *history) {
			h.commit(files{SignersPath: gone}, step{})
			h.commit(nil, step{})
		}, "is not listed"},
		{"a missing number", func(h *history) { h.commit(nil, step{seq: "999"}) }, "is number 999 and follows number 2"},
		{"a missing number that is continued", func(h *history) {
			h.commit(nil, step{seq: "999"})
			h.commit(nil, step{})
		}, "is number 999 and follows number 2"},
		{"a number again", func(h *history) { h.commit(nil, step{seq: "2"}) }, "is number 2 and follows number 2"},
		{"no number", func(h *history) { h.commit(nil, step{seq: "three"}) }, "has no number"},
		{"a number that another program reads otherwise", func(h *history) { h.commit(nil, step{seq: "03"}) }, "has no number"},
		{"another tenant", func(h *history) { h.commit(nil, step{tenant: another}) }, "of tenant " + another},
		{"a domain after an id", func(h *history) { h.commit(nil, step{tenant: "contoso.com"}) }, "of tenant contoso.com"},
		{"no tenant", func(h *history) {
			h.commit(nil, step{})
			message := fmt.Sprintf("backup\n\n%s: 4\n", SeqTrailer)
			h.move(h.edited(&h.key, message, nil, h.head()))
		}, "names no tenant"},
		{"a capture before the last", func(h *history) { h.commit(nil, step{captured: epoch}) }, "follows one of"},
		{"a commit before the last", func(h *history) {
			h.commit(nil, step{committed: epoch, captured: epoch.Add(3 * time.Hour)})
		}, "follows one of"},
		{"the year 2099", func(h *history) { h.commit(nil, step{committed: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)}) }, "from the future"},
		{"a capture in the year 2099", func(h *history) { h.commit(nil, step{captured: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)}) }, "from the future"},
		{"a merge", func(h *history) {
			head := h.head()
			message := fmt.Sprintf("backup\n\n%s: 3\n%s: %s\n%s: 2026-10-02T00:00:00Z\n", SeqTrailer, TenantTrailer, tenant, TimeTrailer)
			h.move(h.edited(&h.key, message, nil, head, h.edit(nil, nil, head)))
		}, "is a merge"},
		{"another tree under the same signature", func(h *history) {
			evil := h.git(h.key, "rev-parse", h.edit(nil, files{policy: "evil"}, h.head()).String()+"^{tree}")
			honest := h.backup(nil)
			h.move(h.forge(honest, h.git(h.key, "rev-parse", honest.String()+"^{tree}"), evil))
		}, "bad signature"},
		{"another number under the same signature", func(h *history) {
			h.commit(nil, step{seq: "9"})
			h.move(h.forge(h.head(), SeqTrailer+": 9", SeqTrailer+": 3"))
		}, "bad signature"},
		{"the signature of another snapshot", func(h *history) {
			signature := func(commit gitstore.Hash) string {
				text := h.git(h.key, "cat-file", "commit", commit.String())
				return text[strings.Index(text, "gpgsig"):strings.Index(text, "\n\n")]
			}
			last := h.head()
			h.move(h.forge(h.backup(nil), signature(h.head()), signature(last)))
		}, "bad signature"},
		{"two signatures", func(h *history) {
			text := h.git(h.key, "cat-file", "commit", h.backup(nil).String())
			signature := text[strings.Index(text, "gpgsig"):strings.Index(text, "\n\n")]
			h.move(h.forge(h.head(), signature, signature+"\n"+signature))
		}, "more than one signature"},
		{"a key whose time has not come", func(h *history) {
			h.commit(files{SignersPath: h.key.line("entragit", `valid-after="20270101Z"`)}, step{})
			h.commit(nil, step{})
		}, "is not valid before"},
		{"a time that nobody can read", func(h *history) { h.commit(nil, step{timeText: "yesterday"}) }, "has no time that can be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHistory(t)
			h.backup(files{"tenant/a.yaml": "1"})
			h.backup(files{"tenant/a.yaml": "2"})
			seen := h.open().Pin()
			tt.attack(h)
			h.refused(tt.says)
			h.backup(nil)
			h.refused(tt.says) // also behind what an honest backup built on it
			h.pin = seen
			h.refused(tt.says) // and by who has seen the snapshot before it
		})
	}
}

// TestSignedByHand: what the attacks were made of is honest without their flaw, also when
// native git signs it.
func TestSignedByHand(t *testing.T) {
	h := newHistory(t)
	head := h.backup(nil)
	next := newKey(t)
	message := fmt.Sprintf("signers: another key\n\n%s: 2\n%s: %s\n", SeqTrailer, TenantTrailer, tenant)
	h.move(h.edited(&h.key, message, files{SignersPath: next.line("entragit", "")}, head))
	h.commit(nil, step{signer: next, committed: later})
	if chain := h.open(); chain.Head().Seq != 3 {
		t.Errorf("the head is %v", chain.Head())
	}
}

// TestBrokenNamesTheOldest: what is told of a broken chain is where it broke, and the
// last snapshot that is good.
func TestBrokenNamesTheOldest(t *testing.T) {
	h := newHistory(t)
	good := h.backup(nil)
	bad := h.commit(nil, step{unsigned: true})
	h.commit(nil, step{seq: "7"})
	broken := h.refused("not signed")
	if broken.Commit != bad || broken.Good != good {
		t.Errorf("commit %s after %s, want %s after %s", broken.Commit.Short(), broken.Good.Short(), bad.Short(), good.Short())
	}
}

// TestClocks: those of two machines may be ten minutes apart, for a backup as for what it
// read.
func TestClocks(t *testing.T) {
	for name, s := range map[string]step{
		"committed": {committed: later}, "captured": {committed: later.Add(-time.Hour), captured: later},
	} {
		h := newHistory(t)
		h.commit(nil, s)
		for early, ok := range map[time.Duration]bool{0: true, tolerance: true, tolerance + time.Second: false} {
			_, err := Open(t.Context(), h.repo, h.pin, h.head(), later.Add(-early))
			if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "from the future") {
				t.Errorf("%s %v ahead: %v", name, early, err)
			}
		}
	}
	h := newHistory(t)
	h.commit(nil, step{committed: epoch}) // two within one second
	h.open()
}

// TestDamageEndsTheWalk: a parent that is missing is damage, not a first commit.
func TestDamageEndsTheWalk(t *testing.T) {
	h := newHistory(t)
	h.move(h.forge(h.backup(nil), h.root.String(), strings.Repeat("ab", 20)))
	if broken := h.refused("not found"); broken.Question != Integrity {
		t.Errorf("question %s", broken.Question)
	}
}

func TestCancelled(t *testing.T) {
	h := newHistory(t)
	h.backup(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, h.repo, h.pin, h.head(), later); !errors.Is(err, context.Canceled) {
		t.Errorf("Open = %v", err)
	}
}

// TestSeqOfACommit: what is of the chain is told from what only says so.
func TestSeqOfACommit(t *testing.T) {
	h := newHistory(t)
	chain := []gitstore.Hash{h.root, h.backup(nil), h.backup(nil), h.backup(nil)}
	h.move(chain[1])
	fork := h.backup(files{"tenant/a.yaml": "fork"})
	h.move(chain[3])
	byHand := h.edit(nil, nil, chain[2])
	c := h.open()
	for _, i := range []int{2, 0, 3, 1, 2} {
		if seq, ok, err := c.number(chain[i]); seq != i || !ok || err != nil {
			t.Errorf("snapshot %d is number %d, %v, %v", i, seq, ok, err)
		}
	}
	for _, other := range []gitstore.Hash{fork, byHand} {
		if seq, ok, err := c.number(other); ok || err != nil {
			t.Errorf("a commit beside the chain is number %d, %v", seq, err)
		}
	}
}

// TestSignatures: who signed, judged by the commit before it and not by itself.
func TestSignatures(t *testing.T) {
	h := newHistory(t)
	next := newKey(t)
	changed := h.backup(files{SignersPath: next.line("next", "")})
	followed := h.commit(nil, step{signer: next})
	lost := h.commit(nil, step{})
	for name, tt := range map[string]struct {
		commit gitstore.Hash
		pin    Pin
		who    string
	}{
		"the root": {h.root, h.pin, "entragit"}, "the root without a pin": {h.root, Pin{}, ""},
		"the change": {changed, h.pin, "entragit"}, "what follows": {followed, h.pin, "next"}, "the old key": {lost, h.pin, ""},
	} {
		commit, err := h.repo.Commit(tt.commit)
		h.check(err)
		who, err := NewSignatures(h.repo, tt.pin).Verify(commit)
		if who.Principal != tt.who || (err == nil) != (tt.who != "") {
			t.Errorf("%s: %+v, %v; want %q", name, who, err, tt.who)
		}
	}
}
