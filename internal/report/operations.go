package report

import (
	"io"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// Operations is the report of what was written to the tenant, and when.
func Operations(all []entra.Operation) Document {
	if len(all) == 0 {
		return Document{footer: []line{at(0, own("Nothing was written to the tenant yet, as far as it was recorded here"))}}
	}
	s := section{title: count(len(all), "operation"), tone: strong}
	for _, o := range all {
		s.items = append(s.items, operation(o))
	}
	return Document{sections: []section{s}}
}

// Operation is the report of one operation: what is known of it, then its plan or its
// outcome.
func Operation(o entra.Operation, what Document) Document {
	what.intro = append(operation(o), what.intro...)
	return what
}

// OperationsJSON writes operations as one JSON document.
func OperationsJSON(w io.Writer, all []entra.Operation) error {
	if all == nil {
		all = []entra.Operation{}
	}
	return JSON(w, struct {
		FormatVersion int               `json:"formatVersion"`
		Operations    []entra.Operation `json:"operations"`
	}{FormatVersion, all})
}

// OperationJSON writes one operation with its plan, and with its outcome where it ended.
func OperationJSON(w io.Writer, o entra.Operation, p *entra.Plan, outcome *entra.Outcome) error {
	doc := struct {
		FormatVersion int `json:"formatVersion"`
		entra.Operation
		Plan    *entra.Plan    `json:"plan"`
		Outcome *recordOutcome `json:"outcome,omitempty"`
	}{FormatVersion: FormatVersion, Operation: o, Plan: p}
	if outcome != nil {
		doc.Outcome = &recordOutcome{Outcome: outcome, Complete: outcome.Complete()}
	}
	return JSON(w, doc)
}

// recordOutcome is an outcome beside its plan.
type recordOutcome struct {
	Complete bool `json:"complete"`
	*entra.Outcome
	Plan *struct{} `json:"plan,omitempty"`
}

// operation is one operation as it is listed.
func operation(o entra.Operation) item {
	state := own(string(o.State)).toned(changed)
	switch o.State {
	case entra.OperationComplete:
		state.tone = added
	case entra.OperationOpen:
		state = own("open: it runs, or was interrupted").toned(alarm)
	}
	counts := count(o.Steps, "step")
	if o.State != entra.OperationOpen {
		counts += ": " + list(some(o.Done, "done"), some(o.Failed, "failed"), some(o.Skipped, "skipped"))
	}
	from := own("from " + o.From)
	if o.Undoes != "" {
		from = own("undoes " + o.Undoes)
	}
	it := item{
		at(0, own(o.ID).toned(strong), state),
		at(1, own(o.Begun.UTC().Format(time.DateTime)+" UTC"), from),
		at(1, own(counts)),
		at(1, own("by"), quote(o.Signer)),
	}
	if o.UndoneBy != "" {
		it = append(it, at(1, own("undone by "+o.UndoneBy)))
	}
	return it
}
