package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// A history is a page with a heading for each snapshot, and each change is taken back to the
// snapshot before it.
func TestHistoryPage(t *testing.T) {
	at := func(seq int) entra.Point {
		p := snapshot
		p.Seq = seq
		return p
	}
	group := entra.Key{Kind: "groups", ID: tierID}
	h := &History{Key: group, Name: "Tier 0 <Admins>", To: at(12), Names: map[string]string{mallory: "users: Mallory Moe"}, Events: []HistoryEvent{
		{Snapshot: at(9), Signer: "ada SHA256:x", Change: entra.Change{Key: group, Name: "Tier 0 <Admins>", Type: entra.Changed,
			Links: []entra.LinkChange{{Link: "members", Added: []string{mallory}}}, By: []entra.Attribution{portalAda}}},
		{Snapshot: at(5), Problem: "no signature\u202e", Change: entra.Change{Key: group, Name: "Tier 0 <Admins>", Type: entra.Changed,
			Properties: []entra.PropertyChange{{Pointer: "/spec/description", Before: "a", After: "b"}}}},
		{Snapshot: at(1), First: true},
	}}
	var b bytes.Buffer
	if err := h.HTML(&b, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<h1>History of group <bdi class="strong">Tier 0 &lt;Admins&gt;</bdi>`, `From <strong>the first snapshot</strong> to <strong>snapshot 12`,
		`<h3>Snapshot 9 of 2026-10-01 02:00 UTC (3f2b1c9e3f) – signed by ada SHA256:x</h3>`, `whose signature does not count – ! no signature\u202e</h3>`,
		`– read for the first time; what was before is not known</h3>`, `reconcile --from seq:8 --prune groups/` + tierID, `reconcile --from seq:4 groups/` + tierID,
		`<bdi>users: Mallory Moe</bdi>`, `<option value="ada@contoso.com">`, `<code>entragit history groups/` + tierID + `</code>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(b.String(), "<article"); n != 2 {
		t.Errorf("%d changes are shown", n)
	}
	b.Reset()
	if err := (&History{Key: group, Name: "Tier 0", To: at(12)}).HTML(&b, Options{}); err != nil || !strings.Contains(b.String(), "No change up to snapshot 12") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
