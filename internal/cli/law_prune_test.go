package cli

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// The law of what was added: take one object of each kind that can be deleted out of a
// tenant, back up what is left, and lead the tenant that still has them back with --prune.
// Afterwards it is what was backed up, but for what Graph does not delete, and each of those
// is left alone with a reason.
func TestLawOfPruning(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	gone := map[string]*entra.Object{}
	for _, k := range kind.All() {
		if k.Unavailable+k.NeverWritten != "" || k.Deletion.Mode == kind.DeleteNone {
			continue
		}
		for _, o := range l.objects(t, k) {
			if why(l.admin.Remove(l.addresses().Object(k, o.ID))) == "" {
				gone[k.Name] = o
				break
			}
		}
	}
	l.backup(t)
	l.first = strings.TrimSpace(l.git(t, "rev-parse", snapshotsBranch))

	whole, err := emulator.New(emulator.Options{})
	must(t, err)
	web := httptest.NewServer(whole)
	defer web.Close()
	l.variables["ENTRAGIT_GRAPH"] = web.URL
	_, out, errs := l.entragit("reconcile", "--from", l.first, "--yes", "--prune", "--accept", strings.Join(ruleNames(), ","), "**")
	for line := range strings.SplitSeq(out, "\n") {
		if strings.HasPrefix(line, "failed:") || strings.HasPrefix(line, "skipped:") || strings.HasPrefix(line, "Still different") {
			t.Error(line)
		}
	}
	_, left, _ := l.entragit("diff", l.first)
	deleted := 0
	for _, o := range gone {
		there, told := strings.Contains(left, "("+o.ID+")"), strings.Contains(out, "("+o.ID+") –")
		if !there {
			deleted++
		}
		if there != told {
			t.Errorf("%s: it is there: %t, and left alone with a reason: %t", o.Key, there, told)
		}
	}
	if deleted < 40 || t.Failed() {
		t.Errorf("%d of %d objects were deleted\n%s\n%s\n%s", deleted, len(gone), out, errs, left)
	}
}
