package cli

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// The law of what is gone for good: delete an object of any kind past the deleted items,
// reconcile with --recreate, and under the lineage that the run tells the tenant is what it
// was, but for what cannot return and is told before the first write.
func TestRecreate(t *testing.T) {
	for _, k := range kind.All() {
		if k.Recreated() || !k.Recreatable() || k.Deletion.Mode == kind.DeleteNone {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			l := newLaw(t, emulator.Options{})
			gone := l.purgeOne(t, k)
			outcome := l.recreate(t, gone...)
			l.backup(t)
			l.sameUnder(t, outcome)
			l.followed(t, outcome, gone)
		})
	}
}

// An instance of another tenant's application comes back by its appId, which stays.
func TestRecreateWhatSomebodyElsePublishes(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	k := kind.ByName("servicePrincipals")
	for _, o := range l.objects(t, k) {
		owner := o.Text("appOwnerOrganizationId")
		if owner == "" || owner == l.server.TenantID() || l.purge(t, k, o) != "" {
			continue
		}
		outcome := l.recreate(t, o)
		if len(outcome.Lineage) != 1 {
			t.Errorf("%+v", outcome.Lineage)
		}
		l.backup(t)
		l.sameUnder(t, outcome)
		return
	}
	t.Fatal("the tenant has no such instance")
}

// purgeOne deletes one object of a kind for good, with what the tenant does not let it go
// without, and returns what is gone.
func (l *law) purgeOne(t *testing.T, k *kind.Kind) []*entra.Object {
	t.Helper()
	refusal := ""
	for _, o := range l.objects(t, k) {
		if refusal = l.purge(t, k, o); refusal == "" {
			return []*entra.Object{o}
		}
	}
	for _, o := range l.objects(t, k) {
		gone := l.release(t, k, o)
		if refusal = l.purge(t, k, o); refusal == "" {
			return append(gone, o)
		}
	}
	t.Fatalf("no %s can be deleted: %s", k.Title, refusal)
	return nil
}

// release deletes everything that names an object, and takes away what links it.
func (l *law) release(t *testing.T, k *kind.Kind, o *entra.Object) (gone []*entra.Object) {
	t.Helper()
	for i := range k.Links {
		for _, id := range o.Links[k.Links[i].Name] {
			if k.Links[i].Reverse != "" {
				l.unlink(t, k, o, &k.Links[i], id)
			}
		}
	}
	for _, other := range kind.All() {
		for _, x := range l.files[other.Name] {
			for m := range other.NamesOf(x) {
				if m.Of(map[entra.Name]bool{{Kind: k.Name, Value: o.ID}: true}) {
					gone = append(append(gone, l.release(t, other, x)...), x)
					l.purge(t, other, x)
					break
				}
			}
		}
	}
	return gone
}

// purge deletes an object for good.
func (l *law) purge(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	refusal := l.delete(t, k, o)
	if refusal == "" && k.Deletion.Mode == kind.DeleteSoft {
		refusal = why(l.admin.Remove(l.addresses().Deleted(k, o.ID)))
	}
	return refusal
}

// recreate reconciles what is gone and returns what became of it.
func (l *law) recreate(t *testing.T, objects ...*entra.Object) entra.Outcome {
	t.Helper()
	args := []string{"reconcile", "--from", l.first, "--recreate", "--enforce", "--passwords", filepath.Join(t.TempDir(), "passwords"), "--yes", "--output", "json", "--accept", strings.Join(ruleNames(), ",")}
	for _, o := range objects {
		args = append(args, o.String())
	}
	code, out, errs := l.entragit(args...)
	var outcome entra.Outcome
	if err := json.Unmarshal([]byte(out), &outcome); err != nil || !outcome.Complete() || (code == exitDone) == (len(outcome.Plan.Losses)+len(outcome.Plan.Refusals) > 0) {
		t.Fatalf("reconcile exits with %d: %v\n%s%s", code, err, out, errs)
	}
	return outcome
}

var (
	emptyMember   = regexp.MustCompile(`(?m)^ *"\w+": "",?\n`)
	danglingComma = regexp.MustCompile(`,(\s*[}\]])`)
)

// withoutEmptyTexts leaves out of a JSON document what an object that is created again has
// not: an empty text means the same as none.
func withoutEmptyTexts(document string) string {
	return danglingComma.ReplaceAllString(emptyMember.ReplaceAllString(document, ""), "$1")
}

// sameUnder compares the newest snapshot with the first: it is what it was, but for
// identities.
func (l *law) sameUnder(t *testing.T, outcome entra.Outcome) {
	t.Helper()
	back := map[entra.Name]string{}
	for _, s := range outcome.Lineage {
		for _, n := range kind.Shared(entra.Name{Kind: s.Kind, By: s.By, Value: s.New}) {
			back[n] = s.Old
		}
	}
	before, after := l.written(t, l.first, nil), l.written(t, snapshotsBranch, back)
	for _, r := range outcome.Plan.Refusals {
		if !strings.Contains(r.Reason, "Active Directory") {
			t.Errorf("%s %s is left alone: %s", r.Key, r.Pointer, r.Reason)
		}
		delete(before, r.String())
		delete(after, r.String())
	}
	for key, text := range before {
		if diff := cmp.Diff(withoutEmptyTexts(text), withoutEmptyTexts(after[key])); diff != "" {
			t.Errorf("%s is not what it was:\n%s", key, diff)
		}
	}
	for key := range after {
		if _, ok := before[key]; !ok {
			t.Errorf("%s has come", key)
		}
	}
}

// written is what can be written of every object of a snapshot, as text, with other
// identities: where an object is known by its natural key, by that.
func (l *law) written(t *testing.T, rev string, to map[entra.Name]string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, objects := range l.snapshot(t, rev) {
		k := kind.ByName(name)
		for _, o := range objects {
			w := kind.Rewrite(k, o, kind.Renamed(to))
			key := o.Key
			if old := to[entra.Name{Kind: name, Value: o.ID}]; old != "" {
				key.ID = old
			} else if natural, ok := kind.ElementKey(kind.NaturalKey(k, w), k.NaturalKey); ok && natural != "" {
				key.ID = natural
			}
			sortSets(&k.Shape, "", w.Spec)
			w.Links = maps.Clone(w.Links)
			for _, lock := range k.Locks {
				for _, part := range lock.Parts { // what follows a rule, which the emulator does not
					if kind.Meets(lock.When, o.Property) {
						delete(w.Links, strings.TrimPrefix(part, "links/"))
					}
				}
			}
			text, err := json.MarshalIndent([]any{w.Spec, w.Links, w.Contained}, "", " ")
			must(t, err)
			all[key.String()] = string(text)
		}
	}
	return all
}

// sortSets brings the sets of a body into the order of their text.
func sortSets(s *kind.Shape, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			sortSets(s, strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		for _, e := range v {
			sortSets(s, path+"[]", e)
		}
		if _, set := s.Sets[path]; set {
			slices.SortFunc(v, func(a, b any) int {
				x, _ := json.Marshal(a)
				y, _ := json.Marshal(b)
				return strings.Compare(string(x), string(y))
			})
		}
	}
}
