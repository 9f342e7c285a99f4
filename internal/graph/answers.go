package graph

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// answer is a form in which Graph, or a service behind it, refuses a request. Graph has no
// one form: the status is the gateway's or the service's, the code may be empty or general, and
// sometimes the words alone tell a licence from a permission.
type answer struct {
	// status is the HTTP status; 0 stands for any.
	status int
	// code is Graph's code, whatever its case; empty stands for any.
	code string
	// words are parts of the message, in small letters, that all have to be there.
	words []string
	// means is what a refusal of this form is.
	means error
	// message is one message of this form as it was seen, and source who saw it.
	message string
	source  string
}

// publicRun is a public record of every GET of v1.0, sent in July and August 2026 to a tenant
// without premium licences with few permissions.
const publicRun = "public run of every GET of v1.0, 2026-07"

// answers are the forms that are known. The first that fits decides; where none does, the
// status speaks for itself. Whoever meets another form adds a row with its source.
var answers = []answer{
	// What a tenant has not bought.
	{0, "AadPremiumLicenseRequired", nil, entra.ErrUnlicensed, "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.", "maester issue 1421 (privileged identity management)"},
	{0, "AadPremiumLicenseRequired", nil, entra.ErrUnlicensed, "The tenant needs an AAD Premium 2 license.", "EntraExporter issue 61"},
	{0, "NoLicense", nil, entra.ErrUnlicensed, "User is not authorized to perform the operation. Reason: Tenant does not meet license requirement!", "AzureAD-Governance-Assessment issue 2 (entitlement management)"},
	{0, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", nil, entra.ErrUnlicensed, "Neither tenant is B2C or tenant doesn't have premium license", "microsoft-graph-docs issue 12772 (signInActivity)"},
	{0, "NoLicenseForOperation", nil, entra.ErrUnlicensed, "Tenant does not have proper license to manage lifecycle management policy.", "microsoft-graph-docs issue 3924 (groupLifecyclePolicies)"},
	{0, "DynamicGroupLicenseError_NoProperLicense", nil, entra.ErrUnlicensed, "Tenant does not have proper license to create/update dynamic group membership properties.", "a public record of creating a dynamic group, 2017"},
	{0, "InvalidLicense", nil, entra.ErrUnlicensed, "", "codes that public clients look for"},
	{0, "MissingLicense", nil, entra.ErrUnlicensed, "", "codes that public clients look for"},
	{0, "TenantNotLicensed", nil, entra.ErrUnlicensed, "", "codes that public clients look for"},
	{0, "UnlicensedTenant", nil, entra.ErrUnlicensed, "", "codes that public clients look for"},
	{402, "", nil, entra.ErrUnlicensed, "", "Microsoft Graph error responses and resource types: Payment Required"},
	{403, "", []string{"not licensed for this feature"}, entra.ErrUnlicensed, "Your tenant is not licensed for this feature. Please upgrade your subscription to access it.", "a public record of creating a Conditional Access policy without P1 (AccessDenied); identity protection has the code Forbidden"},
	// The status is of a refusal, and the words are of the tenant and its licence. Those of a
	// user's licence are of something else: "User does not have a corresponding license."
	{400, "", []string{"tenant", "licen"}, entra.ErrUnlicensed, "The tenant does not have a valid license.", "a public run against accessReviewPolicy: \"does not have a valid license\""},
	{401, "", []string{"tenant", "licen"}, entra.ErrUnlicensed, "Tenant does not have a valid license.", "as the row before"},
	{403, "", []string{"tenant", "licen"}, entra.ErrUnlicensed, "The tenant does not have a valid license for this API", "as the row before"},

	// What the tenant, its cloud or its kind does not have.
	{400, "BadRequest", []string{"resource not found for the segment"}, entra.ErrAbsent, "Resource not found for the segment 'authenticationEventsFlows'.", publicRun},
	{400, "badRequest", []string{"resource not found for segment"}, entra.ErrAbsent, "Resource not found for segment 'authenticationMethodsPolicy/x'.", publicRun + " (authentication methods)"},
	{400, "BadRequest", []string{"not supported for aad accounts"}, entra.ErrAbsent, "This API is not supported for AAD accounts (no addressUrl for Microsoft.VerifiedId.VerifiedIdProfile,False).", publicRun},
	{400, "BadRequest", []string{"not applicable to target tenant"}, entra.ErrAbsent, "Request not applicable to target tenant.", publicRun + " (Intune, without its licence)"},
	{404, "", []string{"no http resource was found that matches the request uri"}, entra.ErrAbsent, `{"message":"No HTTP resource was found that matches the request URI 'https://cpim.windows.net/graph/identity/riskPrevention'.","messageDetail":"No type was found that matches the controller named 'identity'."}`, publicRun},
	{403, "AADB2C", []string{"access to this api requires feature"}, entra.ErrAbsent, "Unauthorized. Access to this Api requires feature: 'EnableMsGraphAuthenticationEventListener'", publicRun + " (authenticationEventsFlows)"},

	// What the identity may not do, where the status or the code would say something else.
	{403, "UnknownError", nil, entra.ErrForbidden, "", publicRun + " (an empty message)"},
	{0, "PermissionScopeNotGranted", nil, entra.ErrForbidden, `{"errorCode":"PermissionScopeNotGranted","message":"Authorization failed due to missing permission scope RoleEligibilitySchedule.Read.Directory.","instanceAnnotations":[]}`, "Microsoft365DSC issue 3758 (privileged identity management)"},
	{403, "", []string{"unauthorized operation"}, entra.ErrForbidden, "Attempted to perform an unauthorized operation.", publicRun + " (access reviews; the code is empty)"},
	{401, "Unauthorized", []string{"permission denied"}, entra.ErrForbidden, "Permission denied.", publicRun + " (groupLifecyclePolicies)"},
	{412, "PreconditionFailed", []string{"not supported in application-only context"}, entra.ErrForbidden, "Requested API is not supported in application-only context", "a public record of what applications cannot call"},

	// What has to be asked anew.
	{0, "Directory_ExpiredPageToken", nil, entra.ErrExpired, "The specified page token value has expired and can no longer be included in your request.", "Microsoft Graph error responses and resource types"},
	{0, "syncStateNotFound", nil, entra.ErrExpired, "", "Use delta query to track changes"},
	{0, "resyncRequired", nil, entra.ErrExpired, "", "Use delta query to track changes"},
	{410, "", nil, entra.ErrExpired, "", "Use delta query to track changes"},

	// What is refused although the caller may: the object or the request is at fault.
	{0, "Directory_QuotaExceeded", nil, entra.ErrRejected, "The directory object quota limit for the Tenant has been exceeded.", "Microsoft Entra service limits and restrictions"},
}

// fits reports whether a refusal has this form.
func (a *answer) fits(status int, code, message string) bool {
	return (a.status == 0 || a.status == status) && (a.code == "" || strings.EqualFold(a.code, code)) &&
		!slices.ContainsFunc(a.words, func(word string) bool { return !strings.Contains(message, word) })
}

// sentinel maps a refusal to the vocabulary.
func sentinel(status int, code, message string) error {
	message = strings.ToLower(message)
	for i := range answers {
		if status >= http.StatusBadRequest && answers[i].fits(status, code, message) {
			return answers[i].means
		}
	}
	switch {
	case status < http.StatusBadRequest:
		return entra.ErrUnsafe // a redirect: there is nobody else to trust
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout, status == http.StatusFailedDependency:
		return entra.ErrUnavailable
	}
	switch status {
	case http.StatusUnauthorized:
		return entra.ErrUnauthenticated
	case http.StatusForbidden:
		return entra.ErrForbidden
	case http.StatusNotFound:
		return entra.ErrNotFound
	case http.StatusConflict, http.StatusPreconditionFailed:
		return entra.ErrConflict
	case http.StatusTooManyRequests:
		return entra.ErrThrottled
	default:
		return entra.ErrRejected
	}
}

// general reports whether a code says nothing, so that what lies below it is asked.
func general(code string) bool { return code == "" || strings.EqualFold(code, "UnknownError") }

// tells reports whether a code alone decides what a refusal is.
func tells(code string) bool {
	return slices.ContainsFunc(answers, func(a answer) bool {
		return a.status == 0 && a.words == nil && strings.EqualFold(a.code, code)
	})
}

// unwrap reads the error that a service wrote, as JSON, into the message of another; code and
// message are as they were where it wrote none.
func unwrap(code, message string) (string, string) {
	if !strings.HasPrefix(message, "{") {
		return code, message
	}
	var inner struct {
		ErrorCode, Code, Message string // whatever their case
	}
	if json.Unmarshal([]byte(message), &inner) != nil || inner.Message == "" {
		return code, message
	}
	for _, c := range []string{inner.ErrorCode, inner.Code} {
		if general(code) && c != "" {
			code = c
		}
	}
	return code, inner.Message
}
