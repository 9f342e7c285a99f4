package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// Who has what many users are to have is asked in few requests, and whom an address belongs to is
// found whatever kind of object that is. A kind that may not be listed is left to Graph to judge.
func TestHolders(t *testing.T) {
	e := newEmulated(t)
	var users, paths []string
	for i := range 40 {
		id := e.user(fmt.Sprintf("many%02d", i), fmt.Sprintf(`,"accountEnabled":true,"mail":"m%02d@contoso.com"`, i))
		users, paths = append(users, id), append(paths, "users/"+id)
	}
	from := e.snapshot("users")
	for _, id := range users {
		e.do("DELETE", "/users/"+id, "")
	}
	again := e.user("Many07", `,"accountEnabled":true`)
	thief := e.user("thief", `,"accountEnabled":true,"mail":"M11@contoso.com"`)
	source := &logged{Source: e.client}
	in, err := Gather(context.Background(), source, e.tenant, from, Asked{Selection: e.selection(paths...)})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(slices.DeleteFunc(slices.Clone(source.asked), func(path string) bool { return path != "/users" })); n != 3+6 {
		t.Errorf("users were asked %d times for 40 names, 15 at a time, and 40 addresses, 7 at a time", n)
	}
	var got []string
	for _, r := range e.plan(in).Refusals {
		got = append(got, r.ID+" "+r.Reason[:strings.Index(r.Reason, ", created")])
	}
	want := []string{users[7] + " its userPrincipalName many07@contoso.com is that of user Many07 (" + again + ")", users[11] + " its proxyAddresses SMTP:m11@contoso.com is that of user thief (" + thief + ")"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("refused:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	e.fail(t, emulator.Fault{Method: "GET", Path: "/users", Status: 403, Code: "Authorization_RequestDenied"})
	in, err = Gather(context.Background(), e.client, e.tenant, from, Asked{Selection: e.selection(paths[7])})
	if err != nil {
		t.Fatal(err)
	}
	if made := e.plan(in); len(made.Refusals) > 0 || len(made.Steps) == 0 || made.Steps[0].Action != entra.ActionRestore {
		t.Errorf("where nobody can tell: %+v", made)
	}
}

// An alternate key is no property that Graph filters by: its holder is found by it.
func TestHoldersOfAlternateKeys(t *testing.T) {
	e := newEmulated(t)
	body := `{"displayName":"Finance","mailEnabled":false,"mailNickname":"finance","securityEnabled":true,"uniqueName":"finance"}`
	id := e.do("POST", "/groups", body)
	from := e.snapshot("groups")
	e.do("DELETE", "/groups/"+id, "")
	other := e.do("POST", "/groups", strings.Replace(body, "Finance", "Another", 1))
	in, err := Gather(context.Background(), e.client, e.tenant, from, Asked{Selection: e.selection("groups/" + id)})
	if err != nil {
		t.Fatal(err)
	}
	if got := e.plan(in).Refusals; len(got) != 1 || !strings.Contains(got[0].Reason, "its uniqueName finance is that of group Another ("+other+")") {
		t.Errorf("refused: %+v", got)
	}
}
