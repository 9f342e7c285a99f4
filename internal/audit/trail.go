package history

import (
	"errors"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// AuditStep is a snapshot and the one before it, as far as the audit log is concerned.
type AuditStep struct {
	Commit, Parent gitstore.Hash
	// From is when the capture before began, To when this one had ended.
	From, To time.Time

	seq     int
	changed bool     // anything at all
	sums    []string // of the files that the snapshot names
}

// AuditTrail is the snapshots that a question about the audit log is about, newest first, and
// those that were made since.
type AuditTrail struct {
	repo  *Repository
	tree  *gitstore.Tree // of what is kept; nil for nothing
	steps []AuditStep
	at    map[gitstore.Hash]int
}

// How far a trail goes back where nothing ends it.
const mostSteps = 5000

// AuditTrail goes back from head until stop says so of a snapshot, which is not part of it.
func (r *Repository) AuditTrail(head gitstore.Hash, stop func(*gitstore.Commit) bool) (*AuditTrail, error) {
	tree, err := r.auditTree()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", AuditRef, err)
	}
	t := &AuditTrail{repo: r, tree: tree, at: map[gitstore.Hash]int{}}
	var newer *gitstore.Commit
	for c, err := range r.Log(head) {
		if err != nil {
			return nil, err
		}
		if newer != nil {
			t.at[newer.Hash] = len(t.steps)
			t.steps = append(t.steps, AuditStep{
				Commit: newer.Hash, Parent: c.Hash, From: PointOf(c).Time, To: newer.Committer.When.UTC(),
				seq: PointOf(newer).Seq, changed: newer.Tree != c.Tree, sums: auditSums(newer),
			})
		}
		if newer = c; stop(c) || len(t.steps) == mostSteps {
			break
		}
	}
	return t, nil
}

// AuditBetween returns what is kept of the audit log about the changes from one point to another,
// or to the newest snapshot where the other is the tenant now. ok is false where to is before from:
// nobody did what a comparison backwards shows.
func (r *Repository) AuditBetween(from, to *Point) (log attribution.Log, ok bool, err error) {
	if to.Numbered() && from.Numbered() && to.at.Seq < from.at.Seq {
		return log, false, nil
	}
	newest, err := r.Newest()
	if err != nil {
		return log, false, err
	}
	end := newest
	if !to.at.Live() {
		if end, err = gitstore.ParseHash(to.at.Commit); err != nil {
			return log, false, err
		}
	}
	if !to.at.Live() && !to.Numbered() {
		newest = end // what is kept aside continues the snapshots of the branch
	}
	stop, err := r.stopAt(from)
	if err != nil {
		return log, false, err
	}
	t, err := r.AuditTrail(newest, stop)
	if err != nil {
		return log, false, err
	}
	log, err = t.Until(end)
	return log, true, err
}

// stopAt tells the snapshot that a point is the state of: itself, one that it continues, or one
// whose objects are the same.
func (r *Repository) stopAt(p *Point) (func(*gitstore.Commit) bool, error) {
	hash, err := gitstore.ParseHash(p.at.Commit)
	if err != nil {
		return nil, err
	}
	commit, err := r.Commit(hash)
	if err != nil {
		return nil, err
	}
	states := map[gitstore.Hash]bool{hash: true}
	if !p.Numbered() {
		for _, parent := range commit.Parents {
			states[parent] = true
		}
	}
	objects, _, err := r.TreeOf(commit).Dir(canon.Root)
	if err != nil {
		return nil, err
	}
	return func(c *gitstore.Commit) bool {
		if states[c.Hash] || p.Numbered() {
			return states[c.Hash]
		}
		same, _, err := r.TreeOf(c).Dir(canon.Root)
		return err == nil && same == objects && !objects.IsZero()
	}, nil
}

// Until returns what is kept about the changes of all the trail's snapshots up to and with one,
// also where a later one has it: entries appear late.
func (t *AuditTrail) Until(commit gitstore.Hash) (attribution.Log, error) {
	i, ok := t.at[commit]
	if !ok {
		return attribution.Log{}, nil
	}
	return t.of(i, len(t.steps)-1)
}

// Of returns what is kept about the changes of one snapshot.
func (t *AuditTrail) Of(commit gitstore.Hash) (attribution.Log, error) {
	i, ok := t.at[commit]
	if !ok {
		return attribution.Log{}, nil
	}
	return t.of(i, i)
}

// of is what is kept about the changes of some of the steps, the newest of which is first.
func (t *AuditTrail) of(first, last int) (attribution.Log, error) {
	var logs []attribution.Log
	for _, step := range t.steps[first : last+1] {
		log, err := t.kept(step)
		if err != nil {
			return attribution.Log{}, err
		}
		logs = append(logs, log)
	}
	end := t.steps[first].To
	for i := first - 1; i >= 0 && !settled(logs, end) && t.steps[i].From.Before(end.Add(lateFor)); i-- {
		log, err := t.kept(t.steps[i])
		if err != nil {
			return attribution.Log{}, err
		}
		logs = append(logs, log)
	}
	return attribution.Join(logs...).Within(t.steps[last].From.Add(-attribution.Margin), end.Add(attribution.Margin)), nil
}

// lateFor is how long after a snapshot another one may have what the audit log says of it.
const lateFor = 7 * 24 * time.Hour

// settled reports whether the log was read up to a time when nothing more about it was to come.
func settled(logs []attribution.Log, end time.Time) bool {
	for _, log := range logs {
		for _, w := range log.Windows {
			if w.State == entra.Complete && !w.To.Before(end) && !w.Read.Before(end.Add(attribution.Settle)) {
				return true
			}
		}
	}
	return false
}

// kept reads what a snapshot names. What is lost or altered is a stretch that nobody knows, and so
// are the changes of a snapshot that names nothing.
func (t *AuditTrail) kept(step AuditStep) (attribution.Log, error) {
	var logs []attribution.Log
	for _, sum := range step.sums {
		data, err := auditFile(t.tree, sum)
		var log attribution.Log
		if err == nil {
			log, err = auditLog(data)
		}
		switch {
		case errors.Is(err, errAuditLost), errors.Is(err, errAuditAltered), errors.Is(err, errAuditUnknown):
			log = step.unknown(fmt.Sprintf("snapshot %d: %s", step.seq, err))
		case err != nil:
			return attribution.Log{}, fmt.Errorf("snapshot %d: %w", step.seq, err)
		}
		logs = append(logs, log)
	}
	if len(step.sums) == 0 && step.changed {
		logs = append(logs, step.unknown(fmt.Sprintf("snapshot %d was made without the audit log", step.seq)))
	}
	return attribution.Join(logs...), nil
}

// unknown is the log of which nothing was kept about a step.
func (s AuditStep) unknown(cause string) attribution.Log {
	return attribution.Log{Windows: []entra.AuditWindow{{From: s.From, To: s.To, State: entra.Skipped, Cause: cause}}}
}

// Due are the snapshots about whose changes the log may have more by now than is kept: it was read
// less than [attribution.Settle] after them, or not to its end. From is where to begin to read.
func (t *AuditTrail) Due(now time.Time) (due []AuditStep, from time.Time, err error) {
	var known time.Time // up to then, nothing more is to come
	for _, step := range t.steps {
		log, err := t.kept(step)
		if err != nil {
			return nil, from, err
		}
		known = later(known, step.known(log))
		if !known.Before(step.To) {
			break
		}
		begin, open := step.again(log)
		if !open || step.To.Add(attribution.Settle).After(now) {
			continue
		}
		due = append(due, step)
		if from.IsZero() || begin.Before(from) {
			from = begin
		}
	}
	return due, from, nil
}

// known is up to when a log says all that will ever be said.
func (s AuditStep) known(log attribution.Log) time.Time {
	var known time.Time
	for _, w := range log.Windows {
		if w.State == entra.Complete {
			known = later(known, earlier(w.To, w.Read.Add(-attribution.Settle)))
		}
	}
	return known
}

// again is from when on the log of a step has to be read again, and whether that can help.
func (s AuditStep) again(log attribution.Log) (from time.Time, open bool) {
	from = s.To
	for _, w := range log.Windows {
		switch {
		case w.State == entra.Complete:
			from, open = earlier(from, w.Read.Add(-attribution.Settle)), true
		case w.State == entra.Skipped && !w.Read.IsZero():
			from, open = earlier(from, w.From), true
		}
	}
	return later(from, s.From.Add(-attribution.Margin)), open && s.changed && len(s.sums) > 0
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
