package drill

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// What was said of the part that differs counts before what was said of the whole, and that
// before what was said of another part; of two alike the later one.
func TestReasons(t *testing.T) {
	key := entra.Key{Kind: "users", ID: "u"}
	change := entra.Change{Key: key, Properties: []entra.PropertyChange{{Pointer: "/spec/jobTitle"}}, Links: []entra.LinkChange{{Link: "manager"}}}
	for name, tt := range map[string]struct {
		say  func(reasons)
		why  string
		told bool
	}{
		"nothing":              {func(reasons) {}, "", false},
		"of another object":    {func(r reasons) { r.tell(entra.Key{Kind: "users", ID: "x"}, "", "x") }, "", false},
		"of another part":      {func(r reasons) { r.tell(key, "/spec/mail", "locked") }, "/spec/mail: locked", true},
		"of the whole, later":  {func(r reasons) { r.tell(key, "/spec/mail", "locked"); r.find(key, "refused") }, "refused", false},
		"of the whole, before": {func(r reasons) { r.find(key, "refused"); r.tell(key, "/spec/mail", "locked") }, "refused", false},
		"of the property":      {func(r reasons) { r.tell(key, "/spec/jobTitle", "synced"); r.find(key, "refused") }, "/spec/jobTitle: synced", true},
		"of one target":        {func(r reasons) { r.tell(key, "/links/manager/m", "gone") }, "/links/manager/m: gone", true},
		"twice":                {func(r reasons) { r.find(key, "first"); r.tell(key, "", "second") }, "second", true},
	} {
		r := reasons{}
		tt.say(r)
		if why, told := r.of(change); why != tt.why || told != tt.told {
			t.Errorf("%s: %q, %t, want %q, %t", name, why, told, tt.why, tt.told)
		}
	}
}

// A drill is complete when all that is otherwise was told.
func TestComplete(t *testing.T) {
	told, untold := Left{Told: true, Why: "x"}, Left{Why: "x"}
	for name, tt := range map[string]struct {
		one  Rehearsal
		want bool
	}{
		"all back":           {Rehearsal{}, true},
		"told":               {Rehearsal{Left: []Left{told}, Disturbed: []Left{told}}, true},
		"one untold":         {Rehearsal{Left: []Left{told, untold}}, false},
		"one more disturbed": {Rehearsal{Disturbed: []Left{untold}}, false},
		"ended early":        {Rehearsal{Recovery: Recovery{Error: "x"}}, false},
	} {
		r := Result{Rehearsals: []Rehearsal{{}, tt.one}}
		if tt.one.Complete() != tt.want || r.Complete() != tt.want || r.Mark().Complete != tt.want {
			t.Errorf("%s: %t, %t", name, tt.one.Complete(), r.Complete())
		}
	}
	m := (&Result{Rehearsals: []Rehearsal{{Hit: 4, Back: 3, TimeSeconds: 5}, {Hit: 4, Back: 3, TimeSeconds: 9}, {TimeSeconds: 1}}}).Mark()
	if m.Recovered() != 0.75 || m.TimeSeconds != 9 || (&Rehearsal{}).Recovered() != 1 {
		t.Errorf("%+v, %v", m, m.Recovered())
	}
}
