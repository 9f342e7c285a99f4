package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// FormatVersion is the version of every JSON report. Fields are only ever added
// within a version.
const FormatVersion = 1

// changesJSON is the JSON form of a change set.
type changesJSON struct {
	FormatVersion int `json:"formatVersion"`
	Summary       struct {
		Added   int `json:"added"`
		Changed int `json:"changed"`
		Removed int `json:"removed"`
		// Consequences are the changes that others brought about: they are not among those
		// counted.
		Consequences int `json:"consequences,omitempty"`
		// Attribution counts for how many it is known who did them; nil where nobody looked.
		Attribution *attributed `json:"attribution,omitempty"`
	} `json:"summary"`
	*entra.ChangeSet
}

// ChangesJSON writes a change set as one JSON document.
func ChangesJSON(w io.Writer, set *entra.ChangeSet) error {
	doc := changesJSON{FormatVersion: FormatVersion, ChangeSet: set}
	told := entra.Told(set.Changes)
	doc.Summary.Added, doc.Summary.Changed, doc.Summary.Removed = entra.Count(told)
	doc.Summary.Consequences = len(set.Changes) - len(told)
	doc.Summary.Attribution = attribution(set)
	if set.Changes == nil {
		copied := *set
		copied.Changes = []entra.Change{}
		doc.ChangeSet = &copied
	}
	return JSON(w, doc)
}

// outcomeJSON is the JSON form of an outcome.
type outcomeJSON struct {
	FormatVersion int  `json:"formatVersion"`
	Complete      bool `json:"complete"`
	*entra.Outcome
}

// OutcomeJSON writes an outcome as one JSON document.
func OutcomeJSON(w io.Writer, o *entra.Outcome) error {
	return JSON(w, outcomeJSON{FormatVersion: FormatVersion, Complete: o.Complete(), Outcome: o})
}

// JSON writes v as one indented JSON document. Characters that a terminal would obey
// rather than show are written as escapes, which mean the same to a program.
func JSON(w io.Writer, v any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	_, err := w.Write(escapeUnsafe(b.Bytes()))
	return err
}

// PlanJSON writes a plan, as a plan file holds it, and the requests that its steps would
// send, by the step's id, where there are any.
func PlanJSON(w io.Writer, p entra.Plan, requests map[string][]entra.Request) error {
	return JSON(w, struct {
		entra.Plan
		Requests map[string][]entra.Request `json:"requests,omitempty"`
	}{p, requests})
}

// escapeUnsafe replaces what [ui.Safe] would by JSON escapes. Outside of strings,
// JSON holds nothing but ASCII, which stays.
func escapeUnsafe(data []byte) []byte {
	var b []byte
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if char := string(data[:size]); r == '[' && bytes.HasSuffix(b, []byte("##")) {
			b = append(b, `\u005b`...)
		} else if r < utf8.RuneSelf && r != 0x7f || ui.Safe(char) == char {
			b = append(b, data[:size]...)
		} else if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
			b = fmt.Appendf(b, `\u%04x\u%04x`, r1, r2)
		} else {
			b = fmt.Appendf(b, `\u%04x`, r)
		}
		data = data[size:]
	}
	return b
}
