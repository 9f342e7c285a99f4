package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// The law that everything rests on: back up, change anything that can be changed,
// reconcile, and the tenant is what it was, to the same tree id. It ranges over every
// kind and each of its writable properties, links and contained collections, and over
// deletion where it can be undone, through the command line and real HTTP. Where an object
// gets another id, everything but the id is what it was.
func TestLaw(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	l.unrecorded()
	for _, k := range kind.All() {
		t.Run(k.Name, func(t *testing.T) {
			if k.Unavailable != "" {
				if !strings.Contains(l.manifest, k.Unavailable) {
					t.Errorf("the manifest does not say why it is skipped: %s", k.Unavailable)
				}
				return
			}
			l.kind(t, k)
			l.unchanged(t, k.Name)
		})
	}
	if !t.Failed() {
		l.sameTree(t)
	}
}

func (l *law) kind(t *testing.T, k *kind.Kind) {
	objects := l.objects(t, k)
	if k.NeverWritten != "" {
		return // nothing writes it: there is nothing to change
	}
	for _, p := range k.Update {
		if _, final := k.OneWay[p]; !final && !slices.Contains(onFirstDay, k.Name+"/"+p) && l.has(k.Type, p) {
			t.Run(p, func(t *testing.T) { l.property(t, k, objects, p) })
		}
	}
	if k.Extensions {
		t.Run("extensions", func(t *testing.T) { l.extensions(t, k, objects) })
	}
	for i := range k.Links {
		if !l.has(k.Type, k.Links[i].Name) {
			continue
		}
		t.Run(k.Links[i].Name, func(t *testing.T) { l.link(t, k, objects, &k.Links[i]) })
	}
	for i := range k.Contained {
		t.Run(k.Contained[i].Name, func(t *testing.T) { l.contained(t, k, objects, &k.Contained[i]) })
	}
	if k.Deletion.Mode == kind.DeleteSoft && !k.Lacking(l.cloud).Deleted || k.Deletion.Mode == kind.DeleteHard && k.Recreated() {
		t.Run("deleted", func(t *testing.T) { l.deleted(t, k, objects) })
	}
}

// onFirstDay are properties that a tenant in use does not let anybody change: security defaults
// and Conditional Access exclude each other.
var onFirstDay = []string{"identitySecurityDefaultsEnforcementPolicy/isEnabled"}

// What can only be changed in a tenant that nobody has configured is put back there.
func TestLawOnTheFirstDay(t *testing.T) {
	l := newLaw(t, emulator.Options{Seed: "empty"})
	for _, property := range onFirstDay {
		name, p, _ := strings.Cut(property, "/")
		k := kind.ByName(name)
		l.property(t, k, l.objects(t, k), p)
		l.unchanged(t, name)
	}
}

// Microsoft documents of few complex values whether a PATCH replaces or merges them.
// The law holds either way.
func TestLawWhereGraphMerges(t *testing.T) {
	l := newLaw(t, emulator.Options{MergeComplex: true})
	l.unrecorded()
	for _, k := range kind.All() {
		if k.Unavailable+k.NeverWritten != "" {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			objects := l.objects(t, k)
			for _, p := range k.Update {
				if slices.ContainsFunc(objects, func(o *entra.Object) bool { _, ok := o.Spec[p].(map[string]any); return ok }) {
					t.Run(p, func(t *testing.T) { l.property(t, k, objects, p) })
				}
			}
			l.unchanged(t, k.Name)
		})
	}
}

// What Graph does not let be created again is left alone with the reason.
func TestLawOfWhatIsGone(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	for _, k := range kind.All() {
		if k.Deletion.Mode != kind.DeleteHard || k.Recreated() || k.Unavailable+k.NeverWritten != "" {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			refusal := ""
			for _, o := range l.objects(t, k) {
				if refusal = l.delete(t, k, o); refusal != "" {
					continue
				}
				l.refused(t, o, k.NotRecreatable)
				return
			}
			t.Skipf("every %s is in use: %s", k.Title, refusal)
		})
	}
}

// What Graph does not let be changed back is left alone with the reason.
func TestLawOfWhatIsFinal(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	for _, k := range kind.All() {
		for p, final := range k.OneWay {
			t.Run(k.Name+"/"+p, func(t *testing.T) {
				objects := l.objects(t, k)
				i := slices.IndexFunc(objects, func(o *entra.Object) bool { return o.Spec[p] != nil && o.Spec[p] != final })
				if i < 0 {
					t.Fatalf("every %s of the seed has it", k.Title)
				}
				if refusal := l.write(t, k, objects[i], p, final); refusal != "" {
					t.Fatal(refusal)
				}
				l.refused(t, objects[i], fmt.Sprint(final))
			})
		}
	}
}

// refused makes sure that an object is left alone, with a reason.
func (l *law) refused(t *testing.T, o *entra.Object, reason string) {
	t.Helper()
	before := l.server.Stats().Writes
	_, out, errs := l.entragit("reconcile", "--from", l.first, "--yes", "--prune", "--accept", strings.Join(ruleNames(), ","), o.String())
	if l.server.Stats().Writes != before || !strings.Contains(out+errs, reason) {
		t.Errorf("%s: want nothing written and a refusal with %q:\n%s%s", o.Key, reason, out, errs)
	}
}

// reconcile puts one object back. It reports whether there was anything to put back.
func (l *law) reconcile(t *testing.T, o *entra.Object) bool {
	t.Helper()
	what := o.String()
	if kind.ByName(o.Kind).Sole != "" {
		what = o.Kind // the object that it is taken from is another one
	}
	code, out, errs := l.entragit("reconcile", "--from", l.first, "--yes", "--prune", "--accept", strings.Join(ruleNames(), ","), what)
	if code != exitDone {
		t.Fatalf("reconcile %s exits with %d:\n%s%s", o.Key, code, out, errs)
	}
	return !strings.Contains(out+errs, "Nothing to do")
}

// restored is reconcile of an object that was changed.
func (l *law) restored(t *testing.T, o *entra.Object) {
	t.Helper()
	if !l.reconcile(t, o) {
		t.Errorf("%s was changed, and reconcile finds nothing to do", o.Key)
	}
}

// unchanged compares a kind in the tenant with the first snapshot.
func (l *law) unchanged(t *testing.T, kindName string) {
	t.Helper()
	if code, out, errs := l.entragit("diff", l.first, "--exit-code", kindName); code != exitDone {
		t.Errorf("%s are not what they were: exit code %d:\n%s%s", kindName, code, out, errs)
	}
}

var emptyTexts = regexp.MustCompile(`(?m)^  \w+: ""\n`)

// sameTree takes another snapshot and compares the trees, apart from the objects that may
// have another id.
func (l *law) sameTree(t *testing.T) {
	t.Helper()
	l.backup(t)
	for path := range strings.SplitSeq(l.git(t, "diff-tree", "-r", "--name-only", "-z", l.first, snapshotsBranch), "\x00") {
		k := l.kindOf(path)
		if path == "" || k != nil && len(k.NaturalKey) > 0 {
			continue
		}
		// An empty text comes back as null, which means the same.
		if now := l.git(t, "show", snapshotsBranch+":"+path); emptyTexts.ReplaceAllString(l.git(t, "show", l.first+":"+path), "") != emptyTexts.ReplaceAllString(now, "") {
			t.Errorf("%s is not what it was", path)
		}
	}
}
