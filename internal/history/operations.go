package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/trust"
)

// The trailers of a record beside those of package trust.
const (
	phaseTrailer  = "Entragit-Phase"  // begun or ended
	fromTrailer   = "Entragit-From"   // which state is put back, in words
	stepsTrailer  = "Entragit-Steps"  // "3", or "3 done=2 failed=0 skipped=1" once it ended
	resultTrailer = "Entragit-Result" // an [entra.OperationState]
	undoesTrailer = "Entragit-Undoes" // an operation
	lineTrailer   = "Entragit-Lineage"
)

// The phases of an operation, of which each has one record.
const (
	phaseBegun = "begun"
	phaseEnded = "ended"
)

// errNoOperations marks a repository without a record of an operation.
var errNoOperations = fmt.Errorf("no operation was recorded yet: %w", entra.ErrNotFound)

// Operations lists what was written to the tenant and when, newest first. A record that
// does not verify makes the whole list an error that wraps [entra.ErrUnverified]: each
// rests on those before it.
func (r *Repository) Operations(ctx context.Context) ([]entra.Operation, error) {
	records, err := r.records(ctx)
	if err != nil {
		return nil, err
	}
	return operationsOf(records), nil
}

// Operation returns the operation that an id, or the beginning of one, means; "" is the
// newest.
func (r *Repository) Operation(ctx context.Context, id string) (entra.Operation, error) {
	all, err := r.Operations(ctx)
	if err != nil {
		return entra.Operation{}, err
	}
	if len(all) == 0 {
		return entra.Operation{}, errNoOperations
	}
	var found []entra.Operation
	for _, o := range all {
		if len(id) <= len(o.ID) && o.ID[:len(id)] == id {
			found = append(found, o)
		}
	}
	switch {
	case id == "" || len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return entra.Operation{}, fmt.Errorf("operation %q: %w", id, entra.ErrNotFound)
	}
	return entra.Operation{}, fmt.Errorf("operation %q: %s and %d more begin so: %w", id, found[0].ID, len(found)-1, entra.ErrInvalid)
}

// records are the verified records, newest first; none where there is no reference.
func (r *Repository) records(ctx context.Context) ([]trust.Record, error) {
	head, ok, err := r.Ref(trust.OperationsRef)
	if err != nil || !ok {
		return nil, err
	}
	if r.Chain == nil {
		return nil, fmt.Errorf("%s: the snapshots that it rests on were not verified: %w", trust.OperationsRef, entra.ErrUnverified)
	}
	if r.judged.at == head && r.judged.by == r.Chain {
		return r.judged.records, nil
	}
	judged, err := r.Chain.Operations(ctx, head)
	if err != nil {
		return nil, err
	}
	records, err := judged.Verified()
	if err == nil {
		r.judged = judgedRecords{at: head, by: r.Chain, records: records}
	}
	return records, err
}

// judgedRecords are the records that were judged last, and found good.
type judgedRecords struct {
	at      gitstore.Hash
	by      *trust.Chain
	records []trust.Record
}

// operationsOf puts the records of operations together, newest first. What is recorded
// there and is no operation of a tenant, such as a drill, is left out.
func operationsOf(records []trust.Record) []entra.Operation {
	var all []entra.Operation
	ends := map[string]trust.Record{}
	undone := map[string]string{}
	for _, record := range records {
		phase, _ := record.Trailer(phaseTrailer)
		switch phase {
		case phaseEnded:
			if _, again := ends[record.Operation]; !again {
				ends[record.Operation] = record
			}
		case phaseBegun:
			o := begun(record)
			if end, ok := ends[o.ID]; ok {
				o.ended(end)
			}
			if o.Undoes != "" && undone[o.Undoes] == "" {
				undone[o.Undoes] = o.ID
			}
			o.UndoneBy = undone[o.ID]
			all = append(all, o.Operation)
		}
	}
	return all
}

// operation is one in the making.
type operation struct{ entra.Operation }

func begun(r trust.Record) operation {
	o := operation{entra.Operation{ID: r.Operation, State: entra.OperationOpen, Begun: r.Committer.When.UTC(), Commit: r.Hash.String(),
		Signer: r.Signer.Principal + " " + r.Signer.Fingerprint}}
	o.Tenant, _ = r.Trailer(trust.TenantTrailer)
	o.From, _ = r.Trailer(fromTrailer)
	o.Undoes, _ = r.Trailer(undoesTrailer)
	text, _ := r.Trailer(stepsTrailer)
	_, _ = fmt.Sscanf(text, "%d", &o.Steps) // the record verified; a reader makes do
	return o
}

func (o *operation) ended(r trust.Record) {
	o.Ended, o.End = r.Committer.When.UTC(), r.Hash.String()
	result, _ := r.Trailer(resultTrailer)
	o.State = entra.OperationState(result)
	text, _ := r.Trailer(stepsTrailer)
	_, _ = fmt.Sscanf(text, "%d done=%d failed=%d skipped=%d", &o.Steps, &o.Done, &o.Failed, &o.Skipped)
}

// Recorder records operations, signed.
type Recorder struct {
	Repo   *Repository
	Signer gitstore.Signer
	// Name and Email are who records.
	Name, Email string
	Tenant      string
	// Version is of the program.
	Version string
	Now     func() time.Time
}

// Entry is one record to be made.
type Entry struct {
	// Operation is the id.
	Operation string
	// Subject is the commit's.
	Subject string
	// Trailers follow those that every record has.
	Trailers []gitstore.Trailer
	// Files are the record's, by path; those of Continues, a record of the same operation,
	// stay.
	Files     map[string][]byte
	Continues gitstore.Hash
}

// Record appends a record to the chain of operations, if that verifies.
func (r *Recorder) Record(ctx context.Context, e Entry) (gitstore.Hash, error) {
	hash, err := r.record(ctx, e)
	if err != nil {
		return hash, fmt.Errorf("record the operation %s: %w", e.Operation, err)
	}
	return hash, nil
}

func (r *Recorder) record(ctx context.Context, e Entry) (gitstore.Hash, error) {
	before, err := r.Repo.records(ctx)
	if err != nil {
		return gitstore.Hash{}, err
	}
	w, err := r.Repo.Begin(ctx, trust.OperationsRef, gitstore.BeginOptions{
		Root: len(before) == 0, From: e.Continues, Blank: e.Continues.IsZero(),
	})
	if err != nil {
		return gitstore.Hash{}, err
	}
	defer w.Abort()
	when := r.Now()
	if len(before) > 0 {
		if w.ParentCommit() != before[0].Hash {
			return gitstore.Hash{}, fmt.Errorf("%w: another run recorded an operation meanwhile", gitstore.ErrMoved)
		}
		if last := before[0].Committer.When; when.Before(last) { // the clocks of two machines differ
			when = last
		}
	}
	for path, data := range e.Files {
		if _, err := w.Put(path, data); err != nil {
			return gitstore.Hash{}, err
		}
	}
	return w.Commit(ctx, gitstore.CommitOptions{
		Subject: e.Subject, Name: r.Name, Email: r.Email, When: when, Signer: r.Signer, AllowEmpty: true,
		Trailers: append([]gitstore.Trailer{
			{Key: trust.OperationTrailer, Value: e.Operation}, {Key: trust.TenantTrailer, Value: r.Tenant},
			{Key: trust.RestsOnTrailer, Value: r.Repo.Chain.Head().Commit.String()}, {Key: "Entragit-Version", Value: r.Version},
		}, e.Trailers...),
	})
}

// OperationsLineage returns what the recorded operations created again: believed, since
// the records verify.
func (r *Repository) OperationsLineage(ctx context.Context) (entra.Lineage, error) {
	records, err := r.records(ctx)
	if err != nil {
		return nil, err
	}
	var all entra.Lineage
	for _, record := range records {
		if _, ok := record.Trailer(lineTrailer); !ok {
			continue
		}
		outcome, err := r.outcomeAt(record.Hash)
		if err != nil {
			return nil, err
		}
		all = all.Merge(outcome.Lineage...)
	}
	return all, nil
}

// errNoOutcome marks an operation that has none.
var errNoOutcome = errors.New("it has no outcome")
