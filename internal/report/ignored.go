package report

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// ignoredLines say what rules of entragit.yaml left out, and why, and which of them are over.
func ignoredLines(list []entra.Ignored) []line {
	var lines []line
	for _, i := range list {
		rule := strings.TrimSpace(i.Path + " " + i.Property)
		if i.Expired {
			lines = append(lines, at(0, sign(alarm), own("The rule of entragit.yaml that ignores"), quote(rule), own("ended on "+i.Until+" and ignores nothing")))
			continue
		}
		spans := []span{own(count(i.Changes, "change") + " ignored:")}
		if i.Reason == "" {
			spans = append(spans, own("no reason is given"))
		} else {
			spans = append(spans, quote(i.Reason))
		}
		lines = append(lines, at(0, append(spans, own("–"), quote(rule))...))
	}
	return lines
}

// anyIgnored reports whether rules left anything out.
func anyIgnored(list []entra.Ignored) bool {
	return slices.ContainsFunc(list, func(i entra.Ignored) bool { return i.Changes > 0 })
}
