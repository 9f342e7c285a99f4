package kind

// Enforcement says whom an object subjects to what it enforces at sign-in.
type Enforcement struct {
	// While is when the object enforces anything.
	While Condition
	// Reports is the value of that property by which an object that is created again only
	// reports until somebody has looked at it.
	Reports string
	// Includes and Excludes are the scopes of which any subjects an account, or exempts it.
	Includes, Excludes []Scope
	// Blocks is the path of the list that holds Block where the object lets nobody in.
	Blocks, Block string
	// Parts are the top-level properties that say what is enforced and when.
	Parts []string
	// DependsOn are kinds whose objects, where Parts mention them, are part of what is
	// enforced. Implied are the values that stand for all objects of such a kind.
	DependsOn []string
	Implied   map[string]string
}

// Scope is a list of those whom an object concerns.
type Scope struct {
	// Path leads to the list, in the Shape's spelling.
	Path string
	// By says what the list holds the ids of.
	By ScopeBy
	// Of is the kind of the accounts that the scope is about.
	Of string
	// Everyone is the value that stands for all of them, Guests the one for those of other
	// tenants; empty where there is none.
	Everyone, Guests string
}

// ScopeBy is what a scope holds the ids of.
type ScopeBy int

// What scopes hold the ids of.
const (
	ByAccount ScopeBy = iota
	ByGroup           // the account is a member of, directly or not
	ByRole            // the account holds, for the whole directory
	ByGuest           // an object that is there at all: it concerns guests
)

// Membership says how an object comes to have members.
type Membership struct {
	// Link holds the members.
	Link string
	// Rules are the properties that decide about members without the link.
	Rules []string
	// Assignable is the property that is true where the object can hold a role: whoever is linked to such
	// an object counts as an administrator, and changing it takes the right to give roles (Microsoft's
	// page "Use Microsoft Entra groups to manage role assignments").
	Assignable string
}

// Privilege says how an object gives somebody a role.
type Privilege struct {
	// Principal, Role and Scope are the properties that say who has which role where.
	Principal, Role, Scope string
	// Everywhere is the scope of the whole directory.
	Everywhere string
	// Supreme is the role that can give every other.
	Supreme string
	// Higher are the roles that let an application, too, change those who hold one (Microsoft's
	// page "Privileged roles and permissions", on sensitive actions).
	Higher []string
}
