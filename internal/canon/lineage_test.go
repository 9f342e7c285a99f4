package canon

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

func TestLineageIsTheSameBytesAndComesBack(t *testing.T) {
	when := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	l := entra.Lineage{
		{Kind: "groups", Old: "b", New: "c", When: when.Add(time.Minute)},
		{Kind: "applications", By: "appId", Old: "x", New: "y", When: when},
		{Kind: "groups", Old: "a", New: "b", When: when},
	}
	const want = `formatVersion: 1
successions:
- by: appId
  kind: applications
  new: "y"
  old: x
  when: "2026-10-01T06:00:00Z"
- kind: groups
  new: b
  old: a
  when: "2026-10-01T06:00:00Z"
- kind: groups
  new: c
  old: b
  when: "2026-10-01T06:01:00Z"
`
	data := EncodeLineage(l)
	if string(data) != want {
		t.Errorf("encoded\n%s\nwant\n%s", data, want)
	}
	slices.Reverse(l)
	if again := EncodeLineage(l); string(again) != want {
		t.Error("another order gives other bytes")
	}
	got, err := DecodeLineage("lineage.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	if string(EncodeLineage(got)) != want {
		t.Errorf("came back as %v", got)
	}
}

func TestLineageThatNoBackupWrote(t *testing.T) {
	const sound = "formatVersion: 1\nsuccessions:\n- kind: groups\n  new: b\n  old: a\n  when: \"2026-10-01T06:00:00Z\"\n"
	if _, err := DecodeLineage("l", []byte(sound)); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"another version":     strings.Replace(sound, "formatVersion: 1", "formatVersion: 2", 1),
		"an unknown key":      sound + "  why: because\n",
		"no time":             strings.Replace(sound, `"2026-10-01T06:00:00Z"`, "soon", 1),
		"a part of a second":  strings.Replace(sound, "00Z", "00.5Z", 1),
		"another time zone":   strings.Replace(sound, "00Z", "00+02:00", 1),
		"what leads nowhere":  strings.Replace(sound, "new: b", "new: a", 1),
		"no kind":             strings.Replace(sound, "kind: groups", `kind: ""`, 1),
		"the same again":      sound + "- kind: groups\n  new: b\n  old: a\n  when: \"2026-10-01T07:00:00Z\"\n",
		"out of order":        sound + "- kind: groups\n  new: d\n  old: c\n  when: \"2026-10-01T05:00:00Z\"\n",
		"successions as text": "formatVersion: 1\nsuccessions: none\n",
	} {
		if l, err := DecodeLineage("l", []byte(data)); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%s: %v, %v", name, l, err)
		}
	}
}
