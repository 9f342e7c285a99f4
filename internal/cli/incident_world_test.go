package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
)

// world is everything that an emulated tenant holds, as its own save writes it: bodies by
// the Graph path of their collection and then by id; a singleton has the id "". No code of
// ours reads or compares it.
type world map[string]map[string]map[string]any

// worldOf saves the tenant and reads the save.
func worldOf(t testing.TB, server *emulator.Server, saved string) world {
	t.Helper()
	return readWorld(t, server, saved, settled)
}

// readWorld is worldOf with values in another form than settled.
func readWorld(t testing.TB, server *emulator.Server, saved string, form func(any) any) world {
	t.Helper()
	must(t, server.Save())
	w := world{}
	must(t, filepath.WalkDir(saved, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".json" {
			return err
		}
		folder, err := filepath.Rel(saved, filepath.Dir(name))
		must(t, err)
		data, err := os.ReadFile(name)
		must(t, err)
		var value any
		must(t, json.Unmarshal(data, &value))
		w.add("/"+filepath.ToSlash(folder), value, form)
		return nil
	}))
	w.hide()
	return w
}

// hide takes out what the tenant keeps of deleted objects for the case that they are taken back,
// and shows to nobody.
func (w world) hide() {
	deleted := map[string]bool{}
	for collection, bodies := range w {
		if strings.Contains(collection, "deletedItems") {
			for id := range bodies {
				deleted[id] = true
			}
		}
	}
	for collection, bodies := range w {
		if slices.ContainsFunc(strings.Split(collection, "/"), func(segment string) bool { return deleted[segment] }) {
			delete(w, collection)
			continue
		}
		for id, body := range bodies {
			of := func(name string) bool { text, _ := body[name].(string); return deleted[text] }
			group, _ := cmp.Or(body["groupId"], body["scopeId"]).(string)
			orphan := anyGUID.MatchString(group) && w["/groups"][group] == nil && strings.Contains(collection, "rivilegedAccess") || body["scopeType"] == "Group" && w["/groups"][group] == nil
			if of("principalId") || of("clientId") || of("resourceId") || orphan {
				delete(bodies, id)
				continue
			}
			gone := func(v any) bool {
				target, _ := v.(map[string]any)
				id, _ := target["id"].(string)
				return len(target) == 1 && deleted[id]
			}
			for name, value := range body {
				if list, ok := value.([]any); ok {
					body[name] = slices.DeleteFunc(list, gone)
				} else if gone(value) {
					delete(body, name)
				}
			}
		}
	}
}

// records tell what happened and are no configuration, or are another view of what another
// collection holds.
var records = []string{
	"/auditLogs", "/identityGovernance/entitlementManagement/resourceRequests", "/roleManagement/directory/roleAssignmentScheduleRequests",
	"/roleManagement/directory/roleEligibilityScheduleRequests", "/scopedRoleMembers",
}

func (w world) add(collection string, value any, form func(any) any) {
	if slices.ContainsFunc(records, func(r string) bool { return strings.HasPrefix(collection, r) || strings.HasSuffix(collection, r) }) {
		return
	}
	if w[collection] == nil {
		w[collection] = map[string]map[string]any{}
	}
	list, many := value.([]any)
	if !many {
		list = []any{value}
	}
	for _, v := range list {
		body, _ := form(v).(map[string]any)
		if strings.HasPrefix(collection, "/identityGovernance/accessReviews") {
			delete(body, "status") // how far a review came
		}
		id := ""
		if many {
			id, _ = cmp.Or(body["id"], body["tenantId"]).(string)
		}
		w[collection][id] = body
	}
}

func textOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // values come from JSON
	}
	return string(data)
}

var anyGUID = regexp.MustCompile(`[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}`)

// renamed is the world with the ids of objects that are gone replaced by those of the objects
// that took their places in another world: the likest of their collection.
func (w world) renamed(now world) world {
	for range 3 { // an object's new id is in the path of what it contains
		var pairs []string
		known, live := w.ids(), now.ids()
		for collection, bodies := range w {
			pairs = append(pairs, successors(bodies, now[collection], known, live)...)
		}
		if len(pairs) == 0 {
			return w
		}
		w = w.replaced(strings.NewReplacer(pairs...))
	}
	return w
}

func (w world) replaced(names *strings.Replacer) world {
	fresh := world{}
	for collection, bodies := range w {
		to := names.Replace(collection)
		if fresh[to] == nil {
			fresh[to] = map[string]map[string]any{}
		}
		for id, body := range bodies {
			var renamed map[string]any
			if err := json.Unmarshal([]byte(names.Replace(textOf(body))), &renamed); err != nil {
				panic(err) // ids need no escaping
			}
			fresh[to][names.Replace(id)], _ = settled(renamed).(map[string]any)
		}
	}
	return fresh
}

// ids are those by which the objects that are there are known: their ids and application ids.
func (w world) ids() map[string]bool {
	all := map[string]bool{}
	for collection, bodies := range w {
		if strings.Contains(collection, "deletedItems") {
			continue
		}
		for id, body := range bodies {
			all[id] = true
			if appID, ok := body["appId"].(string); ok {
				all[appID] = true
			}
		}
	}
	return all
}

// successors pairs what is gone with what is new in a collection, as old and new identities:
// those of the two objects, and those at the same places within them, where the old one is no
// object's now and the new one was none before.
func successors(before, now map[string]map[string]any, known, live map[string]bool) []string {
	var pairs []string
	taken := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if now[id] != nil || id == "" {
			continue
		}
		best, likeness := "", -1
		for _, other := range slices.Sorted(maps.Keys(now)) {
			if before[other] != nil || taken[other] {
				continue
			}
			if n := alike(before[id], now[other]); n > likeness {
				best, likeness = other, n
			}
		}
		if best == "" {
			continue
		}
		taken[best] = true
		pairs = append(pairs, id, best)
		for _, name := range slices.Sorted(maps.Keys(before[id])) {
			old, fresh := textOf(before[id][name]), textOf(now[best][name])
			if anyGUID.ReplaceAllString(old, "") != anyGUID.ReplaceAllString(fresh, "") {
				continue
			}
			others := anyGUID.FindAllString(fresh, -1)
			for i, one := range anyGUID.FindAllString(old, -1) {
				if one != others[i] && one != id && !live[one] && !known[others[i]] {
					pairs = append(pairs, one, others[i])
				}
			}
		}
	}
	return pairs
}

// alike counts the values that two objects have in common at the same places, but for ids.
func alike(a, b any) int {
	switch a := a.(type) {
	case map[string]any:
		other, _ := b.(map[string]any)
		n := 0
		for name, v := range a {
			n += alike(v, other[name])
		}
		return n
	case []any:
		other, _ := b.([]any)
		n := 0
		for i := range min(len(a), len(other)) {
			n += alike(a[i], other[i])
		}
		return n
	}
	switch text, other := textOf(a), textOf(b); {
	case text == other:
		return 2
	case b != nil && anyGUID.ReplaceAllString(text, "") == anyGUID.ReplaceAllString(other, ""):
		return 1
	}
	return 0
}

// differing lists the objects that two worlds do not have alike, as collection and id.
func (w world) differing(other world) []string {
	seen := map[string]bool{}
	live := w.ids()
	maps.Copy(live, other.ids())
	alike := func(a, b map[string]any) bool {
		return reflect.DeepEqual(a, b) || reflect.DeepEqual(withoutInner(within(a, b), live, false), withoutInner(within(b, a), live, false))
	}
	for _, pair := range [][2]world{{w, other}, {other, w}} {
		for collection, bodies := range pair[0] {
			if strings.Contains(collection, "deletedItems") {
				continue
			}
			for id, body := range bodies {
				if !alike(body, pair[1][collection][id]) {
					seen[collection+"/"+id] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// within is what of an object an application can change by Microsoft's rules: not who is in a
// group that a rule or another directory fills, nor to whom a user of another directory is
// linked.
func within(o, other map[string]any) map[string]any {
	var closed []string
	for _, one := range []map[string]any{o, other} {
		if one["onPremisesSyncEnabled"] == true {
			closed = append(closed, "members", "owners", "manager")
		}
		if one["membershipRule"] != nil {
			closed = append(closed, "members")
		}
	}
	if len(closed) == 0 || o == nil || other == nil {
		return o
	}
	open := maps.Clone(o)
	for _, name := range closed {
		delete(open, name)
	}
	return open
}

// explain shows how an object differs in two worlds.
func (w world) explain(other world, name string) string {
	a, b := w.at(name), other.at(name)
	if a == nil || b == nil {
		return fmt.Sprintf("%s: there %t, now %t", name, a != nil, b != nil)
	}
	text := name
	for _, p := range slices.Compact(slices.Sorted(maps.Keys(a))) {
		if !reflect.DeepEqual(a[p], b[p]) {
			text += fmt.Sprintf("\n            %s: was %s, is %s", p, textOf(a[p]), textOf(b[p]))
		}
	}
	for p := range b {
		if _, both := a[p]; !both {
			text += fmt.Sprintf("\n            %s: is %s", p, textOf(b[p]))
		}
	}
	return text
}

// at returns a body by what differing calls it.
func (w world) at(name string) map[string]any {
	i := strings.LastIndex(name, "/")
	return w[name[:i]][name[i+1:]]
}
