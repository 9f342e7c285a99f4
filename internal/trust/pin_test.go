package trust

import (
	"errors"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

func TestPinRoundTrip(t *testing.T) {
	h := newHistory(t)
	h.backup(nil)
	for _, pin := range []Pin{h.pin, h.open().Pin()} {
		text, err := pin.Encode()
		h.check(err)
		if strings.Contains(string(text), "\n") {
			t.Errorf("more than one line: %s", text)
		}
		if again, err := DecodePin(text); err != nil || again != pin {
			t.Errorf("%+v, %v; want %+v", again, err, pin)
		}
		pin.Read = pin.Head
		text, err = pin.Encode()
		h.check(err)
		if again, err := DecodePin(append(text, '\n')); err != nil || again != pin {
			t.Errorf("%+v, %v; want %+v", again, err, pin)
		}
	}
}

// TestPinsThatCannotBeRead: what is not understood whole is not understood.
func TestPinsThatCannotBeRead(t *testing.T) {
	h := newHistory(t)
	text, err := h.pin.Encode()
	h.check(err)
	good := string(text)
	for name, bad := range map[string]string{
		"empty":             "",
		"cut off":           good[:len(good)-1],
		"followed":          good + good,
		"of another format": strings.Replace(good, `"formatVersion":1`, `"formatVersion":2`, 1),
		"unknown key":       strings.Replace(good, `"tenant"`, `"more":1,"tenant"`, 1),
		"no tenant":         strings.Replace(good, `"tenant":"contoso.com"`, `"tenant":""`, 1),
		"root":              strings.Replace(good, h.root.String(), "main", 1),
		"signers":           strings.Replace(good, "ssh-ed25519", "ssh-none", 1),
		"head":              strings.Replace(good, `"commit":"`+h.root.String(), `"commit":"`, 1),
		"read":              strings.TrimSuffix(good, "}") + `,"read":{"seq":1,"commit":"x"}}`,
	} {
		if bad == good {
			t.Errorf("%s: nothing was changed", name)
		}
		if _, err := DecodePin([]byte(bad)); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIsID(t *testing.T) {
	for text, want := range map[string]bool{
		tenant: true, strings.ToUpper(tenant): true, "contoso.com": false, "": false,
		strings.Replace(tenant, "-", "a", 1): false, tenant[:35] + "g": false, tenant + "0": false,
		strings.Repeat("-", 36): false,
	} {
		if isID(text) != want {
			t.Errorf("isID(%q) = %v", text, !want)
		}
	}
}

// TestAdvanced: of two pins of one history the newer heads count, and of the same number
// those of the one that asks.
func TestAdvanced(t *testing.T) {
	mark := func(seq int, b byte) Mark { return Mark{seq, gitstore.Hash{b}} }
	root := gitstore.Hash{1}
	mine := Pin{Root: root, Tenant: "contoso.com", Head: mark(4, 1), Read: mark(2, 1)}
	for name, tt := range map[string]struct{ other, want Pin }{
		"another history": {Pin{Root: gitstore.Hash{2}, Tenant: tenant, Head: mark(9, 2), Read: mark(9, 2)}, mine},
		"older":           {Pin{Root: root, Tenant: "contoso.com", Head: mark(3, 2), Read: mark(1, 2)}, mine},
		"of the same":     {Pin{Root: root, Tenant: "contoso.com", Head: mark(4, 2), Read: mark(2, 2)}, mine},
		"newer head":      {Pin{Root: root, Tenant: "contoso.com", Head: mark(5, 2)}, Pin{Root: root, Tenant: "contoso.com", Head: mark(5, 2), Read: mark(2, 1)}},
		"read further":    {Pin{Root: root, Tenant: "contoso.com", Read: mark(3, 2)}, Pin{Root: root, Tenant: "contoso.com", Head: mark(4, 1), Read: mark(3, 2)}},
		"knows the id":    {Pin{Root: root, Tenant: tenant}, Pin{Root: root, Tenant: tenant, Head: mark(4, 1), Read: mark(2, 1)}},
		"knows a domain":  {Pin{Root: root, Tenant: "fabrikam.com"}, mine},
	} {
		if got := mine.advanced(tt.other); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}
