package gitstore

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/hiddeco/sshsig"
)

const backupPrincipal = "backup@example.com"

func newKey(t *testing.T) (*SSHSigner, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys", "signing_key")
	s, err := GenerateSSHKey(path, "backup")
	if err != nil {
		t.Fatal(err)
	}
	return s, path
}

func allow(t *testing.T, signers ...*SSHSigner) (list *AllowedSigners, text string) {
	t.Helper()
	for _, s := range signers {
		line, err := s.AllowedSigner(backupPrincipal)
		if err != nil {
			t.Fatal(err)
		}
		text += line
	}
	list, err := ParseAllowedSigners([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return list, text
}

func signed(s Signer) CommitOptions {
	o := options("backup: +1", epoch)
	o.Signer = s
	o.Trailers = []Trailer{{"Seq", "1"}}
	return o
}

// nativeVerify asks git verify-commit with an allowed_signers file.
func nativeVerify(t *testing.T, r *Repo, h Hash, allowed string) (string, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "allowed")
	if err := os.WriteFile(file, []byte(allowed), 0o600); err != nil {
		t.Fatal(err)
	}
	return tryGit(r.dir, "-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile="+file, "verify-commit", h.String())
}

func TestGeneratedKeySigns(t *testing.T) {
	needs(t, "ssh-keygen")
	s, path := newKey(t)
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("key file has mode %v", info.Mode())
	}
	before, _ := os.ReadFile(path)
	if _, err := GenerateSSHKey(path, "again"); !errors.Is(err, ErrExists) {
		t.Errorf("second key = %v, want ErrExists", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the key was replaced")
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("files beside the key: %v", left)
	}
	public, err := exec.Command("ssh-keygen", "-y", "-f", path).Output()
	if err != nil || !strings.HasPrefix(string(public), s.PublicKey()) {
		t.Errorf("ssh-keygen -y = %s, %v; want %s", public, err, s.PublicKey())
	}
	loaded, err := LoadSSHSigner(path)
	if err != nil {
		t.Fatal(err)
	}
	r := newRepo(t)
	h := snap(t, r, files{"a": text("1")}, signed(loaded))
	list, native := allow(t, s)
	if out, err := nativeVerify(t, r, h, native); err != nil || !strings.Contains(out, "Good \"git\" signature for "+backupPrincipal) {
		t.Errorf("git verify-commit: %v\n%s", err, out)
	}
	c, err := r.Commit(h)
	if err != nil {
		t.Fatal(err)
	}
	want := Signatory{Principal: backupPrincipal, Fingerprint: s.Fingerprint(), Format: "ssh"}
	if got, err := (Verifier{SSH: list}).Verify(c); err != nil || got != want {
		t.Errorf("Verify = %v, %v; want %v", got, err, want)
	}
	fsck(t, r.dir)
}

func TestEveryKindOfKeySigns(t *testing.T) {
	needs(t, "ssh-keygen")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	for name, key := range map[string]crypto.Signer{"rsa": rsaKey, "ecdsa": ecKey, "ed25519": edKey} {
		t.Run(name, func(t *testing.T) {
			s, err := NewSSHSigner(key)
			if err != nil {
				t.Fatal(err)
			}
			r := newRepo(t)
			h := snap(t, r, files{"a": text("1")}, signed(s))
			list, native := allow(t, s)
			if out, err := nativeVerify(t, r, h, native); err != nil {
				t.Errorf("git verify-commit: %v\n%s", err, out)
			}
			c, _ := r.Commit(h)
			if _, err := (Verifier{SSH: list}).Verify(c); err != nil {
				t.Error(err)
			}
		})
	}
	short, _ := rsa.GenerateKey(rand.Reader, 1024)
	if _, err := NewSSHSigner(short); !errors.Is(err, ErrBadKey) {
		t.Errorf("1024-bit RSA = %v, want ErrBadKey", err)
	}
}

func TestKeysThatCannotBeUsed(t *testing.T) {
	needs(t, "ssh-keygen")
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", locked).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if _, err := LoadSSHSigner(locked); !errors.Is(err, ErrBadKey) || !strings.Contains(err.Error(), "passphrase") {
		t.Errorf("locked key = %v", err)
	}
	os.Chmod(locked+".pub", 0o600)
	if _, err := LoadSSHSigner(locked + ".pub"); !errors.Is(err, ErrBadKey) {
		t.Errorf("public key = %v", err)
	}
	if _, err := LoadSSHSigner(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no key = %v", err)
	}
}

func TestProgramSigner(t *testing.T) {
	needs(t, "ssh-keygen")
	s, path := newKey(t)
	r := newRepo(t)
	h := snap(t, r, files{"a": text("1")}, signed(ProgramSigner{Program: "ssh-keygen", Key: path}))
	_, native := allow(t, s)
	if out, err := nativeVerify(t, r, h, native); err != nil {
		t.Errorf("git verify-commit: %v\n%s", err, out)
	}
	script := filepath.Join(t.TempDir(), "sign")
	for name, body := range map[string]string{
		"fails":         "echo 'first' >&2; echo 'agent has no key' >&2; exit 3",
		"signs nothing": "exit 0",
		"signs another": `for f; do :; done; echo other > "$f.x"; ssh-keygen -q -Y sign -n git -f ` + path + ` "$f.x" 2>/dev/null; mv "$f.x.sig" "$f.sig"`,
	} {
		os.WriteFile(script, []byte("#!/bin/sh\n"+body+"\n"), 0o755)
		_, err := trySnap(r, files{"a": text(name)}, signed(ProgramSigner{Program: script, Key: path}))
		if err == nil || !strings.Contains(err.Error(), script) {
			t.Errorf("%s: error = %v, want one that names the program", name, err)
		}
		if name == "fails" && !strings.Contains(err.Error(), "agent has no key") {
			t.Errorf("error does not say what the program said: %v", err)
		}
	}
}

func TestOpenPGP(t *testing.T) {
	entity, err := openpgp.NewEntity("Backup", "", backupPrincipal, &packet.Config{
		Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return epoch.AddDate(-1, 0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret.asc")
	os.WriteFile(secret, armored(t, openpgp.PrivateKeyType, func(b *bytes.Buffer) error { return entity.SerializePrivate(b, nil) }), 0o600)
	public := armored(t, openpgp.PublicKeyType, func(b *bytes.Buffer) error { return entity.Serialize(b) })
	s, err := LoadOpenPGPSigner(secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := newRepo(t)
	o := signed(s)
	o.When = time.Now()
	h := snap(t, r, files{"a": text("1")}, o)
	c, err := r.Commit(h)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := ParseKeyring(public)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := (Verifier{OpenPGP: ring}).Verify(c); err != nil || !strings.Contains(id.Principal, backupPrincipal) || id.Format != "openpgp" {
		t.Errorf("Verify = %v, %v", id, err)
	}
	if out, err := gpgVerify(t, r, h, public); err != nil {
		t.Errorf("git verify-commit: %v\n%s", err, out)
	}
	if _, err := (Verifier{}).Verify(c); !errors.Is(err, ErrUnknownSigner) {
		t.Errorf("Verify without a keyring = %v", err)
	}
	other, _ := openpgp.NewEntity("Other", "", "o@example.com", nil)
	if _, err := (Verifier{OpenPGP: &Keyring{openpgp.EntityList{other}}}).Verify(c); !errors.Is(err, ErrUnknownSigner) {
		t.Errorf("Verify with another keyring = %v", err)
	}
	c.payload = append(c.payload, "more"...)
	if _, err := (Verifier{OpenPGP: ring}).Verify(c); !errors.Is(err, ErrBadSignature) {
		t.Errorf("Verify of changed bytes = %v", err)
	}
}

func armored(t *testing.T, kind string, write func(*bytes.Buffer) error) []byte {
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
	return out.Bytes()
}

func gpgVerify(t *testing.T, r *Repo, h Hash, public []byte) (string, error) {
	needs(t, "gpg")
	home, err := os.MkdirTemp("", "gpg") // a short path: gpg's agent socket has a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		os.RemoveAll(home)
	})
	cmd := exec.Command("gpg", "--homedir", home, "--batch", "--import")
	cmd.Stdin = bytes.NewReader(public)
	if out, err := cmd.CombinedOutput(); err != nil {
		return string(out), err
	}
	t.Setenv("GNUPGHOME", home)
	return tryGit(r.dir, "verify-commit", h.String())
}

// TestVerifyTellsWhatIsWrong: every way in which a signature can fail has its own
// error.
func TestVerifyTellsWhatIsWrong(t *testing.T) {
	s, _ := newKey(t)
	other, _ := newKey(t)
	list, _ := allow(t, s)
	r := newRepo(t)
	good, err := r.Commit(snap(t, r, files{"a": text("1")}, signed(s)))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := r.objects.read(typeCommit, good.Hash)
	if err != nil {
		t.Fatal(err)
	}
	header := gpgsigHeader(raw)
	for _, tt := range []struct {
		name string
		raw  func() []byte
		want error
	}{
		{"unsigned", func() []byte { return bytes.Replace(raw, header, nil, 1) }, ErrUnsigned},
		{"changed message", func() []byte { return append(raw, "more\n"...) }, ErrBadSignature},
		{"changed tree", func() []byte { return append([]byte("tree "+strings.Repeat("0", 40)), raw[45:]...) }, ErrBadSignature},
		{"two headers", func() []byte { return bytes.Replace(raw, header, append(header, header...), 1) }, ErrManySignatures},
		{"sha256 beside it", func() []byte {
			return bytes.Replace(raw, header, append([]byte("gpgsig-sha256 x\n"), header...), 1)
		}, ErrManySignatures},
		{"two in one header", func() []byte {
			twice := append(bytes.Clone(header), ' ')
			return bytes.Replace(raw, header, append(twice, header[len("gpgsig "):]...), 1)
		}, ErrManySignatures},
		{"garbage", func() []byte { return bytes.Replace(raw, header, []byte("gpgsig garbage\n"), 1) }, ErrBadSignature},
		{"signed by another", func() []byte { return resign(t, raw, header, other, "git") }, ErrUnknownSigner},
		{"another namespace", func() []byte { return resign(t, raw, header, s, "file") }, ErrWrongNamespace},
		{"signed again", func() []byte { return resign(t, raw, header, s, "git") }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := parseCommit(tt.raw())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := (Verifier{SSH: list}).Verify(c); !errors.Is(err, tt.want) {
				t.Errorf("Verify = %v, want %v", err, tt.want)
			}
		})
	}
}

func gpgsigHeader(raw []byte) []byte {
	start := bytes.Index(raw, []byte("gpgsig "))
	end := bytes.Index(raw, []byte("-----END SSH SIGNATURE-----\n")) + len("-----END SSH SIGNATURE-----\n")
	return bytes.Clone(raw[start:end])
}

// resign signs a commit's payload anew, under any namespace.
func resign(t *testing.T, raw, header []byte, s *SSHSigner, namespace string) []byte {
	t.Helper()
	payload := bytes.Replace(raw, header, nil, 1)
	signature, err := sshsig.Sign(bytes.NewReader(payload), s.key, sshsig.HashSHA512, namespace)
	if err != nil {
		t.Fatal(err)
	}
	folded := strings.ReplaceAll(strings.TrimSpace(string(sshsig.Armor(signature))), "\n", "\n ")
	return bytes.Replace(raw, header, []byte("gpgsig "+folded+"\n"), 1)
}

// TestVerifyReadsRawBytes: a header that a parser might drop is covered by the
// signature (CVE-2026-45022 was verification over re-encoded bytes).
func TestVerifyReadsRawBytes(t *testing.T) {
	needs(t, "ssh-keygen")
	s, _ := newKey(t)
	list, native := allow(t, s)
	payload := fmt.Sprintf("tree %s\nauthor A <a@b> 1790000000 +0130\ncommitter A <a@b> 1790000000 +0130\n"+
		"encoding ISO-8859-1\nx-unknown  two  spaces\n and a line\n\n  subject \r\n\n\nbody", newHasher().object(typeTree, nil))
	signature, err := s.Sign(strings.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	folded := "gpgsig " + strings.ReplaceAll(strings.TrimSpace(string(signature)), "\n", "\n ") + "\n"
	raw := strings.Replace(payload, "\n\n", "\n"+folded+"\n", 1)
	r := newRepo(t)
	cmd := exec.Command("git", "-C", r.dir, "hash-object", "-w", "-t", "commit", "--stdin")
	cmd.Stdin = strings.NewReader(raw)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	h, _ := ParseHash(strings.TrimSpace(string(out)))
	if out, err := nativeVerify(t, r, h, native); err != nil {
		t.Fatalf("git verify-commit: %v\n%s", err, out)
	}
	c, err := r.Commit(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Verifier{SSH: list}).Verify(c); err != nil {
		t.Error(err)
	}
}
