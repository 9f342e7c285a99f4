package attribution

import (
	"sort"
	"time"

	"github.com/entragit/entragit/internal/kind"
)

// write is an entry that says of an object that it was created, updated or deleted.
type write struct {
	*entry
	row  *activity
	tell map[*kind.Kind]*told // what was asked for
}

// told is what the write tells of an object of a kind.
func (w *write) told(k *kind.Kind) *told {
	if w.tell[k] == nil {
		if w.tell == nil {
			w.tell = map[*kind.Kind]*told{}
		}
		var t target
		if len(w.Targets) > 0 {
			t = w.Targets[0]
		}
		w.tell[k] = tell(k, w.row, t)
	}
	return w.tell[k]
}

// knot is an entry that says of a tie that it came or went.
type knot struct {
	*entry
	tie
	row *activity
}

// index finds what a log says of an object, or of a tie between objects; oldest first.
type index struct {
	writes map[string][]*write
	knots  map[string][]*knot
	// assigned are the writes whose targets are what an object of a kind is assigned to.
	assigned map[string][]*write
	// strange are the entries of activities that the tables do not know, by the ids of their
	// targets.
	strange map[string][]*entry
	// related are the entries of one call that have one target.
	related map[call][]*entry
}

// call is a call, and one object that it was about.
type call struct{ correlation, target string }

func indexOf(entries []*entry) *index {
	x := &index{
		writes: map[string][]*write{}, knots: map[string][]*knot{}, assigned: map[string][]*write{}, strange: map[string][]*entry{}, related: map[call][]*entry{},
	}
	for _, e := range entries {
		rows := activitiesOf(e)
		for _, row := range rows {
			x.add(e, row)
		}
		for _, t := range e.Targets {
			id := identity(string(t.ID))
			if id == "" {
				continue
			}
			if rows == nil {
				x.strange[id] = append(x.strange[id], e)
			}
			if e.Correlation != "" {
				c := call{string(e.Correlation), id}
				x.related[c] = append(x.related[c], e)
			}
		}
	}
	return x
}

func (x *index) add(e *entry, row *activity) {
	switch {
	case row.Ties != nil:
		for _, t := range row.Ties(row, e) {
			x.knots[t.at] = append(x.knots[t.at], &knot{entry: e, tie: t, row: row})
		}
	case row.Assigned != "":
		x.assigned[row.Kinds[0]] = append(x.assigned[row.Kinds[0]], &write{entry: e, row: row})
	case row.Does != aside:
		for _, k := range row.Kinds {
			for _, id := range row.objects(e) {
				key := objectKey(k, id)
				x.writes[key] = append(x.writes[key], &write{entry: e, row: row})
			}
		}
	}
}

// together is how far apart the entries of one act may be that different services make.
const (
	together    = 10 * time.Second // the policy as Conditional Access and as the directory log it
	togetherPIM = 2 * time.Minute  // a role as PIM and as the directory log it
)

func near(a, b *entry, most time.Duration) bool { return a.When.Sub(b.When).Abs() <= most }

// explained reports whether another entry of the same act tells what this one does not: Microsoft
// logs one act in several entries, of which some say nothing.
func explained(w *write, writes []*write, k *kind.Kind) bool {
	first := sort.Search(len(writes), func(i int) bool { return !writes[i].When.Before(w.When.Add(-together)) })
	for _, other := range writes[first:] {
		if other.When.Sub(w.When) > together {
			break
		}
		if other.entry == w.entry || len(other.told(k).changes) == 0 {
			continue
		}
		switch {
		case w.Correlation != "" && w.Correlation == other.Correlation:
			return true
		case w.service != other.service:
			return true
		case w.sameActor(other.entry) && near(w.entry, other.entry, 2*time.Second):
			return true
		}
	}
	return false
}
