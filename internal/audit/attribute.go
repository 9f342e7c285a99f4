// Package audit owns what is kept of a tenant's audit log beside its snapshots: how it is kept and
// found again, how far it is known, and who did what a change set shows, by what was kept and, for
// the tenant now, by the log itself.
//
// It must not know what an entry says, which is package attribution's, nor flags, terminals or how
// an actor is shown.
package audit

import (
	"context"
	"encoding/json"
	"time"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// Reader reads the audit log of a tenant.
type Reader struct {
	Source attribution.Source
	// Now is the clock.
	Now func() time.Time
	// Patience bounds one reading; Progress hears how many entries came.
	Patience time.Duration
	Progress func(entries int)
}

// read reads from a time on to now.
func (a *Reader) read(ctx context.Context, from time.Time) (attribution.Log, error) {
	// A clock that is late would leave out the newest entries.
	return attribution.Read(ctx, a.Source, attribution.Reading{
		From: from, To: a.Now().Add(attribution.Margin), Now: a.Now, Patience: a.Patience, Progress: a.Progress,
	})
}

// AttributeMade says of the changes that a snapshot in the making makes who did them, and returns
// what has to be kept with it ([Keep]): what the log says of them, and what it says by now of
// the changes of earlier snapshots and did not say then. There is nothing to keep where nothing was
// read: nothing changed, and nothing was to be expected of the log.
func AttributeMade(ctx context.Context, repo *history.Repository, reader *Reader, set *entra.ChangeSet, before, made *history.Point, lines entra.Lines) (attribution.Log, error) {
	parent, err := gitstore.ParseHash(before.Point().Commit)
	if err != nil {
		return attribution.Log{}, err
	}
	now := reader.Now()
	steps := 0
	trail, err := NewTrail(repo, parent, func(c *gitstore.Commit) bool {
		steps++
		return steps > mostDue || c.Committer.When.Before(now.Add(-lateFor))
	})
	if err != nil {
		return attribution.Log{}, err
	}
	due, from, err := trail.Due(now)
	if err != nil || len(due)+len(set.Changes) == 0 {
		return attribution.Log{}, err
	}
	if own := before.Point().Time.Add(-attribution.Margin); len(set.Changes) > 0 && (from.IsZero() || own.Before(from)) {
		from = own
	}
	log, err := reader.read(ctx, from)
	if err != nil {
		return attribution.Log{}, err
	}
	own := log.Within(before.Point().Time.Add(-attribution.Margin), now.Add(attribution.Margin))
	facts := factsOf(made, before)
	attribution.Attribute(set, own, facts)
	keep := []attribution.Log{attribution.Concerning(set, own, facts).Known(before.Point().Time, now.Add(attribution.Margin))}
	for _, step := range due {
		more, err := late(repo, trail, step, log, lines)
		if err != nil {
			return attribution.Log{}, err
		}
		keep = append(keep, more)
	}
	return attribution.Join(keep...), nil
}

// mostDue bounds how many snapshots back what the log says late is looked for.
const mostDue = 100

// late is what a log says of the changes of a snapshot and was not kept then.
func late(repo *history.Repository, trail *Trail, step Step, log attribution.Log, lines entra.Lines) (attribution.Log, error) {
	before, err := repo.Snapshot(step.Parent)
	if err != nil {
		return attribution.Log{}, err
	}
	after, err := repo.Snapshot(step.Commit)
	if err != nil {
		return attribution.Log{}, err
	}
	set, err := diff.Compare(before, after, diff.Options{Lineage: lines})
	if err != nil {
		return attribution.Log{}, err
	}
	kept, _, err := trail.kept(step)
	if err != nil {
		return attribution.Log{}, err
	}
	log = log.Within(step.From.Add(-attribution.Margin), step.To.Add(attribution.Margin))
	return attribution.Concerning(set, log, factsOf(after, before)).Without(kept).Known(step.From, step.To), nil
}

// Attribute says of the changes between two points who did them: by what was kept with the
// snapshots between them, and for the tenant now, if there is a reader, by the log since the newest
// snapshot, or since the first one with which nothing was kept.
func Attribute(ctx context.Context, repo *history.Repository, reader *Reader, set *entra.ChangeSet, from, to *history.Point) (Source, error) {
	if len(set.Changes) == 0 {
		return Source{}, nil
	}
	log, ok, err := Between(repo, from, to)
	if err != nil || !ok {
		return Source{}, err
	}
	if to.Point().Live() && reader != nil {
		since, err := unknownSince(repo, log)
		if err != nil {
			return Source{}, err
		}
		live, err := reader.read(ctx, since.Add(-attribution.Margin))
		if err != nil {
			return Source{}, err
		}
		log = attribution.Join(log, live)
	}
	source := Source{log: log, facts: factsOf(to, from)}
	attribution.Attribute(set, log, source.facts)
	return source, nil
}

// Source is what the changes of a set were attributed by. The zero value is nothing.
type Source struct {
	log   attribution.Log
	facts attribution.Facts
}

// Entries are the entries of the log that say something of the changes of the set, as they were
// read.
func (s Source) Entries(set *entra.ChangeSet) []json.RawMessage {
	if len(s.log.Entries) == 0 {
		return nil
	}
	return attribution.Concerning(set, s.log, s.facts).Entries
}

// unknownSince is from when on the log of what was kept may lack something: since the newest
// snapshot, or since the first one with which nothing was kept.
func unknownSince(repo *history.Repository, kept attribution.Log) (time.Time, error) {
	newest, err := repo.Newest()
	if err != nil {
		return time.Time{}, err
	}
	commit, err := repo.Commit(newest)
	if err != nil {
		return time.Time{}, err
	}
	since := history.PointOf(commit).Time
	for _, w := range kept.Windows {
		if w.State == entra.Skipped && w.From.Before(since) {
			since = w.From
		}
	}
	return since, nil
}

// factsOf is what points know of objects; the first that knows one says what it is.
func factsOf(points ...*history.Point) attribution.Facts {
	known := map[entra.Key]*entra.Object{}
	return attribution.Facts{Object: func(key entra.Key) *entra.Object {
		o, seen := known[key]
		if !seen {
			o = objectAt(key, points)
			known[key] = o
		}
		return o
	}}
}

// objectAt is an object at the first of the points that has it, or nil.
func objectAt(key entra.Key, points []*history.Point) *entra.Object {
	k := kind.ByName(key.Kind)
	if k == nil {
		return nil
	}
	for _, p := range points {
		path, ok := p.Find(k, key.ID)
		if !ok {
			continue
		}
		if o, err := p.Object(k, path); err == nil {
			return o
		}
	}
	return nil
}

// Since is the trail of the snapshots up to one, after the one of a number.
func Since(repo *history.Repository, head gitstore.Hash, number int) (*Trail, error) {
	return NewTrail(repo, head, func(c *gitstore.Commit) bool { return history.PointOf(c).Seq <= number })
}

// Attribute says who did what a snapshot of the trail changed, or some of it, by what was kept.
func (t *Trail) Attribute(repo *history.Repository, set *entra.ChangeSet, commit *gitstore.Commit) error {
	log, err := t.Of(commit.Hash)
	if err != nil {
		return err
	}
	facts := attribution.Facts{}
	if len(commit.Parents) > 0 && len(log.Entries) > 0 {
		after, err := repo.Snapshot(commit.Hash)
		if err != nil {
			return err
		}
		before, err := repo.Snapshot(commit.Parents[0])
		if err != nil {
			return err
		}
		facts = factsOf(after, before)
	}
	attribution.Attribute(set, log, facts)
	return nil
}
