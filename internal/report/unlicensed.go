package report

import (
	"cmp"
	"strings"

	"github.com/entragit/entragit/internal/kind"
)

// Unlicensed is the one line about kinds that the tenant has not bought, by licence.
func Unlicensed(kinds []string) string {
	var licences []string
	of := map[string][]string{}
	for _, name := range kinds {
		licence := cmp.Or(kind.ByName(name).Licence, "another licence")
		if of[licence] == nil {
			licences = append(licences, licence)
		}
		of[licence] = append(of[licence], name)
	}
	for i, licence := range licences {
		licences[i] = licence + " for " + strings.Join(of[licence], ", ")
	}
	verb := " need a licence"
	if len(kinds) == 1 {
		verb = " needs a licence"
	}
	return count(len(kinds), "kind") + verb + " that the tenant does not have: " + strings.Join(licences, "; ")
}
