package attribution

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// A story is a day of a tenant: who wrote what, of which the log has an entry, or not.
type story struct {
	rng    *rand.Rand
	clock  time.Time
	phones map[string]string            // of users
	groups map[string]map[string]bool   // members
	policy map[string]map[string]string // state, and "u" of excluded users
	events []event
	// last is who wrote a cell last, "" for somebody of whom there is no entry; ghosts are the
	// cells that such a one ever wrote.
	last   map[string]string
	ghosts map[string]bool
	// tells are the entries that say that a cell became a value, by "cell value".
	tells map[string][]string
}

func (s *story) pick(list ...string) string { return list[s.rng.IntN(len(list))] }

// wrote notes a write, and returns the entry's id and time; "" where the log has none.
func (s *story) wrote(cell, value, who string) (id, clock string) {
	s.clock = s.clock.Add(time.Duration(1+s.rng.IntN(600)) * time.Second)
	if s.rng.IntN(12) == 0 {
		s.last[cell], s.ghosts[cell] = "", true
		return "", ""
	}
	s.last[cell] = who
	s.tells[cell+" "+value] = append(s.tells[cell+" "+value], who)
	return fmt.Sprint("e", len(s.events)), s.clock.Format("15:04:05")
}

func (s *story) phone(who string) {
	u, v := s.pick("u-1", "u-2"), s.pick("1", "2", "3")
	if s.phones[u] == v {
		return
	}
	id, clock := s.wrote("users/"+u+"/spec/mobilePhone", v, who)
	if id != "" {
		s.events = append(s.events, logged(id, clock, "Update user", core, user(who), targets(of("User", u, mod("Mobile", a(s.phones[u]), a(v))))))
	}
	s.phones[u] = v
}

func (s *story) member(who string) {
	g, u := s.pick("g-1", "g-2"), s.pick("u-1", "u-2", "u-3")
	add := !s.groups[g][u]
	id, clock := s.wrote("groups/"+g+"/links/members/"+u, fmt.Sprint(add), who)
	if id != "" {
		activity, m := "Add member to group", mod("Group.ObjectID", nil, j(g))
		if !add {
			activity, m = "Remove member from group", mod("Group.ObjectID", j(g), nil)
		}
		s.events = append(s.events, logged(id, clock, activity, core, user(who), targets(of("User", u, m), of("Group", g))))
	}
	s.groups[g][u] = add
}

func (s *story) document(p string) string {
	users := []string{}
	for _, name := range []string{"u-1", "u-2"} {
		if s.policy[p][name] != "" {
			users = append(users, name)
		}
	}
	return asJSON(map[string]any{"id": p, "state": s.policy[p]["state"], "conditions": map[string]any{"users": map[string]any{"excludeUsers": users}}})
}

func (s *story) access(who string) {
	const p = "p-1"
	old := s.document(p)
	cell, value := "state", s.pick("enabled", "disabled")
	if s.rng.IntN(2) == 0 {
		cell = s.pick("u-1", "u-2")
		if value = "excluded"; s.policy[p][cell] != "" {
			value = ""
		}
	}
	if s.policy[p][cell] == value {
		return
	}
	pointer := "/spec/state"
	if cell != "state" {
		pointer = "/spec/conditions/users/excludeUsers/" + cell
	}
	id, clock := s.wrote("conditionalAccessPolicies/"+p+pointer, fmt.Sprint(value != "" && value != "disabled"), who)
	s.policy[p][cell] = value
	if id != "" {
		s.events = append(s.events, logged(id, clock, "Update conditional access policy", ca, user(who), targets(of("Policy", p, mod("ConditionalAccessPolicy", old, s.document(p))))))
	}
}

// set is what two snapshots around the story show.
func (s *story) set() *entra.ChangeSet {
	var changes []entra.Change
	for _, u := range []string{"u-1", "u-2"} {
		if s.phones[u] != "0" {
			changes = append(changes, changed("users", u, set("/spec/mobilePhone", "0", s.phones[u])))
		}
	}
	for _, g := range []string{"g-1", "g-2"} {
		l := entra.LinkChange{Link: "members"}
		for _, u := range []string{"u-1", "u-2"} {
			if s.groups[g][u] {
				l.Added = append(l.Added, u)
			}
		}
		if !s.groups[g]["u-3"] {
			l.Removed = []string{"u-3"}
		}
		if len(l.Added)+len(l.Removed) > 0 {
			changes = append(changes, entra.Change{Key: entra.Key{Kind: "groups", ID: g}, Type: entra.Changed, Links: []entra.LinkChange{l}})
		}
	}
	var properties []entra.PropertyChange
	added := []any{}
	for _, u := range []string{"u-1", "u-2"} {
		if s.policy["p-1"][u] != "" {
			added = append(added, u)
		}
	}
	if len(added) > 0 {
		properties = append(properties, items("/spec/conditions/users/excludeUsers", added, nil))
	}
	if s.policy["p-1"]["state"] != "enabled" {
		properties = append(properties, set("/spec/state", "enabled", s.policy["p-1"]["state"]))
	}
	if properties != nil {
		changes = append(changes, changed("conditionalAccessPolicies", "p-1", properties...))
	}
	return setOf(changes...)
}

func newStory(seed uint64) *story {
	s := &story{
		rng: rand.New(rand.NewPCG(seed, 9)), clock: fromTime.Add(time.Hour),
		phones: map[string]string{"u-1": "0", "u-2": "0"},
		groups: map[string]map[string]bool{"g-1": {"u-3": true}, "g-2": {"u-3": true}},
		policy: map[string]map[string]string{"p-1": {"state": "enabled"}},
		last:   map[string]string{}, ghosts: map[string]bool{}, tells: map[string][]string{},
	}
	for range 5 + s.rng.IntN(25) {
		who := s.pick("ada", "eve", "kim")
		[]func(string){s.phone, s.member, s.access}[s.rng.IntN(3)](who)
	}
	return s
}

// cellsOf are the cells of a change with who is said to have written each.
func cellsOf(c entra.Change) map[string]entra.Attribution {
	cells := map[string]entra.Attribution{}
	var all []string
	for _, p := range c.Properties {
		if len(p.AddedItems) == 0 {
			all = append(all, p.Pointer)
		}
		for _, item := range p.AddedItems {
			all = append(all, p.Pointer+jsonpointer.Join(item.(string)))
		}
	}
	for _, l := range c.Links {
		for _, id := range slices.Concat(l.Added, l.Removed) {
			all = append(all, "/links/"+l.Link+"/"+id)
		}
	}
	for _, cell := range all {
		for _, by := range c.By {
			if len(by.Parts) == 0 || slices.ContainsFunc(by.Parts, func(part string) bool { return jsonpointer.Within(cell, part) }) {
				cells[c.String()+cell] = by
			}
		}
	}
	return cells
}

// value is what a cell became, as the story writes it.
func (s *story) value(cell string) string {
	parts := strings.Split(cell, "/")
	switch last := parts[len(parts)-1]; {
	case parts[0] == "users":
		return s.phones[parts[1]]
	case parts[0] == "groups":
		return fmt.Sprint(s.groups[parts[1]][last])
	case last == "state":
		return fmt.Sprint(s.policy[parts[1]]["state"] == "enabled")
	default:
		return fmt.Sprint(s.policy[parts[1]][last] != "")
	}
}

// TestNeverAGuess: over many stories, whoever is named wrote the value last, as far as the log can
// tell; and nobody else is named when any one entry is missing, unless that one's entry tells the
// same value.
func TestNeverAGuess(t *testing.T) {
	t.Parallel()
	known, unknown := 0, 0
	for seed := range uint64(60) {
		s := newStory(seed)
		set, log := s.set(), logOf(s.events...)
		Attribute(set, log, Facts{})
		for _, c := range set.Changes {
			for cell, by := range cellsOf(c) {
				who := strings.TrimSuffix(by.Actor.Name, "@contoso.com")
				if !by.Known() {
					unknown++
				} else {
					known++
				}
				switch {
				case !s.ghosts[cell] && who != s.last[cell]:
					t.Errorf("story %d, %s was written by %q, not by %q", seed, cell, s.last[cell], who)
				case by.Known() && !slices.Contains(s.tells[cell+" "+s.value(cell)], who):
					t.Errorf("story %d, %s: no entry of %s tells %s", seed, cell, who, s.value(cell))
				}
			}
		}
		held(t, set, log, Facts{})
		s.dropping(t, seed, log)
	}
	if known < 100 || unknown < 10 {
		t.Errorf("the stories tell too little: %d known, %d unknown", known, unknown)
	}
}

// dropping leaves out each entry in turn.
func (s *story) dropping(t *testing.T, seed uint64, log Log) {
	for i := range log.Entries {
		less := log
		less.Entries = slices.Concat(log.Entries[:i], log.Entries[i+1:])
		set := s.set()
		Attribute(set, less, Facts{})
		for _, c := range set.Changes {
			for cell, by := range cellsOf(c) {
				who := strings.TrimSuffix(by.Actor.Name, "@contoso.com")
				if by.Known() && !slices.Contains(s.tells[cell+" "+s.value(cell)], who) {
					t.Errorf("story %d without %d, %s: no entry of %s tells %s", seed, i, cell, who, s.value(cell))
				}
			}
		}
	}
}

// TestUnrelated: entries about other objects name nobody, whatever they say.
func TestUnrelated(t *testing.T) {
	t.Parallel()
	s := newStory(7)
	set := setOf(
		changed("users", "other-user", set("/spec/mobilePhone", "0", "1"), set("/spec/usageLocation", "DE", "FR")),
		entra.Change{Key: entra.Key{Kind: "groups", ID: "other-group"}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Added: []string{"u-1"}}}},
		roleGiven("roleAssignments", "/", entra.Added), goneOf("conditionalAccessPolicies", "other-policy"),
	)
	log := logOf(s.events...)
	Attribute(set, log, Facts{})
	for _, c := range set.Changes {
		if len(c.By) != 1 || c.By[0].Unknown != entra.NoEvent || len(c.By[0].Candidates) > 0 {
			t.Errorf("%s: %s", c.Key, whoDid(c))
		}
	}
	if kept := Concerning(set, log, Facts{}); len(kept.Entries) > 0 {
		t.Errorf("%d entries are kept: %s", len(kept.Entries), kept.Entries[0])
	}
}

// FuzzEntry: whatever an entry holds does no harm, and says the same whatever is beside it.
func FuzzEntry(f *testing.F) {
	for _, e := range newStory(3).events {
		raw, err := json.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, hostile := range []string{
		`{"id":1,"activityDateTime":"2026-10-01T10:00:00Z","activityDisplayName":["Update user"],"result":"success","targetResources":{"id":"u-1"}}`,
		`{"id":"x","activityDateTime":"2026-10-01T10:00:00Z","activityDisplayName":"Update user","result":"success","initiatedBy":"ada","targetResources":[null,{"id":"u-1","modifiedProperties":[null,{"displayName":"Mobile","newValue":"[[[[["},{"displayName":"Mobile","newValue":[1]}]}]}`,
		`{"id":"x","activityDateTime":"2026-10-01T10:00:00Z","activityDisplayName":"Change user license","result":"success","targetResources":[{"id":"u-1"}],"additionalDetails":[{"key":"id","value":"1"},{"key":"seq","value":"9223372036854775807"},{"key":"c","value":"-1"},{"key":"b","value":"{"}]}`,
	} {
		f.Add([]byte(hostile))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := newStory(3)
		log := logOf(s.events...)
		log.Entries = append(log.Entries, raw)
		set := s.set()
		Attribute(set, log, Facts{})
		held(t, set, log, Facts{})
	})
}

// TestLongValues: values of a megabyte and deep ones do no harm.
func TestLongValues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	deep := strings.Repeat("[", 1<<16)
	change := changed("users", "u-1", set("/spec/displayName", "a", long))
	attributed(t, setOf(change), logOf(
		logged("1", "10:00:00", "Update user", core, user("ada"), targets(of("User", "u-1", mod("DisplayName", a("a"), a(long))))),
		logged("2", "11:00:00", "Update user", core, user("ada"), targets(of("User", "u-1", mod("Mobile", deep, strings.Repeat(`{"a":`, 1<<16))))),
		logged("3", "12:00:00", long, core, user("ada"), targets(of("Device", "d-1", mod(long, deep, nil)))),
	), Facts{}, "user ada@contoso.com confirmed 1")
}

// BenchmarkAttribute says who did 100,000 changes, by a log of as many entries.
func BenchmarkAttribute(b *testing.B) {
	const n = 100_000
	var events []event
	var changes []entra.Change
	for i := range n {
		id := fmt.Sprintf("u-%06d", i)
		events = append(events, logged(fmt.Sprint(i), "10:00:00", "Update user", core, user(fmt.Sprint("p", i%100)), targets(of("User", id, mod("Mobile", a("1"), a("2")),
			mod("Included Updated Properties", nil, j("Mobile"))))))
		changes = append(changes, changed("users", id, set("/spec/mobilePhone", "1", "2")))
	}
	log := logOf(events...)
	b.ResetTimer()
	for b.Loop() {
		set := setOf(changes...)
		Attribute(set, log, Facts{})
		if !set.Changes[n-1].By[0].Known() {
			b.Fatal("unknown")
		}
	}
}

// TestManyStubs: an object that a service writes to all day costs no more than that.
func TestManyStubs(t *testing.T) {
	t.Parallel()
	var events []event
	for i := range 2000 {
		e := logged(fmt.Sprint(i), "10:00:00", "Update service principal", core, application("Sync", "sp-sync"), targets(of("ServicePrincipal", "sp-1")))
		events = append(events, e.with("activityDateTime", at("00:00:01").Add(time.Duration(i)*40*time.Second)))
	}
	set := setOf(changed("servicePrincipals", "sp-1", set("/spec/notes", "a", "b")))
	log := logOf(events...)
	began := time.Now()
	Attribute(set, log, Facts{})
	if took := time.Since(began); took > 5*time.Second || set.Changes[0].By[0].Certainty != entra.Touched {
		t.Errorf("%s after %s", whoDid(set.Changes[0]), took)
	}
}
