package canon

import (
	"errors"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

var (
	bulk      = &kind.Kind{Name: "users", Bulk: true}
	named     = &kind.Kind{Name: "policies"}
	singleton = &kind.Kind{Name: "organization", Place: kind.Place{Singleton: true}}
)

func TestPath(t *testing.T) {
	const id = "3F2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	for _, c := range []struct {
		kind     *kind.Kind
		shard    int
		id, name string
		want     string
	}{
		{bulk, 0, id, "Adele", "tenant/users/" + id + ".yaml"},
		{bulk, 2, id, "Adele", "tenant/users/3f/" + id + ".yaml"},
		{bulk, 3, id, "Adele", "tenant/users/3f2/" + id + ".yaml"},
		{bulk, 2, "l5eW7x0ga0-WDOntXzHate", "", "tenant/users/02/l5eW7x0ga0-WDOntXzHate.yaml"},
		{bulk, 3, "a", "", "tenant/users/ca9/a.yaml"},
		{bulk, 2, "AF", "", "tenant/users/af/AF.yaml"},
		{bulk, 2, "g1", "", "tenant/users/71/g1.yaml"},
		{bulk, 0, "azAZ09_-", "", "tenant/users/azAZ09_-.yaml"},
		{bulk, 0, "`{@[/:", "", "tenant/users/~60~7B~40~5B~2F~3A.yaml"},
		{bulk, 0, "com0", "", "tenant/users/~63om0.yaml"},
		{bulk, 0, "com10", "", "tenant/users/com10.yaml"},
		{named, 0, "1", "Azure @Zone [09]/", "tenant/policies/azure-zone-09.1.yaml"},
		{named, 0, "1", strings.Repeat("a", 59) + " b", "tenant/policies/" + strings.Repeat("a", 59) + ".1.yaml"},
		{named, 0, "1", strings.Repeat("a", 58) + " bc", "tenant/policies/" + strings.Repeat("a", 58) + "-b.1.yaml"},
		{bulk, 0, "a.b", "", "tenant/users/a~2Eb.yaml"},
		{named, 0, id, "CA001 - Require MFA for admins", "tenant/policies/ca001-require-mfa-for-admins." + id + ".yaml"},
		{named, 2, id, "x", "tenant/policies/x." + id + ".yaml"},
		{named, 0, "contoso.com", "contoso.com", "tenant/policies/contoso-com.contoso.com.yaml"},
		{named, 0, ".hidden", "", "tenant/policies/unnamed.~2Ehidden.yaml"},
		{named, 0, "..", "../..", "tenant/policies/unnamed.~2E..yaml"},
		{named, 0, "a/b\\c d~é", "x/y", "tenant/policies/x-y.a~2Fb~5Cc~20d~7E~C3~A9.yaml"},
		{bulk, 0, "nul", "", "tenant/users/~6Eul.yaml"},
		{bulk, 0, "COM7", "", "tenant/users/~43OM7.yaml"},
		{bulk, 0, "comic", "", "tenant/users/comic.yaml"},
		{named, 0, "1", "AUX", "tenant/policies/au.1.yaml"},
		{named, 0, "1", "Lpt9!", "tenant/policies/lpt.1.yaml"},
		{named, 0, "1", "山田", "tenant/policies/unnamed.1.yaml"},
		{named, 0, "1", "  --Ünder_Score--  ", "tenant/policies/nder-score.1.yaml"},
		{named, 0, "1", strings.Repeat("ab ", 40), "tenant/policies/" + strings.Repeat("ab-", 19) + "ab.1.yaml"},
		{singleton, 0, id, "Contoso", "tenant/organization.yaml"},
	} {
		got, err := Path(c.kind, c.shard, c.id, c.name)
		if err != nil || got != c.want {
			t.Errorf("%s %q %q: got %s, %v, want %s", c.kind.Name, c.id, c.name, got, err, c.want)
		}
		name, id, ok := ParsePath(got)
		if c.kind.Singleton {
			c.id = ""
		}
		if !ok || name != c.kind.Name || id != c.id {
			t.Errorf("%s: parsed as %q %q %v", got, name, id, ok)
		}
	}
}

func TestPathOfLongIDs(t *testing.T) {
	for _, c := range []struct {
		kind   *kind.Kind
		length int
		ok     bool
	}{{bulk, 250, true}, {bulk, 251, false}, {bulk, 300, false}, {named, 248, true}, {named, 249, false}} {
		path, err := Path(c.kind, 0, strings.Repeat("x", c.length), "a long name")
		if ok := err == nil; ok != c.ok {
			t.Errorf("%s, %d bytes: %v", c.kind.Name, c.length, err)
			continue
		}
		if c.ok && len(path)-strings.LastIndex(path, "/")-1 > 255 {
			t.Errorf("%s, %d bytes: file name too long: %s", c.kind.Name, c.length, path)
		}
		if !c.ok && (!errors.Is(err, entra.ErrInvalid) || !strings.HasPrefix(err.Error(), c.kind.Name+"/xxx")) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := Path(bulk, 0, "", ""); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("no id: %v", err)
	}
}

func TestParsePathRefuses(t *testing.T) {
	for _, path := range []string{
		"", "tenant", "tenant/", "tenant/.yaml", "tenant/users/.yaml", "tenant/users/", "tenant/users/a", "users/a.yaml",
		"tenant/users/a.yml", "tenant/users/3f/4a.yaml", "tenant/users/3f/x/3f.yaml", "tenant/users//a.yaml", "tenant/us.ers.yaml",
		"tenant/users/a~2.yaml", "tenant/users/a~2f.yaml", "tenant/users/a~41.yaml", "tenant/users/a~zz.yaml", "tenant/users/a b.yaml",
		"tenant/policies/.a.yaml", "tenant/policies/UP.a.yaml", "tenant/policies/x..a.yaml", "tenant/policies/x..yaml", "tenant/users/nul.yaml",
		"tenant/users/3f/slug.3f00.yaml", "tenant/users/é.yaml", "entragit.yaml", ".entragit/manifest.yaml", "tenant/../x/a.yaml",
	} {
		if name, id, ok := ParsePath(path); ok {
			t.Errorf("%s: parsed as %q %q", path, name, id)
		}
	}
}

func TestShardWidth(t *testing.T) {
	for count, want := range map[int]int{0: 0, 999: 0, 1000: 2, 49_999: 2, 50_000: 3, 1_000_000: 3} {
		if got := ShardWidth(count); got != want {
			t.Errorf("%d: got %d, want %d", count, got, want)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"a", "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22", "con", "..", "a.b", "é/\\", "~41", "\xff\x00"} {
		f.Add(s, s, 2)
	}
	f.Fuzz(func(t *testing.T, id, name string, shard int) {
		for _, k := range []*kind.Kind{bulk, named} {
			path, err := Path(k, min(max(shard, 0), 3), id, name)
			if err != nil {
				continue
			}
			file := path[strings.LastIndexByte(path, '/')+1:]
			if strings.Trim(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-") != "" || len(file) > 255 ||
				file[0] == '.' || device(file) {
				t.Errorf("%q is no safe file name", file)
			}
			if gotKind, got, ok := ParsePath(path); !ok || gotKind != k.Name || got != id {
				t.Errorf("%s: parsed as %q %q %v, want %q", path, gotKind, got, ok, id)
			}
		}
	})
}

func TestCarriesName(t *testing.T) {
	for path, want := range map[string]bool{
		"tenant/users/3f/3f2b.yaml":         false,
		"tenant/users/a~2Eb.yaml":           false,
		"tenant/users/ada.3f2b.yaml":        true,
		"tenant/policies.d/3f2b.yaml":       false,
		"tenant/namedLocations/hq.a.b.yaml": true,
		"3f2b.yaml":                         false,
	} {
		if got := CarriesName(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
