package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// The chart's size, in the units of its own coordinates.
const (
	chartHeight = 120
	chartWide   = 720
	mostBars    = 180
	widestBar   = 48
)

// day is what a bar stands for, unless all happened within a few of them, or very many passed.
const day = 24 * time.Hour

// pageTimeline is how much changed when.
type pageTimeline struct {
	// Acts marks times at which something was done, as against those of the snapshots that
	// found it.
	Acts bool
	// Severities are those of the counts, worst first.
	Severities []string
	// Step is how long a bar stands for.
	Step  time.Duration
	Times []pageTime // those at which something changed, oldest first
	Bars  []pageBar
	Marks []pageMark // of the time's axis
	Most  int
	// Unplaced is how many changes have no time that is known.
	Unplaced int
}

// pageTime is what changed within a step.
type pageTime struct {
	Start time.Time
	Text  string
	// By are the counts of the severities, worst first, and of what has none.
	By []pageCount
}

// All is how much that is.
func (d pageTime) All() int {
	n := 0
	for _, c := range d.By {
		n += c.Count
	}
	return n
}

// pageBar is one severity of one time.
type pageBar struct {
	X, Y, Width, Height int
	Severity            string
}

// pageMark is a time below the bars.
type pageMark struct {
	X      int
	Anchor string // start or end
	Text   string
}

// event is something that changed at a time.
type event struct {
	at       time.Time
	severity string
	count    int
}

// Timeline counts the changes by when they were last worked on, as the audit log tells, or where
// it tells nothing, what the snapshots between the points found; nil where neither is known.
func (v *pageView) Timeline() *pageTimeline {
	t := &pageTimeline{Acts: true}
	var events []event
	for _, c := range v.told {
		if at := lastAct(c); at.IsZero() {
			t.Unplaced++
		} else {
			events = append(events, event{at.UTC(), v.severity(c), 1})
		}
	}
	if len(events) == 0 {
		t.Acts, t.Unplaced = false, 0
		for _, s := range v.Snapshots {
			if s.Changes > 0 {
				events = append(events, event{s.Time.UTC(), cmp.Or(string(s.Worst), untold), s.Changes})
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	if t.Severities = severitiesAnd(harmless); !t.Acts {
		t.Severities = severitiesAnd(untold)
	}
	t.draw(events)
	return t
}

// untold stands for what a snapshot does not say of itself.
const untold = "untold"

// lastAct is when somebody last worked on what changed; zero where that is not known.
func lastAct(c entra.Change) time.Time {
	var last time.Time
	for _, a := range c.By {
		if a.Known() && a.When.After(last) {
			last = a.When
		}
	}
	return last
}

// draw places the bars: one for each hour of a short time, for each day, or for several days.
func (t *pageTimeline) draw(events []event) {
	byTime := func(a, b event) int { return a.at.Compare(b.at) }
	first, last := slices.MinFunc(events, byTime).at, slices.MaxFunc(events, byTime).at
	form := time.DateOnly
	if t.Step = day; last.Sub(first) < 2*day {
		t.Step, form = time.Hour, "2006-01-02 15:00"
	}
	start := first.Truncate(t.Step)
	for last.Sub(start)/t.Step >= mostBars {
		t.Step += day
	}
	times := make([]pageTime, last.Sub(start)/t.Step+1)
	for i := range times {
		times[i].Start = start.Add(time.Duration(i) * t.Step)
		times[i].Text = times[i].Start.Format(form)
		for _, s := range t.Severities {
			times[i].By = append(times[i].By, pageCount{Of: s})
		}
	}
	for _, e := range events {
		by := times[e.at.Sub(start)/t.Step].By
		by[slices.Index(t.Severities, e.severity)].Count += e.count
	}
	for _, at := range times {
		t.Most = max(t.Most, at.All())
	}
	width := min(chartWide/len(times), widestBar)
	for i, at := range times {
		t.stack(at, i*width, width)
	}
	t.mark(times, len(times)*width)
	t.Times = slices.DeleteFunc(times, func(at pageTime) bool { return at.All() == 0 })
}

// stack puts the severities of a time on each other, the worst at the bottom. What is not
// nothing is seen.
func (t *pageTimeline) stack(at pageTime, x, width int) {
	y := chartHeight
	for _, c := range at.By {
		if c.Count > 0 {
			height := max(3, c.Count*(chartHeight-4*len(at.By))/t.Most)
			y -= height
			t.Bars = append(t.Bars, pageBar{x + 1, y, max(1, width-2), height, c.Of})
		}
	}
}

// mark writes the first and the last time below the bars, which end at x.
func (t *pageTimeline) mark(times []pageTime, x int) {
	first, last := times[0].Text, times[len(times)-1].Text
	const two = 300 // that both have room side by side
	switch {
	case first == last:
		t.Marks = []pageMark{{0, "start", first}}
	case x < two:
		t.Marks = []pageMark{{0, "start", first + " to " + last}}
	default:
		t.Marks = []pageMark{{0, "start", first}, {x, "end", last}}
	}
}

// Unit says what a bar stands for: "an hour", "a day", "3 days".
func (t *pageTimeline) Unit() string {
	switch t.Step {
	case time.Hour:
		return "an hour"
	case day:
		return "a day"
	}
	return count(int(t.Step/day), "day")
}

// Legend are the severities that the chart shows.
func (t *pageTimeline) Legend() []string {
	var all []string
	for _, at := range t.Times {
		for _, c := range at.By {
			if c.Count > 0 && !slices.Contains(all, c.Of) {
				all = append(all, c.Of)
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return entra.Severity(a).Rank() - entra.Severity(b).Rank() })
	return all
}
