package report

import (
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// shrunk is what was lost at once, so much that the reading is to be doubted first.
func (w writer) shrunk(list []entra.Shrinkage) section {
	s := section{title: "Lost at once: is it true, or is the answer wrong?", tone: alarm}
	for _, x := range list {
		s.items = append(s.items, item{at(0, sign(alarm), own(x.Kind).toned(strong), quote(Shrinkage(x)))})
	}
	return s
}

// Shrinkage is a sudden loss in words: "300 of 300 users are gone: Ada, Grace, …".
func Shrinkage(x entra.Shrinkage) string {
	text := number(x.Lost) + " of " + count(x.Before, title(x.Kind)) + " are gone"
	if x.Link != "" {
		text = number(x.Lost) + " of " + number(x.Before) + " " + x.Link + " are gone"
	}
	if len(x.Names) == 0 {
		return text
	}
	if x.Link != "" {
		text += ", among them of "
	} else {
		text += ": "
	}
	text += strings.Join(x.Names, ", ")
	if x.Link != "" || x.Lost > len(x.Names) {
		text += ", …"
	}
	return text
}
