package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
)

// workload is a service behind Graph. Each words in its own way what the others call
// Authorization_RequestDenied.
type workload struct {
	// forbidden is the answer to a caller who has none of the permissions that would do.
	forbidden func(permissions []string) *apiError
	// unlicensed is the answer where the tenant has not bought what it takes; nil for a service
	// that is free, or that refuses single writes in words of their own.
	unlicensed *apiError
	// unscoped is the answer to a list without the filter that it takes; nil for the gateway's.
	unscoped *apiError
}

// workloadPaths says which service answers below a path; the longest path that fits decides.
// The forms are those of a public run of every GET of v1.0 against a tenant without premium
// licences, with few permissions (2026-07), where no other source is named.
var workloadPaths = map[string]*workload{
	"":                        directoryWorkload,
	"/groupLifecyclePolicies": expirationWorkload,

	"/agreements":                            termsWorkload,
	"/identityGovernance/termsOfUse":         termsWorkload,
	"/identityGovernance/accessReviews":      reviewWorkload,
	"/policies/adminConsentRequestPolicy":    {forbidden: reviewWorkload.forbidden},
	"/identityGovernance/lifecycleWorkflows": lifecycleWorkload,

	"/identityGovernance/entitlementManagement": entitlementWorkload,
	"/roleManagement/entitlementManagement":     entitlementWorkload,

	"/identityGovernance/privilegedAccess":                       privilegedWorkload,
	"/roleManagement/directory/roleAssignmentScheduleInstances":  privilegedWorkload,
	"/roleManagement/directory/roleAssignmentScheduleRequests":   privilegedWorkload,
	"/roleManagement/directory/roleAssignmentSchedules":          privilegedWorkload,
	"/roleManagement/directory/roleEligibilityScheduleInstances": privilegedWorkload,
	"/roleManagement/directory/roleEligibilityScheduleRequests":  privilegedWorkload,
	"/roleManagement/directory/roleEligibilitySchedules":         privilegedWorkload,
	"/policies/roleManagementPolicies":                           privilegedWorkload,
	"/policies/roleManagementPolicyAssignments":                  privilegedWorkload,
	"/identity":                                           externalWorkload,
	"/policies/authenticationFlowsPolicy":                 externalWorkload,
	"/identity/conditionalAccess":                         accessWorkload,
	"/policies/identitySecurityDefaultsEnforcementPolicy": accessWorkload,
	"/identity/conditionalAccess/authenticationStrength":  methodsWorkload,
	"/policies/authenticationStrengthPolicies":            methodsWorkload,
	"/policies/authenticationMethodsPolicy":               methodsWorkload,
	"/policies/deviceRegistrationPolicy":                  deviceWorkload,
	"/auditLogs":                                          reportWorkload,
}

var (
	// The directory itself.
	directoryWorkload = &workload{forbidden: always(errForbidden)}
	// Conditional Access and what shares its service.
	accessWorkload = &workload{forbidden: always(&apiError{
		status: http.StatusForbidden, code: "AccessDenied",
		message: "You cannot perform the requested operation, required scopes are missing in the token.",
	})}
	// Authentication methods and strengths.
	methodsWorkload = &workload{forbidden: always(&apiError{
		status: http.StatusForbidden, code: "accessDenied", message: "Request Authorization failed",
	})}
	deviceWorkload = &workload{forbidden: always(&apiError{
		status: http.StatusForbidden, code: "authorization_error", message: "Failed to authorize, token doesn't have the required permissions.",
	})}
	// The logs (microsoft-graph-docs-contrib issue 8997, microsoft-graph-explorer issue 2731).
	reportWorkload = &workload{forbidden: func(permissions []string) *apiError {
		return &apiError{
			status: http.StatusForbidden, code: "Authentication_MSGraphPermissionMissing",
			message: "Calling principal does not have required MSGraph permissions " + strings.Join(permissions, ","),
		}
	}}
	// The expiration of groups answers 401, though the token is good.
	expirationWorkload = &workload{forbidden: always(&apiError{
		status: http.StatusUnauthorized, code: "Unauthorized", message: "Permission denied.",
	})}
	// User flows, identity providers, API connectors and listeners.
	externalWorkload = &workload{forbidden: func(permissions []string) *apiError {
		return &apiError{
			status: http.StatusForbidden, code: "AADB2C",
			message: "The application does not have any of the required application permissions (" + strings.Join(permissions, ", ") + ") to access the resource. ",
		}
	}}
	termsWorkload = &workload{forbidden: func(permissions []string) *apiError {
		return &apiError{
			status: http.StatusForbidden, code: "UnauthorizedAccess",
			message: "User does not have any of the required scopes: " + strings.Join(append([]string{"user_impersonation"}, permissions...), ", "),
		}
	}}
	// Access reviews send an empty code. Of the words for a missing licence only "does not have
	// a valid license" is known, from the service's accessReviewPolicy.
	reviewWorkload = &workload{
		forbidden:  always(&apiError{status: http.StatusForbidden, message: "Attempted to perform an unauthorized operation."}),
		unlicensed: &apiError{status: http.StatusForbidden, message: "The tenant does not have a valid license."},
	}
	// Entitlement management (licence: AzureAD-Governance-Assessment issue 2).
	entitlementWorkload = &workload{
		forbidden: always(&apiError{
			status: http.StatusForbidden, code: "UnAuthorized",
			message: "User is not authorized to perform the operation. Reason: The caller is not authorized.", details: []any{},
		}),
		unlicensed: &apiError{
			status: http.StatusForbidden, code: "NoLicense",
			message: "User is not authorized to perform the operation. Reason: Tenant does not meet license requirement!", details: []any{},
		},
	}
	// Lifecycle workflows. What the service says to a tenant without the licence is not public;
	// these are the words of access reviews.
	lifecycleWorkload = &workload{
		forbidden: always(&apiError{
			status: http.StatusForbidden, code: "Access denied",
			message: "Insufficient privileges to complete the operation. For a full list of supported delegated and application permissions required to use Lifecycle Workflows, see: https://learn.microsoft.com/en-us/graph/permissions-reference#lifecycle-workflows-permissions",
		}),
		unlicensed: &apiError{status: http.StatusForbidden, code: "Forbidden", message: "The tenant does not have a valid license."},
	}
	// Privileged identity management puts an error of its own, as JSON, into the message
	// (Microsoft365DSC issue 3758); its refusal for want of a licence is an error of Graph
	// (maester issue 1421).
	privilegedWorkload = &workload{
		forbidden: func(permissions []string) *apiError {
			return &apiError{
				status: http.StatusForbidden, code: "UnknownError",
				message: inMessage("PermissionScopeNotGranted", "Authorization failed due to missing permission scope "+strings.Join(permissions, ",")+"."),
			}
		},
		unlicensed: &apiError{
			status: http.StatusBadRequest, code: "AadPremiumLicenseRequired",
			message: "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
		},
		unscoped: &apiError{status: http.StatusBadRequest, code: "UnknownError", message: inMessage("MissingProvider", "The provider is missing.")},
	}
)

func always(err *apiError) func([]string) *apiError {
	return func([]string) *apiError { return err }
}

// inMessage is an error that a service writes into the message of another.
func inMessage(code, message string) string {
	text, err := json.Marshal(struct {
		Code        string `json:"errorCode"`
		Message     string `json:"message"`
		Annotations []any  `json:"instanceAnnotations"`
	}{code, message, []any{}})
	if err != nil {
		panic(err) // two strings and an empty list
	}
	return string(text)
}

// workloadOf returns the service that answers for a path.
func workloadOf(path string) *workload {
	path = fold(path)
	for {
		for below, w := range workloadPaths {
			if fold(below) == path {
				return w
			}
		}
		path = path[:max(strings.LastIndexByte(path, '/'), 0)]
	}
}
