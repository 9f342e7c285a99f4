package seed

// Collections that more than one family fills.
const (
	roleDefinitionsPath = "/roleManagement/directory/roleDefinitions"
	strengthsPath       = "/policies/authenticationStrengthPolicies"
	entitlementPath     = "/identityGovernance/entitlementManagement"
	workflowsPath       = "/identityGovernance/lifecycleWorkflows"
)
