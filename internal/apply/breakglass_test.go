package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// idOf looks an id up by a display name.
func (e *emulated) idOf(collection, name string) string {
	e.Helper()
	for body, err := range e.client.List(e.Context(), collection, nil) {
		var o struct{ ID, DisplayName string }
		if err == nil {
			err = json.Unmarshal(body, &o)
		}
		if err != nil {
			e.Fatal(err)
		}
		if o.DisplayName == name {
			return o.ID
		}
	}
	e.Fatalf("no %s is called %q", collection, name)
	return ""
}

// must writes to the tenant as somebody else would.
func (e *emulated) must(method, path, body string) {
	e.Helper()
	if _, err := e.client.Do(e.Context(), method, path, []byte(body)); err != nil {
		e.Fatal(err)
	}
}

func (e *emulated) propose() (accounts, large []string, enforced int) {
	e.Helper()
	p, err := ProposeBreakGlass(e.Context(), e.client)
	if err != nil {
		e.Fatal(err)
	}
	for _, a := range p.Accounts {
		accounts = append(accounts, fmt.Sprintf("%s %s %d", a.Kind, a.Name, a.Exempt))
	}
	for _, a := range p.Large {
		large = append(large, fmt.Sprintf("%s %s %d", a.Kind, a.Name, a.Exempt))
	}
	return accounts, large, p.Enforced
}

// Most are more than half; who is gone is nobody, and a group of many is no break-glass
// group.
func TestProposeBreakGlass(t *testing.T) {
	e := newEmulated(t)
	policies := func(state string, exclude string, names ...string) {
		for _, name := range names {
			e.must("PATCH", "/identity/conditionalAccess/policies/"+e.idOf("/identity/conditionalAccess/policies", name),
				`{"state":"`+state+`","conditions":{"users":{"excludeUsers":[`+exclude+`]}}}`)
		}
	}
	const one, two, four = "CA007 - Sign-in risk on sensitive applications: MFA every time", "CA008 - User risk: change the password", "CA010 - Privileged actions: MFA every four hours"
	first := e.idOf("/users", "Emergency Access 1")
	policies("enabled", `"`+first+`"`, one, two, four)
	accounts, large, enforced := e.propose()
	if want := []string{"users Emergency Access 1 9", "groups Break-glass 9", "users Emergency Access 2 6"}; !slices.Equal(accounts, want) || large != nil || enforced != 9 {
		t.Errorf("proposed %q and %q of %d, want %q", accounts, large, enforced, want)
	}
	policies("enabledForReportingButNotEnforced", "", two)
	policies("enabled", "", "CA001 - Require phishing-resistant MFA for administrators", "CA002 - Block legacy authentication")
	e.must("DELETE", "/users/"+first, "")
	var members []string
	for body := range e.client.List(e.Context(), "/users", nil) {
		var o struct{ ID string }
		if err := json.Unmarshal(body, &o); err != nil {
			t.Fatal(err)
		}
		members = append(members, `"`+e.base+"/directoryObjects/"+o.ID+`"`)
	}
	group := e.idOf("/groups", "Break-glass")
	for n := range members[:ManyMembers+5] {
		e.addMember(group, members[n])
	}
	accounts, large, enforced = e.propose()
	if want := []string{"groups Break-glass 8"}; accounts != nil || !slices.Equal(large, want) || enforced != 8 {
		t.Errorf("proposed %q and %q of %d, want %q", accounts, large, enforced, want)
	}
}

// addMember adds a member by its address unless it is one.
func (e *emulated) addMember(group, address string) {
	_, err := e.client.Do(e.Context(), "POST", "/groups/"+group+"/members/$ref", []byte(`{"@odata.id":`+address+`}`))
	if err != nil && !errors.Is(err, entra.ErrRejected) && !errors.Is(err, entra.ErrConflict) {
		e.Fatal(err)
	}
}

// A name is looked up as it is, whatever is in it; a user also goes by the sign-in name.
func TestFindBreakGlass(t *testing.T) {
	e := newEmulated(t)
	first := e.idOf("/users", "Emergency Access 1")
	e.must("PATCH", "/users/"+first, `{"displayName":"O'Neil' or 1 eq 1"}`)
	got, err := FindBreakGlass(t.Context(), e.client, []string{"emergency-access-1@contoso.onmicrosoft.com", first, "O'Neil' or 1 eq 1"})
	if err != nil || len(got) != 1 || got[0].ID != first || got[0].Kind != "users" {
		t.Errorf("found %v, error %v", got, err)
	}
	for name, want := range map[string]error{" ": entra.ErrInvalid, "entragit": entra.ErrNotFound, e.idOf("/servicePrincipals", "entragit"): entra.ErrNotFound} {
		if got, err := FindBreakGlass(t.Context(), e.client, []string{name}); !errors.Is(err, want) {
			t.Errorf("%q: found %v, error %v", name, got, err)
		}
	}
}
