package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// held answers by "kind/property/value" with "kind/id".
func held(holders map[string]string) func(Claim) *Holder {
	return func(c Claim) *Holder {
		key, ok := holders[c.Kind+"/"+c.Property+"/"+c.Value]
		if !ok {
			return nil
		}
		kindName, id, _ := strings.Cut(key, "/")
		return &Holder{Key: entra.Key{Kind: kindName, ID: id}, Name: strings.ToUpper(id)}
	}
}

// Only what comes back or is written is asked for: what an object has already is its own.
func TestClaims(t *testing.T) {
	w := &world{
		live: []*entra.Object{
			object(t, "users/live", `{"Spec":{"userPrincipalName":"old@x","mail":"Same@x"}}`),
			object(t, "applications/app", `{"Spec":{"identifierUris":["api://a"]}}`),
			object(t, "groups/plain", `{"Spec":{"mailNickname":"n"}}`),
		},
		deleted: []*entra.Object{object(t, "users/gone", `{"Spec":{"userPrincipalName":"Gone@x"},"Status":{"proxyAddresses":["SMTP:g@x"]}}`)},
	}
	in := w.input(t,
		object(t, "users/live", `{"Spec":{"userPrincipalName":"New@x","mail":"same@x","city":"c"},"Status":{"proxyAddresses":["SMTP:never@written"]}}`),
		object(t, "users/gone", `{"Spec":{"userPrincipalName":"before@x","mail":"m@x"}}`),
		object(t, "applications/app", `{"Spec":{"identifierUris":["api://a","api://b"]}}`),
		object(t, "groups/plain", `{"Spec":{"mailNickname":"security groups may share it"}}`))
	in.NewNames = map[string]string{"gone@x": "chosen@x", "new@x": "not deleted"}
	var got []string
	for _, c := range Claims(in) {
		got = append(got, c.Kind+"/"+c.Property+"/"+c.Value)
	}
	want := []string{
		"applications/identifierUris/api://b", "users/mail/smtp:m@x", "users/proxyAddresses/smtp:g@x",
		"users/userPrincipalName/before@x", "users/userPrincipalName/chosen@x", "users/userPrincipalName/gone@x", "users/userPrincipalName/new@x",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Whoever claims what a selected object gives up waits for it; a circle has no first, and
// one whose holder keeps what it has is left alone.
func TestPlanOfWhatOthersHave(t *testing.T) {
	user := func(id, name string) *entra.Object {
		return object(t, "users/"+id, fmt.Sprintf(`{"Spec":{"userPrincipalName":%q,"city":%q}}`, name, id))
	}
	chain := []*entra.Object{user("a", "2@x"), user("b", "3@x"), user("c", "free@x")}
	for name, tt := range map[string]struct {
		live, deleted, want []*entra.Object
		held                map[string]string
		change              func(*Input)
		lines               []string
	}{
		"a chain": {live: chain, want: []*entra.Object{user("a", "1@x"), user("b", "2@x"), user("c", "3@x")},
			held:  map[string]string{"users/userPrincipalName/2@x": "users/a", "users/userPrincipalName/3@x": "users/b"},
			lines: []string{"users/a:update", "users/b:update users/a:update", "users/c:update users/b:update"}},
		"a chain whose end stays": {live: chain, want: []*entra.Object{user("a", "1@x"), user("b", "2@x"), user("c", "3@x")},
			held: map[string]string{"users/userPrincipalName/1@x": "users/z", "users/userPrincipalName/2@x": "users/a", "users/userPrincipalName/3@x": "users/b"},
			lines: []string{
				"left alone users/a/spec/userPrincipalName: its userPrincipalName 1@x is that of user Z (z) change the userPrincipalName of users/z, or delete it, then reconcile again",
				"left alone users/b/spec/userPrincipalName: its userPrincipalName 2@x is that of user A (a) change the userPrincipalName of users/a, or delete it, then reconcile again",
				"left alone users/c/spec/userPrincipalName: its userPrincipalName 3@x is that of user B (b) change the userPrincipalName of users/b, or delete it, then reconcile again",
			}},
		"a circle": {live: []*entra.Object{user("a", "2@x"), user("b", "1@x")}, want: []*entra.Object{user("a", "1@x"), user("b", "2@x")},
			held: map[string]string{"users/userPrincipalName/2@x": "users/a", "users/userPrincipalName/1@x": "users/b"},
			lines: []string{
				"left alone users/a/spec/userPrincipalName: its userPrincipalName 1@x is that of user B (b), which is to have what this one has: neither can go first give one of the two another userPrincipalName by hand, then reconcile again",
				"left alone users/b/spec/userPrincipalName: its userPrincipalName 2@x is that of user A (a), which is to have what this one has: neither can go first give one of the two another userPrincipalName by hand, then reconcile again",
			}},
		"a deleted one whose name is given up": {live: []*entra.Object{user("b", "1@x")}, deleted: []*entra.Object{user("a", "1@x")}, want: []*entra.Object{user("a", "1@x"), user("b", "2@x")},
			held:  map[string]string{"users/userPrincipalName/1@x": "users/b"},
			lines: []string{"users/b:update", "users/a:restore users/b:update"}},
		"a deleted one whose chosen name is taken too": {deleted: []*entra.Object{user("a", "1@x")}, want: []*entra.Object{user("a", "1@x")},
			held:   map[string]string{"users/userPrincipalName/1@x": "users/y", "users/userPrincipalName/2@x": "users/z"},
			change: func(in *Input) { in.NewNames = map[string]string{"1@x": "2@x"} },
			lines: []string{"left alone users/a: its userPrincipalName 1@x is that of user Y (y); its userPrincipalName 2@x is that of user Z (z); " +
				"this one was deleted 2026-11-01 10:00 UTC and can be restored until 2026-12-01 10:00 UTC " +
				"--new-upn 1@x=NAME takes it back under another name; or change the userPrincipalName of users/y, or delete it, then reconcile again; " +
				"--new-upn 2@x=NAME takes it back under another name; or change the userPrincipalName of users/z, or delete it, then reconcile again"}},
		"an application, and what went with it": {
			deleted: []*entra.Object{object(t, "applications/a", `{"Spec":{"identifierUris":["api://a"]},"Status":{"appId":"x"}}`), object(t, "servicePrincipals/b", `{"Spec":{"appId":"x"}}`)},
			want:    []*entra.Object{object(t, "applications/a", `{"Spec":{"identifierUris":["api://a"]},"Status":{"appId":"x"}}`), object(t, "servicePrincipals/b", `{"Spec":{"appId":"x"}}`)},
			held:    map[string]string{"applications/identifierUris/api://a": "applications/z"},
			lines: []string{"left alone applications/a: its identifierUris api://a is that of application Z (z) change the identifierUris of applications/z, or delete it, then reconcile again",
				"left alone servicePrincipals/b: it went with application (a), which stays deleted"}},
		"a choice that nothing asks for": {deleted: []*entra.Object{user("a", "1@x")}, want: []*entra.Object{user("a", "1@x")},
			change: func(in *Input) { in.NewNames, in.DropTaken = map[string]string{"1@x": "2@x"}, true },
			lines:  []string{"users/a:restore"}},
		"one that is gone for good, and what it had is another's": {want: []*entra.Object{object(t, "applications/a", `{"Spec":{"displayName":"A","identifierUris":["api://a"]}}`)},
			held: map[string]string{"applications/identifierUris/api://a": "applications/z"}, change: func(in *Input) { in.Recreate = true },
			lines: []string{"left alone applications/a: its identifierUris api://a is that of application Z (z) change the identifierUris of applications/z, or delete it, then reconcile again"}},
		"its own name in other letters": {live: []*entra.Object{user("a", "ONE@x")}, want: []*entra.Object{user("a", "one@x")},
			held: map[string]string{"users/userPrincipalName/one@x": "users/a"}, lines: []string{"users/a:update"}},
	} {
		w := &world{live: tt.live, deleted: tt.deleted}
		in := w.input(t, tt.want...)
		in.Held, in.DeletedAt = held(tt.held), map[entra.Key]time.Time{{Kind: "users", ID: "a"}: time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)}
		if tt.change != nil {
			tt.change(&in)
		}
		made, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.lines, lines(made)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if file, err := Encode(made); err != nil {
			t.Fatal(err)
		} else if _, err := Decode(file, "t"); err != nil {
			t.Errorf("%s: it does not read back: %v", name, err)
		}
	}
}

// What a restore may depart from is what Graph takes with it, of the kinds that it takes it for.
func TestDecodeConcessions(t *testing.T) {
	restore := func(key, as string, without ...string) entra.Step {
		s := about(key, entra.ActionRestore, "")
		s.As, s.Without = as, without
		return s
	}
	update := about("users/1", entra.ActionUpdate, "", entra.PropertyChange{Pointer: "/spec/city", After: "x"})
	update.As = "a@x"
	for name, tt := range map[string]struct {
		step    entra.Step
		message string
	}{
		"a user":                        {restore("users/1", "a@x", "smtp:a@x"), ""},
		"a user without a domain":       {restore("users/1", "a@"), "cannot be taken back as"},
		"a user without a name":         {restore("users/1", "@x"), "cannot be taken back as"},
		"a name of two words":           {restore("users/1", "a b@x"), "cannot be taken back as"},
		"a group":                       {restore("groups/1", "a@x"), "cannot be taken back as"},
		"a group without its addresses": {restore("groups/1", "", "smtp:a@x"), "without addresses"},
		"an update":                     {update, "only what is taken back"},
	} {
		_, err := decode(t, entra.Plan{}, tt.step)
		if tt.message == "" && err != nil || tt.message != "" && (!errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), tt.message)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
