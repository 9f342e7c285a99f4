package trust

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/entragit/entragit/internal/gitstore"
)

// newOpenPGP makes a key, as one that signs and as an armored keyring.
func newOpenPGP(t *testing.T) (gitstore.Signer, string) {
	t.Helper()
	entity, err := openpgp.NewEntity("Backup", "", "backup@example.com", &packet.Config{
		Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return epoch.AddDate(-1, 0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "secret.asc")
	secret := armored(t, openpgp.PrivateKeyType, func(b *bytes.Buffer) error { return entity.SerializePrivate(b, nil) })
	if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	signer, err := gitstore.LoadOpenPGPSigner(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	return signer, armored(t, openpgp.PublicKeyType, func(b *bytes.Buffer) error { return entity.Serialize(b) })
}

func armored(t *testing.T, kind string, write func(*bytes.Buffer) error) string {
	t.Helper()
	var raw, out bytes.Buffer
	if err := write(&raw); err != nil {
		t.Fatal(err)
	}
	w, err := armor.Encode(&out, kind, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(raw.Bytes())
	w.Close()
	return out.String()
}

// TestOpenPGPChain: keys of the keyring count as those of the list do, from the snapshot
// after the one that lists them on.
func TestOpenPGPChain(t *testing.T) {
	h := newHistory(t)
	signer, ring := newOpenPGP(t)
	stranger, _ := newOpenPGP(t)
	h.backup(files{KeyringPath: ring})
	// An OpenPGP signature carries the time at which it was made, which is now.
	now := time.Now()
	h.commit(files{policy: "1"}, step{signer: signer, committed: now})
	open := func() error {
		_, err := Open(context.Background(), h.repo, h.pin, h.head(), now.Add(time.Minute))
		return err
	}
	h.check(open())
	good := h.head()
	h.commit(nil, step{signer: stranger, committed: now})
	if err := open(); err == nil || !strings.Contains(err.Error(), "not in the keyring") {
		t.Errorf("a stranger's key: %v", err)
	}
	h.move(good)
	h.commit(files{KeyringPath: gone}, step{signer: signer, committed: now})
	h.check(open())
	h.commit(nil, step{signer: signer, committed: now})
	if err := open(); err == nil || !strings.Contains(err.Error(), "there is no keyring") {
		t.Errorf("a key that was taken away: %v", err)
	}
}

// TestPinOfAKeyring: the pin carries the keyring of the first commit, and says so when it
// cannot be read.
func TestPinOfAKeyring(t *testing.T) {
	h := newHistory(t)
	_, ring := newOpenPGP(t)
	h.pin.Keyring = ring
	text := encoded(t, h.pin)
	if again, err := DecodePin([]byte(text)); err != nil || again != h.pin {
		t.Errorf("DecodePin = %+v, %v", again, err)
	}
	if _, err := DecodePin([]byte(strings.Replace(text, "BEGIN PGP", "BEGIN", 1))); err == nil {
		t.Error("a broken keyring was read")
	}
}

// TestListsThatCannotBeRead: a list in pieces says nothing about who may sign, so that
// nothing after it verifies; the snapshot that brought it is named.
func TestListsThatCannotBeRead(t *testing.T) {
	for name, change := range map[string]files{
		"list": {SignersPath: "entragit ssh-none AAAA\n"}, "keyring": {KeyringPath: "no key"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(t)
			at := h.backup(change)
			if _, err := Open(context.Background(), h.repo, h.pin, at, later); err == nil {
				t.Error("who may sign next is not known, and the chain is")
			}
			h.backup(nil)
			if broken := h.refused(at.Short()); broken.Question != Integrity || broken.Good != at {
				t.Errorf("%s after %s", broken.Question, broken.Good.Short())
			}
			if _, err := SignersAt(h.repo, at); err == nil {
				t.Error("SignersAt read it")
			}
		})
	}
}

// TestGitAgrees: about each single signature, with the list of the commit before it,
// native git says the same.
func TestGitAgrees(t *testing.T) {
	h := newHistory(t)
	next, stranger := newKey(t), newKey(t)
	commits := []gitstore.Hash{
		h.backup(files{SignersPath: next.line("next", `namespaces="git"`)}),
		h.commit(nil, step{signer: next}),
		h.commit(nil, step{signer: h.key}),
		h.commit(files{SignersPath: "# nobody\n" + stranger.line("late", `valid-after="20270101Z"`)}, step{signer: next}),
		h.commit(nil, step{signer: stranger}),
		h.commit(nil, step{unsigned: true}),
	}
	for i, hash := range commits {
		commit, err := h.repo.Commit(hash)
		h.check(err)
		list := filepath.Join(t.TempDir(), "list")
		tree, err := h.repo.Tree(commit.Parents[0])
		h.check(err)
		text, err := tree.Read(SignersPath)
		h.check(err)
		h.check(os.WriteFile(list, text, 0o600))
		native := exec.Command("git", "-C", h.dir, "-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile="+list, "verify-commit", hash.String()).Run()
		_, ours := NewSignatures(h.repo, h.pin).Verify(commit)
		if (native == nil) != (ours == nil) {
			t.Errorf("commit %d: git says %v, we say %v", i, native, ours)
		}
	}
}

// TestMaySign: of the roles of a key, only that of a signer lets it sign a snapshot.
func TestMaySign(t *testing.T) {
	k := newKey(t)
	for principal, want := range map[string]error{
		"entragit": nil, "approver:anna": gitstore.ErrUnknownSigner, "approver:anna,entragit": nil,
		"approver:anna,approver:backup": gitstore.ErrUnknownSigner, "approver": nil,
		"Approver:anna": gitstore.ErrUnknownSigner, // who writes this means to let her approve only
	} {
		signers, err := parseSigners([]byte(k.line(principal, "")), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := signers.MaySign(k.SSHSigner, later); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", principal, err, want)
		}
	}
}

// TestMissingObjects: what is not there is an error, never an answer.
func TestMissingObjects(t *testing.T) {
	h := newHistory(t)
	h.backup(nil)
	chain := h.open()
	missing := gitstore.Hash{1}
	if _, _, err := chain.number(missing); err == nil {
		t.Error("a commit that is not there has a number")
	}
	if _, err := chain.Source(missing); err == nil {
		t.Error("a commit that is not there is a source")
	}
	if _, err := chain.Decision(context.Background(), missing, decided); err == nil {
		t.Error("a commit that is not there decides")
	}
	if _, err := SignersAt(h.repo, missing); err == nil {
		t.Error("a commit that is not there lists signers")
	}
	if _, _, err := First(h.repo, missing); err == nil {
		t.Error("a commit that is not there can be pinned")
	}
	if _, err := store(t, t.TempDir(), "").Find(h.repo, missing); err == nil || errors.Is(err, ErrUnpinned) {
		t.Errorf("a commit that is not there is only unpinned: %v", err)
	}
}

// TestSearchesCanBeCancelled: histories are long, and people impatient.
func TestSearchesCanBeCancelled(t *testing.T) {
	h := newHistory(t)
	edit := h.edit(nil, files{policy: "x"}, h.backup(nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	chain := h.open()
	source, err := chain.Source(edit)
	h.check(err)
	if _, err := source.Origins(ctx, []string{policy}); !errors.Is(err, context.Canceled) {
		t.Errorf("Origins = %v", err)
	}
	if _, err := chain.Decision(ctx, edit, decided); !errors.Is(err, context.Canceled) {
		t.Errorf("Decision = %v", err)
	}
}
