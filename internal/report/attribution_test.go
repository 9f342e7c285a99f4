package report

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

var (
	portalAda = entra.Attribution{
		Actor: entra.Actor{Type: entra.ActorUser, ID: adaID, Name: "ada@contoso.com", Via: "Azure Portal"},
		When:  time.Date(2026, 10, 1, 14, 2, 31, 0, time.UTC), Address: "203.0.113.7", Client: "Mozilla/5.0",
		Activity: "Update conditional access policy", CorrelationID: "c-1", Entries: []string{"e-1"}, Certainty: entra.Confirmed,
	}
	sync = entra.Attribution{
		Actor: entra.Actor{Type: entra.ActorApplication, ID: "sp", Name: "Nightly sync"},
		When:  time.Date(2026, 10, 1, 3, 0, 0, 0, time.UTC), Certainty: entra.Touched,
	}
	expiry  = entra.Attribution{Actor: entra.Actor{Type: entra.ActorMicrosoft, Name: "PIM activation expired"}, Certainty: entra.Confirmed}
	noEvent = entra.Attribution{Unknown: entra.NoEvent}
)

// of is an attribution that is about some parts alone.
func of(a entra.Attribution, parts ...string) entra.Attribution {
	a.Parts = parts
	return a
}

func TestWho(t *testing.T) {
	for want, a := range map[string]entra.Attribution{
		"ada@contoso.com (through Azure Portal)":                    portalAda,
		"the application Nightly sync":                              sync,
		"Microsoft (PIM activation expired)":                        expiry,
		"Microsoft":                                                 {Actor: entra.Actor{Type: entra.ActorMicrosoft}},
		"u-1":                                                       {Actor: entra.Actor{Type: entra.ActorUser, ID: "u-1"}},
		"a user that the audit log does not name":                   {Actor: entra.Actor{Type: entra.ActorUser}},
		"nobody known: the audit log has no event":                  noEvent,
		"nobody known: the snapshot was made without the audit log": {Unknown: entra.NotKept},
		"nobody known: the audit log does not tell":                 {},
		"nobody known: reason-of-tomorrow":                          {Unknown: "reason-of-tomorrow"},
		"nobody known: several may have done it, and the audit log does not tell which: ada@contoso.com (through Azure Portal) or the application Nightly sync": {
			Unknown: entra.SeveralCandidates, Candidates: []entra.Actor{portalAda.Actor, sync.Actor},
		},
	} {
		if got := Who(a); got != want {
			t.Errorf("Who = %q, want %q", got, want)
		}
	}
	for _, why := range []entra.Unknown{
		entra.NoEvent, entra.NoEventYet, entra.NoPermission, entra.NoLicence, entra.OlderThanLog, entra.LogUnread, entra.NotKept, entra.SeveralCandidates,
	} {
		if unknownWords(why) == string(why) {
			t.Errorf("%s has no words", why)
		}
	}
}

// attributedPolicy is the policy of [incident], with a property each of its changes.
func attributedPolicy(by ...entra.Attribution) *entra.ChangeSet {
	set := incident()
	set.Unread, set.Shrunk, set.Changes = nil, nil, set.Changes[:1]
	set.Changes[0].By = by
	return set
}

func TestChangesSayWhoDidThem(t *testing.T) {
	const state, groups = "/spec/state", "/spec/conditions/users/excludeGroups"
	later := portalAda
	later.When = later.When.Add(time.Hour)
	for _, tt := range []struct {
		what       string
		by         []entra.Attribution
		says, nots []string
	}{
		{"one for all", []entra.Attribution{portalAda}, []string{
			"~ Conditional Access policy CA001 - Require MFA for admins (" + policyID + ")\n  by ada@contoso.com (through Azure Portal) at 2026-10-01 14:02 UTC from 203.0.113.7\n",
			"Who did it is known for 1 of 1 change\n",
		}, []string{"nobody", "Mozilla"}},
		{"each its own", []entra.Attribution{of(portalAda, groups, "/status/modifiedDateTime"), of(sync, state)}, []string{
			")\n  by ada@contoso.com", "  state: enabled → disabled\n    by the application Nightly sync at 2026-10-01 03:00 UTC – nobody else wrote it meanwhile, and the audit log does not tell the value\n",
		}, nil},
		{"one property unknown", []entra.Attribution{of(portalAda, groups, "/status/modifiedDateTime"), of(noEvent, state)}, []string{
			"disabled\n    nobody known: the audit log has no event\n", "Who did it is known for 0 of 1 change, and for 1 in part\n",
		}, nil},
		{"one property not told of", []entra.Attribution{of(portalAda, groups, "/status/modifiedDateTime")}, []string{
			"disabled\n    nobody known: the audit log does not tell\n",
		}, nil},
		{"twice", []entra.Attribution{of(later, state), of(portalAda, groups, "/status/modifiedDateTime")}, []string{
			"by ada@contoso.com (through Azure Portal) between 2026-10-01 14:02 and 2026-10-01 15:02 UTC from",
		}, []string{"    by"}},
		{"no permission is said once", []entra.Attribution{{Unknown: entra.NoPermission}}, []string{
			"Who did it is known for 0 of 1 change; for 1 it is not: entragit has no permission to read the audit log\n",
		}, []string{"nobody known"}},
	} {
		got := plainText(t, Changes(attributedPolicy(tt.by...), Options{}))
		for _, want := range tt.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", tt.what, want, got)
			}
		}
		for _, not := range tt.nots {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q in\n%s", tt.what, not, got)
			}
		}
	}
	full := plainText(t, Changes(attributedPolicy(portalAda), Options{Full: true}))
	if want := "· activity Update conditional access policy · client Mozilla/5.0 · correlation id c-1 · log entry e-1\n"; !strings.Contains(full, want) {
		t.Errorf("no %q in\n%s", want, full)
	}
	if nobodyLooked := plainText(t, Changes(incident(), Options{})); strings.Contains(nobodyLooked, "Who did it") {
		t.Errorf("nobody looked who did it:\n%s", nobodyLooked)
	}
}

// A member's line says who added it where that is somebody else than who changed the group.
func TestMembersSayWhoAddedThem(t *testing.T) {
	set := incident()
	set.Changes = set.Changes[2:3]
	set.Changes[0].Causes = nil // she was taken out, and is there still
	set.Changes[0].By = []entra.Attribution{of(portalAda, "/links/members/"+mallory), of(noEvent, "/links/members/"+adaID)}
	set.Risks = []entra.Risk{
		{Severity: entra.Critical, Key: set.Changes[0].Key, Name: "Tier 0 Admins", Says: "has new members", About: []string{mallory}},
		{Severity: entra.High, Key: set.Changes[0].Key, Name: "Tier 0 Admins", Says: "is changed"},
	}
	set.Audit = []entra.AuditWindow{
		{From: snapshot.Time, To: now.Time, State: entra.Complete},
		{From: snapshot.Time, To: now.Time, State: entra.Forbidden, Cause: "403"}, {From: snapshot.Time, To: now.Time, State: entra.Forbidden, Cause: "403"},
	}
	got := plainText(t, Changes(set, Options{}))
	for _, want := range []string{
		"has new members – users: Mallory Moe (" + mallory + ") – by ada@contoso.com (through Azure Portal) at 2026-10-01 14:02 UTC\n",
		"is changed – changed in part by ada@contoso.com (through Azure Portal) at 2026-10-01 14:02 UTC\n",
		"    - users: Ada Lovelace (" + adaID + ")\n      nobody known: the audit log has no event\n    + users: Mallory Moe (" + mallory + ")\n",
		"The audit log from 2026-10-01 02:00 to 2026-10-02 09:12 UTC was not all read (forbidden) 403 and 1 more for the same reason\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	set.Changes[0].By = []entra.Attribution{of(portalAda, "/links/members/"+mallory), of(sync, "/links/members/"+adaID)}
	if got := plainText(t, Changes(set, Options{})); !strings.Contains(got, "is changed – changed by ada@contoso.com (through Azure Portal) and the application Nightly sync\n") {
		t.Errorf("a risk that is about no part is not laid on one of two:\n%s", got)
	}
}

func TestCSVSaysWhoDidIt(t *testing.T) {
	set := attributedPolicy(of(portalAda, "/spec/state"), of(sync, "/spec/state"), of(noEvent, "/status/modifiedDateTime"))
	var b strings.Builder
	if err := ChangesCSV(&b, set); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]string{
		0: "actor|actorType|through|when|address|client|activity|correlationId|certainty",
		1: "||||||||unknown: not told",
		2: "ada@contoso.com; Nightly sync|user; application|Azure Portal; |2026-10-01T14:02:31Z; 2026-10-01T03:00:00Z|203.0.113.7; |Mozilla/5.0; |Update conditional access policy; |c-1; |confirmed; touched",
		3: "||||||||unknown: no-event",
	} {
		if got := strings.Join(rows[i][12:], "|"); got != want {
			t.Errorf("row %d: %s\nwant %s", i, got, want)
		}
	}
}
