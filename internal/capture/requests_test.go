package capture_test

import (
	"math"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// A capture asks for pages as large as they come and for children twenty at a time:
// no more requests than pages, batches and kinds.
func TestRequests(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	tn.ClearLog()
	_, s := tn.run(t, files{}, entra.Manifest{Tenant: tn.TenantID()})
	var objects, pages, children int
	for _, k := range s.Kinds {
		objects += k.Objects
		pages += divide(k.Objects, page(k.Kind))
	}
	lists := map[string]bool{"/directoryObjects/getAvailableExtensionProperties": true}
	for _, k := range kind.All() {
		lists[strings.ReplaceAll(k.Path, "{tenant}", tn.TenantID())] = true
	}
	for _, r := range tn.Requests() {
		if r.Batched && (!lists[r.Path] || strings.Contains(r.Query, "groupId eq")) {
			children++
		}
	}
	bound := pages + divide(children, 20) + len(s.Kinds)
	strict := divide(objects, 999) + divide(children, 20) + len(s.Kinds)
	sent := int(tn.Stats().HTTP)
	t.Logf("%d objects, %d children, %d kinds: %d requests, at most %d, with one size of page %d",
		objects, children, len(s.Kinds), sent, bound, strict)
	if sent > min(bound, strict) {
		t.Error("too many requests")
	}
}

// page is how many objects of a kind come at once.
func page(k *kind.Kind) int {
	if k.Top > 0 {
		return k.Top
	}
	return 100
}

func divide(n, by int) int { return int(math.Ceil(float64(n) / float64(by))) }
