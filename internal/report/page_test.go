package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// pageOf writes a page.
func pageOf(t *testing.T, p Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.HTML(&b, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// toldIncident is the incident as people judged it, and as the audit log tells it.
func toldIncident() Page {
	set := incident()
	ca, app, tier, glass := &set.Changes[0], &set.Changes[1], &set.Changes[2], &set.Changes[3]
	ca.By = []entra.Attribution{of(portalAda, "/spec/state"), of(sync, "/spec/conditions/users/excludeGroups")}
	app.By = []entra.Attribution{{Unknown: entra.SeveralCandidates, Candidates: []entra.Actor{portalAda.Actor, sync.Actor}}}
	tier.By = []entra.Attribution{portalAda}
	set.Changes[4].By = []entra.Attribution{noEvent}
	glass.Causes = []entra.Cause{{Key: set.Changes[4].Key, Name: "Ada Lovelace", Why: "deleted-target"}}
	glass.Cause = &glass.Causes[0]
	tier.Causes = []entra.Cause{{Key: set.Changes[4].Key, Name: "Ada Lovelace", Why: "deleted-target", Parts: []string{entra.LinkPart("members", adaID)}}}
	set.Audit = []entra.AuditWindow{{From: snapshot.Time, To: now.Time, Read: now.Time, State: entra.Complete}}
	set.Unlicensed = []string{"roleEligibilitySchedules"}
	set.Ignored = []entra.Ignored{{Path: "users/*", Property: "/spec/department", Reason: "HR writes it", Changes: 3}}
	set.Risks = []entra.Risk{
		{Rule: "policy-off", Severity: entra.Critical, Key: ca.Key, Name: ca.Name, Says: "is switched off", Reference: "https://attack.mitre.org/techniques/T1556/009/"},
		{Rule: "new-members", Severity: entra.High, Key: tier.Key, Name: tier.Name, Says: "can hold roles and has new members", About: []string{mallory}, Reference: "https://attack.mitre.org/techniques/T1098/003/"},
		{Rule: "mass-deletion", Severity: entra.High, Key: entra.Key{Kind: "users"}, Says: "lost very much at once", Reference: "https://attack.mitre.org/techniques/T1531/"},
	}
	return Page{Set: set, Tenant: "5fcbc12c-fd79-5e70-9ee9-5aba9cbbdf47", Snapshots: []PageSnapshot{
		{Point: entra.Point{Seq: 13, Commit: strings.Repeat("a", 40), Time: snapshot.Time.Add(time.Hour)}, Changes: 4, Worst: entra.Critical},
	}}
}

// TestPage holds what the page says, without its style and script.
func TestPage(t *testing.T) {
	got := pageOf(t, toldIncident())
	got = strings.Replace(got, pageStyle, "…", 1)
	got = strings.Replace(got, pageScript, "…", 1)
	got = strings.Replace(got, html.EscapeString(pagePolicy()), "…", 1)
	golden(t, "page.html", strings.ReplaceAll(got, strings.ReplaceAll(html.EscapeString(pagePolicy()), "+", "&#43;"), "…"))
}

// A browser runs and applies only what the policy names, and the policy names what is there.
func TestPagePolicy(t *testing.T) {
	got := pageOf(t, toldIncident())
	policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(got)[1])
	for _, name := range []string{"style", "script"} {
		found := regexp.MustCompile(`(?s)<`+name+`[^>]*>(.*?)</`+name+`>`).FindAllStringSubmatch(got, -1)
		if len(found) != 1 {
			t.Fatalf("%d elements <%s>", len(found), name)
		}
		sum := sha256.Sum256([]byte(found[0][1]))
		if want := name + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %s", policy, want)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	for _, address := range regexp.MustCompile(`(?:href|src|action|data|srcset|poster)="([^"]*)"`).FindAllStringSubmatch(got, -1) {
		if !strings.HasPrefix(address[1], "#") && !strings.HasPrefix(address[1], "https://attack.mitre.org/") {
			t.Errorf("the page refers to %q", address[1])
		}
	}
}

// hostileWords are what a tenant may call things.
var hostileWords = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</style><script>alert(1)</script>`,
	`</title><svg onload=alert(1)>`, `javascript:alert(1)`, "\u202egnp.exe", "line\nbreak\u2028\x00\x1b[31m", `{{.Policy}}`, "<!--", "]]>", "\xff\xfe",
}

func hostilePage() Page {
	p := Page{Set: &entra.ChangeSet{From: snapshot, To: now, Names: map[string]string{}}, Tenant: hostileWords[0]}
	for i, word := range hostileWords {
		id := word + string(rune('a'+i))
		key := entra.Key{Kind: "groups", ID: id}
		if i == 0 {
			key.Kind = word // no kind that this version knows
		}
		p.Set.Names[word] = "users: " + word
		p.Set.Changes = append(p.Set.Changes, entra.Change{
			Key: key, Name: word, OldName: word + "2", OldID: word, Type: entra.Changed,
			Properties: []entra.PropertyChange{
				{Pointer: "/spec/" + word, Before: word, After: map[string]any{word: word, "list": []any{word}}},
				{Pointer: "/spec/text", Before: "a\n" + word, After: word + "\nb"},
				{Pointer: "/spec/long", Before: strings.Repeat(word, 1<<20/len(word)), After: nil},
				{Pointer: "/spec/set", AddedItems: []any{word}, RemovedItems: []any{map[string]any{"displayName": word}}},
			},
			Links: []entra.LinkChange{{Link: word, Added: []string{word}}},
			By:    []entra.Attribution{{Actor: entra.Actor{Type: entra.ActorUser, Name: word, Via: word}, When: now.Time, Address: word, Client: word, Activity: word, CorrelationID: word, Entries: []string{word}, Parts: []string{"/spec/" + word}}},
		})
		p.Set.Risks = append(p.Set.Risks, entra.Risk{Severity: entra.High, Key: key, Name: word, Says: "is hostile", About: []string{word}})
		p.Set.Unread = append(p.Set.Unread, entra.Unread{Kind: "groups", ID: id, Name: word, State: entra.Partial, Cause: word})
		p.Set.Audit = append(p.Set.Audit, entra.AuditWindow{State: entra.Forbidden, Cause: word})
	}
	return p
}

// What came from the tenant is text: it begins no tag, ends no attribute, and nothing of it is
// obeyed or hidden.
func TestPageOfAHostileTenant(t *testing.T) {
	noHarmIn(t, pageOf(t, hostilePage()))
}

// So it is where the changes are so many that they are told as plain text.
func TestPlainTextOfAHostileTenant(t *testing.T) {
	p := largePage(fullCards)
	hostile := hostilePage().Set
	p.Set.Risks, p.Set.Changes, p.Set.Names = nil, append(p.Set.Changes, hostile.Changes...), hostile.Names
	got := pageOf(t, p)
	noHarmIn(t, got[:strings.Index(got, `id="c20"`)]+got[strings.Index(got, `id="c1999"`):])
	for _, want := range []string{`id="c2012" data-kind="groups"`, "<pre>~ group &lt;!--", "The first 2,000 are shown each with a table"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func noHarmIn(t *testing.T, got string) {
	t.Helper()
	body := got[strings.Index(got, "<body>"):strings.LastIndex(got, "<script>")]
	tags := regexp.MustCompile(`<[^>]*>`).FindAllString(body, -1)
	names := map[string]bool{}
	for _, tag := range tags {
		name := regexp.MustCompile(`^</?([a-z0-9]+)( [a-zA-Z0-9-]+="[^"]*"| hidden| open)*/?>$`).FindStringSubmatch(tag)
		if name == nil {
			t.Fatalf("a tag that the template does not have: %q", tag)
		}
		names[name[1]] = true
		if strings.Contains(tag, " on") && regexp.MustCompile(`^[^"]*("[^"]*"[^"]*)* on[a-z]+=`).MatchString(tag) {
			t.Errorf("an event handler: %q", tag)
		}
	}
	for _, never := range []string{"script", "img", "style", "iframe", "object", "title"} {
		if names[never] {
			t.Errorf("the body has an element <%s>", never)
		}
	}
	for _, hidden := range []string{"\u202e", "\u2028", "\x00", "\x1b", "ZgotmplZ", "sha256-sha256"} {
		if strings.Contains(body, hidden) {
			t.Errorf("the page holds %q", hidden)
		}
	}
	if len(got) > 1<<20 {
		t.Errorf("%d bytes: long values are not shortened", len(got))
	}
	if !strings.Contains(got, "characters]") {
		t.Error("nothing says how long a shortened value is")
	}
}

func TestPageIsTheSameForTheSame(t *testing.T) {
	first := pageOf(t, toldIncident())
	for range 5 {
		if pageOf(t, toldIncident()) != first {
			t.Fatal("the same comparison gives another page")
		}
	}
}

func TestPageOfNothing(t *testing.T) {
	got := pageOf(t, Page{Set: &entra.ChangeSet{From: snapshot, To: now, Risks: []entra.Risk{}}})
	if !strings.Contains(got, "No differences.") || strings.Contains(got, "<article") || strings.Contains(got, "Look here first") {
		t.Errorf("%s", got[strings.Index(got, "<body>"):])
	}
}

// A change that another one brought about is told there, and nowhere else.
func TestPageTellsACauseOnce(t *testing.T) {
	p := toldIncident()
	v := newPageView(p, Options{})
	if len(v.told) != 4 {
		t.Fatalf("%d changes are told", len(v.told))
	}
	var brought []string
	for group := range v.Groups() {
		for chunk := range group.Chunks {
			for card := range chunk {
				for _, l := range card.Brought() {
					brought = append(brought, card.Kind()+": "+joined(l.spans))
				}
			}
		}
	}
	if want := []string{
		"users: - from the members of group Tier 0 Admins (" + tierID + ")",
		"users: - from the members of group Break-glass (" + glassID + ")",
		"users: - from the owners of group Break-glass (" + glassID + ")",
	}; !slices.Equal(brought, want) {
		t.Errorf("%q, want %q", brought, want)
	}
}

func TestWayBack(t *testing.T) {
	const id = "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	for _, test := range []struct {
		change entra.Change
		want   string // the command's end, or what the note has
	}{
		{entra.Change{Key: entra.Key{Kind: "users", ID: id}, Type: entra.Removed}, "seq:12 users/" + id},
		{entra.Change{Key: entra.Key{Kind: "claimsMappingPolicies", ID: id}, Type: entra.Removed}, "seq:12 --recreate claimsMappingPolicies/" + id},
		{entra.Change{Key: entra.Key{Kind: "users", ID: id}, Type: entra.Added}, "--prune users/" + id},
		{entra.Change{Key: entra.Key{Kind: "groups", ID: "it's"}, Type: entra.Changed, Properties: []entra.PropertyChange{{Pointer: "/spec/description"}}}, `seq:12 'groups/it'\''s'`},
		{entra.Change{Key: entra.Key{Kind: "groups", ID: id}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Added: []string{"x"}}}}, "--prune groups/" + id},
		{entra.Change{Key: entra.Key{Kind: "groups", ID: id}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Removed: []string{"x"}}}}, "seq:12 groups/" + id},
		{entra.Change{Key: entra.Key{Kind: "users", ID: id}, Type: entra.Changed, Links: []entra.LinkChange{{Link: "manager", Added: []string{"x"}}}}, "seq:12 users/" + id},
		{entra.Change{Key: entra.Key{Kind: "users", ID: id}, Type: entra.Changed, Properties: []entra.PropertyChange{{Pointer: "/status/mail", Observed: true}}}, "only be observed"},
		{entra.Change{Key: entra.Key{Kind: "tomorrows", ID: id}, Type: entra.Changed}, "does not know the kind"},
		{entra.Change{Key: entra.Key{Kind: "authorizationPolicy", ID: "authorizationPolicy"}, Type: entra.Added}, "does not delete"},
	} {
		v := newPageView(Page{Set: &entra.ChangeSet{From: snapshot, To: now, Changes: []entra.Change{test.change}}}, Options{})
		got := v.card(0).PutBack()
		if !strings.HasSuffix(got.Command, test.want) && !strings.Contains(got.Note, test.want) {
			t.Errorf("%s %s: %+v, want %q", test.change.Type, test.change.Key, got, test.want)
		}
	}
}

// What a change brought about goes back with it: by itself where it only mirrors a property, else
// it is selected, too.
func TestWayBackOfWhatWasBroughtAbout(t *testing.T) {
	user, group := entra.Key{Kind: "users", ID: "u"}, entra.Key{Kind: "groups", ID: "g"}
	app, principal := entra.Key{Kind: "applications", ID: "a"}, entra.Key{Kind: "servicePrincipals", ID: "p"}
	left := entra.Change{Key: group, Type: entra.Changed, Links: []entra.LinkChange{{Link: "members", Removed: []string{"u"}}}, Causes: []entra.Cause{{Key: user}}}
	left.Cause = &left.Causes[0]
	uris := []entra.PropertyChange{{Pointer: "/spec/replyUrls", AddedItems: []any{"x"}}}
	mirrored := entra.Change{Key: principal, Type: entra.Changed, Properties: uris, Causes: []entra.Cause{{Key: app}}}
	mirrored.Cause = &mirrored.Causes[0]
	set := &entra.ChangeSet{From: snapshot, To: now, Changes: []entra.Change{
		{Key: app, Type: entra.Changed, Properties: uris}, mirrored, left, {Key: user, Type: entra.Removed},
	}}
	v := newPageView(Page{Set: set}, Options{})
	for i, want := range []string{"entragit reconcile --from seq:12 applications/a", "entragit reconcile --from seq:12 users/u groups/g"} {
		if got := v.card(i).PutBack().Command; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTimeline(t *testing.T) {
	at := func(days ...int) *pageTimeline {
		p := Page{Set: &entra.ChangeSet{From: snapshot, To: now}}
		for _, d := range days {
			p.Snapshots = append(p.Snapshots, PageSnapshot{Point: entra.Point{Time: snapshot.Time.AddDate(0, 0, d)}, Changes: 2, Worst: entra.High})
		}
		return newPageView(p, Options{}).Timeline()
	}
	if at() != nil {
		t.Error("a chart of nothing")
	}
	for _, test := range []struct {
		days        []int
		unit, marks string
		bars        int
	}{
		{[]int{0, 0}, "an hour", "2026-10-01 02:00", 1},
		{[]int{0, 1}, "an hour", "2026-10-01 02:00 2026-10-02 02:00", 2},
		{[]int{0, 3, 4}, "a day", "2026-10-01 to 2026-10-05", 3},
		{[]int{0, 364}, "3 days", "2026-10-01", 2},
	} {
		got := at(test.days...)
		var marks []string
		for _, m := range got.Marks {
			marks = append(marks, m.Text)
		}
		if got.Unit() != test.unit || len(got.Bars) != test.bars || !strings.HasPrefix(strings.Join(marks, " "), test.marks) {
			t.Errorf("%v: %s, %d bars, %q", test.days, got.Unit(), len(got.Bars), marks)
		}
		for _, b := range got.Bars {
			if b.X < 0 || b.X+b.Width > chartWide || b.Y < 0 || b.Y+b.Height > chartHeight || b.Height < 1 {
				t.Errorf("%v: the bar %+v is out of the chart", test.days, b)
			}
		}
	}
	told := newPageView(toldIncident(), Options{}).Timeline()
	if !told.Acts || told.Unplaced != 2 || told.Times[len(told.Times)-1].All() == 0 {
		t.Errorf("%+v", told)
	}
}
