package seed

import "slices"

// applicationTable returns the applications that exist at every scale.
func (c *company) applicationTable() []app {
	return slices.Concat(staffApplications(), deviceApplications(), c.daemonApplications(), plainApplications())
}

// staffApplications are web sites that people sign in to; they use every setting there is.
func staffApplications() []app {
	return []app{
		{
			key: "portal", name: "Contoso Portal", about: "Intranet start page.",
			web:       []string{"https://portal.contoso.com/signin-oidc", "https://portal-staging.contoso.com/signin-oidc"},
			roles:     []string{"Portal.Editor", "Portal.Reader"},
			scopes:    []string{"access_as_user", "news.read"},
			delegated: []string{"User.Read", "Calendars.Read", "openid", "profile"},
			owners:    []string{"cio", "cmo"}, users: []string{"cmo"}, groups: []string{"all-staff"}, secrets: 2,
			extra: object{
				"web": object{
					"homePageUrl": "https://portal.contoso.com", "logoutUrl": "https://portal.contoso.com/signout",
					"redirectUris": list("https://portal.contoso.com/signin-oidc", "https://portal-staging.contoso.com/signin-oidc"),
					"redirectUriSettings": list(
						object{"uri": "https://portal.contoso.com/signin-oidc", "index": num(1)},
						object{"uri": "https://portal-staging.contoso.com/signin-oidc", "index": num(0)},
					),
					"implicitGrantSettings": object{"enableAccessTokenIssuance": false, "enableIdTokenIssuance": true},
				},
				"info": object{
					"logoUrl": nil, "marketingUrl": "https://www.contoso.com", "privacyStatementUrl": "https://www.contoso.com/privacy",
					"supportUrl": "https://help.contoso.com", "termsOfServiceUrl": "https://www.contoso.com/terms",
				},
				"groupMembershipClaims": "SecurityGroup, ApplicationGroup", "uniqueName": "contoso-portal",
				"serviceManagementReference": "CI-0042", "notes": "Owned by the workplace team.\nReviewed every quarter.",
				"optionalClaims": object{
					"idToken":     list(object{"name": "auth_time", "source": nil, "essential": false, "additionalProperties": list[string]()}),
					"accessToken": list(object{"name": "groups", "source": nil, "essential": false, "additionalProperties": list("sam_account_name", "emit_as_roles")}),
					"saml2Token":  list(object{"name": "upn", "source": nil, "essential": true, "additionalProperties": list("include_externally_authenticated_upn")}),
				},
			},
			principal: object{"customSecurityAttributes": securityAttributes("Workplace", false), "notificationEmailAddresses": list[string]()},
		},
		{
			key: "expenses", name: "Contoso Expenses", spa: []string{"https://expenses.contoso.com", "http://localhost:3000"},
			roles: []string{"Approver", "Submitter", "expenses.export"}, scopes: []string{"expenses.readwrite"},
			delegated: []string{"User.Read", "Mail.Send"}, owners: []string{"cfo"}, users: []string{"payroll"}, groups: []string{"department-finance", "contractors"},
			extra: object{
				"tags": list("finance", "sox"), "requestSignatureVerification": object{"isSignedRequestRequired": false, "allowedWeakAlgorithms": nil},
				"authenticationBehaviors": object{"blockAzureADGraphAccess": true, "removeUnverifiedEmailClaim": true, "requireClientServicePrincipal": true},
				"parentalControlSettings": object{"countriesBlockedForMinors": list("DE", "FR"), "legalAgeGroupRule": "BlockMinors"},
				"servicePrincipalLockConfiguration": object{
					"isEnabled": true, "allProperties": true, "credentialsWithUsageSign": false, "credentialsWithUsageVerify": false, "tokenEncryptionKeyId": false,
				},
			},
			principal: object{"appRoleAssignmentRequired": true},
		},
	}
}

// deviceApplications run on phones, in meeting rooms and at a vendor's.
func deviceApplications() []app {
	return []app{
		{
			key: "field", name: "Contoso Field Service", mobile: []string{"msauth.com.contoso.field://auth", "com.contoso.field://oauth", "https://login.microsoftonline.com/common/oauth2/nativeclient"},
			delegated: []string{"User.Read", "Files.Read.All", "offline_access"}, owners: []string{"coo"}, groups: []string{"department-operations"},
			extra: object{
				"isFallbackPublicClient": true, "isDeviceOnlyAuthSupported": false, "signInAudience": "AzureADMultipleOrgs",
				"defaultRedirectUri": "com.contoso.field://oauth", "nativeAuthenticationApisEnabled": "none",
			},
		},
		{
			key: "saml-crm", name: "Northwind CRM (SAML)", web: []string{"https://crm.northwindtraders.com/saml/acs"},
			roles: []string{"Sales.Manager", "Sales.Agent"}, owners: []string{"cso"}, groups: []string{"department-sales"}, certificates: 1,
			extra: object{
				"applicationTemplateId": "8adf8e6e-67b2-4cf2-a259-e3dc5476c621", "samlMetadataUrl": "https://crm.northwindtraders.com/saml/metadata",
				"identifierUris": list("https://crm.contoso.com/saml"), "groupMembershipClaims": "ApplicationGroup",
			},
			principal: samlPrincipal(),
		},
		{
			key: "meeting-rooms", name: "Meeting Room Panels", mobile: []string{"http://localhost"}, delegated: []string{"Calendars.Read"}, owners: []string{"cio"}, users: []string{"room-4.01"},
			extra:     object{"isFallbackPublicClient": true, "addIns": list(object{"id": "1fd2a7c5-6d4e-4a59-8d39-5f1c0e7a9b33", "type": "Panel", "properties": list(object{"key": "layout", "value": "wide"})})},
			principal: object{"tags": list("HideApp", "WindowsAzureActiveDirectoryIntegratedApp")},
		},
	}
}

// samlPrincipal is the single sign-on configuration of a gallery application.
func samlPrincipal() object {
	return object{
		"preferredSingleSignOnMode": "saml", "loginUrl": "https://crm.northwindtraders.com/login?org=contoso",
		"logoutUrl": "https://crm.northwindtraders.com/saml/slo", "homepage": "https://crm.northwindtraders.com",
		"samlSingleSignOnSettings":           object{"relayState": "https://crm.northwindtraders.com/home"},
		"notificationEmailAddresses":         list("identity@contoso.com", "kenji.tanaka@contoso.com"),
		"preferredTokenSigningKeyThumbprint": "5F3C1A0E9B7D4C2A8E6F1D0B3A5C7E9F2B4D6A80",
		"description":                        "Single sign-on to the customer database.",
		"notes":                              "Renew the certificate with the vendor, two weeks ahead.",
		"tags":                               list("WindowsAzureActiveDirectoryIntegratedApp", "WindowsAzureActiveDirectoryCustomSingleSignOnApplication"),
		"alternativeNames":                   list[string](),
	}
}

// github returns a federated credential for a repository of GitHub.
func github(name, subject string) object {
	return object{
		"name": name, "issuer": "https://token.actions.githubusercontent.com", "subject": subject,
		"audiences": list("api://AzureADTokenExchange"), "description": "GitHub Actions, " + subject,
	}
}

// backupPermissions are what reading and restoring the directory takes.
func backupPermissions() []string {
	return []string{
		"Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "AuditLog.Read.All", "CustomSecAttributeAssignment.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All",
		"Group.ReadWrite.All", "Member.Read.Hidden", "Organization.ReadWrite.All", "Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod",
		"Policy.ReadWrite.Authorization", "Policy.ReadWrite.ConditionalAccess", "User-LifeCycleInfo.Read.All", "User.ReadWrite.All", "User.DeleteRestore.All",
	}
}

// daemonApplications sign in without a person.
func (c *company) daemonApplications() []app {
	return []app{
		{
			key: "entragit", name: "entragit", about: "Backs the directory up to Git and restores it.", owners: []string{"ciso"},
			application: backupPermissions(), secrets: 1, certificates: 1,
			federated: []object{
				github("backup-main", "repo:contoso/entra-backup:ref:refs/heads/main"),
				github("restore", "repo:contoso/entra-backup:environment:restore"),
			},
		},
		{
			key: "hr-feed", name: "HR Feed", about: "Writes joiners and leavers.", owners: []string{"chro"}, application: []string{"User.ReadWrite.All", "GroupMember.ReadWrite.All"},
			secrets: 1, certificates: 2,
			extra: object{"tokenEncryptionKeyId": c.certificateID("hr-feed", 1), "managerApplications": list(c.appID("terraform"))},
			extensions: []object{
				{"name": "badgeNumber", "dataType": "String", "isMultiValued": false, "targetObjects": list("User")},
				{"name": "floorWarden", "dataType": "Boolean", "isMultiValued": false, "targetObjects": list("User")},
				{"name": "costObjects", "dataType": "String", "isMultiValued": true, "targetObjects": list("User", "Group")},
				{"name": "assetClass", "dataType": "Integer", "isMultiValued": false, "targetObjects": list("AdministrativeUnit", "Application", "Device")},
			},
		},
		{
			key: "datalake", name: "Data Lake Loader", owners: []string{"cto"}, application: []string{"AuditLog.Read.All", "User.Read.All"}, roles: []string{"lake.write"},
			federated: []object{{
				"name": "aks-loader", "issuer": "https://oidc.prod-aks.azure.com/c7f0a5d2/", "subject": "system:serviceaccount:lake:loader",
				"audiences": list("api://AzureADTokenExchange"), "description": nil,
			}},
		},
		{
			key: "terraform", name: "Terraform – Platform", owners: []string{"cto", "cio"}, application: []string{"Application.ReadWrite.All", "Group.ReadWrite.All"},
			federated: []object{github("plan", "repo:contoso/platform:pull_request"), github("apply", "repo:contoso/platform:environment:production")},
		},
		{key: "adatum-push", name: "Adatum Push (external method)", web: []string{"https://login.adatum.com/entra"}, owners: []string{"ciso"}, extra: object{"isDisabled": false}},
	}
}

// plainApplications are the long tail.
func plainApplications() []app {
	plain := func(key, name, owner string) app {
		return app{
			key: key, name: name, web: []string{"https://" + key + ".contoso.com/auth/callback"},
			delegated: []string{"User.Read", "openid"}, owners: []string{owner}, secrets: 1,
		}
	}
	return []app{
		plain("wiki", "Wiki", "cto"),
		plain("tickets", "Ticket Desk", "cio"),
		plain("timesheets", "Time Sheets", "chro"),
		plain("canteen", "Canteen Menu – Speisekarte", "coo"),
		plain("travel", "Travel Booking", "cfo"),
		plain("learning", "Learning", "chro"),
		plain("legal-vault", "Legal Vault", "clo"),
		plain("brand", "Brand Assets", "cmo"),
		plain("forecast", "Sales Forecast", "cso"),
		plain("quality", "品質管理", "coo"),
		plain("visitors", "Visitors' Book", "coo"),
		plain("parking", "Parking", "coo"),
		plain("sandbox", "sandbox (delete me?)", "cto"),
		plain("status", "Status Page", "cto"),
		plain("surveys", "Employee Surveys", "chro"),
	}
}
