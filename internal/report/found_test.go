package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/ui"
)

// plainText is a report with each of its lines on one.
func plainText(t *testing.T, d Document) string {
	t.Helper()
	var b strings.Builder
	if err := d.Wide(0).Text(&b, ui.Palette{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func snapshotAt(seq int) entra.Point {
	return entra.Point{Seq: seq, Commit: fmt.Sprintf("%010d", seq), Time: time.Date(2026, 10, seq, 0, 0, 0, 0, time.UTC)}
}

func hit(kind, id, pointer string) history.Hit {
	return history.Hit{Place: history.Place{Key: entra.Key{Kind: kind, ID: id}, Pointer: pointer, Value: "u"}, Name: "Name of " + id}
}

func TestFound(t *testing.T) {
	user := &entra.Key{Kind: "users", ID: "u"}
	now := Found{Word: "ada", Object: user, Name: "Ada", At: snapshotAt(3)}
	now.Place(hit("users", "u", "/metadata/id")) // itself
	now.Place(hit("groups", "g", "/links/members"))
	now.Place(hit("groups", "g", "/links/owners"))
	ever := Found{Word: "ada", Object: user, Name: "Ada", At: snapshotAt(3), Ever: true}
	for _, a := range []history.Appearance{
		{Hit: hit("users", "u", "/metadata/id"), Now: true},
		{Hit: hit("groups", "g", "/links/members"), First: snapshotAt(1), Last: snapshotAt(3), Since: true, Now: true},
		{Hit: hit("groups", "h", "/links/members"), First: snapshotAt(2), Last: snapshotAt(3), Now: true, Gaps: true},
		{Hit: hit("groups", "i", "/links/members"), First: snapshotAt(1), Last: snapshotAt(2)},
		{Hit: hit("groups", "j", "/links/members"), First: snapshotAt(2), Last: snapshotAt(2)},
	} {
		ever.Appeared(a)
	}
	unread := []entra.Unread{{Kind: "domains", State: entra.Forbidden, Cause: "no"}}
	for _, tt := range []struct {
		found Found
		says  []string
	}{
		{now, []string{
			"What names user Ada (u) in snapshot 3 of 2026-10-03 00:00 UTC (0000000003)\n\nNow\n", "group Name of g (g)\n  members: users: Ada (u)\n  owners: users: Ada (u)\n\n1 object names it\n",
		}},
		{ever, []string{
			"in every snapshot up to snapshot 3", "members: users: Ada (u) – since snapshot 1 of 2026-10-01 00:00 UTC (0000000001) or longer\n",
			"since snapshot 2 of 2026-10-02 00:00 UTC (0000000002), not all the time\n\nNo longer\n", ", last in snapshot 2 of", "– only in snapshot 2 of", "2 objects name it; 2 did and no longer do\n",
		}},
		{Found{Word: "x", At: snapshotAt(1)}, []string{"What names x in snapshot 1", "\nNo object names it\n"}},
		{Found{Word: "x", At: snapshotAt(1), Ever: true}, []string{"\nNo object names it, and none ever did\n"}},
		{Found{Word: "x", At: snapshotAt(1), Ever: true, Unread: unread}, []string{"Not read whole\n! domains (forbidden) no\n", "\nNo object that was read names it; 1 kind not read whole\n"}},
	} {
		text := plainText(t, tt.found.Document(Options{}))
		for _, want := range tt.says {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}
}

func TestLookHereFirst(t *testing.T) {
	key := func(n int) entra.Key { return entra.Key{Kind: "groups", ID: fmt.Sprint("g", n)} }
	set := &entra.ChangeSet{From: snapshotAt(1), To: snapshotAt(2), Names: map[string]string{"a": "users: Ada"}}
	for n := range 12 {
		set.Changes = append(set.Changes, entra.Change{Key: key(n), Name: fmt.Sprint("Group ", n), Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Added: []string{"a"}}}})
		set.Risks = append(set.Risks, entra.Risk{Rule: "r", Severity: entra.High, Key: key(n), Name: fmt.Sprint("Group ", n), Says: "has new members", About: []string{"a", "b", "c", "d", "e"}})
	}
	set.Risks[0].Severity = entra.Critical
	set.Risks = append(set.Risks, entra.Risk{Severity: entra.Low, Key: key(0), Name: "Group 0", Says: "is also this"})
	set.Changes = append(set.Changes, entra.Change{Key: key(99), Name: "Harmless", Type: entra.Changed, Properties: []entra.PropertyChange{{Pointer: "/spec/description", After: "x"}}})
	text := plainText(t, Changes(set, Options{}))
	for _, want := range []string{
		"Look here first: 1 critical, 11 high, 1 low\ncritical group Group 0 (g0) has new members – users: Ada (a) b c … and 2 more\nhigh group Group 1 (g1) ",
		"high group Group 9 (g9) has new members – users: Ada (a) b c … and 2 more\n… 3 more below\n\nRiskiest first: 12 changed\n~ group Group 0 (g0)\n  ! critical has new members\n  ! low is also this\n  members:\n",
		"\nGroups: 1 changed\n~ group Harmless (g99)\n", "13 objects differ: 13 changed\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(plainText(t, Changes(&entra.ChangeSet{Changes: set.Changes}, Options{})), "Look here") {
		t.Error("there is nothing to look at")
	}
	lost := &entra.ChangeSet{Risks: []entra.Risk{{Severity: entra.Critical, Key: entra.Key{Kind: "groups"}, Name: "members", Says: "lost much at once"}}}
	if text := plainText(t, Changes(lost, Options{})); !strings.Contains(text, "critical Groups members lost much at once\n") {
		t.Errorf("a loss of a kind:\n%s", text)
	}
}
