package graph

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"

	"github.com/entragit/entragit/internal/entra"
)

// Error is a request that Graph, or the way to it, failed. It unwraps to one of the
// [entra] sentinels and, where there is one, to the cause underneath.
type Error struct {
	Method string
	Path   string // without the query: page tokens are nobody's business
	// Status is the HTTP status; 0 when there was no answer.
	Status int
	// Code and Message are Graph's own; both may be empty.
	Code    string
	Message string
	// Holder names the object that has a value of which there can be one, as Graph writes
	// it: "User_3f2b…"; empty where the failure is another.
	Holder string
	// RequestID is what Microsoft's support asks for; empty when there was no answer.
	RequestID string
	// Sentinel is the kind of failure.
	Sentinel error
	// Cause is what broke underneath; nil when Graph itself answered.
	Cause error
}

// Error returns one sentence: the kind of failure, the request, and what Graph said.
func (e *Error) Error() string {
	var detail []string
	if e.Status != 0 {
		detail = append(detail, strings.TrimSpace(strconv.Itoa(e.Status)+" "+e.Code))
	}
	if e.Message != "" {
		detail = append(detail, e.Message)
	}
	if kind, id, ok := strings.Cut(e.Holder, "_"); ok {
		detail = append(detail, "it is that of "+strings.ToLower(kind)+" "+id)
	}
	if e.Cause != nil {
		detail = append(detail, e.Cause.Error())
	}
	text := fmt.Sprintf("%s: %s %s", e.Sentinel, e.Method, e.Path)
	if len(detail) > 0 {
		text += ": " + strings.Join(detail, ": ")
	}
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	return text
}

// Unwrap returns the sentinel and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Sentinel}
	}
	return []error{e.Sentinel, e.Cause}
}

// maxMessage bounds what is kept of a message, in bytes.
const maxMessage = 500

// describe fills code, message and request id from an OData error.
func (e *Error) describe(odata *odataerrors.ODataError) {
	main := odata.GetErrorEscaped()
	if main == nil {
		return
	}
	e.Code = deref(main.GetCode())
	e.Message = shorten(deref(main.GetMessage()))
	for _, d := range main.GetDetails() {
		if deref(d.GetCode()) == codeConflicting {
			e.Holder = deref(d.GetTarget())
		}
	}
	inner := main.GetInnerError()
	if inner == nil {
		return
	}
	if e.RequestID == "" {
		e.RequestID = deref(inner.GetRequestId())
	}
	// Some services say what matters one level down, below an empty or a general code.
	if code, ok := inner.GetAdditionalData()["code"].(*string); ok && code != nil && (e.Code == "" || licenceCodes[*code]) {
		e.Code = *code
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// shorten makes one line of bounded length out of a message.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxMessage {
		s = strings.ToValidUTF8(s[:maxMessage], "") + "…"
	}
	return strings.TrimSuffix(s, ".")
}

// parseOData reads an error body. A body that is not one is no error: the status
// then has to speak for itself.
func parseOData(body []byte) *odataerrors.ODataError {
	node, err := kiotajson.NewJsonParseNode(body)
	if err != nil {
		return odataerrors.NewODataError()
	}
	value, err := node.GetObjectValue(odataerrors.CreateODataErrorFromDiscriminatorValue)
	odata, ok := value.(*odataerrors.ODataError)
	if err != nil || !ok {
		return odataerrors.NewODataError()
	}
	return odata
}

// Codes that Graph is known to answer with; status and code decide, the message may
// change at any time (https://learn.microsoft.com/graph/errors).
const (
	codeExpiredPage   = "Directory_ExpiredPageToken"
	codeConcurrency   = "Directory_ConcurrencyViolation"
	codeQuotaExceeded = "Directory_QuotaExceeded"
	codeConflicting   = "ConflictingObjects" // among the details
)

// expiredCodes mark a page or delta token that has to be dropped.
var expiredCodes = map[string]bool{
	codeExpiredPage:     true,
	"syncStateNotFound": true,
	"resyncRequired":    true,
}

// licenceCodes mark a feature that the tenant has not bought.
var licenceCodes = map[string]bool{
	"AadPremiumLicenseRequired":                             true,
	"Authentication_RequestFromNonPremiumTenantOrB2CTenant": true,
	"InvalidLicense":                                        true,
	"MissingLicense":                                        true,
	"TenantNotLicensed":                                     true,
	"UnlicensedTenant":                                      true,
}

// sentinel maps an answer to the vocabulary.
func sentinel(status int, code, message string) error {
	switch {
	case status < 400:
		return entra.ErrUnsafe // a redirect: there is nobody else to trust
	case expiredCodes[code] || status == http.StatusGone:
		return entra.ErrExpired
	case licenceCodes[code] || unlicensed(status, message):
		return entra.ErrUnlicensed
	case code == codeQuotaExceeded:
		return entra.ErrRejected
	case status >= 500 || status == http.StatusRequestTimeout || status == http.StatusFailedDependency:
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

// unlicensed reports whether a message is about a licence, where the code is a general
// one. Conditional Access and governance answer 403 AccessDenied or Forbidden with
// "Your tenant is not licensed for this feature.", privileged identity management 400
// with "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance
// license."
func unlicensed(status int, message string) bool {
	if status != http.StatusForbidden && status != http.StatusBadRequest {
		return false
	}
	message = strings.ToLower(message)
	return strings.Contains(message, "not licensed") ||
		strings.Contains(message, "tenant needs") && strings.Contains(message, "license")
}
