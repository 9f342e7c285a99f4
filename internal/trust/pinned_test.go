package trust

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// TestRewrittenHistories: a history that is correctly signed and not the one that was
// seen.
func TestRewrittenHistories(t *testing.T) {
	for _, tt := range []struct {
		name   string
		attack func(h *history, seen []gitstore.Hash)
		says   string
	}{
		{"rolled back", func(h *history, seen []gitstore.Hash) { h.move(seen[1]) }, "the branch went back"},
		{"rolled back to the root", func(h *history, _ []gitstore.Hash) { h.move(h.root) }, "the branch went back"},
		{"forked with the same number", func(h *history, seen []gitstore.Hash) {
			h.move(seen[1])
			h.backup(files{"tenant/a.yaml": "fork"})
		}, "the branch was rewritten"},
		{"forked and ahead", func(h *history, seen []gitstore.Hash) {
			h.move(seen[0])
			for range 5 {
				h.backup(files{"tenant/a.yaml": "fork"})
			}
		}, "the branch was rewritten"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHistory(t)
			seen := []gitstore.Hash{h.backup(nil), h.backup(nil), h.backup(nil)}
			h.pin = h.open().Pin()
			tt.attack(h, seen)
			if broken := h.refused(tt.says); broken.Good != seen[2] {
				t.Errorf("the snapshot to go back to is %s, want %s", broken.Good.Short(), seen[2].Short())
			}
			h.move(seen[2])
			h.open()
		})
	}
}

// TestAnotherHistory: one that was signed again with another key, or by the same key for
// another repository, begins with another commit.
func TestAnotherHistory(t *testing.T) {
	h := newHistory(t)
	h.backup(nil)
	for name, other := range map[string]*history{
		"another key": newHistory(t), "the same key": newHistoryOf(t, h.key, "fabrikam.com"),
	} {
		other.backup(nil)
		other.pin = h.pin
		broken := other.refused("the history begins with " + other.root.Short())
		if broken.Question != Continuity {
			t.Errorf("%s: %s", name, broken.Question)
		}
	}
}

// TestPinnedSigners: the root's own list does not count.
func TestPinnedSigners(t *testing.T) {
	h := newHistory(t)
	h.pin.Signers = newKey(t).line("entragit", "")
	h.refused("is not listed")
}

// TestRootOfAPin: a first commit that a pin names and that an honest init did not make,
// signed by the key that the pin lists apart from the one flaw that its case is about.
func TestRootOfAPin(t *testing.T) {
	h := newHistory(t)
	stranger := newKey(t)
	honest := fmt.Sprintf("init\n\n%s: 0\n%s: %s\n", SeqTrailer, TenantTrailer, tenant)
	for _, tt := range []struct {
		name, message string
		key           *key
		pin           Pin // what differs from the honest one
		now           time.Time
		says          string
	}{
		{"honest", honest, &h.key, Pin{}, later, ""},
		{"of a pin of the domain", honest, &h.key, Pin{Tenant: "contoso.com"}, later, ""},
		{"of a pin that learned the id", strings.Replace(honest, tenant, "contoso.com", 1), &h.key, Pin{}, later, ""},
		{"unsigned", honest, nil, Pin{}, later, "not signed"},
		{"signed by a stranger", honest, &stranger, Pin{}, later, "is not listed"},
		{"signed by an approver", honest, &stranger, Pin{Signers: stranger.line("approver:anna", "")}, later, "is not listed"},
		{"with a pin whose list is in pieces", honest, &h.key, Pin{Signers: "entragit none\n"}, later, "the pin: "},
		{"with a pin whose keyring is in pieces", honest, &h.key, Pin{Keyring: "none"}, later, "the pin: "},
		{"number 1", strings.Replace(honest, ": 0", ": 1", 1), &h.key, Pin{}, later, "is number 1"},
		{"without a number", "init\n", &h.key, Pin{}, later, "has no number"},
		{"of another tenant", honest, &h.key, Pin{Tenant: another}, later, "the pin is of " + another},
		{"of another domain", strings.Replace(honest, tenant, "contoso.com", 1), &h.key, Pin{Tenant: "fabrikam.com"}, later, "the pin is of fabrikam.com"},
		{"from the future", honest, &h.key, Pin{}, epoch, "from the future"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := []string{"commit-tree", "-m", tt.message, h.root.String() + "^{tree}"}
			signer := h.key
			if tt.key != nil {
				signer, args = *tt.key, append(args, "-S")
			}
			root, err := gitstore.ParseHash(h.git(signer, args...))
			h.check(err)
			pin := Pin{Tenant: cmp.Or(tt.pin.Tenant, tenant), Root: root, Head: Mark{0, root},
				Signers: cmp.Or(tt.pin.Signers, h.key.line("entragit", "")), Keyring: tt.pin.Keyring}
			chain, err := Open(t.Context(), h.repo, pin, root, tt.now)
			if tt.says == "" {
				if err != nil || chain.Head() != (Mark{0, root}) {
					t.Errorf("Open = %v", err)
				}
				return
			}
			if _, ok := errors.AsType[*BrokenError](err); !ok || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Open = %v, want %q", err, tt.says)
			}
		})
	}
}

func TestPinnedTenant(t *testing.T) {
	h := newHistory(t)
	h.pin.Tenant = "fabrikam.com"
	h.refused("the pin is of fabrikam.com")
	h.backup(nil)
	h.pin.Tenant = another
	h.refused("the pin is of " + another)
}

// TestPinnedHeads: what a pin names as seen is not judged again, and must be a snapshot
// nevertheless.
func TestPinnedHeads(t *testing.T) {
	h := newHistory(t)
	h.backup(nil)
	for says, message := range map[string]string{
		"has no number":        "by hand",
		"names no tenant":      "x\n\n" + SeqTrailer + ": 2",
		"of tenant " + another: "x\n\n" + SeqTrailer + ": 2\n" + TenantTrailer + ": " + another,
	} {
		head := h.edited(&h.key, message, nil, h.head())
		pin := h.open().Pin()
		pin.Head = Mark{2, head}
		if _, err := Open(t.Context(), h.repo, pin, head, later); !errors.Is(err, entra.ErrUnverified) || !strings.Contains(err.Error(), says) {
			t.Errorf("Open = %v, want %q", err, says)
		}
	}
}
