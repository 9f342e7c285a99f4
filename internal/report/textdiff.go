package report

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// multiline reports whether two values are text that is better compared line by
// line.
func multiline(before, after any) bool {
	b, _ := before.(string)
	a, _ := after.(string)
	return strings.Contains(strings.TrimSpace(b), "\n") || strings.Contains(strings.TrimSpace(a), "\n")
}

// lineDiff compares text line by line: rows that start with "+", "-" or a blank, with
// a little of what stayed the same around them. At most limit rows; 0 means all.
func lineDiff(before, after string, limit int) []string {
	dmp := diffmatchpatch.New()
	a, b, lines := dmp.DiffLinesToRunes(ended(before), ended(after))
	var rows []string
	diffs := dmp.DiffCharsToLines(dmp.DiffMainRunes(a, b, false), lines)
	for i, d := range diffs {
		text := strings.Split(strings.TrimSuffix(d.Text, "\n"), "\n")
		mark := " "
		switch d.Type {
		case diffmatchpatch.DiffInsert:
			mark = "+"
		case diffmatchpatch.DiffDelete:
			mark = "-"
		case diffmatchpatch.DiffEqual:
			text = around(text, i > 0, i < len(diffs)-1)
		}
		for _, row := range text {
			rows = append(rows, mark+row)
		}
	}
	if had, has := before == ended(before), after == ended(after); had && !has {
		rows = append(rows, "-(line break at the end)")
	} else if has && !had {
		rows = append(rows, "+(line break at the end)")
	}
	for i, row := range rows {
		// What stayed the same has a blank for a mark, and the runner of GitHub Actions
		// obeys "::error::" behind any number of them.
		if strings.HasPrefix(strings.TrimSpace(row), "::") {
			row = strings.Replace(row, "::", `\x3a:`, 1)
		}
		rows[i] = clip(row, 0)
	}
	if limit > 0 && len(rows) > limit {
		rows = append(rows[:limit], " … "+count(len(rows)-limit, "more line"))
	}
	return rows
}

// ended gives text a line break at its end, so that a last line without one is not
// taken for another line.
func ended(text string) string { return strings.TrimSuffix(text, "\n") + "\n" }

// around keeps what stayed the same next to what changed.
func around(text []string, after, before bool) []string {
	keep := 0
	if after {
		keep += diffContext
	}
	if before {
		keep += diffContext
	}
	if len(text) <= keep+1 {
		return text
	}
	var kept []string
	if after {
		kept = append(kept, text[:diffContext]...)
	}
	kept = append(kept, "… "+count(len(text)-keep, "line")+" the same")
	if before {
		kept = append(kept, text[len(text)-diffContext:]...)
	}
	return kept
}
