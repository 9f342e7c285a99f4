package report

import (
	"strings"

	"github.com/entragit/entragit/internal/capture"
)

// unnamed says in one line how many objects hold what v1.0 does not name, and what that is;
// it is empty where none does.
func unnamed(s *capture.Summary) []line {
	objects := 0
	var what []string
	for _, k := range s.Kinds {
		if objects += k.Unknown; k.Unknown > 0 {
			what = append(what, k.Kind.Name+" "+strings.Join(k.Coverage.Unknown, ", "))
		}
	}
	if objects == 0 {
		return nil
	}
	verb := " hold"
	if objects == 1 {
		verb = " holds"
	}
	return []line{at(0, own(count(objects, "object")+verb+" what is unknown to v1.0, which is kept and compared, and not written:"), quote(strings.Join(what, "; ")))}
}
