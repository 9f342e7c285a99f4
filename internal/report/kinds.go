package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// KindRow is what entragit does with one kind, derived from the table of kinds.
type KindRow struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	// Path is where the objects are, below the version of Microsoft Graph.
	Path string `json:"path"`
	// Captured is always, asked (only when it is named) or never.
	Captured string `json:"captured"`
	// Reason says why it is never captured, or why nothing is restored.
	Reason string `json:"reason,omitempty"`
	// Licence is what the tenant needs.
	Licence string `json:"licence,omitempty"`
	// Properties are restored; Observed are kept and compared only.
	Properties []string `json:"properties,omitempty"`
	Observed   []string `json:"observed,omitempty"`
	Links      []string `json:"links,omitempty"`
	Contained  []string `json:"contained,omitempty"`
	// Update says by which operations an object is changed back.
	Update []string `json:"update,omitempty"`
	// Deleted says what becomes of an object that was deleted: undeleted, recreated as
	// the same object, left alone since it would be another one, lost, or nothing for
	// what cannot be deleted.
	Deleted string `json:"deleted,omitempty"`
	// Lost says why a deleted object cannot come back.
	Lost string `json:"lost,omitempty"`
	// Read and Write are the application permissions; Needs those that only some writes
	// call for.
	Read  []string  `json:"readPermissions,omitempty"`
	Write []string  `json:"writePermissions,omitempty"`
	Needs []KindUse `json:"furtherPermissions,omitempty"`
}

// KindUse is a permission that only some writes call for.
type KindUse struct {
	Permission string `json:"permission"`
	For        string `json:"for"`
}

// The values of [KindRow.Captured] and [KindRow.Deleted].
const (
	capturedAlways = "always"
	capturedAsked  = "asked"
	capturedNever  = "never"

	deletedUndelete = "undeleted"
	deletedRecreate = "recreated"
	deletedLeft     = "left"
	deletedLost     = "lost"
)

// Kinds describes kinds as they are in a cloud, in their order.
func Kinds(kinds []*kind.Kind, cloud string) []KindRow {
	rows := make([]KindRow, len(kinds))
	for i, k := range kinds {
		rows[i] = kindRow(k)
		rows[i].in(cloud, k.Lacking(cloud))
	}
	return rows
}

// in takes out of the row what a cloud does not have of the kind.
func (r *KindRow) in(cloud string, lacking kind.Lacking) {
	if lacking.All {
		*r = KindRow{Kind: r.Kind, Title: r.Title, Path: r.Path, Captured: capturedNever, Reason: "the cloud " + cloud + " does not have it"}
		return
	}
	less := func(names []string, section string) []string {
		return slices.DeleteFunc(names, func(name string) bool { return lacking.Lacks(section, name) })
	}
	r.Properties, r.Observed = less(r.Properties, entra.SectionSpec), less(r.Observed, entra.SectionSpec)
	r.Links, r.Contained = less(r.Links, entra.SectionLinks), less(r.Contained, entra.SectionContained)
	if lacking.Deleted && r.Deleted == deletedUndelete {
		r.Deleted, r.Lost = deletedLeft, ""
	}
}

func kindRow(k *kind.Kind) KindRow {
	r := KindRow{Kind: k.Name, Title: k.Title, Path: k.Path, Captured: capturedAlways, Licence: k.Licence}
	r.Properties = slices.Sorted(slices.Values(slices.Concat(k.Update, k.Create)))
	r.Observed = slices.Sorted(slices.Values(k.Status))
	for _, l := range k.Links {
		r.Links = append(r.Links, l.Name)
	}
	for _, c := range k.Contained {
		if c.UpdateOnly && len(c.Update) == 0 {
			r.Observed = append(r.Observed, c.Name)
			continue
		}
		r.Contained = append(r.Contained, c.Name)
	}
	for _, p := range k.Grants() {
		r.Read = append(r.Read, p.Read...)
		r.Write = append(r.Write, p.Write...)
		for _, n := range p.Needs {
			r.Needs = append(r.Needs, KindUse{n.Permission, n.For})
		}
	}
	r.Read = slices.Compact(slices.Sorted(slices.Values(r.Read)))
	r.Write = slices.Compact(slices.Sorted(slices.Values(r.Write)))
	switch {
	case k.Unavailable != "":
		r.Captured, r.Reason, r.Properties, r.Observed, r.Links, r.Contained = capturedNever, k.Unavailable, nil, nil, nil, nil
		return r
	case k.OptIn:
		r.Captured = capturedAsked
	}
	if k.NeverWritten != "" {
		r.Reason = k.NeverWritten
		return r
	}
	r.Update = updates(k)
	r.Deleted, r.Lost = deleted(k)
	return r
}

// updates lists the operations that change an object back.
func updates(k *kind.Kind) []string {
	var how []string
	add := func(name string) {
		if !slices.Contains(how, name) {
			how = append(how, name)
		}
	}
	body := func(s *kind.Shape, put bool, requests *kind.Requests) {
		whole := false
		for _, a := range s.Actions {
			whole = whole || a.Whole
		}
		switch {
		case requests != nil:
			add("requests")
		case put:
			add("PUT")
		case len(s.Update) > 0 && !whole:
			add("PATCH")
		}
		for _, a := range s.Actions {
			add(a.Name)
		}
	}
	body(&k.Shape, k.Put, k.Requests)
	if len(k.Links) > 0 {
		add("$ref")
	}
	for i := range k.Contained {
		c := &k.Contained[i]
		body(&c.Shape, c.Put, c.Requests)
		if !c.UpdateOnly && c.Requests == nil {
			add("POST and DELETE of parts")
		}
	}
	return how
}

// deleted says whether an object that was deleted comes back.
func deleted(k *kind.Kind) (how, lost string) {
	switch {
	case k.Deletion.Mode == kind.DeleteSoft:
		return deletedUndelete, k.NotRecreatable
	case k.Deletion.Mode == kind.DeleteNone:
		return "", ""
	case k.NotRecreatable != "":
		return deletedLost, k.NotRecreatable
	case k.Recreated():
		return deletedRecreate, ""
	default:
		return deletedLeft, ""
	}
}

// captured, compared, restored and missing are the row in words.
func (r KindRow) captured() string {
	text := map[string]string{capturedAlways: "yes", capturedAsked: "when named", capturedNever: "no: " + r.Reason}[r.Captured]
	if r.Licence != "" && r.Captured != capturedNever {
		text += ", with " + r.Licence
	}
	return text
}

func (r KindRow) compared() string {
	if r.Captured == capturedNever {
		return "–"
	}
	parts := append([]string{someOf(len(r.Properties)+len(r.Observed), "property")}, r.Links...)
	return list(append(parts, r.Contained...)...)
}

func (r KindRow) restored() string {
	switch {
	case r.Captured == capturedNever:
		return "–"
	case r.Reason != "":
		return "no: " + r.Reason
	}
	text := list(append([]string{someOf(len(r.Properties), "property")}, slices.Concat(r.Links, r.Contained)...)...)
	if len(r.Update) > 0 {
		text += " by " + strings.Join(r.Update, ", ")
	}
	switch r.Deleted {
	case deletedUndelete:
		text += "; deleted: taken back with its id"
	case deletedRecreate:
		text += "; deleted: created again as the same object"
	case deletedLeft:
		text += "; deleted: left alone, a new one would have another id"
	case deletedLost:
		text += "; deleted: not, " + r.Lost
	}
	return text
}

func (r KindRow) write() []string {
	names := slices.Clone(r.Write)
	for _, n := range r.Needs {
		names = append(names, n.Permission+" ("+n.For+")")
	}
	return names
}

// KindsText writes the table for a terminal; full adds what each row counts.
func KindsText(out io.Writer, rows []KindRow, full bool) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		if !full {
			fmt.Fprintf(w, "%s\t%s\t%s\n", r.Kind, r.captured(), r.restored())
			continue
		}
		fmt.Fprintf(w, "%s (%s)\n", r.Kind, r.Title)
		for _, line := range [][2]string{
			{"from", r.Path}, {"captured", r.captured()}, {"restored", r.restored()},
			{"properties", strings.Join(r.Properties, ", ")}, {"observed", strings.Join(r.Observed, ", ")},
			{"links", strings.Join(r.Links, ", ")}, {"contained", strings.Join(r.Contained, ", ")},
			{"to read", strings.Join(r.Read, ", ")}, {"to restore", strings.Join(r.write(), ", ")},
		} {
			if line[1] != "" {
				fmt.Fprintf(w, "  %s\t%s\n", line[0], line[1])
			}
		}
	}
	return w.Flush()
}

// KindsMarkdown writes the table as a section in Markdown.
func KindsMarkdown(out io.Writer, rows []KindRow) error {
	var b strings.Builder
	b.WriteString("### Kinds\n\n| kind | captured | compared | restored | permission to read | to restore |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		read, write := strings.Join(r.Read, ", "), strings.Join(r.write(), ", ")
		if read == "" {
			read = "–"
		}
		if write == "" {
			write = "–"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", r.Kind, r.captured(), r.compared(), r.restored(), read, write)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// KindsJSON writes the table as one JSON document.
func KindsJSON(out io.Writer, rows []KindRow) error {
	return JSON(out, struct {
		FormatVersion int       `json:"formatVersion"`
		Kinds         []KindRow `json:"kinds"`
	}{FormatVersion, rows})
}
