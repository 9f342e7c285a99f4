package audit

import (
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
)

// Step is a snapshot and the one before it, as far as the audit log is concerned.
type Step struct {
	Commit, Parent gitstore.Hash
	// From is when the capture before began, To when this one had ended.
	From, To time.Time

	seq     int
	changed bool     // any object
	sums    []string // of the files that the snapshot names
}

// Trail is the snapshots that a question about the audit log is about, newest first, and
// those that were made since.
type Trail struct {
	tree  *gitstore.Tree // of what is kept; nil for nothing
	steps []Step
	at    map[gitstore.Hash]int
}

// How far a trail goes back where nothing ends it.
const mostSteps = 5000

// NewTrail goes back from head until stop says so of a snapshot, which is not part of it.
func NewTrail(repo *history.Repository, head gitstore.Hash, stop func(*gitstore.Commit) bool) (*Trail, error) {
	tree, err := treeOf(repo)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Ref, err)
	}
	t := &Trail{tree: tree, at: map[gitstore.Hash]int{}}
	var newer *gitstore.Commit
	for c, err := range repo.Log(head) {
		if err != nil {
			return nil, err
		}
		if newer != nil {
			step := Step{
				Commit: newer.Hash, Parent: c.Hash, From: history.PointOf(c).Time, To: newer.Committer.When.UTC(),
				seq: history.PointOf(newer).Seq, sums: sumsOf(newer),
			}
			if step.changed, err = changed(repo, c, newer); err != nil {
				return nil, err
			}
			t.at[newer.Hash] = len(t.steps)
			t.steps = append(t.steps, step)
		}
		if newer = c; stop(c) || len(t.steps) == mostSteps {
			break
		}
	}
	return t, nil
}

// changed reports whether two commits differ in an object.
func changed(repo *history.Repository, a, b *gitstore.Commit) (bool, error) {
	if a.Tree == b.Tree {
		return false, nil
	}
	before, _, err := repo.TreeOf(a).Dir(canon.Root)
	if err != nil {
		return false, err
	}
	after, _, err := repo.TreeOf(b).Dir(canon.Root)
	return before != after, err
}

// Between returns what is kept of the audit log about the changes from one point to another,
// or to the newest snapshot where the other is the tenant now. ok is false where to is before from:
// nobody did what a comparison backwards shows.
func Between(repo *history.Repository, from, to *history.Point) (log attribution.Log, ok bool, err error) {
	if to.Numbered() && from.Numbered() && to.Point().Seq < from.Point().Seq {
		return log, false, nil
	}
	newest, err := repo.Newest()
	if err != nil {
		return log, false, err
	}
	end := newest
	if !to.Point().Live() {
		if end, err = gitstore.ParseHash(to.Point().Commit); err != nil {
			return log, false, err
		}
	}
	if !to.Point().Live() && !to.Numbered() {
		newest = end // what is kept aside continues the snapshots of the branch
	}
	stop, err := stopAt(repo, from)
	if err != nil {
		return log, false, err
	}
	t, err := NewTrail(repo, newest, stop)
	if err != nil {
		return log, false, err
	}
	log, err = t.Until(end)
	return log, true, err
}

// stopAt tells the snapshot that a point is the state of: itself, one that it continues, or one
// whose objects are the same.
func stopAt(repo *history.Repository, p *history.Point) (func(*gitstore.Commit) bool, error) {
	hash, err := gitstore.ParseHash(p.Point().Commit)
	if err != nil {
		return nil, err
	}
	commit, err := repo.Commit(hash)
	if err != nil {
		return nil, err
	}
	states := map[gitstore.Hash]bool{hash: true}
	if !p.Numbered() {
		for _, parent := range commit.Parents {
			states[parent] = true
		}
	}
	objects, _, err := repo.TreeOf(commit).Dir(canon.Root)
	if err != nil {
		return nil, err
	}
	return func(c *gitstore.Commit) bool {
		if states[c.Hash] || p.Numbered() {
			return states[c.Hash]
		}
		same, _, err := repo.TreeOf(c).Dir(canon.Root)
		return err == nil && same == objects && !objects.IsZero()
	}, nil
}

// Until returns what is kept about the changes of all the trail's snapshots up to and with one,
// also where a later one has it: entries appear late.
func (t *Trail) Until(commit gitstore.Hash) (attribution.Log, error) {
	i, ok := t.at[commit]
	if !ok {
		return attribution.Log{}, nil
	}
	return t.of(i, len(t.steps)-1)
}

// Of returns what is kept about the changes of one snapshot.
func (t *Trail) Of(commit gitstore.Hash) (attribution.Log, error) {
	i, ok := t.at[commit]
	if !ok {
		return attribution.Log{}, nil
	}
	return t.of(i, i)
}

// of is what is kept about the changes of some of the steps, the newest of which is first.
func (t *Trail) of(first, last int) (attribution.Log, error) {
	var logs []attribution.Log
	var gaps gaps
	for _, step := range t.steps[first : last+1] {
		log, gap, err := t.kept(step)
		if err != nil {
			return attribution.Log{}, err
		}
		gaps.add(step, gap)
		logs = append(logs, log)
	}
	end := t.steps[first].To
	for i := first - 1; i >= 0 && !settled(logs, end) && t.steps[i].From.Before(end.Add(lateFor)); i-- {
		log, _, err := t.kept(t.steps[i])
		if err != nil {
			return attribution.Log{}, err
		}
		logs = append(logs, log)
	}
	logs = append(logs, attribution.Log{Windows: gaps.windows(), Still: t.still(first, last)})
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

// kept reads what a snapshot names, and says why not all of what was to be kept is here.
func (t *Trail) kept(step Step) (log attribution.Log, gap error, err error) {
	var logs []attribution.Log
	for _, sum := range step.sums {
		data, err := readFile(t.tree, sum)
		var log attribution.Log
		if err == nil {
			log, err = decode(data)
		}
		if err != nil {
			gap = reasonOf(err)
		}
		if err != nil && gap == nil {
			return attribution.Log{}, nil, fmt.Errorf("snapshot %d: %w", step.seq, err)
		}
		logs = append(logs, log)
	}
	if len(step.sums) == 0 && step.changed {
		gap = errUnkept
	}
	return attribution.Join(logs...), gap, nil
}
