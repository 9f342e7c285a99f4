package wellknown

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var guid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// TestTable holds the form of the table: three fields, an id in lower case, no id twice, each
// part in one piece and sorted, so that a new row has one place.
func TestTable(t *testing.T) {
	byPart, last := map[string][]entry{}, ""
	for i, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 || fields[2] == "" || strings.TrimSpace(fields[2]) != fields[2] || !guid.MatchString(fields[1]) {
			t.Errorf("line %d: %q", i+1, line)
			continue
		}
		if fields[0] != last && byPart[fields[0]] != nil {
			t.Errorf("line %d: the part %s is in two pieces", i+1, fields[0])
		}
		last = fields[0]
		byPart[last] = append(byPart[last], entry{last, fields[1]})
	}
	for part, list := range byPart {
		if !slices.IsSortedFunc(list, func(a, b entry) int { return cmp.Compare(a.id, b.id) }) || len(slices.Compact(list)) != len(list) {
			t.Errorf("%s is not sorted, or has an id twice", part)
		}
		if !strings.Contains(table[:strings.Index(table, "\n"+part)], part[strings.LastIndex(part, " ")+1:]) {
			t.Errorf("%s: the head of the table does not say where it comes from", part)
		}
	}
}

func TestNames(t *testing.T) {
	const graph = "00000003-0000-0000-c000-000000000000"
	for _, c := range []struct{ got, want string }{
		{Name("roleDefinitions", "id", "62e90394-69f5-4237-9190-012177145e10"), "Global Administrator"},
		{Name("roleDefinitions", "id", "2af84b1e-32c8-42b7-82bc-daa82404023b"), "Restricted Guest User"},
		{Name("servicePrincipals", "appId", graph), "Microsoft Graph"},
		{Name("servicePrincipals", "id", graph), ""},
		{Defined(graph, "appRoles", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"), "RoleManagement.ReadWrite.Directory"},
		{Defined(graph, "oauth2PermissionScopes", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"), ""},
		{Defined("00000002-0000-0000-c000-000000000000", "appRoles", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
