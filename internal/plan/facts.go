package plan

import "github.com/entragit/entragit/internal/entra"

// Facts are what the guards need to know of a tenant beside a plan. All of it is read
// beforehand; what no rule needs for the plan is left empty.
type Facts struct {
	// Limits are what a person may ask for at once without accepting it.
	Limits Limits
	// Sizes is how many objects of each kind the tenant has, as far as that is known.
	Sizes map[string]int
	// Live are planned objects as they are now, soft-deleted ones among them, as far as a
	// rule needs them. One that is missing does not exist.
	Live map[entra.Key]*entra.Object
	// Enforcing are all objects that enforce something at sign-in now.
	Enforcing map[entra.Key]*entra.Object
	// Assignments are all objects that give somebody a role now.
	Assignments []*entra.Object
	// Accounts are those that must be able to sign in.
	Accounts []Account
	// MemberOf lists, for each account and each group that leads on, the groups that hold it
	// directly.
	MemberOf map[string][]string
	// Members lists the accounts in each group that holds a role of which somebody must be
	// left.
	Members map[string][]string
	// Blocked are the accounts among them that cannot sign in now.
	Blocked map[string]bool
	// Self is who runs this; zero where nobody signed in.
	Self Self
	// Unknown says, for each rule that lacks facts, what could not be read.
	Unknown map[string]error
}

// Limits are what entragit.yaml sets under guards; a limit of 0 allows nothing.
type Limits struct {
	// Writes bounds the objects that a plan writes to, Deletions the objects, links and
	// contained objects that it takes away.
	Writes, Deletions Limit
}

// Limit is how much a plan may do at all, and to which share of a kind's objects.
type Limit struct{ Most, Percent int }

// Account is somebody who must be able to sign in.
type Account struct {
	entra.Key
	Name string
	// Role completes the sentence "it would apply to …": "the break-glass account".
	Role string
	// Guest is set for a user of another tenant.
	Guest bool
	// Self is set for the identity that runs.
	Self bool
}

// String names the account.
func (a Account) String() string {
	if a.Name == "" {
		return a.Role + " " + a.ID
	}
	return a.Role + " " + a.Name + " (" + a.ID + ")"
}

// Self is the identity that runs.
type Self struct {
	// ID is the object's, a user's or a service principal's; AppID is the application's that
	// signed in, for itself or for the user.
	ID, AppID string
}
