package kind

import "slices"

// Danger ranks what was added to a tenant beyond the risk of its kind, so that what somebody
// can take the tenant over with is told, and taken away, before anything else.
type Danger struct {
	// Rank is 1 for the most dangerous.
	Rank int
	// When tells what has the rank: any of the conditions is enough, and none means always.
	When []Condition
}

// The ranks of dangers.
const (
	DangerRole       = 1 // has a privileged role, or may activate one
	DangerMembership = 2 // is in a group that can hold a role, or owns it
	DangerGrant      = 3 // may do, as an application, what a privileged role may do
	DangerCredential = 4 // can sign in as an application
	DangerAppRole    = 5 // has a role in an application

	// belowDangers is what a kind's own risk is added to.
	belowDangers = 10
	// LeastDanger is the rank of what nothing is known of.
	LeastDanger = belowDangers + 9
)

// Danger is the rank of something that has the properties: the first of the dangers that
// holds for it, and otherwise one below them all by the risk of the kind.
func (k *Kind) Danger(dangers []Danger, property func(name string) any) int {
	for _, d := range dangers {
		holds := func(c Condition) bool { return c.Holds(property(c.Property)) }
		if len(d.When) == 0 || slices.ContainsFunc(d.When, holds) {
			return d.Rank
		}
	}
	return belowDangers + k.Risk
}

// anyOf are conditions that a property is one of some values.
func anyOf(property string, values ...string) []Condition {
	conditions := make([]Condition, len(values))
	for i, v := range values {
		conditions[i] = Condition{Property: property, Equals: v}
	}
	return conditions
}

// givesPrivilege ranks what gives a role, by the role: the roles that the page "Microsoft
// Entra built-in roles" labels privileged and that write anything. A custom role is none of
// them.
var givesPrivilege = []Danger{{Rank: DangerRole, When: anyOf("roleDefinitionId",
	"62e90394-69f5-4237-9190-012177145e10", // Global Administrator
	"e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
	"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
	"c4e39bd9-1100-46d3-8c65-fb160da0071f", // Authentication Administrator
	"25a516ed-2fa0-40ea-a2d0-12923a21473a", // Authentication Extensibility Administrator
	"194ae4cb-b126-40b2-bd5b-6091b380977d", // Security Administrator
	"5f2222b1-57c3-48ba-8ad5-d4759f1fde6f", // Security Operator
	"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", // Conditional Access Administrator
	"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", // Application Administrator
	"158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
	"cf1c38e5-3621-4004-a7cb-879624dced7c", // Application Developer
	"7698a772-787b-4ac8-901f-60d6b08affd2", // Cloud Device Administrator
	"3a2c62db-5318-420d-8d74-23affee5d9d5", // Intune Administrator
	"8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", // Hybrid Identity Administrator
	"8329153b-31d0-4727-b945-745eb3bc5f31", // Domain Name Administrator
	"be2f45a1-457d-42af-a067-6ec1fa63bc45", // External Identity Provider Administrator
	"fe930be7-5e62-47db-91af-98c3a49a38b1", // User Administrator
	"729827e3-9c14-49f7-bb1b-9608f156bbb8", // Helpdesk Administrator
	"966707d0-3269-4727-9be2-8c3a10f19b9d", // Password Administrator
	"9360feb5-f418-4baa-8175-e2a00bac4301", // Directory Writers
	"59d46f88-662b-457b-bceb-5c3809e5908f", // Lifecycle Workflows Administrator
	"aaf43236-0c0d-4d5f-883a-6955382ac081", // B2C IEF Keyset Administrator
	"4ba39ca4-527c-499a-b93d-d9b492c50246", // Partner Tier1 Support
	"e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8", // Partner Tier2 Support
)}}

// ofAssignableGroup ranks the members and owners of a group that can hold a role.
var ofAssignableGroup = []Danger{{Rank: DangerMembership, When: []Condition{{Property: "isAssignableToRole", Equals: true}}}}

// isCredential ranks what somebody can sign in as an application with, or make such a thing
// with.
var isCredential = []Danger{{Rank: DangerCredential}}

// givesAppRole ranks what gives a role in an application, by the role: those of Microsoft
// Graph, by the page "Microsoft Graph permissions reference", with which an application can
// give itself everything.
var givesAppRole = []Danger{
	{Rank: DangerGrant, When: anyOf("appRoleId",
		"9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", // RoleManagement.ReadWrite.Directory
		"06b708a9-e830-4db3-a914-8e69da51d44f", // AppRoleAssignment.ReadWrite.All
		"1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", // Application.ReadWrite.All
		"19dbc75e-c2e2-444c-a770-ec69d8559fc7", // Directory.ReadWrite.All
		"cc117bb9-00cf-4eb8-b580-ea2a878fe8f7", // User-PasswordProfile.ReadWrite.All
		"01c0a623-fc9b-48e9-b794-0756f8e8f067", // Policy.ReadWrite.ConditionalAccess
		"29c18626-4985-4dcd-85c0-193eef327366", // Policy.ReadWrite.AuthenticationMethod
		"7e05723c-0bb0-42da-be95-ae9f08a6e53c", // Domain.ReadWrite.All
	)},
	{Rank: DangerAppRole},
}

// isTenantWide ranks what an application may do for everybody.
var isTenantWide = []Danger{{Rank: DangerGrant, When: []Condition{{Property: "consentType", Equals: "AllPrincipals"}}}}
