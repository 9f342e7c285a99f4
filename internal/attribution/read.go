package attribution

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// Permission is what an application needs to read the log ("List directoryAudits").
const Permission = "AuditLog.Read.All"

// logPath is where the log is.
const logPath = "/auditLogs/directoryAudits"

// Margin is what a window is wider than the time between two captures, at either end. The log's
// times are Microsoft's, those of captures are this machine's, and a clock may be wrong by five
// minutes before no token counts any more; the entries of one act are seconds, at times two
// minutes, apart.
const Margin = 10 * time.Minute

// Settle is how long after an act its entry may still appear. Microsoft promises no time; minutes
// are usual. What has no entry before it has passed has none yet.
const Settle = time.Hour

// How long Microsoft keeps the log ("Microsoft Entra data retention"): with Entra ID P1 or P2, and
// without.
const (
	longest = 30 * 24 * time.Hour
	// Shortest is how long it keeps an entry at least.
	Shortest = 7 * 24 * time.Hour
)

// mostEntries bounds what is held of a log.
const mostEntries = 100_000

// mostRestarts bounds how often a reading begins again where its page token expired, without an
// entry in between.
const mostRestarts = 3

// Source is the tenant, as far as reading its audit log needs it.
type Source interface {
	// List yields the raw JSON of each object of a collection.
	List(ctx context.Context, path string, query url.Values) iter.Seq2[[]byte, error]
}

// Reading says what to read of the log.
type Reading struct {
	From, To time.Time
	// Patience bounds how long it may take; zero is as long as the context allows.
	Patience time.Duration
	// Now is the clock.
	Now func() time.Time
	// Progress hears how many entries were read; nil is nobody.
	Progress func(entries int)
}

// Read reads the log's entries of a stretch of time, oldest first, and says how well that went.
// That it could not be read is no error: the windows of the log say so, by their state:
//
//   - complete: it was read to its end
//   - forbidden, unlicensed: the identity, or the tenant, may not read it
//   - absent: Microsoft keeps no entries that are so old
//   - skipped: it was not read, for the cause; where the window has no time of reading, nobody
//     tried
//
// The error is that of a context that ended.
func Read(ctx context.Context, source Source, r Reading) (Log, error) {
	l := &reader{Reading: r, source: source, began: r.Now().UTC().Truncate(time.Second), seen: map[string]bool{}}
	l.From, l.To = r.From.UTC().Truncate(time.Second), r.To.UTC().Truncate(time.Second)
	l.end = sooner(l.To, l.began)
	l.next = l.From
	if oldest := l.began.Add(-longest).Truncate(time.Second); l.From.Before(oldest) {
		l.next = sooner(l.To, oldest)
		l.window(l.From, l.next, entra.Absent, "Microsoft keeps the audit log for 30 days")
	}
	if l.next.Before(l.To) {
		if err := l.read(ctx); err != nil {
			return Log{}, err
		}
	}
	return l.log.sorted(), nil
}

// reader is one reading.
type reader struct {
	Reading
	source Source
	began  time.Time
	end    time.Time // up to when the reading can know the log: not beyond when it began
	start  time.Time // of what Microsoft keeps
	next   time.Time // the log was read from there up to here, and has to be read from here on
	first  time.Time // of the oldest entry that came
	last   time.Time // of the entry that came last
	jumble bool      // the entries did not come in the order that was asked for
	seen   map[string]bool
	log    Log
}

func (l *reader) window(from, to time.Time, state entra.CoverageState, cause string) {
	if !from.Before(to) {
		return
	}
	l.log.Windows = append(l.log.Windows, entra.AuditWindow{From: from, To: to, Read: l.began, State: state, Cause: cause})
}

// read reads what is left and notes how far that went.
func (l *reader) read(ctx context.Context) error {
	l.start = l.next
	bounded := ctx
	if l.Patience > 0 {
		var cancel context.CancelFunc
		bounded, cancel = context.WithTimeout(ctx, l.Patience)
		defer cancel()
	}
	err := l.pages(bounded)
	if ctx.Err() != nil {
		return fmt.Errorf("read the audit log: %w", ctx.Err())
	}
	if err == nil {
		l.next = l.end
	} else if bounded.Err() != nil {
		err = fmt.Errorf("reading it took longer than %s", l.Patience)
	}
	l.whole(l.start)
	if err != nil {
		state, cause := judged(err)
		l.window(l.next, l.end, state, cause)
	}
	return nil
}

// whole notes the stretch that was read from its beginning. Where nothing is as old as only the
// longer time of keeping has it, the shorter one may hold: what is older is not known.
func (l *reader) whole(from time.Time) {
	const slack = 24 * time.Hour // entries do not go to the second
	if kept := l.began.Add(-Shortest).Truncate(time.Second); from.Before(kept.Add(-slack)) && (l.first.IsZero() || l.first.After(kept.Add(-slack))) {
		kept = sooner(kept, l.next)
		l.window(from, kept, entra.Absent, "no entry as old as that came: without Entra ID P1 Microsoft keeps the audit log for 7 days")
		from = kept
	}
	l.window(from, l.next, entra.Complete, "")
}

// pages reads the log page by page, and begins again where it got to when a page's token expired.
func (l *reader) pages(ctx context.Context) error {
	for restarts := 0; ; {
		before := len(l.seen)
		err := l.list(ctx)
		if !errors.Is(err, entra.ErrExpired) {
			return err
		}
		if len(l.seen) > before {
			restarts = 0
		}
		if restarts++; restarts > mostRestarts {
			return err
		}
	}
}

// errTooMany ends the reading of a log of more entries than are held.
var errTooMany = fmt.Errorf("it has more than %d entries", mostEntries)

// list reads on from where the reading is.
func (l *reader) list(ctx context.Context) error {
	query := url.Values{
		"$filter": {fmt.Sprintf("activityDateTime ge %s and activityDateTime le %s", l.next.Format(time.RFC3339), l.To.Format(time.RFC3339))},
		// Oldest first: whatever ends the reading, it is known up to when it is whole.
		"$orderby": {"activityDateTime asc"},
		"$top":     {"1000"},
	}
	for raw, err := range l.source.List(ctx, logPath, query) {
		if err == nil {
			err = l.add(raw)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add takes one entry, unless it came before.
func (l *reader) add(raw []byte) error {
	e, err := headOf(raw)
	if err != nil {
		return err
	}
	if l.seen[e.ID] {
		return nil
	}
	if len(l.log.Entries) == mostEntries {
		return errTooMany
	}
	clean, err := withoutSecrets(raw)
	if err != nil {
		return err
	}
	l.seen[e.ID] = true
	l.log.Entries = append(l.log.Entries, clean)
	if l.first.IsZero() || e.When.Before(l.first) {
		l.first = e.When
	}
	l.advance(e.When)
	if l.Progress != nil {
		l.Progress(len(l.log.Entries))
	}
	return nil
}

// advance notes that the log was read up to a time, as long as the entries are in order.
func (l *reader) advance(to time.Time) {
	if to.Before(l.last) && !l.jumble {
		l.jumble, l.next = true, l.start
	}
	l.last = to
	if at := to.UTC().Truncate(time.Second); !l.jumble && at.After(l.next) && at.Before(l.end) {
		l.next = at
	}
}

// judged is what a failed reading means.
func judged(err error) (entra.CoverageState, string) {
	refused, answered := errors.AsType[*graph.Error](err)
	switch {
	case errors.Is(err, entra.ErrUnlicensed):
		return entra.Unlicensed, "the tenant has no licence to read the audit log"
	case answered && refused.Code == "Authentication_RequestFromUnsupportedUserRole":
		return entra.Forbidden, "the user has no role that may read the audit log, such as Reports Reader"
	case errors.Is(err, entra.ErrForbidden):
		return entra.Forbidden, "the permission " + Permission + " was not granted"
	case errors.Is(err, entra.ErrAbsent):
		return entra.Skipped, "this tenant's Graph has no audit log"
	case answered && refused.Status != 0:
		return entra.Skipped, fmt.Sprintf("%s: %d %s", refused.Sentinel, refused.Status, refused.Code)
	}
	return entra.Skipped, err.Error()
}

func sooner(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// head is what every reader of an entry needs.
type head struct {
	ID   string    `json:"id"`
	When time.Time `json:"activityDateTime"`
}

// headOf reads the beginning of an entry. Its id is opaque, and what it is known by.
func headOf(raw []byte) (head, error) {
	var h head
	if err := json.Unmarshal(raw, &h); err != nil || h.ID == "" || h.When.IsZero() {
		return h, fmt.Errorf("an entry of it has no id or no time: %w", cmp.Or(err, entra.ErrUnsafe))
	}
	return h, nil
}

// Join puts logs together: each entry once, oldest first, and windows that do not overlap.
func Join(logs ...Log) Log {
	var all Log
	for _, l := range logs {
		all.Entries = append(all.Entries, l.Entries...)
		all.Windows = append(all.Windows, l.Windows...)
		all.Still = append(all.Still, l.Still...)
	}
	return all.sorted()
}

// sorted orders entries by time and id, and takes each once; windows by [Flat].
func (l Log) sorted() Log {
	type dated struct {
		head
		raw json.RawMessage
	}
	entries := make([]dated, 0, len(l.Entries))
	for _, raw := range l.Entries {
		if h, err := headOf(raw); err == nil {
			entries = append(entries, dated{h, raw})
		}
	}
	slices.SortStableFunc(entries, func(a, b dated) int {
		return cmp.Or(a.When.Compare(b.When), cmp.Compare(a.ID, b.ID))
	})
	entries = slices.CompactFunc(entries, func(a, b dated) bool { return a.ID == b.ID && a.When.Equal(b.When) })
	sorted := l
	sorted.Entries, sorted.Windows = nil, Flat(l.Windows)
	for _, e := range entries {
		sorted.Entries = append(sorted.Entries, e.raw)
	}
	return sorted
}

// compact writes JSON on one line.
func compact(raw []byte) (json.RawMessage, error) {
	var line bytes.Buffer
	line.Grow(len(raw))
	if err := json.Compact(&line, raw); err != nil {
		return nil, fmt.Errorf("an entry of it: %w", err)
	}
	return line.Bytes(), nil
}
