package audit

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/entra"
)

// hour is a time of the day of these tests.
func hour(h int) time.Time { return time.Date(2026, 10, 1, h, 0, 0, 0, time.UTC) }

// stepOf is a snapshot whose capture took from one hour to the next, after one that began two hours
// earlier.
func stepOf(seq, began int, changed bool) Step {
	return Step{From: hour(began - 2), To: hour(began + 1), seq: seq, changed: changed}
}

// TestGaps: snapshots that follow each other and lack the log for one reason are told together, an
// unchanged one between them or not; another reason, or one that lacks nothing, begins anew.
func TestGaps(t *testing.T) {
	t.Parallel()
	type known struct {
		step Step
		why  error
	}
	for what, test := range map[string]struct {
		steps []known // newest first
		want  []string
	}{
		"none":    {[]known{{stepOf(9, 18, true), nil}}, nil},
		"one":     {[]known{{stepOf(9, 18, true), errLost}}, []string{"16-19 lost snapshot 9: " + errLost.Error()}},
		"a run":   {[]known{{stepOf(9, 18, true), errLost}, {stepOf(8, 16, true), errLost}, {stepOf(7, 14, true), errLost}}, []string{"12-19 lost snapshots 7 to 9: " + errLost.Error()}},
		"still":   {[]known{{stepOf(9, 18, true), errUnkept}, {stepOf(8, 16, false), nil}, {stepOf(7, 14, true), errUnkept}}, []string{"12-19 snapshots 7 to 9: " + errUnkept.Error()}},
		"between": {[]known{{stepOf(9, 18, true), errLost}, {stepOf(8, 16, true), nil}, {stepOf(7, 14, true), errLost}}, []string{"16-19 lost snapshot 9: " + errLost.Error(), "12-15 lost snapshot 7: " + errLost.Error()}},
		"reasons": {[]known{{stepOf(9, 18, true), errLost}, {stepOf(8, 16, true), errAltered}}, []string{"16-19 lost snapshot 9: " + errLost.Error(), "14-17 lost snapshot 8: " + errAltered.Error()}},
		"no time": {[]known{{Step{From: hour(9), To: hour(9), seq: 9}, errForm}}, []string{"8-9 lost snapshot 9: " + errForm.Error()}},
	} {
		var g gaps
		for _, k := range test.steps {
			g.add(k.step, k.why)
		}
		var got []string
		for _, w := range g.windows() {
			lost := ""
			if w.Lost {
				lost = "lost "
			}
			got = append(got, fmt.Sprintf("%d-%d %s%s", w.From.Hour(), w.To.Hour(), lost, w.Cause))
			if w.State != entra.Skipped || !w.Read.IsZero() {
				t.Errorf("%s: %+v was read", what, w)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", what, got, test.want)
		}
	}
}

func TestReasonOf(t *testing.T) {
	t.Parallel()
	if why := reasonOf(fmt.Errorf("%w: no SHA-256", errAltered)); !errors.Is(why, errAltered) {
		t.Errorf("an altered file: %v", why)
	}
	if why := reasonOf(errors.New("disk on fire")); why != nil {
		t.Errorf("a disk that fails says of a file that %v", why)
	}
}

// TestStill: the time of a snapshot in which nothing changed, but for the captures of its
// neighbours that show a change, during which it may have been made.
func TestStill(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		changed []bool // newest first, captured at 18, 16, 14 o'clock
		want    string
	}{
		"all":     {[]bool{false, false, false}, "[16-19 14-17 12-15]"},
		"none":    {[]bool{true, true, true}, "[]"},
		"newest":  {[]bool{false, true, true}, "[17-19]"},
		"middle":  {[]bool{true, false, true}, "[15-16]"},
		"oldest":  {[]bool{true, true, false}, "[12-14]"},
		"changed": {[]bool{false, true, false}, "[17-19 12-14]"},
	} {
		trail := &Trail{}
		for i, changed := range test.changed {
			trail.steps = append(trail.steps, stepOf(9-i, 18-2*i, changed))
		}
		got := []string{}
		for _, s := range trail.still(0, len(trail.steps)-1) {
			got = append(got, fmt.Sprintf("%d-%d", s.From.Hour(), s.To.Hour()))
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: %v, want %s", what, got, test.want)
		}
	}
}

// TestUnchangedLacksNoLog: of a change that the log is silent about, snapshots in which nothing
// changed do not say that they were made without the log; one that changed and has none does.
func TestUnchangedLacksNoLog(t *testing.T) {
	t.Parallel()
	for changed, want := range map[bool]entra.Unknown{false: entra.NoEvent, true: entra.NotKept} {
		trail := &Trail{steps: []Step{stepOf(9, 18, false), stepOf(8, 16, changed)}}
		log, err := trail.of(0, 1)
		if err != nil {
			t.Fatal(err)
		}
		set := &entra.ChangeSet{From: entra.Point{Seq: 7, Time: hour(14)}, To: entra.Point{Seq: 9, Time: hour(19)},
			Changes: []entra.Change{{Key: entra.Key{Kind: "users", ID: "u"}, Type: entra.Changed, Properties: []entra.PropertyChange{{Pointer: "/spec/usageLocation", Before: "FR", After: "DE"}}}}}
		attribution.Attribute(set, log, attribution.Facts{})
		if by := set.Changes[0].By; len(by) != 1 || by[0].Unknown != want || len(set.Audit) > 0 != changed {
			t.Errorf("changed %v: %+v, want %s; %+v", changed, by, want, set.Audit)
		}
	}
}

// TestEncodedIsDecoded: what is kept is what comes back, in files of bounded size that each say
// what time they are about.
func TestEncodedIsDecoded(t *testing.T) {
	t.Parallel()
	log := attribution.Log{Windows: []entra.AuditWindow{{From: hour(1), To: hour(2), Read: hour(3), State: entra.Complete}}}
	big := make([]byte, mostBytes/2)
	for i := range big {
		big[i] = 'x'
	}
	for _, id := range []string{"1", "2", "3"} {
		log.Entries = append(log.Entries, fmt.Appendf(nil, `{"id":%q,"x":%q}`, id, big))
	}
	files, err := encode(log)
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	var entries int
	for _, data := range files {
		got, err := decode(data)
		if err != nil || !slices.Equal(got.Windows, log.Windows) || len(data) > mostBytes {
			t.Errorf("%d bytes about %+v: %v", len(data), got.Windows, err)
		}
		for _, e := range got.Entries {
			if string(e) != string(log.Entries[entries]) {
				t.Errorf("entry %d is another", entries)
			}
			entries++
		}
	}
	if entries != len(log.Entries) {
		t.Errorf("%d entries", entries)
	}
	for _, text := range []string{"", "no JSON\n", `{"formatVersion":999}` + "\n"} {
		if _, err := decode([]byte(text)); !errors.Is(err, errForm) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
