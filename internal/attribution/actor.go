package attribution

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// jobs are the names of Microsoft's applications whose acts are nobody's at that time, and what
// they do.
var jobs = map[string]string{
	"microsoft approval management":                  "dynamic membership",
	"microsoft azure ad group-based licensing":       "group licensing",
	"microsoft azure ad internal - jit provisioning": "just-in-time provisioning",
	"managed service identity":                       "managed identity",
}

// goBetweens are the names by which PIM acts for a person, who is on another entry.
var goBetweens = []string{"ms-pim", "azure ad pim"}

// expiry is the end of what PIM gave for a time.
const expiry = "PIM: expiry"

// background is a job of Microsoft's of which the log has not even a name.
const background = "background job"

// ownTenants are the tenants that Microsoft's own applications belong to.
var ownTenants = []string{"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"}

// sameActor reports whether two entries have the same user and the same application.
func (e *entry) sameActor(other *entry) bool { return e.who() == other.who() }

// who tells the actors of entries apart.
func (e *entry) who() string {
	var user, app string
	if u := e.Initiated.User; u != nil {
		user = cmp.Or(identity(string(u.ID)), identity(string(u.Principal)), identity(string(u.Name)))
	}
	if user != "" {
		return "user " + user
	}
	if a := e.Initiated.App; a != nil {
		app = cmp.Or(identity(string(a.Principal)), identity(string(a.AppID)), identity(string(a.Name)))
	}
	return "application " + app
}

// goBetween reports whether the entry's actor is PIM, which acted for somebody.
func (e *entry) goBetween() bool {
	if u := e.Initiated.User; u != nil {
		return u.Principal == "" && slices.Contains(goBetweens, folded(string(u.Name)))
	}
	a := e.Initiated.App
	return a != nil && slices.Contains(goBetweens, folded(string(a.Name)))
}

// actor is who an entry names: the user where a user and an application acted.
func (f Facts) actor(e *entry) entra.Actor {
	u, app := e.Initiated.User, e.Initiated.App
	switch {
	case u != nil && e.goBetween() && f.object("users", string(u.ID)) == nil:
		job := "PIM"
		if strings.EqualFold(e.detail("ActionType"), "Revoke") {
			job = expiry // nobody asked for it
		}
		return entra.Actor{Type: entra.ActorMicrosoft, Name: job}
	case u != nil && (u.ID != "" || u.Principal != ""):
		a := entra.Actor{Type: entra.ActorUser, ID: string(u.ID), Name: string(u.Principal)}
		known := f.object("users", a.ID)
		if a.Name == "" && known != nil {
			a.Name = cmp.Or(known.Text("userPrincipalName"), known.Name)
		}
		switch {
		case app != nil && app.Name != "":
			a.Via = string(app.Name)
		case f.isVia(string(u.Name), known):
			a.Via = string(u.Name)
		}
		return a
	case app != nil && (app.Principal != "" || app.AppID != "" || app.Name != ""):
		a := entra.Actor{Type: entra.ActorApplication, ID: cmp.Or(string(app.Principal), string(app.AppID)), Name: string(app.Name)}
		known := f.object("servicePrincipals", string(app.Principal))
		if a.Name == "" && known != nil {
			a.Name = known.Name
		}
		job, isJob := jobs[folded(string(app.Name))]
		if isJob && known != nil && slices.Contains(ownTenants, identity(known.Text("appOwnerOrganizationId"))) {
			return entra.Actor{Type: entra.ActorMicrosoft, ID: a.ID, Name: job}
		}
		return a
	}
	return entra.Actor{Type: entra.ActorMicrosoft, Name: background}
}

// clients are the names that the log has in place of a person's where Microsoft's own client or
// service acted for the person.
var clients = []string{"graph explorer", "microsoft teams services", "azure ests service"}

// isVia reports whether the display name of a user is that of a client: the log has one in the
// place of the other. Where the person is not known, only the names of clients are.
func (f Facts) isVia(name string, known *entra.Object) bool {
	switch {
	case name == "":
		return false
	case slices.Contains(clients, folded(name)):
		return true
	}
	return known != nil && name != known.Name && name != known.Text("displayName")
}

// object is an object that the facts may know.
func (f Facts) object(kindName, id string) *entra.Object {
	if f.Object == nil || id == "" {
		return nil
	}
	return f.Object(entra.Key{Kind: kindName, ID: id})
}

// address is what the log recorded, and reports whether it may be that of a service that acted for
// the person: the services of Microsoft that do are known by their names and user agents.
func (e *entry) address() (address string, service bool) {
	if u := e.Initiated.User; u != nil {
		address = string(u.Address)
		service = u.Name != "" && slices.Contains(clients[1:], folded(string(u.Name)))
	}
	if address = strings.TrimSpace(address); address == "" || address == "<null>" {
		address = strings.TrimSpace(e.detail("ipaddr"))
	}
	if address == "" || address == "<null>" {
		return "", false
	}
	return address, service || strings.Contains(e.detail("User-Agent"), "EvoSTS")
}

// client is what the request came from.
func (e *entry) client() string { return e.detail("User-Agent") }
