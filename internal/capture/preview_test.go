package capture_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

const previewPolicies = "/identity/conditionalAccess/policies"

// preview answers for one policy as Graph does when it uses preview features.
func preview(id string) emulator.Fault {
	return emulator.Fault{
		Method: "GET", Path: previewPolicies + "/" + id, Status: 400, Code: "BadRequest",
		Message: "1037: The policy you requested contains preview features. Use the Beta endpoint to retrieve this policy.",
	}
}

// A policy that uses preview features is recognised when it is new or changed, which costs a
// request each; the mark of one that did not change is kept.
func TestPreviewsAreRecognised(t *testing.T) {
	const name = "conditionalAccessPolicies"
	tn := newTenant(t, emulator.Options{})
	asked := func(run func()) int {
		tn.ClearLog()
		run()
		n := 0
		for _, r := range tn.Requests() {
			if strings.HasPrefix(r.Path, previewPolicies+"/") {
				n++
			}
		}
		return n
	}
	all, _ := tn.only(t, files{}, entra.Manifest{}, name)
	hidden, changed := ids(all, name)[0], ids(all, name)[1]
	tn.fault(t, preview(hidden))
	base, manifest := files{}, entra.Manifest{}
	for _, step := range []struct {
		what   string
		before func()
		asked  int
		marked []string
	}{
		{"the first snapshot", func() {}, len(ids(all, name)), []string{hidden}},
		{"nothing changed", func() {}, 0, []string{hidden}},
		{"one changed", func() { tn.write(t, "PATCH", previewPolicies+"/"+changed, `{"displayName":"another"}`) }, 1, []string{hidden}},
		{"another is in preview", func() {
			tn.write(t, "PATCH", previewPolicies+"/"+changed, `{"displayName":"one more"}`)
			tn.fault(t, preview(changed))
		}, 1, sorted(hidden, changed)},
		{"whether one is could not be read", func() {
			tn.write(t, "PATCH", previewPolicies+"/"+changed, `{"displayName":"yet another"}`)
			tn.heal(t)
			tn.fault(t, preview(hidden), emulator.Fault{Method: "GET", Path: previewPolicies + "/" + changed, Status: 403})
		}, 1, sorted(hidden, changed)},
		{"and is asked again", func() { tn.heal(t); tn.fault(t, preview(hidden)) }, len(ids(all, name)), []string{hidden}},
	} {
		step.before()
		var c entra.Coverage
		got := asked(func() {
			s := manifest
			now, summary := tn.only(t, base, s, name)
			base, manifest = now, summary.Manifest
			c = summary.Manifest.Kinds[name]
		})
		if got != step.asked || !slices.Equal(c.InPreview, step.marked) {
			t.Errorf("%s: %d asked for, marked %v; want %d, %v", step.what, got, c.InPreview, step.asked, step.marked)
		}
		if partial := c.State == entra.Partial; partial != strings.Contains(step.what, "could not") {
			t.Errorf("%s: %s %s", step.what, c.State, c.Cause)
		}
	}
}

func sorted(ids ...string) []string {
	slices.Sort(ids)
	return ids
}

// heal lets every request through again.
func (tn *tenant) heal(t *testing.T) {
	t.Helper()
	req, err := http.NewRequest(http.MethodDelete, tn.url+"/_emulator/faults", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}
