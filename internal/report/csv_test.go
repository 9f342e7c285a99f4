package report

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

func TestChangesCSV(t *testing.T) {
	set := &entra.ChangeSet{
		Changes: []entra.Change{
			{Key: entra.Key{Kind: "users", ID: "u"}, Name: "=cmd|'/c calc'!A1", Type: entra.Changed, Properties: []entra.PropertyChange{
				{Pointer: "/spec/city", Before: "-1+1", After: "Oslo, \"N\"\nO"},
				{Pointer: "/spec/businessPhones", AddedItems: []any{"+47 1"}},
				{Pointer: "/spec/accountEnabled", Before: true, After: false},
			}, Links: []entra.LinkChange{{Link: "manager", Added: []string{"m"}, Removed: []string{"n"}}}},
			{Key: entra.Key{Kind: "groups", ID: "g"}, Name: "Gone", Type: entra.Removed},
		},
		Names:  map[string]string{"m": "users: Mia"},
		Unread: []entra.Unread{{Kind: "domains", State: entra.Forbidden, Cause: "permission denied"}},
		Risks:  []entra.Risk{{Rule: "account-switched-on", Severity: entra.Low, Key: entra.Key{Kind: "users", ID: "u"}}},
	}
	var b strings.Builder
	if err := ChangesCSV(&b, set); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatalf("not CSV: %v\n%s", err, b.String())
	}
	user := []string{"low", "account-switched-on", "changed", "users", "u", "'=cmd|'/c calc'!A1"}
	row := func(head []string, rest ...string) []string { return append(append([]string{}, head...), rest...) }
	want := [][]string{
		changeColumns,
		row(user, "/spec/city", "'-1+1", `Oslo, "N"\nO`, "", ""),
		row(user, "/spec/businessPhones", "", "", "", `["+47 1"]`),
		row(user, "/spec/accountEnabled", "true", "false", "", ""),
		row(user, "/links/manager", "", "", "n", "m users: Mia"),
		row([]string{"", "", "removed", "groups", "g", "Gone"}, "", "", "", "", ""),
		{"", "", "not read", "domains", "", "", "", "", "", "", "permission denied"},
	}
	for i := range want[1:] { // nobody looked who did it
		want[i+1] = append(want[i+1], make([]string, len(changeColumns)-len(want[i+1]))...)
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +have):\n%s", diff)
	}
	if !strings.HasSuffix(b.String(), "\r\n") {
		t.Error("lines do not end as RFC 4180 says")
	}
}
