package config

import (
	"strings"
	"testing"
)

func TestExclude(t *testing.T) {
	const head = "# ours\napiVersion: entragit/v1\ntenant: contoso.com # the tenant\n"
	words := Words{Kinds: []string{"users", "groups", "devices"}, Clouds: []string{"global"}}
	for name, tt := range map[string]struct{ before, after string }{
		"empty brackets": {
			"kinds:\n  include: []\n  exclude: [] # none\n\nignore: []\n",
			"kinds:\n  include: []\n  exclude: # none\n  - devices\n  - groups\n\nignore: []\n",
		},
		"brackets": {
			"kinds:\n  exclude: [users]\n",
			"kinds:\n  exclude:\n  - users\n  - devices\n  - groups\n",
		},
		"lines, with comments": {
			"kinds:\n  exclude:\n    # too many\n    - users # for now\n  also: []\n",
			"kinds:\n  exclude:\n    # too many\n    - users # for now\n    - devices\n    - groups\n  also: []\n",
		},
		"one is left out already": {
			"kinds:\n  exclude:\n  - groups\n",
			"kinds:\n  exclude:\n  - groups\n  - devices\n",
		},
		"no list":              {"kinds:\n  include: [users]\n", "kinds:\n  exclude:\n  - devices\n  - groups\n  include: [users]\n"},
		"no kinds":             {"cloud: global\n", "cloud: global\nkinds:\n  exclude:\n  - devices\n  - groups\n"},
		"no end of line":       {"cloud: global", "cloud: global\nkinds:\n  exclude:\n  - devices\n  - groups\n"},
		"both are there":       {"kinds:\n  exclude: [devices,   groups]\n", "kinds:\n  exclude: [devices,   groups]\n"},
		"a comment says kinds": {"# kinds: none\nkinds:\n  exclude: []\n", "# kinds: none\nkinds:\n  exclude:\n  - devices\n  - groups\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, more, err := Exclude("entragit.yaml", []byte(head+tt.before), []string{"groups", "devices", "groups"}, words)
			if err != nil || string(got) != head+tt.after {
				t.Fatalf("%v, added %v:\n%s\nwant\n%s", err, more, got, head+tt.after)
			}
			again, more, err := Exclude("entragit.yaml", got, []string{"groups", "devices"}, words)
			if err != nil || len(more) > 0 || string(again) != string(got) {
				t.Errorf("a second time: %v, added %v:\n%s", err, more, again)
			}
		})
	}
}

// A form that cannot be edited line by line is told, not mangled.
func TestExcludeRefuses(t *testing.T) {
	words := Words{Kinds: []string{"users"}}
	_, _, err := Exclude("entragit.yaml", []byte("apiVersion: entragit/v1\ntenant: c\nkinds: {include: [], exclude: []}\n"), []string{"users"}, words)
	if err == nil || !strings.Contains(err.Error(), "entragit.yaml:3: ") || !strings.Contains(err.Error(), "write users under exclude") {
		t.Errorf("%v", err)
	}
}

// What is written to a new repository can be added to.
func TestExcludeInANewFile(t *testing.T) {
	data, err := NewFile(Config{Tenant: "contoso.com", Cloud: "global"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	words := Words{Kinds: []string{"users"}, Clouds: []string{"global"}}
	changed, _, err := Exclude("entragit.yaml", data, []string{"users"}, words)
	if err != nil || !strings.Contains(string(changed), "  exclude:\n  - users\n") || len(changed) != len(data)+len("  - users\n")-len(" []") {
		t.Errorf("%v\n%s", err, changed)
	}
}
