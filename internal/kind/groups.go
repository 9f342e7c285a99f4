package kind

// groups are read by name: licences and labels are left out of the default answer.
// What Graph only answers for one Microsoft 365 group at a time (its Exchange
// settings) is not kept.
var groups = &Kind{
	Name:  "groups",
	Title: "group",
	Bulk:  true,
	Shape: Shape{
		Type: "microsoft.graph.group",
		Update: []string{
			"assignedLicenses", "classification", "description", "displayName", "groupTypes", "mailNickname", "membershipRule",
			"membershipRuleProcessingState", "preferredDataLocation", "preferredLanguage", "securityEnabled",
			"theme", "visibility",
		},
		Create: []string{
			"isAssignableToRole", "mailEnabled", "resourceBehaviorOptions", "resourceProvisioningOptions",
			"uniqueName",
		},
		Status: []string{
			"assignedLabels", "createdDateTime", "isManagementRestricted", "mail",
			"onPremisesDomainName", "onPremisesExtensionAttributes", "onPremisesNetBiosName",
			"onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "proxyAddresses",
		},
		Drop: []string{
			// Answered for one Microsoft 365 group at a time, by Exchange.
			"allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists", "hideFromOutlookClients",
			"isSubscribedByMail", "unseenConversationsCount", "unseenCount", "unseenMessagesCount",
			// Moves without anyone changing configuration.
			"deletedDateTime", "expirationDateTime", "licenseProcessingState", "onPremisesLastSyncDateTime",
			"onPremisesProvisioningErrors", "renewedDateTime", "serviceProvisioningErrors",
			// Never answered, about the caller, or computed from the id.
			"accessType", "hasMembersWithLicenseErrors", "infoCatalogs", "isArchived", "isFavorite",
			"organizationId", "securityIdentifier", "welcomeMessageEnabled",
		},
		NotRestored: map[string]string{
			"assignedLabels": "sensitivity labels are only writable by an administrator who is signed in",
			"mail":           "addresses are computed from the mail nickname by Exchange",
			"proxyAddresses": "addresses are computed from the mail nickname by Exchange",
		},
		Sets: map[string]string{
			"assignedLabels":                   "labelId",
			"assignedLicenses":                 "skuId",
			"assignedLicenses[].disabledPlans": "",
			"groupTypes":                       "",
			"proxyAddresses":                   "",
			"resourceBehaviorOptions":          "",
			"resourceProvisioningOptions":      "",
		},
		Actions: []Action{{
			Name:       "assignLicense",
			Properties: []string{"assignedLicenses"},
			Add:        "addLicenses",
			Remove:     "removeLicenses",
		}},
		Extensions: true,
		Dates:      []string{"createdDateTime"},
		References: membershipRule("membershipRule"),
		Codes: []Code{
			licence("assignedLicenses[].skuId"),
			plans("assignedLicenses[].disabledPlans", "assignedLicenses[].skuId"),
		},
	},
	Place: Place{Path: "/groups"},
	Reading: Reading{
		Top: 999, NameFilter: true, Select: true,
		Basic: &Basic{Permissions: []string{"Group.ReadBasic.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All"}, Unless: directoryPermissions},
	},
	Links: []Link{
		{
			Name:        "members",
			Bind:        20, // the pages "Add members" and "Update group"
			Targets:     []string{"users", "groups", "servicePrincipals", "devices"},
			Permissions: Permissions{Read: []string{"Member.Read.Hidden"}},
			Hidden:      hiddenMembership,
			// Only security groups have them: a Microsoft 365 group has users alone (the page "Add
			// members"), and Exchange manages any other that has an address.
			Unlisted: servicePrincipalsUnlisted(Condition{Property: "mailEnabled", Equals: true, Not: true}),
			Timed:    timedInGroup("member"),
			Dangers:  ofAssignableGroup,
		},
		{
			Name:     "owners",
			Targets:  []string{"users", "servicePrincipals"},
			Unlisted: servicePrincipalsUnlisted(),
			Timed:    timedInGroup("owner"),
			Dangers:  ofAssignableGroup,
		},
	},
	Writing: Writing{
		AfterCreation: []string{"assignedLicenses"},
		Locks: []Lock{
			{
				When:      []Condition{{Property: "onPremisesSyncEnabled", Equals: true}},
				Except:    []string{"spec/assignedLicenses", "spec/extension_"},
				Elsewhere: true,
				Reason:    "synchronised from Active Directory",
				Hint:      "change the group in Active Directory",
			},
			{
				When: []Condition{
					{Property: "mailEnabled", Equals: true},
					{Property: "groupTypes", Equals: "Unified", Not: true},
				},
				Reason: "a distribution list or mail-enabled security group is managed in Exchange",
				Hint:   "change the group in Exchange",
			},
			{
				When:   []Condition{{Property: "groupTypes", Equals: "DynamicMembership"}},
				Parts:  []string{"links/members"},
				Reason: "members follow the membership rule",
				Hint:   "restore spec/membershipRule instead",
			},
			restrictedUnit,
		},
	},
	Recovery: Recovery{
		Twins: true,
		Losses: []Loss{{
			When: []Condition{{Property: "groupTypes", Equals: "Unified"}},
			What: "mailbox, files, planner and team",
			Todo: "set up again in Microsoft 365 what the group was used for",
		}},
		Unique: []Unique{
			// Security groups may share an alias.
			{Property: "mailNickname", When: &Condition{Property: "groupTypes", Equals: "Unified"}},
			{Property: "proxyAddresses", Among: []string{"users"}},
			{Property: "uniqueName", Key: true},
		},
		Deletion: Deletion{
			Mode: DeleteSoft,
			// A group that has licences is not deleted ("Scenarios, limitations, and known issues
			// using groups to manage licensing").
			Before:      map[string]any{"assignedLicenses": nil},
			DeletedPath: "/directory/deletedItems/microsoft.graph.group",
			RestorePath: "/directory/deletedItems",
		},
	},
	Guarding: Guarding{
		Risk: 4,
		Membership: &Membership{
			Link:       "members",
			Assignable: "isAssignableToRole",
			Rules:      []string{"groupTypes", "membershipRule", "membershipRuleProcessingState"},
		},
		Permissions: Permissions{
			Read:  []string{"Group.Read.All"},
			Write: []string{"Group.ReadWrite.All"},
			Needs: []Need{
				{Permission: "LicenseAssignment.ReadWrite.All", For: "licences", Properties: []string{"assignedLicenses"}},
				{Permission: "RoleManagement.ReadWrite.Directory", For: "groups that can hold a role", Properties: []string{"isAssignableToRole"}},
			},
		},
	},
}

// timedInGroup finds whoever is a member or owner for a time only, by an activation or by an
// assignment that ends: those of groups that can hold a role, as only these are asked about.
func timedInGroup(access string) *Timed {
	return &Timed{
		Path: groupAssignmentSchedulesPath, Filter: "groupId eq '{id}' and accessId eq '" + access + "'",
		Property: "principalId",
		Lasting:  Condition{Property: "scheduleInfo.expiration.type", Equals: "noExpiration"},
		When:     []Condition{{Property: "isAssignableToRole", Equals: true}},
		What:     access + "s for a time only",

		Permissions: Permissions{Read: []string{"PrivilegedAssignmentSchedule.Read.AzureADGroup"}},
	}
}

// servicePrincipalsUnlisted says that v1.0 lists no service principals ("Known issues with
// Microsoft Graph", GET /groups/{id}/members doesn't return service principals in v1.0; the note
// on the page "List group owners"). Asked for by their type, they come.
func servicePrincipalsUnlisted(when ...Condition) []Unlisted {
	return []Unlisted{{Type: "microsoft.graph.servicePrincipal", Plural: "service principals", When: when}}
}

// hiddenMembership is the state of what hides its members.
var hiddenMembership = []Condition{{Property: "visibility", Equals: "HiddenMembership"}}

// membershipRule is the text of a rule for dynamic members: it may name groups ("memberOf"),
// users ("Direct Reports for", "user.objectId") and directory extensions.
func membershipRule(path string) []Reference {
	return []Reference{
		{Path: path, Targets: []string{"groups", "users"}, Within: true, MayBeExternal: true},
		ownAppID(path),
	}
}
