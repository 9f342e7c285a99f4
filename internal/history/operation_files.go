package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// The files of a record. The state before has the layout of a snapshot.
const (
	planFile    = "plan.json"
	outcomeFile = "outcome.json"
	journalFile = "journal.jsonl"
	beforeDir   = "before"
)

// Before collects the state before an operation: the objects that it may write.
type Before struct {
	manifest entra.Manifest
	files    map[string][]byte
	encoder  canon.Encoder
}

// NewBefore is the state before an operation of which nothing was read yet.
func NewBefore(tenant string) *Before {
	return &Before{manifest: entra.Manifest{Format: entra.FormatVersion, Tenant: tenant, Kinds: map[string]entra.Coverage{}}, files: map[string][]byte{}}
}

// Add keeps an object as it is.
func (b *Before) Add(o *entra.Object) error {
	k := kind.ByName(o.Kind)
	text, err := b.encoder.EncodeObject(k, o, nil)
	if err != nil {
		return fmt.Errorf("keep %s: %w", o.Key, err)
	}
	path, err := canon.Path(k, 0, o.ID, o.Name)
	if err != nil {
		return fmt.Errorf("keep %s: %w", o.Key, err)
	}
	b.files[beforeDir+"/"+path] = bytes.Clone(text.YAML)
	return nil
}

// Read notes what was read of objects of a kind.
func (b *Before) Read(kindName string, cover entra.Coverage) {
	cover.Shard = 0
	b.manifest.Kinds[kindName] = b.manifest.Kinds[kindName].Join(cover)
}

// Begin records an operation before its first write: the plan, as its file holds it, and
// the state before.
func (r *Recorder) Begin(ctx context.Context, id string, p *entra.Plan, encoded []byte, before *Before, undoes string) (gitstore.Hash, error) {
	e := Entry{Operation: id, Subject: fmt.Sprintf("operation: %d steps from %s", len(p.Steps), p.From), Files: before.files,
		Trailers: []gitstore.Trailer{{Key: phaseTrailer, Value: phaseBegun}, {Key: fromTrailer, Value: p.From.String()}, {Key: stepsTrailer, Value: strconv.Itoa(len(p.Steps))}}}
	if undoes != "" {
		e.Subject = fmt.Sprintf("operation: %d steps back from operation %s", len(p.Steps), undoes)
		e.Trailers = append(e.Trailers, gitstore.Trailer{Key: undoesTrailer, Value: undoes})
	}
	e.Files[planFile], e.Files[beforeDir+"/"+ManifestPath] = encoded, canon.EncodeManifest(before.manifest)
	return r.Record(ctx, e)
}

// End records how an operation ended, with its journal.
func (r *Recorder) End(ctx context.Context, o entra.Operation, state entra.OperationState, outcome entra.Outcome, journal [][]byte) (gitstore.Hash, error) {
	encoded, err := encodeOutcome(outcome)
	if err != nil {
		return gitstore.Hash{}, err
	}
	began, err := gitstore.ParseHash(o.Commit)
	if err != nil {
		return gitstore.Hash{}, err
	}
	ended := map[entra.Result]int{}
	for _, s := range outcome.Steps {
		ended[s.Result]++
	}
	counts := fmt.Sprintf("%d done=%d failed=%d skipped=%d", o.Steps, ended[entra.Done], ended[entra.Failed], ended[entra.SkipDep])
	e := Entry{Operation: o.ID, Continues: began, Subject: fmt.Sprintf("operation: %s, %d of %d steps done", state, ended[entra.Done], o.Steps),
		Trailers: []gitstore.Trailer{{Key: phaseTrailer, Value: phaseEnded}, {Key: resultTrailer, Value: string(state)}, {Key: stepsTrailer, Value: counts}},
		Files:    map[string][]byte{outcomeFile: encoded, journalFile: append(bytes.Join(journal, []byte("\n")), '\n')}}
	if n := len(outcome.Lineage); n > 0 {
		e.Trailers = append(e.Trailers, gitstore.Trailer{Key: lineTrailer, Value: strconv.Itoa(n)})
	}
	return r.Record(ctx, e)
}

// recordedOutcome is outcome.json: the outcome without the plan, which is beside it.
type recordedOutcome struct {
	FormatVersion int `json:"formatVersion"`
	entra.Outcome
	Plan *struct{} `json:"plan,omitempty"`
}

func encodeOutcome(o entra.Outcome) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(recordedOutcome{FormatVersion: 1, Outcome: o}); err != nil {
		return nil, fmt.Errorf("encode the outcome: %w", err)
	}
	return b.Bytes(), nil
}

// OperationPlan returns the plan of an operation, as its file holds it.
func (r *Repository) OperationPlan(o entra.Operation) ([]byte, error) {
	tree, err := r.operationTree(o.Commit)
	if err != nil {
		return nil, err
	}
	return tree.Read(planFile)
}

// OperationOutcome returns what became of an operation that ended, without the plan.
func (r *Repository) OperationOutcome(o entra.Operation) (entra.Outcome, error) {
	if o.End == "" {
		return entra.Outcome{}, fmt.Errorf("operation %s: %w: it is open: %w", o.ID, errNoOutcome, entra.ErrNotFound)
	}
	end, err := gitstore.ParseHash(o.End)
	if err != nil {
		return entra.Outcome{}, err
	}
	return r.outcomeAt(end)
}

// OperationJournal returns the lines of the journal of an operation that ended.
func (r *Repository) OperationJournal(o entra.Operation) ([][]byte, error) {
	tree, err := r.operationTree(o.End)
	if err != nil {
		return nil, err
	}
	data, err := tree.Read(journalFile)
	return bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")), err
}

// OperationBefore returns the state before an operation: the objects that it may have
// written, and no others.
func (r *Repository) OperationBefore(o entra.Operation) (*Point, error) {
	tree, err := r.operationTree(o.Commit)
	if err != nil {
		return nil, err
	}
	below, err := tree.Sub(beforeDir)
	if err != nil {
		return nil, err
	}
	p := &Point{at: entra.Point{Commit: o.Commit, Time: o.Begun, Operation: o.ID}, files: Tree{below}, tree: Tree{below}}
	hash, err := gitstore.ParseHash(o.Commit)
	if err == nil {
		p.manifest, err = r.Manifest(below, hash)
	}
	return p, err
}

func (r *Repository) operationTree(commit string) (*gitstore.Tree, error) {
	hash, err := gitstore.ParseHash(commit)
	if err != nil {
		return nil, err
	}
	return r.Tree(hash)
}

func (r *Repository) outcomeAt(commit gitstore.Hash) (entra.Outcome, error) {
	tree, err := r.Tree(commit)
	if err != nil {
		return entra.Outcome{}, err
	}
	data, err := tree.Read(outcomeFile)
	if errors.Is(err, gitstore.ErrNotFound) {
		return entra.Outcome{}, fmt.Errorf("record %s: %w", commit.Short(), errNoOutcome)
	}
	if err != nil {
		return entra.Outcome{}, err
	}
	var recorded recordedOutcome
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&recorded); err != nil {
		return entra.Outcome{}, fmt.Errorf("record %s: outcome: %w: %w", commit.Short(), err, entra.ErrInvalid)
	}
	return recorded.Outcome, nil
}
