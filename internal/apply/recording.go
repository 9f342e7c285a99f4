package apply

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Recording is a run that is recorded as an operation: the state before and the plan before
// its first write, every request and answer in a journal on this machine, and at the end
// the journal with the outcome. A run that writes nothing records nothing.
type Recording struct {
	recorder *history.Recorder
	clock    clock.Clock
	id       string
	plan     entra.Plan
	encoded  []byte
	undoes   string
	before   *history.Before
	taken    *Progress
	log      *Log
	journal  *gitstore.Journal
	recorded func(context.Context)
}

// NewRecording prepares the record of a run of a plan. Undoes names the operation whose way
// back it is, if any. Recorded is called once the beginning is recorded, before the first
// write.
func NewRecording(recorder *history.Recorder, c clock.Clock, p entra.Plan, undoes string, recorded func(context.Context)) (*Recording, error) {
	encoded, err := plan.Encode(p)
	if err != nil {
		return nil, err
	}
	digits := make([]byte, 2)
	if _, err := rand.Read(digits); err != nil {
		return nil, err
	}
	return &Recording{
		recorder: recorder, clock: c, plan: p, encoded: encoded, undoes: undoes, before: history.NewBefore(p.Tenant), recorded: recorded,
		id: recorder.Now().UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(digits),
	}, nil
}

// ID is the operation's.
func (r *Recording) ID() string { return r.id }

// Begun reports whether the run has recorded its beginning, since it was to write.
func (r *Recording) Begun() bool { return r.journal != nil }

// Options are those of a run that is recorded.
func (r *Recording) Options(ctx context.Context, o Options) Options {
	r.log = NewLog(r.clock, r.taken, func() (Lines, error) { return r.open(ctx) })
	done := o.Done
	o.Journal, o.Taken = r.log, r.taken
	o.Done = func(s entra.Step, ended entra.StepOutcome) {
		r.log.Ended(ended)
		if done != nil {
			done(s, ended)
		}
	}
	if r.taken == nil {
		o.Before = r.keep
	}
	return o
}

// keep adds objects to the state before.
func (r *Recording) keep(read Reading) error {
	for name, cover := range read.Coverage {
		r.before.Read(name, cover)
	}
	for _, key := range sortedBy(read.Objects) {
		if o := read.Objects[key]; o != nil {
			if err := r.before.Add(o); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedBy(objects map[entra.Key]*entra.Object) []entra.Key {
	keys := make([]entra.Key, 0, len(objects))
	for key := range objects {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, plan.CompareKeys)
	return keys
}

// open makes the journal, then the record, so that a record without a journal here was
// made elsewhere.
func (r *Recording) open(ctx context.Context) (Lines, error) {
	if r.journal != nil {
		return r.journal, nil
	}
	repo := r.recorder.Repo
	journal, err := repo.CreateJournal(r.id)
	if err != nil {
		return nil, err
	}
	first, err := json.Marshal(Entry{At: r.clock.Now().UTC(), Operation: r.id, Plan: sumOf(r.encoded)})
	if err == nil {
		err = journal.Append(first)
	}
	if err == nil {
		_, err = r.recorder.Begin(ctx, r.id, &r.plan, r.encoded, r.before, r.undoes)
	}
	if err != nil {
		_ = journal.Close()
		return nil, errors.Join(err, repo.RemoveJournal(r.id))
	}
	r.journal = journal
	if r.recorded != nil {
		r.recorded(ctx)
	}
	return journal, nil
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// End records how the run ended and removes the journal, which is part of the record.
func (r *Recording) End(ctx context.Context, outcome entra.Outcome) error {
	state := entra.OperationComplete
	if !outcome.Complete() {
		state = entra.OperationIncomplete
	}
	return r.end(ctx, state, outcome)
}

// Abandon records that an operation that was interrupted is given up where it stopped.
func (r *Recording) Abandon(ctx context.Context) error {
	outcome := entra.Outcome{Plan: r.plan}
	for _, s := range r.plan.Steps {
		ended, known := r.taken.Ended[s.ID]
		switch {
		case known:
		case r.taken.Sent(s.ID):
			ended = entra.StepOutcome{Step: s.ID, Result: entra.Failed, Error: "the run was interrupted meanwhile: nobody looked how much of it was done"}
		default:
			ended = entra.StepOutcome{Step: s.ID, Result: entra.SkipDep, Error: "the run was interrupted before it"}
		}
		outcome.Steps = append(outcome.Steps, ended)
	}
	outcome.Lineage = r.taken.lineage(&r.plan, r.clock.Now())
	return r.end(ctx, entra.OperationAbandoned, outcome)
}

// AbandonElsewhere records that an operation is given up of which there is no journal here:
// it was begun on another machine, and nobody here knows how far it came.
func AbandonElsewhere(ctx context.Context, recorder *history.Recorder, o entra.Operation) error {
	encoded, err := recorder.Repo.OperationPlan(o)
	if err != nil {
		return err
	}
	p, err := plan.Decode(encoded, o.Tenant)
	if err != nil {
		return fmt.Errorf("operation %s: %w", o.ID, err)
	}
	outcome := entra.Outcome{Plan: p}
	for _, s := range p.Steps {
		outcome.Steps = append(outcome.Steps, entra.StepOutcome{Step: s.ID, Result: entra.Failed,
			Error: "it was begun on another machine: how much of it was done is not known"})
	}
	_, err = recorder.End(ctx, o, entra.OperationAbandoned, outcome, nil)
	return err
}

func (r *Recording) end(ctx context.Context, state entra.OperationState, outcome entra.Outcome) error {
	repo := r.recorder.Repo
	lines, err := repo.ReadJournal(r.id)
	if err != nil {
		return err
	}
	operation, err := repo.Operation(ctx, r.id)
	if err != nil {
		return err
	}
	if _, err := r.recorder.End(ctx, operation, state, outcome, lines); err != nil {
		return err
	}
	return errors.Join(r.Close(), repo.RemoveJournal(r.id))
}

// Close closes the journal of a run that did not end; it stays.
func (r *Recording) Close() error {
	if r.journal == nil {
		return nil
	}
	journal := r.journal
	r.journal = nil
	return journal.Close()
}

// Unfinished returns the operation that was interrupted on this machine, if there is one.
// What a killed run left that had not begun to write, or had ended, is cleared away. The
// caller holds the lock on the journals.
func Unfinished(ctx context.Context, repo *history.Repository) (open *entra.Operation, err error) {
	names, err := repo.Journals()
	if err != nil || len(names) == 0 {
		return nil, err
	}
	all, err := repo.Operations(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		i := slices.IndexFunc(all, func(o entra.Operation) bool { return o.ID == name })
		switch {
		case i >= 0 && all[i].State == entra.OperationOpen:
			open = &all[i]
			continue
		case i < 0:
			if err := notBegun(repo, name); err != nil {
				return nil, err
			}
		}
		if err := repo.RemoveJournal(name); err != nil {
			return nil, err
		}
	}
	return open, nil
}

// notBegun makes sure that a journal without a record holds no request.
func notBegun(repo *history.Repository, name string) error {
	lines, err := repo.ReadJournal(name)
	if err != nil {
		return err
	}
	if len(lines) > 1 {
		return fmt.Errorf("the journal %s is of an operation that is not recorded: %w", name, gitstore.ErrDamaged)
	}
	return nil
}

// TakeUp opens an operation that was interrupted, to go on with its plan or to abandon it.
func TakeUp(recorder *history.Recorder, c clock.Clock, o entra.Operation) (*Recording, error) {
	encoded, err := recorder.Repo.OperationPlan(o)
	if err != nil {
		return nil, err
	}
	p, err := plan.Decode(encoded, o.Tenant)
	if err != nil {
		return nil, fmt.Errorf("operation %s: %w", o.ID, err)
	}
	journal, lines, err := recorder.Repo.OpenJournal(o.ID)
	if err != nil {
		return nil, err
	}
	taken, err := ReadProgress(lines)
	if err == nil && (taken.Operation != o.ID || taken.Plan != sumOf(encoded)) {
		err = fmt.Errorf("the journal is of another plan: %w", gitstore.ErrDamaged)
	}
	if err != nil {
		_ = journal.Close()
		return nil, fmt.Errorf("operation %s: %w", o.ID, err)
	}
	before, err := recorder.Repo.OperationBefore(o)
	if err != nil {
		_ = journal.Close()
		return nil, err
	}
	taken.Before = func(i entra.Identity) (*entra.Object, error) {
		k := kind.ByName(i.Kind)
		path, ok := before.Find(k, i.ID)
		if !ok {
			return nil, nil
		}
		return before.Object(k, path)
	}
	return &Recording{recorder: recorder, clock: c, id: o.ID, plan: p, encoded: encoded, taken: taken, journal: journal, undoes: o.Undoes}, nil
}

// Since is when the run was interrupted at the earliest: the time of its last line.
func (p *Progress) Since() time.Time { return p.at }
