package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/kind"
)

// RecoverableMarkdown writes, as a section, row by row, what Microsoft Entra Backup and Recovery
// restores beside what entragit has for it, and what entragit restores beyond.
func RecoverableMarkdown(out io.Writer, rows []KindRow) error {
	var b strings.Builder
	b.WriteString("\n### Beside Microsoft Entra Backup and Recovery\n\n| Microsoft's row | entragit's | restored |\n|---|---|---|\n")
	covered := map[string][]string{}
	matched, total := 0, 0
	for _, r := range kind.Recoverables() {
		ours, how := "–", "yes"
		if r.Kind != "" {
			ours = "`" + strings.TrimSuffix(r.Kind+"."+r.Part, ".") + "`"
			covered[r.Kind] = append(covered[r.Kind], r.Part)
		}
		total++
		switch {
		case r.Why == "":
			matched++
		case r.Kind == "":
			how = "no: " + r.Why
		default:
			how = r.Why
		}
		fmt.Fprintf(&b, "| %s: %s | %s | %s |\n", r.Object, r.Property, ours, how)
	}
	fmt.Fprintf(&b, "\nOf %d rows, %d are restored. Beyond them, entragit restores\n\n", total, matched)
	var more []string
	for _, r := range rows {
		switch parts, ok := covered[r.Kind]; {
		case len(r.Write) == 0 || slices.Contains(parts, ""):
		case !ok:
			more = append(more, "`"+r.Kind+"`")
		default:
			beyond(&b, r, parts)
		}
	}
	fmt.Fprintf(&b, "- and what Microsoft's recovery does not know at all: %s.\n", strings.Join(more, ", "))
	_, err := io.WriteString(out, b.String())
	return err
}

// beyond lists what of a kind is restored that Microsoft's recovery leaves out.
func beyond(b *strings.Builder, r KindRow, parts []string) {
	var more []string
	for _, name := range slices.Concat(r.Properties, r.Links, r.Contained) {
		if !slices.Contains(parts, name) {
			more = append(more, name)
		}
	}
	if len(more) > 0 {
		fmt.Fprintf(b, "- of `%s`: %s;\n", r.Kind, strings.Join(more, ", "))
	}
}
