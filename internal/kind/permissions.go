package kind

import "slices"

// GraphAppID is the application id of Microsoft Graph in every cloud: the resource whose
// app roles the permissions are.
const GraphAppID = "00000003-0000-0000-c000-000000000000"

// AppRole returns the id of the app role of Microsoft Graph that an application
// permission stands for, or "" for a permission that nothing here needs. The ids are the
// same in every tenant and cloud
// (https://learn.microsoft.com/graph/permissions-reference).
func AppRole(permission string) string { return appRoles[permission] }

// Grants returns every set of permissions that a kind names: its own, and the permissions of its
// links, contained collections, extras and directory extensions.
func (k *Kind) Grants() []Permissions {
	all := []Permissions{k.Permissions}
	for _, l := range k.Links {
		all = append(all, l.Permissions)
		if l.Timed != nil {
			all = append(all, l.Timed.Permissions)
		}
	}
	for _, c := range k.Contained {
		all = append(all, c.Permissions)
	}
	for _, e := range k.Extras {
		all = append(all, e.Permissions)
	}
	if k.Extensions {
		all = append(all, Permissions{Read: []string{ExtensionsPermission}})
	}
	return all
}

var appRoles = map[string]string{
	"APIConnectors.ReadWrite.All":                          "1dfe531a-24a6-4f1b-80f4-7a0dc5a0a171",
	"AccessReview.Read.All":                                "d07a8cc0-3d51-4b77-b3b0-32704d1f69fa",
	"AccessReview.ReadWrite.All":                           "ef5f7d5c-338f-44b0-86c3-351f46c8bb5f",
	"AdministrativeUnit.Read.All":                          "134fd756-38ce-4afd-ba33-e9623dbe66c2",
	"AdministrativeUnit.ReadWrite.All":                     "5eb59dd3-1da2-4329-8733-9dabdc435916",
	"AppRoleAssignment.ReadWrite.All":                      "06b708a9-e830-4db3-a914-8e69da51d44f",
	"Application.Read.All":                                 "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
	"Application.ReadWrite.All":                            "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
	"AuditLog.Read.All":                                    "b0afded3-3588-46d8-8b3d-9842eff778da", // of no kind: who changed it
	"AuthenticationContext.Read.All":                       "381f742f-e1f8-4309-b4ab-e3d91ae4c5c1",
	"AuthenticationContext.ReadWrite.All":                  "a88eef72-fed0-4bf7-a2a9-f19df33f8b83",
	"CustomAuthenticationExtension.Read.All":               "88bb2658-5d9e-454f-aacd-a3933e079526",
	"CustomAuthenticationExtension.ReadWrite.All":          "c2667967-7050-4e7e-b059-4cbbb3811d03",
	"CustomSecAttributeAssignment.Read.All":                "3b37c5a4-1226-493d-bec3-5d6c6b866f3f",
	"CustomSecAttributeAssignment.ReadWrite.All":           "de89b5e4-5b8f-48eb-8925-29c2b33bd8bd",
	"CustomSecAttributeDefinition.Read.All":                "b185aa14-d8d2-42c1-a685-0f5596613624",
	"CustomSecAttributeDefinition.ReadWrite.All":           "12338004-21f4-4896-bf5e-b75dfaf1016d",
	"DelegatedPermissionGrant.ReadWrite.All":               "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
	"Device.Read.All":                                      "7438b122-aefc-4978-80ed-43db9fcc7715",
	"Device.ReadWrite.All":                                 "1138cb37-bd11-4084-a2b7-9f71582aeddb",
	"Directory.Read.All":                                   "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
	"Directory.ReadWrite.All":                              "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
	"Domain-InternalFederation.Read.All":                   "c0e5a7b0-e8b7-40a7-b8e0-8249e6ea81d5",
	"Domain-InternalFederation.ReadWrite.All":              "64d40371-8d58-4270-bc8a-b4a66de36b9a",
	"Domain.Read.All":                                      "dbb9058a-0e50-45d7-ae91-66909b5d4664",
	"Domain.ReadWrite.All":                                 "7e05723c-0bb0-42da-be95-ae9f08a6e53c",
	"EntitlementManagement.Read.All":                       "c74fd47d-ed3c-45c3-9a9e-b8676de685d2",
	"EntitlementManagement.ReadWrite.All":                  "9acd699f-1e81-4958-b001-93b1d2506e19",
	"EntraBackup.Read.All":                                 "c16f30f0-3121-4976-bafe-66cb042f4f80",
	"EventListener.Read.All":                               "b7f6385c-6ce6-4639-a480-e23c42ed9784",
	"EventListener.ReadWrite.All":                          "0edf5e9e-4ce8-468a-8432-d08631d18c43",
	"Group.Read.All":                                       "5b567255-7703-4780-807c-7be8301ae99b",
	"Group.ReadWrite.All":                                  "62a82d76-70ea-41e2-9197-370581804d09",
	"GroupSettings.Read.All":                               "f3c4f514-c65a-43f5-bfce-1735872258dd",
	"GroupSettings.ReadWrite.All":                          "546168c3-1183-4281-9491-fafb24dea37e",
	"IdentityProvider.Read.All":                            "e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0",
	"IdentityProvider.ReadWrite.All":                       "90db2b9a-d928-4d33-a4dd-8442ae3d41e4",
	"IdentityUserFlow.Read.All":                            "1b0c317f-dd31-4305-9932-259a8b6e8099",
	"IdentityUserFlow.ReadWrite.All":                       "65319a09-a2be-469d-8782-f6b07debf789",
	"LicenseAssignment.Read.All":                           "e2f98668-2877-4f38-a2f4-8202e0717aa1",
	"LicenseAssignment.ReadWrite.All":                      "5facf0c1-8979-4e95-abcf-ff3d079771c0",
	"LifecycleWorkflows-CustomExt.Read.All":                "2cb19e7d-9012-40bf-9a22-69fc776af8b0",
	"LifecycleWorkflows-Workflow.Read.All":                 "03b0ad3e-fc2b-4ef1-b0ff-252e865cb608",
	"LifecycleWorkflows-Workflow.ReadWrite.All":            "94c88098-1d9d-4c42-a356-4d5a95312554",
	"LifecycleWorkflows.Read.All":                          "7c67316a-232a-4b84-be22-cea2c0906404",
	"LifecycleWorkflows.ReadWrite.All":                     "5c505cf4-8424-4b8e-aa14-ee06e3bb23e3",
	"Member.Read.Hidden":                                   "658aa5d8-239f-45c4-aa12-864f4fc7e490",
	"Organization.Read.All":                                "498476ce-e0fe-48b0-b801-37ba7e2685c6",
	"Organization.ReadWrite.All":                           "292d869f-3427-49a8-9dab-8c70152b74e9",
	"OrganizationalBranding.Read.All":                      "eb76ac34-0d62-4454-b97c-185e4250dc20",
	"OrganizationalBranding.ReadWrite.All":                 "d2ebfbc1-a5f8-424b-83a6-56ab5927a73c",
	"Policy.Read.All":                                      "246dd0d5-5bd0-4def-940b-0421030a5b68",
	"Policy.Read.AuthenticationMethod":                     "8e3bc81b-d2f3-4b7b-838c-32c88218d2f0",
	"Policy.Read.DeviceConfiguration":                      "bdba4817-6ba1-4a7c-8a01-be9bc7c242dd",
	"Policy.Read.PermissionGrant":                          "9e640839-a198-48fb-8b9a-013fd6f6cbcd",
	"Policy.ReadWrite.ApplicationConfiguration":            "be74164b-cff1-491c-8741-e671cb536e13",
	"Policy.ReadWrite.AuthenticationFlows":                 "25f85f3c-f66c-4205-8cd5-de92dd7f0cec",
	"Policy.ReadWrite.AuthenticationMethod":                "29c18626-4985-4dcd-85c0-193eef327366",
	"Policy.ReadWrite.Authorization":                       "fb221be6-99f2-473f-bd32-01c6a0e9ca3b",
	"Policy.ReadWrite.ConditionalAccess":                   "01c0a623-fc9b-48e9-b794-0756f8e8f067",
	"Policy.ReadWrite.ConsentRequest":                      "999f8c63-0a38-4f1b-91fd-ed1947bdd1a9",
	"Policy.ReadWrite.CrossTenantAccess":                   "338163d7-f101-4c92-94ba-ca46fe52447c",
	"Policy.ReadWrite.PermissionGrant":                     "a402ca1c-2696-4531-972d-6e5ee4aa11ea",
	"Policy.ReadWrite.SecurityDefaults":                    "1c6e93a6-28e2-4cbb-9f64-1a46a821124d",
	"PrivilegedAssignmentSchedule.Read.AzureADGroup":       "cd4161cb-f098-48f8-a884-1eda9a42434c",
	"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup":  "41202f2c-f7ab-45be-b001-85c9728b9d69",
	"PrivilegedEligibilitySchedule.Read.AzureADGroup":      "edb419d6-7edc-42a3-9345-509bfdf5d87c",
	"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": "618b6020-bca8-4de6-99f6-ef445fa4d857",
	"PublicKeyInfrastructure.Read.All":                     "214fda0c-514a-4650-b037-b562b1a66124",
	"PublicKeyInfrastructure.ReadWrite.All":                "a2b63618-5350-462d-b1b3-ba6eb3684e26",
	"RoleAssignmentSchedule.Read.Directory":                "d5fe8ce8-684c-4c83-a52c-46e882ce4be1",
	"RoleAssignmentSchedule.ReadWrite.Directory":           "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
	"RoleEligibilitySchedule.Read.Directory":               "ff278e11-4a33-4d0c-83d2-d01dc58929a5",
	"RoleEligibilitySchedule.ReadWrite.Directory":          "fee28b28-e1f3-4841-818e-2704dc62245f",
	"RoleManagement.Read.Directory":                        "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
	"RoleManagement.ReadWrite.Directory":                   "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
	"RoleManagementPolicy.Read.AzureADGroup":               "69e67828-780e-47fd-b28c-7b27d14864e6",
	"RoleManagementPolicy.ReadWrite.AzureADGroup":          "b38dcc4d-a239-4ed6-aa84-6c65b284f97c",
	"RoleManagementPolicy.ReadWrite.Directory":             "31e08e0a-d3f7-4ca2-ac39-7343fb83e8ad",
	"User-LifeCycleInfo.Read.All":                          "8556a004-db57-4d7a-8b82-97a13428e96f",
	"User-LifeCycleInfo.ReadWrite.All":                     "925f1248-0f97-47b9-8ec8-538c54e01325",
	"User.DeleteRestore.All":                               "eccc023d-eccf-4e7b-9683-8813ab36cecc",
	"User.ManageIdentities.All":                            "c529cfca-c91b-489c-af2b-d92990b66ce6",
	"User.Read.All":                                        "df021288-bdef-4463-88db-98f22de89214",
	"User.ReadWrite.All":                                   "741f803b-c850-494e-b5df-cde7c675a1ca",
}

// Granted reports whether a permission is among those that were granted, itself or by a
// wider one (the "higher privileged permissions" of Microsoft's pages on each call).
func Granted(granted []string, permission string) bool {
	return slices.ContainsFunc(granted, func(g string) bool {
		return g == permission || g == readWrite(permission) || slices.Contains(wider[permission], g)
	})
}

// wider are the permissions that Microsoft takes instead of one.
var wider = map[string][]string{
	"AdministrativeUnit.ReadWrite.All":            {directoryWrite},
	"Application.ReadWrite.All":                   {directoryWrite},
	"DelegatedPermissionGrant.ReadWrite.All":      {directoryWrite},
	"Device.ReadWrite.All":                        {directoryWrite},
	"Domain.ReadWrite.All":                        {directoryWrite},
	"Domain-InternalFederation.ReadWrite.All":     {"Domain.ReadWrite.All", directoryWrite},
	"Group.ReadWrite.All":                         {directoryWrite},
	"GroupSettings.ReadWrite.All":                 {directoryWrite},
	"LicenseAssignment.ReadWrite.All":             {"User.ReadWrite.All", "Group.ReadWrite.All", directoryWrite},
	"LifecycleWorkflows-Workflow.ReadWrite.All":   {"LifecycleWorkflows.ReadWrite.All"},
	"Organization.ReadWrite.All":                  {directoryWrite},
	"OrganizationalBranding.ReadWrite.All":        {"Organization.ReadWrite.All", directoryWrite},
	"RoleAssignmentSchedule.ReadWrite.Directory":  {"RoleManagement.ReadWrite.Directory"},
	"RoleEligibilitySchedule.ReadWrite.Directory": {"RoleManagement.ReadWrite.Directory"},
	"RoleManagementPolicy.ReadWrite.Directory":    {"RoleManagement.ReadWrite.Directory"},
	"User.DeleteRestore.All":                      {"User.ReadWrite.All", directoryWrite},
	"User.ReadWrite.All":                          {directoryWrite},
}

const directoryWrite = "Directory.ReadWrite.All"

// directoryPermissions show every property of people, groups and the organization that needs
// no permission of its own.
var directoryPermissions = []string{"Directory.Read.All", directoryWrite}
