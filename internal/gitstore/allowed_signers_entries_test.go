package gitstore

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMaySign: a key counts where its line does, not where its text occurs.
func TestMaySign(t *testing.T) {
	key, _ := newKey(t)
	other, _ := newKey(t)
	for _, tt := range []struct {
		name, list string
		want       error
	}{
		{"listed", "backup " + key.PublicKey(), nil},
		{"listed among others", "other " + other.PublicKey() + "\nbackup " + key.PublicKey(), nil},
		{"commented out", "# backup " + key.PublicKey(), ErrUnknownSigner},
		{"expired", `backup valid-before="20260101Z" ` + key.PublicKey(), ErrUnknownSigner},
		{"not yet", `backup valid-after="20270101Z" ` + key.PublicKey(), ErrUnknownSigner},
		{"for files", `backup namespaces="file" ` + key.PublicKey(), ErrUnknownSigner},
		{"another's", "backup " + other.PublicKey(), ErrUnknownSigner},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, err := ParseAllowedSigners([]byte(tt.list))
			if err != nil {
				t.Fatal(err)
			}
			if err := list.MaySign(key, epoch); !errors.Is(err, tt.want) {
				t.Errorf("MaySign = %v, want %v", err, tt.want)
			}
		})
	}
	var none *AllowedSigners
	if err := none.MaySign(key, epoch); !errors.Is(err, ErrUnknownSigner) {
		t.Errorf("MaySign of no list = %v", err)
	}
}

func TestEntriesOfAllowedSigners(t *testing.T) {
	key, _ := newKey(t)
	other, _ := newKey(t)
	list, err := ParseAllowedSigners([]byte(`backup,second valid-after="20260101Z" ` + key.PublicKey() + " comment\n# x\nother " + other.PublicKey()))
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Collect(list.All())
	if len(all) != 2 || !slices.Equal(all[0].Principals, []string{"backup", "second"}) || all[0].Key != key.PublicKey() ||
		all[0].Fingerprint != key.Fingerprint() || !all[0].ValidAfter.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("All = %+v", all)
	}
	for range list.All() {
		break // an iteration that ends early must not panic
	}
	kept := list.Where(func(s AllowedSigner) bool { return slices.Contains(s.Principals, "other") })
	if err := kept.MaySign(key, epoch); err == nil || !strings.Contains(err.Error(), "is not listed") {
		t.Errorf("the entry that was left out may sign: %v", err)
	}
	if err := kept.MaySign(other, epoch); err != nil || list.Len() != 2 {
		t.Errorf("the entry that was kept = %v; the list has %d", err, list.Len())
	}
}

// TestVerifyAt: the caller's time decides, not the date that the signer claims.
func TestVerifyAt(t *testing.T) {
	key, _ := newKey(t)
	list, err := ParseAllowedSigners([]byte(`backup valid-before="20261101Z" ` + key.PublicKey()))
	if err != nil {
		t.Fatal(err)
	}
	r := newRepo(t)
	c, err := r.Commit(snap(t, r, files{"a": text("1")}, signed(key)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Verifier{SSH: list}).Verify(c); err != nil {
		t.Errorf("at its own date: %v", err)
	}
	if _, err := (Verifier{SSH: list}).VerifyAt(c, epoch.AddDate(1, 0, 0)); !errors.Is(err, ErrUnknownSigner) {
		t.Errorf("after the key ended = %v", err)
	}
}
