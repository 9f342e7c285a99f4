package trust

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestAuditGoesOn: what one audit looked at, the next one does not, unless it is told to.
func TestAuditGoesOn(t *testing.T) {
	h := newHistory(t)
	h.backup(files{policy: "1", group: "1"})
	h.backup(files{policy: "2"})
	first := h.audit(AuditOptions{})
	chain, ok := first.Chain()
	if !ok || first.Snapshots != 3 || first.Files != 5 || first.Newest != 2 || first.Since != -1 {
		t.Fatalf("%+v", first)
	}
	if want := []string{"entragit " + h.key.Fingerprint()}; !slices.Equal(first.Signers, want) {
		t.Errorf("signed by %q, want %q", first.Signers, want)
	}
	h.pin = chain.Pin()
	if h.pin.Read != h.pin.Head || h.pin.Head.Seq != 2 {
		t.Errorf("the pin remembers %+v", h.pin)
	}
	h.backup(files{group: gone})
	h.backup(files{group: "2"})
	if again := h.audit(AuditOptions{}); again.Snapshots != 2 || again.Files != 1 || again.Since != 2 || again.Newest != 4 {
		t.Errorf("%+v", again)
	}
	if full := h.audit(AuditOptions{Full: true}); full.Snapshots != 5 || full.Files != 6 || full.Since != -1 {
		t.Errorf("%+v", full)
	}
	// What other commands verified was not read.
	h.pin.Read = Mark{}
	h.pin = h.open().Pin()
	if report := h.audit(AuditOptions{}); report.Snapshots != 5 {
		t.Errorf("%+v", report)
	}
}

// TestAuditFindsAll: one bad snapshot does not hide another.
func TestAuditFindsAll(t *testing.T) {
	h := newHistory(t)
	h.backup(files{"bin/sh": "x"})
	h.commit(nil, step{unsigned: true})
	h.commit(nil, step{seq: "9", signer: newKey(t)})
	report := h.audit(AuditOptions{})
	for question, want := range map[Question][]string{
		Integrity: {"bin/sh is no file of a backup"}, Authenticity: {"is not listed", "not signed"}, Continuity: {"is number 9 and follows number 2"},
	} {
		got := report.Of(question)
		if len(got) != len(want) {
			t.Errorf("%s: %q", question, got)
			continue
		}
		for i := range want {
			if !strings.Contains(got[i], want[i]) {
				t.Errorf("%s: %q, want %q", question, got[i], want[i])
			}
		}
	}
	if _, ok := report.Chain(); ok {
		t.Error("there is a chain")
	}
}

// TestAuditReadsFiles: bytes that are not what their name says are found, and only by
// reading them.
func TestAuditReadsFiles(t *testing.T) {
	h := newHistory(t)
	h.backup(files{policy: "1"})
	blob := h.blob(h.head(), policy)
	h.loosen()
	name := blob.String()
	file := filepath.Join(h.dir, "objects", name[:2], name[2:])
	other := h.git(h.key, "hash-object", "-w", filepath.Join(h.dir, "HEAD"))
	data, err := os.ReadFile(filepath.Join(h.dir, "objects", other[:2], other[2:]))
	h.check(err)
	h.check(os.Chmod(file, 0o600))
	h.check(os.WriteFile(file, data, 0o600))
	h.open()
	if got := h.audit(AuditOptions{}).Of(Integrity); len(got) != 1 || !strings.Contains(got[0], policy) {
		t.Errorf("integrity: %q", got)
	}
}

// TestAuditTellsHowFar: once for each snapshot.
func TestAuditTellsHowFar(t *testing.T) {
	h := newHistory(t)
	h.backup(nil)
	var told []int
	_, err := Audit(t.Context(), h.repo, h.pin, h.backup(nil), AuditOptions{
		Now: later, Known: func(string) bool { return true }, Progress: func(n int) { told = append(told, n) }})
	if err != nil || !slices.Equal(told, []int{1, 2, 3}) {
		t.Errorf("told %v, %v", told, err)
	}
}

// TestAuditOfAMissingTree: a snapshot whose folders cannot be read has a problem by its
// name, and so has the one that follows it.
func TestAuditOfAMissingTree(t *testing.T) {
	h := newHistory(t)
	one := h.backup(files{policy: "1"})
	two := h.backup(files{policy: "2"})
	h.loosen()
	lost := h.git(h.key, "rev-parse", one.String()+":tenant")
	restore := h.lose(lost)
	for _, o := range []AuditOptions{{}, {Full: true}} {
		got := h.audit(o).Of(Integrity)
		if len(got) != 2 || !strings.Contains(got[0], two.Short()) || !strings.Contains(got[1], one.Short()) || !strings.Contains(got[1], lost) {
			t.Errorf("integrity: %q", got)
		}
	}
	restore()
	lost = h.git(h.key, "rev-parse", h.root.String()+":.entragit")
	h.lose(lost)
	h.move(h.root)
	if got := h.audit(AuditOptions{}).Of(Integrity); len(got) != 1 || !strings.Contains(got[0], lost) {
		t.Errorf("integrity of the root: %q", got)
	}
}

func TestAuditCancelled(t *testing.T) {
	h := newHistory(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Audit(ctx, h.repo, h.pin, h.head(), AuditOptions{Now: later}); !errors.Is(err, context.Canceled) {
		t.Errorf("Audit = %v", err)
	}
}
