package report

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

func text(t *testing.T, d Document, p ui.Palette) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.Text(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReports(t *testing.T) {
	for name, d := range map[string]Document{
		"changes": Changes(incident(), Options{}),
		"plan":    Plan(comeback(), Options{}),
		"outcome": Outcome(done(), Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt", text(t, d, ui.Palette{}))
			golden(t, name+".md", d.Markdown(0, ""))
			ansi := regexp.MustCompile("\x1b\\[[0-9;]*m")
			coloured := text(t, d, ui.Colours())
			if !ansi.MatchString(coloured) || ansi.ReplaceAllString(coloured, "") != text(t, d, ui.Palette{}) {
				t.Errorf("colour changes the content:\n%s", coloured)
			}
		})
	}
}

func TestJSONIsAContract(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"changes": func(b *bytes.Buffer) error { return ChangesJSON(b, incident()) },
		"outcome": func(b *bytes.Buffer) error { return OutcomeJSON(b, done()) },
		"empty":   func(b *bytes.Buffer) error { return ChangesJSON(b, &entra.ChangeSet{From: snapshot, To: now}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", b.String())
	}
}

func TestNothing(t *testing.T) {
	for _, test := range []struct {
		d    Document
		want string
	}{
		{Changes(&entra.ChangeSet{From: snapshot, To: now}, Options{}), "No differences"},
		{Changes(&entra.ChangeSet{Unread: []entra.Unread{{Kind: "users", State: entra.Skipped}}}, Options{}), "No differences in what could be compared"},
		{Plan(&entra.Plan{Matched: 1}, Options{}), "Nothing to do; 1 object already as in the snapshot"},
		{Plan(&entra.Plan{Matched: 1, Refusals: []entra.Refusal{{}}}, Options{}), "Nothing was done: 1 left alone; 1 object already as in the snapshot"},
		{Plan(&entra.Plan{Unread: []entra.Unread{{Kind: "users"}}, Added: []entra.Listed{{Identity: entra.Identity{Key: entra.Key{Kind: "users", ID: "1"}}}}}, Options{}), "Nothing was done: 1 part not compared; 1 added since"},
		{Outcome(&entra.Outcome{Plan: entra.Plan{Refusals: []entra.Refusal{{}}}}, Options{}), "Nothing was done: 1 left alone"},
		{Outcome(&entra.Outcome{Plan: entra.Plan{Matched: 2}}, Options{}), "Nothing to do; 2 objects already as in the snapshot"},
		{Outcome(&entra.Outcome{Plan: entra.Plan{Steps: []entra.Step{{ID: "1"}}}, Steps: []entra.StepOutcome{{Step: "1", Result: entra.Done}}}, Options{}),
			"Read back: the tenant is as the snapshot says, in everything that was planned"},
	} {
		got := text(t, test.d, ui.Palette{})
		if lines := strings.Split(strings.TrimSpace(got), "\n"); lines[len(lines)-1] != test.want {
			t.Errorf("got\n%s\nwant its last line to be %q", got, test.want)
		}
	}
}

func TestLongValuesAreShortened(t *testing.T) {
	long := strings.Repeat("ä", 500)
	ids := make([]string, 30)
	for i := range ids {
		ids[i] = strings.Repeat("0", i+1)
	}
	set := &entra.ChangeSet{From: snapshot, To: now, Changes: []entra.Change{{
		Key: entra.Key{Kind: "groups", ID: "g"}, Name: long, Type: entra.Changed,
		Properties: []entra.PropertyChange{{Pointer: "/spec/description", Before: long + "one" + long, After: long + "two" + long}},
		Links:      []entra.LinkChange{{Link: "members", Added: ids}},
	}}}
	got := text(t, Changes(set, Options{}), ui.Palette{})
	for _, want := range []string{"äone", "ätwo", "[1,003 characters]", "… 5 more"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	full := text(t, Changes(set, Options{Full: true}), ui.Palette{})
	if strings.Contains(full, "…") || !strings.Contains(full, long+"two"+long) || !strings.Contains(full, ids[29]) {
		t.Errorf("the full report is shortened:\n%s", full)
	}
}

func TestMarkdownKeepsItsBudget(t *testing.T) {
	set := incident()
	set.Changes = append(set.Changes[:3], set.Changes[4]) // every one a kind of its own, none folded
	for range 8 {
		set.Changes = append(set.Changes, set.Changes...)
	}
	d := Changes(set, Options{})
	for _, budget := range []int{600, 5_000, MarkdownBudget} {
		got := d.Markdown(budget, "See the run's artifact.")
		if len(got) > budget {
			t.Errorf("%d bytes, %d allowed", len(got), budget)
		}
		if !strings.Contains(got, "Left out for length") || !strings.HasSuffix(got, "objects differ: 256 removed, 768 changed; members of 2 groups, 1 user were not compared\n") {
			t.Errorf("budget %d: no word of what is missing:\n%s", budget, got[max(0, len(got)-300):])
		}
	}
	shown := strings.Count(d.Markdown(MarkdownBudget, ""), "- `~` ") + strings.Count(d.Markdown(MarkdownBudget, ""), "- `-` user ")
	left := regexp.MustCompile(`Left out for length: ([\d,]+) items`).FindStringSubmatch(d.Markdown(MarkdownBudget, ""))
	if left == nil || shown == 0 {
		t.Fatalf("shown %d, left out %v", shown, left)
	}
	if got := number(1024 - shown); got != left[1] {
		t.Errorf("%d shown and %s left out of 1,024", shown, left[1])
	}
}

// hostile is what an attacker would call a user.
const hostile = "x`` ``` **b** <img src=x onerror=alert(1)> @everyone #1 [a](http://evil) \x1b[31m\u202e\n::error::pwned\n##[add-mask]z | \\"

func hostileSet() *entra.ChangeSet {
	return &entra.ChangeSet{
		From: snapshot, To: now, Names: map[string]string{"id": hostile},
		Unread: []entra.Unread{{Kind: "users", State: entra.Partial, Cause: hostile}},
		Changes: []entra.Change{{
			Key: entra.Key{Kind: "groups", ID: hostile}, Name: hostile, OldName: hostile + "2", Type: entra.Changed,
			Properties: []entra.PropertyChange{
				{Pointer: "/spec/" + strings.ReplaceAll(hostile, "/", "~1"), Before: hostile, After: "y"},
				{Pointer: "/spec/a", Before: "y", After: map[string]any{hostile: hostile}},
				{Pointer: "/spec/b", AddedItems: []any{hostile, "id", map[string]any{"name": hostile, "v": hostile}}},
				{Pointer: "/spec/c", Before: "`", After: hostile},
			},
			Links: []entra.LinkChange{{Link: "members", Added: []string{hostile, "id"}}},
		}},
	}
}

func TestHostileText(t *testing.T) {
	got := text(t, Changes(hostileSet(), Options{Full: true}), ui.Palette{})
	for _, l := range strings.Split(got, "\n") {
		if ui.Safe(l) != l || strings.HasPrefix(strings.TrimSpace(l), "::") {
			t.Errorf("a terminal or a runner would obey %q", l)
		}
	}
	var b bytes.Buffer
	if err := ChangesJSON(&b, hostileSet()); err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(b.String(), "\n") {
		if strings.ContainsAny(l, "\x1b\u202e") {
			t.Errorf("JSON would reach the terminal as %q", l)
		}
	}
	var back entra.ChangeSet
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Changes[0].Name != hostile {
		t.Errorf("JSON does not read back: %v, %q", err, back.Changes[0].Name)
	}
}

// TestHostileMarkdown reads the Markdown as CommonMark does (fenced blocks, then code
// spans) and looks for the tenant's words outside of both.
func TestHostileMarkdown(t *testing.T) {
	d := Changes(hostileSet(), Options{Full: true})
	fence := ""
	for _, l := range strings.Split(d.Markdown(0, ""), "\n") {
		trimmed := strings.TrimSpace(l)
		if ticks := trimmed[:longestPrefix(trimmed)]; len(ticks) >= 3 && fence == "" && !strings.Contains(trimmed[len(ticks):], "`") {
			fence = ticks
			continue
		} else if fence != "" {
			if trimmed == fence {
				fence = ""
			}
			continue
		}
		outside := stripCodeSpans(l)
		if strings.ContainsAny(outside, "<>@#[]\\|`\x1b") && !strings.HasPrefix(outside, "### ") {
			t.Errorf("outside of code: %q\nin %q", outside, l)
		}
	}
	if fence != "" {
		t.Error("a fenced block is never closed")
	}
}

func longestPrefix(s string) int { return len(s) - len(strings.TrimLeft(s, "`")) }

// stripCodeSpans removes code spans: a run of backticks up to the next run of the same
// length (CommonMark 0.31, section 6.1).
func stripCodeSpans(s string) string {
	var out strings.Builder
	for s != "" {
		n := longestPrefix(s)
		if n == 0 {
			out.WriteByte(s[0])
			s = s[1:]
			continue
		}
		rest := s[n:]
		end := -1
		for i := 0; i < len(rest); {
			run := longestPrefix(rest[i:])
			if run == n {
				end = i + run
				break
			}
			i += max(run, 1)
		}
		if end < 0 {
			out.WriteString(s[:n])
			s = rest
			continue
		}
		s = rest[end:]
	}
	return out.String()
}

// An object that has no name of its own is called by whom it is about.
func TestNamesBesideIDs(t *testing.T) {
	const principal = "6b103b8e-966b-5e6a-b534-e65433e6c6c5"
	set := entra.ChangeSet{
		Names: map[string]string{principal: "users: Ada Lovelace"},
		Changes: []entra.Change{{
			Key: entra.Key{Kind: "roleAssignments", ID: "a-1"}, Name: principal, Type: entra.Removed,
			Properties: []entra.PropertyChange{{Pointer: "/spec/principalId", Before: principal}},
		}},
	}
	var out strings.Builder
	if err := Changes(&set, Options{}).Text(&out, ui.Palette{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- role assignment Ada Lovelace (a-1)\n", "principalId: users: Ada Lovelace (" + principal + ")\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
}
