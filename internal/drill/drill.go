package drill

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// FormatVersion is the version of a result's form.
const FormatVersion = 1

// Options say how to rehearse. The zero value protects nobody and uses the seed 0.
type Options struct {
	// Now is when the incidents happen.
	Now time.Time
	// Seed decides which of many objects an incident meets: the same ones each time.
	Seed uint64
	// BreakGlass and Limits are what the guards of the recovery go by.
	BreakGlass []string
	Limits     plan.Limits
	// Cloud is the name of the cloud that the snapshot's tenant is in; empty is the global one.
	Cloud string
	// Agent is the product token sent with each request.
	Agent string
	// Progress is told what is being done; may be nil.
	Progress func(text string)
}

// Result is what a drill showed.
type Result struct {
	Format   int         `json:"formatVersion"`
	Tenant   string      `json:"tenant"`
	Snapshot entra.Point `json:"snapshot"`
	// At is when the drill was held, Seed what decided which objects the incidents met.
	At   time.Time `json:"at"`
	Seed uint64    `json:"seed"`
	// Objects were loaded.
	Objects int `json:"objects"`
	// Limits are what the drill cannot speak of: what the snapshot did not read and what the
	// emulator does not hold as the snapshot has it.
	Limits     []string    `json:"limits,omitempty"`
	Rehearsals []Rehearsal `json:"scenarios"`
	// Before are earlier drills of the repository, newest first.
	Before []Mark `json:"before,omitempty"`
}

// Rehearsal is one scenario's incident and the recovery from it.
type Rehearsal struct {
	Scenario string   `json:"scenario"`
	Title    string   `json:"title"`
	Incident Incident `json:"incident"`
	Recovery Recovery `json:"recovery"`
	// Hit counts the objects that the incident changed, deleted or added, Back those of them
	// that are again as the snapshot says, to the byte.
	Hit  int `json:"hit"`
	Back int `json:"back"`
	// Left are the others.
	Left []Left `json:"left,omitempty"`
	// Disturbed are objects that the incident did not touch, and that are not as before now.
	Disturbed []Left `json:"disturbed,omitempty"`
	// PointSeconds is the age of the snapshot when the incident happened: what changed since
	// then is lost. TimeSeconds is how long the recovery took, simulated.
	PointSeconds float64 `json:"recoveryPointSeconds"`
	TimeSeconds  float64 `json:"recoveryTimeSeconds"`
}

// Left is an object that did not come back as it was.
type Left struct {
	entra.Key
	Name string `json:"name,omitempty"`
	// What is how it differs from the snapshot.
	What string `json:"what"`
	// Why is what the plan or the apply said of it; empty where neither said anything. Told
	// is set where the plan did, before the first write.
	Why  string `json:"why,omitempty"`
	Told bool   `json:"told,omitempty"`
}

// Recovered is the share of the objects hit that came back, from 0 to 1.
func (r *Rehearsal) Recovered() float64 { return share(r.Back, r.Hit) }

// Complete reports whether everything came back, and nothing else is otherwise, but for what
// the plans told before they wrote.
func (r *Rehearsal) Complete() bool {
	untold := func(l Left) bool { return !l.Told }
	return r.Recovery.Error == "" && !slices.ContainsFunc(r.Left, untold) && !slices.ContainsFunc(r.Disturbed, untold)
}

// Complete reports whether every rehearsal was.
func (r *Result) Complete() bool {
	return !slices.ContainsFunc(r.Rehearsals, func(one Rehearsal) bool { return !one.Complete() })
}

// Run rehearses the recovery of a snapshot from incidents, each in a tenant of its own.
// The result is complete also where a recovery was not; the error is for what ended the
// drill.
func Run(ctx context.Context, from *history.Point, scenarios []Scenario, opts Options) (*Result, error) {
	d := &drill{from: from, opts: opts, result: &Result{
		Format: FormatVersion, Tenant: from.Manifest().Tenant, Snapshot: from.Point(), At: opts.Now.UTC(), Seed: opts.Seed,
	}}
	if err := d.begin(ctx); err != nil {
		return d.result, fmt.Errorf("drill: %w", err)
	}
	for i := range scenarios {
		rehearsal, err := d.rehearse(ctx, &scenarios[i])
		if err != nil {
			return d.result, fmt.Errorf("drill: %s: %w", scenarios[i].Name, err)
		}
		d.result.Rehearsals = append(d.result.Rehearsals, rehearsal)
	}
	return d.result, nil
}

// drill is a drill under way.
type drill struct {
	from   *history.Point
	opts   Options
	result *Result
	// before is how the loaded tenant differs from the snapshot.
	before map[entra.Key]entra.Change
}

func (d *drill) say(format string, args ...any) {
	if d.opts.Progress != nil {
		d.opts.Progress(fmt.Sprintf(format, args...))
	}
}

// begin finds out what a drill of the snapshot cannot speak of.
func (d *drill) begin(ctx context.Context) error {
	d.say("loading %s", d.from.Point())
	t, err := newTenant(d.from, d.opts.Now, d.opts.Agent, d.opts.Cloud)
	if err != nil {
		return err
	}
	defer t.Close()
	for _, k := range t.kinds {
		for _, err := range d.from.Files(k.Name) {
			if err != nil {
				return err
			}
			d.result.Objects++
		}
	}
	s, err := t.look(ctx, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	d.before = s.changes
	d.result.Limits = append(unreadKinds(d.from.Manifest()), s.limits(d.from.Manifest())...)
	return nil
}

// unreadKinds says of which kinds the snapshot has nothing to rehearse with, by cause.
func unreadKinds(m entra.Manifest) []string {
	var causes []string
	kinds := map[string][]string{}
	for _, k := range kind.All() {
		cover := m.Kinds[k.Name]
		if cover.Read() || cover.State == entra.Absent {
			continue
		}
		if kinds[cover.Cause] == nil {
			causes = append(causes, cover.Cause)
		}
		kinds[cover.Cause] = append(kinds[cover.Cause], k.Name)
	}
	var limits []string
	for _, cause := range causes {
		text := "the snapshot did not read " + strings.Join(kinds[cause], ", ")
		limits = append(limits, strings.TrimSuffix(text+": "+cause, ": "))
	}
	return limits
}

// limits says where the loaded tenant is not the snapshot, of the kinds that the snapshot read.
func (s *state) limits(m entra.Manifest) []string {
	var limits []string
	for _, key := range sortedKeys(s.changes) {
		limits = append(limits, fmt.Sprintf("%s: the emulator does not hold it as the snapshot has it: %s", key, difference(s.changes[key])))
	}
	for _, u := range s.unread {
		if !m.Kinds[u.Kind].Read() {
			continue
		}
		limits = append(limits, fmt.Sprintf("%s: could not be compared after loading: %s", u.Kind, u.Cause))
	}
	return limits
}

func sortedKeys(changes map[entra.Key]entra.Change) []entra.Key {
	return slices.SortedFunc(maps.Keys(changes), func(a, b entra.Key) int { return strings.Compare(a.String(), b.String()) })
}
