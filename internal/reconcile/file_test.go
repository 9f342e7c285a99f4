package reconcile

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

func TestDecodePlanRefusesWhatItDoesNotShow(t *testing.T) {
	on, want := incident(t)
	plan, err := Plan(input(on, want...))
	if err != nil {
		t.Fatal(err)
	}
	file, err := EncodePlan(plan)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, message string }{
		{"not JSON", "{", "", "plan: "},
		{"a second document", "\n}\n", "\n}\n{}\n", "more than one document"},
		{"another version", `"formatVersion": 1`, `"formatVersion": 2`, "format version 2, want 1"},
		{"another tenant", `"tenant": "t"`, `"tenant": "u"`, "made for tenant u, not for t"},
		{"an unknown field", `"tenant": "t"`, `"tenant": "t", "extra": 1`, `unknown field "extra"`},
		{"an unknown kind", `"kind": "users"`, `"kind": "userz"`, `unknown kind "userz"`},
		{"a step twice", `"step": "users/usr:update"`, `"step": "users/usr:restore"`, "not unique"},
		{"a need that comes later", `"users/usr:restore"` + "\n      ]", `"groups/grp:removeLink:members"` + "\n      ]", "no earlier step"},
		{"an action that is none", `"action": "update"`, `"action": "erase"`, "no request for erase"},
		{"another object", `"path": "/users/usr"`, `"path": "/users/admin"`, "PATCH /users/admin is no request for update of users/usr"},
		{"another method", `"method": "PATCH"`, `"method": "DELETE"`, "DELETE /identity/conditionalAccess/namedLocations/loc is no request"},
		{"another restore", `/deletedItems/usr/restore`, `/deletedItems/other/restore`, "does not restore users/usr"},
		{"a property that is not listed", `"city": "c"`, `"city": "c", "accountEnabled": false`, "writes accountEnabled and does not list it"},
		{"a member that is not listed", `/directoryObjects/usr"`, `/directoryObjects/mallory"`, "does not add usr"},
		{"a removal that is not listed", `/groups/grp/members/p2/$ref`, `/groups/grp/members/p1/$ref`, "does not remove p2"},
		{"a removal somewhere else", `/groups/grp/members/p2/$ref`, `/groups/grp/members/x/y/$ref`, "does not remove p2"},
		{"nothing noted of the live object", `"users/usr": ""`, `"users/other": ""`, "nothing is noted of the live users/usr"},
		{"no request", `"removed": [`, `"removed": ["p1",`, "lists 2 targets and makes 1 requests"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			edited := strings.Replace(string(file), tt.old, tt.new, 1)
			if edited == string(file) {
				t.Fatalf("%s is not in the file:\n%s", tt.old, file)
			}
			_, err := DecodePlan([]byte(edited), "t")
			if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("error %v, want %s", err, tt.message)
			}
		})
	}
	empty := plan
	empty.Steps = slices.Clone(plan.Steps)
	empty.Steps[0].Requests = nil
	if edited, err := EncodePlan(empty); err != nil {
		t.Fatal(err)
	} else if _, err := DecodePlan(edited, "t"); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("a step without requests: error %v", err)
	}
	again, err := DecodePlan(file, "t")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(plan, again); d != "" {
		t.Errorf("a plan does not read back (-want +got):\n%s", d)
	}
}

// A plan file is the same for the same input, so that two runs can be compared.
func TestPlanIsStable(t *testing.T) {
	on, want := incident(t)
	var first []byte
	for range 20 {
		plan, err := Plan(input(on, want...))
		if err != nil {
			t.Fatal(err)
		}
		file, err := EncodePlan(plan)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = file
		}
		if string(file) != string(first) {
			t.Fatal("another run made another plan")
		}
	}
}
