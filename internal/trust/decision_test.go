package trust

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/gitstore"
)

const decided = "entragit.yaml"

// TestDecision: of a file that people decide, the newest version that somebody vouched
// for when it came to be.
func TestDecision(t *testing.T) {
	for _, tt := range []struct {
		name    string
		main    func(h *history) []gitstore.Hash // oldest first; the last is the tip
		want    string
		ignored []int // positions in main, newest first
	}{
		{"as init left it", func(h *history) []gitstore.Hash { return []gitstore.Hash{h.root} }, "kinds: all\n", nil},
		{"edited and signed", func(h *history) []gitstore.Hash {
			return []gitstore.Hash{h.edit(&h.key, files{decided: "1"}, h.root)}
		}, "1", nil},
		{"edited and not signed", func(h *history) []gitstore.Hash {
			return []gitstore.Hash{h.edit(nil, files{decided: "1"}, h.root)}
		}, "kinds: all\n", []int{0}},
		{"edited again and not signed", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			b := h.edit(nil, files{decided: "2"}, a)
			return []gitstore.Hash{a, b, h.edit(nil, files{policy: "x"}, b)}
		}, "1", []int{1}},
		{"signed by another edit later", func(h *history) []gitstore.Hash {
			a := h.edit(nil, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(&h.key, files{policy: "x"}, a)}
		}, "1", nil},
		{"signed on a branch and merged", func(h *history) []gitstore.Hash {
			a := h.edit(nil, files{policy: "x"}, h.root)
			side := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(nil, files{decided: "1"}, a, side)}
		}, "1", nil},
		{"taken back to the first version without a signature", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(nil, files{decided: "kinds: all\n"}, a)}
		}, "1", []int{1}},
		{"taken back to an approved version without a signature", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			b := h.edit(&h.key, files{decided: "2"}, a)
			return []gitstore.Hash{a, b, h.edit(nil, files{decided: "1"}, b)}
		}, "2", []int{2}},
		{"taken back with one", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(&h.key, files{decided: "kinds: all\n"}, a)}
		}, "kinds: all\n", nil},
		{"deleted", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(nil, files{decided: gone}, a)}
		}, "1", []int{1}},
		{"deleted with a signature", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(&h.key, files{decided: gone}, a)}
		}, "1", []int{1}},
		{"a folder in its place, with a signature", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(&h.key, files{decided: gone, decided + "/x": "2"}, a)}
		}, "1", []int{1}},
		{"changed while a signed branch that left it alone is merged", func(h *history) []gitstore.Hash {
			side := h.edit(&h.key, files{policy: "x"}, h.root)
			return []gitstore.Hash{h.edit(nil, files{policy: "x", decided: "evil"}, h.root, side)}
		}, "kinds: all\n", []int{0}},
		{"changed while a signed branch that changed it otherwise is merged", func(h *history) []gitstore.Hash {
			side := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{h.edit(nil, files{decided: "evil"}, h.root, side)}
		}, "1", []int{0}},
		{"taken back by a merge with its parents in the other order", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			b := h.edit(&h.key, files{decided: "2"}, a)
			return []gitstore.Hash{h.edit(nil, files{decided: "1"}, h.root, b)}
		}, "2", []int{0}},
		{"taken back to the first version by a merge with its parents in the other order", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			b := h.edit(&h.key, files{decided: "2"}, a)
			return []gitstore.Hash{h.edit(nil, nil, h.root, b)}
		}, "2", []int{0}},
		{"taken back by a merge that reaches the older approval first", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			b := h.edit(&h.key, files{decided: "2"}, a)
			return []gitstore.Hash{a, h.edit(nil, files{decided: "1"}, a, b)}
		}, "2", []int{1}},
		{"merged with a branch that is signed and left it alone", func(h *history) []gitstore.Hash {
			other := h.edit(&h.key, files{policy: "x"}, h.root)
			side := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{h.edit(nil, files{decided: "1", policy: "x"}, h.root, other, side)}
		}, "1", nil},
		{"taken back by merging again what was approved before", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			b := h.edit(&h.key, files{decided: "2"}, a)
			return []gitstore.Hash{a, b, h.edit(nil, files{decided: "1"}, b, a)}
		}, "2", []int{2}},
		{"signed by a stranger", func(h *history) []gitstore.Hash {
			return []gitstore.Hash{h.edit(new(newKey(h.t)), files{decided: "evil"}, h.root)}
		}, "kinds: all\n", []int{0}},
		{"signed by a stranger whom it lists", func(h *history) []gitstore.Hash {
			k := newKey(h.t)
			return []gitstore.Hash{h.edit(&k, files{decided: "evil", SignersPath: k.line("approver:me", "")}, h.root)}
		}, "kinds: all\n", []int{0}},
		{"signed by a machine that says that it is a snapshot", func(h *history) []gitstore.Hash {
			return []gitstore.Hash{h.edited(&h.key, "backup\n\n"+SeqTrailer+": 3\n", files{decided: "evil"}, h.root)}
		}, "kinds: all\n", []int{0}},
		{"carried by a snapshot, and not signed", func(h *history) []gitstore.Hash {
			a := h.edit(nil, files{decided: "1"}, h.root)
			h.backup(files{decided: "1"})
			return []gitstore.Hash{a, h.edit(nil, files{decided: "2"}, a)}
		}, "1", []int{1}},
		{"not what newer snapshots carry", func(h *history) []gitstore.Hash {
			h.backup(files{decided: "1"})
			return []gitstore.Hash{h.root}
		}, "kinds: all\n", nil},
		{"merged snapshots", func(h *history) []gitstore.Hash {
			a := h.edit(&h.key, files{decided: "1"}, h.root)
			return []gitstore.Hash{a, h.edit(nil, files{policy: "1"}, a, h.head())}
		}, "1", nil},
		{"main is the branch of snapshots", func(h *history) []gitstore.Hash { return []gitstore.Hash{h.head()} }, "kinds: all\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHistory(t)
			h.backup(files{policy: "1"})
			h.backup(nil)
			line := tt.main(h)
			got, err := h.open().Decision(context.Background(), line[len(line)-1], decided)
			h.check(err)
			var ignored []gitstore.Hash
			for _, i := range tt.ignored {
				ignored = append(ignored, line[i])
			}
			if string(got.Data) != tt.want || !slices.Equal(got.Ignored, ignored) || !got.Trusted() {
				t.Errorf("Decision = %q by %q, ignored %v; want %q, ignored %v", got.Data, got.By, got.Ignored, tt.want, ignored)
			}
		})
	}
}

// TestDecisionSaysWhy: who or what vouches for the version, and which newest commit of
// the line has it.
func TestDecisionSaysWhy(t *testing.T) {
	h := newHistory(t)
	one := h.backup(files{policy: "1"})
	signed := h.edit(&h.key, files{decided: "1"}, h.root)
	after := h.edit(nil, files{policy: "x"}, signed)
	foreign := h.edit(nil, files{decided: "2"}, h.root)
	for name, tt := range map[string]struct {
		tip, at gitstore.Hash
		origin  Origin
	}{
		"an approver":  {after, after, Origin{By: ByApprover, Commit: signed, Signer: gitstore.Signatory{Principal: "entragit", Fingerprint: h.key.Fingerprint(), Format: "ssh"}}},
		"a snapshot":   {h.root, h.root, Origin{By: BySnapshot, Commit: one, Seq: 1}},
		"an older one": {foreign, h.root, Origin{By: BySnapshot, Commit: one, Seq: 1}},
		"the newest":   {one, one, Origin{By: BySnapshot, Commit: one, Seq: 1}},
	} {
		got, err := h.open().Decision(t.Context(), tt.tip, decided)
		if err != nil || got.At != tt.at || got.Origin != tt.origin {
			t.Errorf("%s: at %s, %+v, %v; want %s, %+v", name, got.At.Short(), got.Origin, err, tt.at.Short(), tt.origin)
		}
	}
}

// TestDecisionOfAForeignBranch: a branch that has nothing to do with the chain decides
// nothing.
func TestDecisionOfAForeignBranch(t *testing.T) {
	h := newHistory(t)
	other := newHistoryOf(t, h.key, another)
	theirs := other.commit(files{decided: "theirs"}, step{tenant: another})
	h.git(h.key, "fetch", "-q", other.dir, gitstore.SnapshotsRef)
	got, err := h.open().Decision(context.Background(), theirs, decided)
	h.check(err)
	if string(got.Data) != "kinds: all\n" || len(got.Ignored) == 0 {
		t.Errorf("Decision = %q, ignored %v", got.Data, got.Ignored)
	}
	if _, err := h.open().Decision(context.Background(), h.root, "none.yaml"); !errors.Is(err, gitstore.ErrNotFound) {
		t.Errorf("a file that nobody has = %v", err)
	}
}
