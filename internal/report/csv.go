package report

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/ui"
)

// changeColumns are the columns of a comparison as a table.
var changeColumns = []string{"severity", "rules", "type", "kind", "id", "name", "property", "before", "after", "removed", "added", "cause",
	"actor", "actorType", "through", "when", "address", "client", "activity", "correlationId", "certainty"}

// ChangesCSV writes a change set as comma-separated values (RFC 4180), one row for each
// property and link that differs, in the order of the change set; an object of which nothing
// more is known has one row, and so has each rule that left changes out, with how many under after and the reason under added. Who did it is told for each row; certainty says how far the audit log
// confirms it, or why nobody is known. Of lists that are sets, removed and added hold the elements, as
// JSON; of links, ids with their names. What another change brought about names that as its cause,
// and its risks stand there. A cell that a spreadsheet would take for a formula
// begins with an apostrophe.
func ChangesCSV(w io.Writer, set *entra.ChangeSet) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := table{out: out, names: withChanged(set)}
	rows.row(changeColumns...)
	risks := group(set)
	for _, c := range set.Changes {
		rows.change(c, risks[c.Key])
	}
	for _, u := range set.Unread {
		rows.row(append([]string{"", "", "not read", u.Kind, u.ID, u.Name, u.Link, "", "", "", u.Cause, ""}, rows.by(nil)...)...)
	}
	for _, i := range set.Ignored {
		what := "ignored"
		if i.Expired {
			what = "ignore rule expired"
		}
		rows.row(append([]string{"", "", what, i.Path, "", "", i.Property, "", strconv.Itoa(i.Changes), "", i.Reason, ""}, rows.by(nil)...)...)
	}
	out.Flush()
	if err := cmp.Or(rows.err, out.Error()); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// table writes rows until one fails.
type table struct {
	out *csv.Writer
	names
	err error
}

// row writes cells that no spreadsheet computes (OWASP, "CSV Injection").
func (t *table) row(cells ...string) {
	for i, cell := range cells {
		cell = ui.Safe(cell)
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cell = "'" + cell
		}
		cells[i] = cell
	}
	if t.err == nil {
		t.err = t.out.Write(cells)
	}
}

func (t *table) change(c entra.Change, risks []entra.Risk) {
	rules := make([]string, len(risks))
	for i, r := range risks {
		rules[i] = r.Rule
	}
	head := func(by authors, rest ...string) { // the first of the rest is the pointer
		row := append([]string{string(entra.Worst(risks)), strings.Join(rules, " "), string(c.Type), c.Kind, c.ID, t.display(c.Name)}, rest...)
		t.row(append(append(row, t.causes(c, rest[0])), t.by(by)...)...)
	}
	by := authors(c.By)
	for _, p := range c.Properties {
		if len(p.AddedItems)+len(p.RemovedItems) > 0 {
			head(by.of(p.Pointer), p.Pointer, "", "", cells(p.RemovedItems), cells(p.AddedItems))
			continue
		}
		head(by.of(p.Pointer), p.Pointer, cell(p.Before), cell(p.After), "", "")
	}
	for _, l := range c.Links {
		pointer := jsonpointer.Join(entra.SectionLinks, l.Link)
		head(by.of(pointer), pointer, "", "", t.labels(l.Removed), t.labels(l.Added))
	}
	if len(c.Properties)+len(c.Links) == 0 {
		head(by, "", "", "", "", "")
	}
}

// causes are the changes that brought about what a pointer leads to.
func (t *table) causes(c entra.Change, pointer string) string {
	var all []string
	for _, cause := range c.Causes {
		within := func(part string) bool { return jsonpointer.Within(part, pointer) }
		if len(cause.Parts) == 0 || slices.ContainsFunc(cause.Parts, within) {
			all = append(all, strings.TrimSpace(cause.Why+": "+cause.Kind+"/"+cause.ID+" "+t.display(cause.Name)))
		}
	}
	return strings.Join(all, "; ")
}

// by are the cells about those who did something. Where there are several, each cell has a
// value for each, in the same order.
func (t *table) by(by authors) []string {
	var columns [9][]string
	for _, a := range by {
		when, certainty := "", cmp.Or(string(a.Certainty), "unknown: "+cmp.Or(string(a.Unknown), "not told"))
		if !a.When.IsZero() {
			when = a.When.UTC().Format(time.RFC3339)
		}
		for i, value := range []string{
			cmp.Or(a.Actor.Name, t.display(a.Actor.ID)), string(a.Actor.Type), a.Actor.Via, when, a.Address, a.Client, a.Activity, a.CorrelationID, certainty,
		} {
			columns[i] = append(columns[i], value)
		}
	}
	cells := make([]string, len(columns))
	for i, values := range columns {
		if cells[i] = strings.Join(values, "; "); strings.Trim(cells[i], "; ") == "" {
			cells[i] = "" // none of them has it
		}
	}
	return cells
}

// labels are ids with their names.
func (t *table) labels(ids []string) string {
	lines := make([]string, len(ids))
	for i, id := range ids {
		lines[i] = id
		if label, ok := t.names[id]; ok {
			lines[i] += " " + label
		}
	}
	return strings.Join(lines, "; ")
}

// cell is a value as text: a string as it is, anything else as JSON.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}

// cells are the elements of a set.
func cells(values []any) string {
	if len(values) == 0 {
		return ""
	}
	return cell(any(values))
}
