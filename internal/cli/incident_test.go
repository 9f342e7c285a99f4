package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// incidentSeeds is how many incidents of each sort are tried; ENTRAGIT_INCIDENTS asks for more.
const incidentSeeds = 8

// Something happens to a tenant, at random but repeatably, and one command puts everything
// back. What became of it is judged by what the emulator holds, not by what entragit reads:
// the objects that were touched are as they were, no other object is touched, and no sentence
// says more than is true.
func TestIncidents(t *testing.T) {
	seeds := incidentSeeds
	if n, err := strconv.Atoi(os.Getenv("ENTRAGIT_INCIDENTS")); err == nil {
		seeds = n
	}
	base := newLaw(t, emulator.Options{})
	for _, sort := range []struct {
		name    string
		changes int
		goal    float64
	}{{"single", 1, 0.98}, {"several", 5, 0.95}} {
		t.Run(sort.name, func(t *testing.T) {
			tally := incidentTally{}
			for seed := range seeds {
				tally.count(t, seed, newIncident(t, base, uint64(seed), sort.changes))
			}
			tally.judge(t, sort.name, sort.goal)
		})
	}
}

// incident is one tenant to which something happened.
type incident struct {
	*law
	random *rand.Rand
	saved  string
	url    string // of the versioned base
	// happened says what was changed, undoable whether Graph lets somebody undo all of it.
	happened []string
	undoable bool
	// arguments are what a person would ask back.
	arguments []string
	// everyKind lets also those objects change whose id does not outlive them.
	everyKind bool
	// answer is the body of the last answer to a request.
	answer map[string]any
}

// newIncident makes a tenant like that of the base, and changes it.
func newIncident(t *testing.T, base *law, seed uint64, changes int) *incident {
	t.Helper()
	dir := t.TempDir()
	i := &incident{random: rand.New(rand.NewPCG(seed, uint64(changes))), saved: filepath.Join(dir, "saved"), undoable: true}
	server, err := emulator.New(emulator.Options{Save: i.saved})
	must(t, err)
	direct, web := httptest.NewServer(server), judged(t, server)
	t.Cleanup(direct.Close)
	own := *base
	own.server, own.admin, own.repo = server, server.Administrator(), filepath.Join(dir, "backup")
	own.variables = map[string]string{}
	for name, v := range base.variables {
		own.variables[name] = v
	}
	must(t, os.CopyFS(own.repo, os.DirFS(base.repo)))
	own.variables["ENTRAGIT_REPO"], own.variables["ENTRAGIT_GRAPH"] = own.repo, web.URL
	i.law, i.url = &own, direct.URL+"/v1.0"
	for tries := 0; len(i.happened) < changes && tries < 2000; tries++ {
		i.change(t)
	}
	if changes > 1 {
		i.arguments = []string{"**"}
	}
	return i
}

// change makes one random change, where the tenant lets it be made.
func (i *incident) change(t *testing.T) {
	t.Helper()
	kinds := slices.DeleteFunc(slices.Clone(kind.All()), func(k *kind.Kind) bool { return k.Unavailable+k.NeverWritten != "" || len(i.files[k.Name]) == 0 })
	k := kinds[i.random.IntN(len(kinds))]
	o := i.files[k.Name][i.random.IntN(len(i.files[k.Name]))]
	sorts := []func(*testing.T, *kind.Kind, *entra.Object) string{i.setProperty, i.setProperty, i.changeLink, i.changeElement, i.remove, i.purge, i.add}
	if what := sorts[i.random.IntN(len(sorts))](t, k, o); what != "" {
		i.happened = append(i.happened, what)
		i.arguments = append(i.arguments, o.String())
	}
}

func (i *incident) setProperty(t *testing.T, k *kind.Kind, o *entra.Object) string {
	if len(k.Update) == 0 || i.missing(t, k, o) {
		return ""
	}
	p := k.Update[i.random.IntN(len(k.Update))]
	var values []any
	for v := range i.others(o.Spec[p]) {
		values = append(values, v)
	}
	values = append(values, nil)
	v := values[i.random.IntN(len(values))]
	if i.write(t, k, o, p, v) != "" {
		return ""
	}
	if _, final := k.OneWay[p]; final {
		i.undoable = false
	}
	return fmt.Sprintf("%s: %s is %s", o.String(), p, textOf(v))
}

func (i *incident) changeLink(t *testing.T, k *kind.Kind, o *entra.Object) string {
	if len(k.Links) == 0 || i.missing(t, k, o) {
		return ""
	}
	link := &k.Links[i.random.IntN(len(k.Links))]
	if ids := o.Links[link.Name]; len(ids) > 0 && i.random.IntN(2) == 0 {
		id := ids[i.random.IntN(len(ids))]
		if i.unlink(t, k, o, link, id) != "" {
			return ""
		}
		return fmt.Sprintf("%s: %s lost %s", o.String(), link.Name, id)
	}
	if id := i.stranger(t, link, o); id != "" && i.relink(t, k, o, link, id) == "" {
		return fmt.Sprintf("%s: %s got %s", o.String(), link.Name, id)
	}
	return ""
}

func (i *incident) changeElement(t *testing.T, k *kind.Kind, o *entra.Object) string {
	if len(k.Contained) == 0 || i.missing(t, k, o) {
		return ""
	}
	c := &k.Contained[i.random.IntN(len(k.Contained))]
	if len(o.Contained[c.Name]) == 0 {
		return ""
	}
	e := o.Contained[c.Name][i.random.IntN(len(o.Contained[c.Name]))]
	if slices.ContainsFunc(i.happened, func(what string) bool { return strings.HasPrefix(what, o.String()+": "+c.Name+" lost") }) {
		return "" // it may be the one that is lost
	}
	if !c.NoDelete && !c.UpdateOnly && i.random.IntN(2) == 0 {
		if i.deleteElement(t, k, o, c, e) != "" {
			return ""
		}
		return fmt.Sprintf("%s: %s lost %s", o.String(), c.Name, textOf(e))
	}
	if len(c.Update) == 0 {
		return ""
	}
	p := c.Update[i.random.IntN(len(c.Update))]
	for v := range i.others(e[p]) {
		if i.writeElement(t, k, o, c, e, p, v) == "" {
			return fmt.Sprintf("%s: %s of one of %s is %s", o.String(), p, c.Name, textOf(v))
		}
	}
	return ""
}

func (i *incident) remove(t *testing.T, k *kind.Kind, o *entra.Object) string {
	if i.missing(t, k, o) || k.Deletion.Mode == kind.DeleteNone || i.delete(t, k, o) != "" {
		return ""
	}
	if k.Deletion.Mode == kind.DeleteHard && k.NotRecreatable != "" {
		i.undoable = false
	}
	return o.String() + ": deleted"
}

// purge deletes an object for good.
func (i *incident) purge(t *testing.T, k *kind.Kind, o *entra.Object) string {
	if k.Deletion.Mode != kind.DeleteSoft || i.remove(t, k, o) == "" {
		return ""
	}
	synchronised := o.Property("onPremisesSyncEnabled") == true
	exchange := o.Property("mailEnabled") == true && !strings.Contains(textOf(o.Property("groupTypes")), "Unified")
	i.undoable = i.undoable && k.NotRecreatable == "" && !synchronised && !exchange
	if status := i.send(t, http.MethodDelete, k.Deletion.RestorePath+"/"+o.ID, nil); status != http.StatusNoContent {
		return o.String() + ": deleted"
	}
	i.sends(o.Key, "", nil)
	return o.String() + ": deleted for good"
}

// add makes a second object that is like one but for its name.
func (i *incident) add(t *testing.T, k *kind.Kind, o *entra.Object) string {
	name := cmp.Or(k.NameFrom, "displayName")
	if k.Singleton || k.Requests != nil || o.Spec[name] == nil || !k.Restorable(name) {
		return ""
	}
	body := map[string]any{}
	for p, v := range o.Spec {
		if k.Restorable(p) {
			body[p] = v
		}
	}
	body[name] = fmt.Sprintf("%v of a stranger", body[name])
	if k.Person {
		body["userPrincipalName"] = fmt.Sprintf("stranger-%d-%v", len(i.happened), body["userPrincipalName"])
		body["passwordProfile"] = map[string]any{"password": "Not-kept-0"}
	}
	status := i.send(t, http.MethodPost, i.addresses().Collection(k), body)
	if status != http.StatusCreated {
		return ""
	}
	id, _ := i.answer[cmp.Or(k.IDFrom, "id")].(string)
	i.sends(entra.Key{Kind: k.Name, ID: id}, "", nil)
	i.arguments = append(i.arguments, k.Name) // which means what was added, too
	return fmt.Sprintf("%s: a stranger's like %s was added", k.Name, o.ID)
}

// missing reports whether an object was deleted before.
func (i *incident) missing(t *testing.T, k *kind.Kind, o *entra.Object) bool {
	t.Helper()
	if !k.Singleton && len(k.NaturalKey) > 0 {
		return !i.everyKind || !slices.ContainsFunc(i.bodies(i.addresses().Object(k, "")), func(b map[string]any) bool { return holds(b, kind.NaturalKey(k, o)) })
	}
	return slices.ContainsFunc(i.happened, func(what string) bool { return strings.HasPrefix(what, o.String()+": deleted") })
}

func (i *incident) send(t *testing.T, method, path string, body map[string]any) int {
	t.Helper()
	var sent []byte
	if body != nil {
		sent = []byte(textOf(body))
	}
	request, err := http.NewRequestWithContext(t.Context(), method, i.url+path, bytes.NewReader(sent))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Language", "0") // branding requires it
	response, err := http.DefaultClient.Do(i.by.signs(request))
	must(t, err)
	i.answer = nil
	if response.StatusCode == http.StatusCreated || response.StatusCode == http.StatusOK {
		must(t, json.NewDecoder(response.Body).Decode(&i.answer))
	}
	must(t, response.Body.Close())
	return response.StatusCode
}

// incidentTally counts how incidents ended.
type incidentTally struct {
	incidents, undoable, restored int
	touched, strangers, untrue    int
	failures                      []string
}

// count has an incident undone and compares what the tenant holds.
func (c *incidentTally) count(t *testing.T, seed int, i *incident) {
	t.Helper()
	fresh, err := emulator.New(emulator.Options{Save: i.saved + "-first"})
	must(t, err)
	first, broken := worldOf(t, fresh, i.saved+"-first"), worldOf(t, i.server, i.saved)
	touched := first.differing(broken)
	args := append([]string{"reconcile", "--from", i.first, "--yes", "--recreate", "--prune", "--enforce", "--passwords", filepath.Join(filepath.Dir(i.saved), "passwords"), "--accept", strings.Join(ruleNames(), ",")}, i.arguments...)
	code, out, errs := i.entragit(args...)
	now := worldOf(t, i.server, i.saved)
	was := first.renamed(now)
	left := was.differing(now)
	c.incidents++
	c.touched += len(touched)
	var verdict []string
	if i.undoable {
		c.undoable++
	}
	switch {
	case len(left) == 0 && i.undoable:
		c.restored++
	case len(left) > 0 && code == exitDone:
		c.untrue++
		verdict = append(verdict, "UNTRUE: the exit code is 0")
	case i.undoable:
		verdict = append(verdict, "not restored")
	}
	if len(touched) > 0 && strings.Contains(out+errs, "Nothing to do") {
		c.untrue++
		verdict = append(verdict, "UNTRUE: nothing to do")
	}
	for _, name := range left {
		if !slices.Contains(touched, name) && first.at(name) != nil && !reflect.DeepEqual(broken.at(name), now.at(name)) {
			c.strangers++
			verdict = append(verdict, "STRANGER: "+name)
		}
	}
	for n, name := range left {
		left[n] = was.explain(now, name)
	}
	if len(verdict) > 0 {
		c.failures = append(c.failures, fmt.Sprintf("seed %d: %s (exit %d)\n  happened: %s\n  left: %s\n%s%s", seed, strings.Join(verdict, "; "), code,
			strings.Join(i.happened, "\n            "), strings.Join(left, "\n        "), told(out), told(errs)))
	}
}

// told are the lines of a report that are not about what was done.
func told(report string) string {
	var kept strings.Builder
	for line := range strings.Lines(report) {
		for _, sign := range []string{"failed:", "skipped:", "! ", "still ", "entragit:", "Read back:", "hint:"} {
			if strings.HasPrefix(strings.TrimSpace(line), sign) {
				kept.WriteString("    " + line)
				break
			}
		}
	}
	return kept.String()
}

func (c *incidentTally) judge(t *testing.T, name string, goal float64) {
	t.Helper()
	rate := float64(c.restored) / float64(max(c.undoable, 1))
	t.Logf("%s: %d incidents, %d that Graph lets somebody undo, %d restored (%.1f %%), %d objects touched, %d others changed, %d untrue sentences",
		name, c.incidents, c.undoable, c.restored, 100*rate, c.touched, c.strangers, c.untrue)
	if rate < goal || c.strangers+c.untrue > 0 || c.undoable == 0 {
		t.Errorf("want %.0f %% restored, no others changed, no untrue sentence:\n%s", 100*goal, strings.Join(c.failures, "\n"))
	}
}
