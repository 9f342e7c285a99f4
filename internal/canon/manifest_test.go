package canon

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

func TestManifest(t *testing.T) {
	m := entra.Manifest{Format: 1, Tenant: "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22", Kinds: map[string]entra.Coverage{
		"users":         {State: entra.Complete, Properties: []string{"city", "id"}, Links: []string{"manager"}, Shard: 2},
		"apiConnectors": {State: entra.Absent},
		"organization":  {State: entra.Forbidden, Cause: "permission denied: grant \"x\""},
		"applications0": {State: entra.Partial, Exceptions: []entra.Exception{
			{ID: "1", Part: "links/owners", Cause: "x"}, {ID: "2: #"},
		}},
	}}
	want := `formatVersion: 1
kinds:
  apiConnectors:
    state: absent
  applications0:
    exceptions:
    - cause: x
      id: "1"
      part: links/owners
    - id: "2: #"
    state: partial
  organization:
    cause: "permission denied: grant \"x\""
    state: forbidden
  users:
    links:
    - manager
    properties:
    - city
    - id
    shard: 2
    state: complete
tenant: 3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22
`
	text := EncodeManifest(m)
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	got, err := DecodeManifest("m.yaml", text)
	if diff := cmp.Diff(m, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestManifestRefuses(t *testing.T) {
	good := "formatVersion: 1\ntenant: x\nkinds:\n  users:\n    state: complete\n"
	for text, want := range map[string]string{
		strings.Replace(good, "1", "2", 1):                                                            "m.yaml:1: formatVersion is 2; this version reads 1",
		strings.Replace(good, "1", "\"1\"", 1):                                                        "m.yaml:1: \"1\" where a number belongs",
		strings.Replace(good, "complete", "x", 1):                                                     "m.yaml:5: unknown state \"x\" of users",
		good + "    shard: 7\n":                                                                       "m.yaml:6: unknown shard width 7 of users",
		good + "    shards: 2\n":                                                                      "m.yaml:6: unknown key \"shards\"",
		good + "    links: x\n":                                                                       "m.yaml:6: \"x\" where a list belongs",
		good + "time: now\n":                                                                          "m.yaml:6: unknown key \"time\"",
		strings.Replace(good, "x", "\"\"", 1):                                                         "m.yaml:2: tenant is missing",
		good + "    exceptions:\n    - part: links/members\n":                                         "m.yaml:7: exception 1 of users has no id",
		good + "    exceptions:\n    - id: a\n      part: members\n":                                  "m.yaml:7: exception 1 of users names \"members\", which is no part",
		good + "    exceptions:\n    - id: a\n      part: status/mail\n":                              "m.yaml:7: exception 1 of users names",
		good + "    exceptions:\n    - id: a\n      part: links/a/b\n":                                "m.yaml:7: exception 1 of users names",
		good + "    exceptions:\n    - id: b\n    - id: a\n":                                          "m.yaml:8: exception 2 of users is out of order",
		good + "    exceptions:\n    - id: a\n    - id: a\n":                                          "m.yaml:8: exception 2 of users is out of order",
		good + "    exceptions:\n    - id: a\n      part: spec/b\n    - id: a\n      part: links/b\n": "m.yaml:9: exception 2 of users is out of order",
		"- a\n":          "m.yaml:1: a list where a mapping belongs",
		good + "a: *b\n": "m.yaml:6: an alias",
	} {
		if _, err := DecodeManifest("m.yaml", []byte(text)); !errors.Is(err, entra.ErrInvalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestManifestBoundsExceptions(t *testing.T) {
	list := make([]entra.Exception, maxExceptions+1)
	for i := range list {
		list[i].ID = fmt.Sprintf("%06d", i)
	}
	if i, why := badException(list[:maxExceptions]); why != "" {
		t.Errorf("exception %d %s", i, why)
	}
	if i, why := badException(list); i != maxExceptions || why != "is one too many" {
		t.Errorf("exception %d %s", i, why)
	}
}
