// Package wellknown owns what Microsoft calls things whose ids are the same in every tenant:
// built-in roles, its own applications, permissions of Microsoft Graph, licences. It is the
// last place to look a name up: what a tenant itself calls something comes before.
//
// It must not know where an id was found or how a name is shown. The names are data, in
// names.tsv, which says from which page each part comes and how to bring it up to date.
package wellknown

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed names.tsv
var table string

// Name returns what Microsoft calls the object of a kind that has an id in a property:
// Name("servicePrincipals", "appId", "00000003-…") is "Microsoft Graph". It is empty for what
// the table does not hold.
func Name(kind, property, id string) string { return names()[entry{kind + " " + property, id}] }

// Defined returns what the application of an appId calls what it defines in a collection,
// such as a permission in "appRoles"; empty for what the table does not hold.
func Defined(appID, collection, id string) string {
	return names()[entry{appID + " " + collection, id}]
}

// entry is an id within a part of the table.
type entry struct{ part, id string }

// names reads the table at the first question.
var names = sync.OnceValue(func() map[entry]string {
	all := map[entry]string{}
	for line := range strings.Lines(table) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) == 3 {
			all[entry{fields[0], fields[1]}] = fields[2]
		}
	}
	return all
})
