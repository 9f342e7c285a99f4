package gitstore

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hiddeco/sshsig"
)

// TestAllowedSignersAgreesWithSSHKeygen gives both the same list and signature.
func TestAllowedSignersAgreesWithSSHKeygen(t *testing.T) {
	needs(t, "ssh-keygen")
	s, _ := newKey(t)
	other, _ := newKey(t)
	key := s.PublicKey()
	at := epoch // 2026-10-01 06:00 UTC
	for _, tt := range []struct {
		name, list string
		want       bool
	}{
		{"plain", "me " + key, true},
		{"comment at the end", "me " + key + " laptop of me", true},
		{"several principals", "you,me,*@example.com " + key, true},
		{"quoted principals", `"me" ` + key, true},
		{"tabs and CR", "me\t" + key + "\r", true},
		{"comments and empty lines", "# list\n\n  # more\n  me " + key + "\n", true},
		{"another key", "me " + other.PublicKey(), false},
		{"second of two", "me " + other.PublicKey() + "\nme " + key, true},
		{"namespace git", `me namespaces="git" ` + key, true},
		{"namespaces list", `me namespaces="file,git" ` + key, true},
		{"namespace file", `me namespaces="file" ` + key, false},
		{"namespace pattern", `me namespaces="g?*" ` + key, true},
		{"namespace negated", `me namespaces="*,!git" ` + key, false},
		{"namespace other case", `me NameSpaces="git" ` + key, true},
		{"valid after, past", `me valid-after="20260930Z" ` + key, true},
		{"valid after, future", `me valid-after="20261002Z" ` + key, false},
		{"valid after, this second", `me valid-after="20261001060000Z" ` + key, true},
		{"valid after, next second", `me valid-after="20261001060001Z" ` + key, false},
		{"valid after, minutes", `me valid-after="202610010601Z" ` + key, false},
		{"valid before, future", `me valid-before="20261002Z" ` + key, true},
		{"valid before, past", `me valid-before="20260930Z" ` + key, false},
		{"valid before, this second", `me valid-before="20261001060000Z" ` + key, true},
		{"valid before, a second ago", `me valid-before="20261001055959Z" ` + key, false},
		{"local time", `me valid-after="20260929",valid-before="20261003" ` + key, true},
		{"all options", `me namespaces="git",valid-after="20260101Z",valid-before="20270101Z" ` + key, true},
		{"expired, then renewed", `me valid-before="20260101Z" ` + key + "\nme " + key, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := nativeAllowed(t, s, tt.list, at); got != tt.want {
				t.Fatalf("the case is wrong: ssh-keygen says %v", got)
			}
			list, err := ParseAllowedSigners([]byte(tt.list))
			if err != nil {
				t.Fatal(err)
			}
			_, err = list.find(s.key.PublicKey(), "git", at)
			if (err == nil) != tt.want || err != nil && !errors.Is(err, ErrUnknownSigner) {
				t.Errorf("find = %v, ssh-keygen says %v", err, tt.want)
			}
		})
	}
}

// nativeAllowed asks ssh-keygen -Y verify.
func nativeAllowed(t *testing.T, s *SSHSigner, list string, at time.Time) bool {
	t.Helper()
	dir := t.TempDir()
	signature, err := sshsig.Sign(strings.NewReader("message"), s.key, sshsig.HashSHA512, "git")
	if err != nil {
		t.Fatal(err)
	}
	allowed, sig := filepath.Join(dir, "allowed"), filepath.Join(dir, "sig")
	os.WriteFile(allowed, []byte(list+"\n"), 0o600)
	os.WriteFile(sig, sshsig.Armor(signature), 0o600)
	cmd := exec.Command("ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "me", "-n", "git", "-s", sig,
		"-Overify-time="+at.Local().Format("20060102150405"))
	cmd.Stdin = strings.NewReader("message")
	return cmd.Run() == nil
}

func TestAllowedSignersRefuses(t *testing.T) {
	s, _ := newKey(t)
	key := s.PublicKey()
	for name, tt := range map[string]struct{ list, says string }{
		"certificate authority":  {"me cert-authority " + key, "cert-authority"},
		"no key":                 {"me", "key"},
		"no principals":          {key, "key"},
		"unclosed principals":    {`"me ` + key, "quotation mark"},
		"unknown option":         {`me no-pty ` + key, "no-pty"},
		"unknown, with value":    {`me environment="A=B" ` + key, "environment"},
		"two namespaces":         {`me namespaces="git",namespaces="git" ` + key, "namespaces"},
		"value without quotes":   {`me namespaces=git ` + key, "quotation"},
		"bad time":               {`me valid-after="tomorrow" ` + key, "tomorrow"},
		"impossible time":        {`me valid-after="20261345" ` + key, "20261345"},
		"times in wrong order":   {`me valid-after="20270101Z",valid-before="20260101Z" ` + key, "valid-before"},
		"key type and data":      {"me ssh-rsa " + strings.Fields(key)[1], "public key"},
		"key cut off":            {"me " + key[:40], "public key"},
		"trailing comma":         {`me namespaces="git", ` + key, "option"},
		"a certificate as a key": {"me ssh-ed25519-cert-v01@openssh.com AAAA", "public key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseAllowedSigners([]byte("# first line\n" + tt.list))
			if !errors.Is(err, ErrBadKey) || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error = %v, want ErrBadKey naming line 2 and %q", err, tt.says)
			}
		})
	}
	for _, principal := range []string{"", "a b", "a\nb", `"a`, "#a"} {
		if line, err := s.AllowedSigner(principal); err == nil {
			t.Errorf("AllowedSigner(%q) = %q, want an error", principal, line)
		}
	}
}

func TestMatchPatterns(t *testing.T) {
	for list, want := range map[string]bool{
		"git": true, "g*": true, "*": true, "g?t": true, "*t": true, "g": false, "git?": false, "": false,
		"x,git": true, "!git": false, "git,!g*": false, "**i**": true, "gi*x": false,
	} {
		if got := matchPatterns("git", list); got != want {
			t.Errorf("matchPatterns(git, %q) = %v", list, got)
		}
	}
}
