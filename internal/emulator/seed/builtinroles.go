package seed

// builtInRole is a directory role that every tenant has. Its id is that of its template.
type builtInRole struct {
	id, name, about string
	actions         []string
}

// builtInRoleTable lists the built-in directory roles, from the page "Microsoft Entra
// built-in roles"; not the whole list, and of most roles some of the actions.
var builtInRoleTable = []builtInRole{
	{GlobalAdministrator, "Global Administrator", "Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities.", []string{"microsoft.directory/*/allTasks"}},
	{rolePrivilegedRoleAdministrator, "Privileged Role Administrator", "Can manage role assignments in Microsoft Entra ID, and all aspects of Privileged Identity Management.", []string{"microsoft.directory/roleAssignments/allProperties/allTasks", "microsoft.directory/roleDefinitions/allProperties/allTasks"}},
	{rolePrivilegedAuthentication, "Privileged Authentication Administrator", "Can access to view, set and reset authentication method information for any user (admin or non-admin).", []string{"microsoft.directory/users/authenticationMethods/create", "microsoft.directory/users/password/update"}},
	{roleAuthenticationAdministrator, "Authentication Administrator", "Can access to view, set and reset authentication method information for any non-admin user.", []string{"microsoft.directory/users/authenticationMethods/basic/update"}},
	{roleSecurityAdministrator, "Security Administrator", "Can read security information and reports, and manage configuration in Microsoft Entra ID and Office 365.", []string{"microsoft.directory/policies/basic/update", "microsoft.directory/namedLocations/basic/update"}},
	{roleConditionalAccess, "Conditional Access Administrator", "Can manage Conditional Access capabilities.", []string{"microsoft.directory/conditionalAccessPolicies/create", "microsoft.directory/conditionalAccessPolicies/basic/update"}},
	{roleApplicationAdministrator, "Application Administrator", "Can create and manage all aspects of app registrations and enterprise apps.", []string{"microsoft.directory/applications/create", "microsoft.directory/applications/delete"}},
	{roleCloudAppAdministrator, "Cloud Application Administrator", "Can create and manage all aspects of app registrations and enterprise apps except App Proxy.", []string{"microsoft.directory/applications/create", "microsoft.directory/servicePrincipals/create"}},
	{roleExchangeAdministrator, "Exchange Administrator", "Can manage all aspects of the Exchange product.", []string{"microsoft.office365.exchange/allEntities/basic/allTasks"}},
	{roleSharePointAdministrator, "SharePoint Administrator", "Can manage all aspects of the SharePoint service.", []string{"microsoft.office365.sharePoint/allEntities/allTasks"}},
	{"69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator", "Can manage the Microsoft Teams service.", []string{"microsoft.teams/allEntities/allProperties/allTasks"}},
	{"3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator", "Can manage all aspects of the Intune product.", []string{"microsoft.intune/allEntities/allTasks"}},
	{"8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator", "Can manage Active Directory to Microsoft Entra cloud provisioning, Microsoft Entra Connect and federation settings.", []string{"microsoft.directory/domains/federation/update", "microsoft.directory/organization/dirSync/update"}},
	{roleUserAdministrator, "User Administrator", "Can manage all aspects of users and groups, including resetting passwords for limited admins.", []string{"microsoft.directory/users/create", "microsoft.directory/users/delete", "microsoft.directory/groups/create"}},
	{"fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator", "Members of this role can create/manage groups, create/manage groups settings like naming and expiration policies, and view groups activity and audit reports.", []string{"microsoft.directory/groups/create", "microsoft.directory/groups/members/update"}},
	{roleHelpdeskAdministrator, "Helpdesk Administrator", "Can reset passwords for non-administrators and Helpdesk Administrators.", []string{"microsoft.directory/users/invalidateAllRefreshTokens", "microsoft.directory/users/password/update"}},
	{"966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator", "Can reset passwords for non-administrators and Password Administrators.", []string{"microsoft.directory/users/password/update"}},
	{"b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator", "Can perform common billing related tasks like updating payment information.", []string{"microsoft.commerce.billing/allEntities/allProperties/allTasks"}},
	{"17315797-102d-40b4-93e0-432062caca18", "Compliance Administrator", "Can read and manage compliance configuration and reports in Microsoft Entra ID and Microsoft 365.", []string{"microsoft.office365.complianceManager/allEntities/allTasks"}},
	{roleGlobalReader, "Global Reader", "Can read everything that a Global Administrator can, but not update anything.", []string{"microsoft.directory/*/allProperties/read"}},
	{"5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader", "Can read security information and reports in Microsoft Entra ID and Office 365.", []string{"microsoft.directory/policies/standard/read"}},
	{"4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader", "Can read sign-in and audit reports.", []string{"microsoft.directory/auditLogs/allProperties/read"}},
	{"88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers", "Can read basic directory information. Commonly used to grant directory read access to applications and guests.", []string{"microsoft.directory/users/standard/read"}},
	{roleDirectorySynchronization, "Directory Synchronization Accounts", "Only used by Microsoft Entra Connect service.", []string{"microsoft.directory/users/basic/update"}},
	{"58a13ea3-c632-46ae-9ee0-9c0d43cd7f3d", "Attribute Assignment Administrator", "Assign custom security attribute keys and values to supported Microsoft Entra objects.", []string{"microsoft.directory/attributeSets/allProperties/read"}},
	{"59d46f88-662b-457b-bceb-5c3809e5908f", "Lifecycle Workflows Administrator", "Create and manage all aspects of workflows and tasks associated with Lifecycle Workflows in Microsoft Entra ID.", []string{"microsoft.directory/lifecycleWorkflows/workflows/allProperties/allTasks"}},
	{"45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", "Identity Governance Administrator", "Manage access using Microsoft Entra ID for identity governance scenarios.", []string{"microsoft.directory/entitlementManagement/allProperties/allTasks"}},
}

// Built-in directory roles, by the template ids that Microsoft publishes.
const (
	// GlobalAdministrator is the role that may do everything; a tenant has at least one.
	GlobalAdministrator             = "62e90394-69f5-4237-9190-012177145e10"
	rolePrivilegedRoleAdministrator = "e8611ab8-c189-46e8-94e1-60213ab1f814"
	roleSecurityAdministrator       = "194ae4cb-b126-40b2-bd5b-6091b380977d"
	roleConditionalAccess           = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"
	roleExchangeAdministrator       = "29232cdf-9323-42fd-ade2-1d097af3e4de"
	roleSharePointAdministrator     = "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"
	roleUserAdministrator           = "fe930be7-5e62-47db-91af-98c3a49a38b1"
	roleHelpdeskAdministrator       = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
	roleApplicationAdministrator    = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
	roleCloudAppAdministrator       = "158c047a-c907-4556-b7ef-446551a6b5f7"
	roleAuthenticationAdministrator = "c4e39bd9-1100-46d3-8c65-fb160da0071f"
	rolePrivilegedAuthentication    = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
	roleDirectorySynchronization    = "d29b2b05-8046-44ba-8758-1e26182fcf32"
	roleGlobalReader                = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
)

// BuiltInRoles returns the ids of the directory roles that every tenant has.
func BuiltInRoles() []string {
	ids := make([]string, len(builtInRoleTable))
	for i, r := range builtInRoleTable {
		ids[i] = r.id
	}
	return ids
}
