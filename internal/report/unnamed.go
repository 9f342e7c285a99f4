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

// inPreview says in one line which objects Graph shows only in part; it is empty where there is
// none.
func inPreview(s *capture.Summary) []line {
	n := 0
	var names []string
	for _, k := range s.Kinds {
		if n += len(k.Previews); len(k.Previews) > 0 {
			names = append(names, k.Kind.Name+" "+strings.Join(k.Previews, ", "))
		}
	}
	if n == 0 {
		return nil
	}
	verb := " use"
	if n == 1 {
		verb = " uses"
	}
	return []line{at(0, own(count(n, "object")+verb+" preview features, of which Graph v1.0 shows nothing: kept as far as it is shown, and not restored:"), quote(strings.Join(names, "; ")))}
}
