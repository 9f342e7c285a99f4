package signin

import (
	"crypto/rand"
	"fmt"
	"net/http"
)

// signInError is a refusal by the authority, with the code that Microsoft documents as
// AADSTS… (learn.microsoft.com, "Microsoft Entra authentication and authorization error
// codes").
type signInError struct {
	status  int
	kind    string // RFC 6749's error: "invalid_client"
	code    int
	message string
}

func noTenant(kind, tenant string) *signInError {
	return &signInError{http.StatusBadRequest, kind, 90002, fmt.Sprintf(
		"Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "+
			"Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", tenant)}
}

// badClient refuses a client's proof of who it is.
func badClient(code int, format string, args ...any) *signInError {
	return &signInError{http.StatusUnauthorized, "invalid_client", code, fmt.Sprintf(format, args...)}
}

// badTokenRequest refuses a request that says too little or too much.
func badTokenRequest(kind string, code int, format string, args ...any) *signInError {
	return &signInError{http.StatusBadRequest, kind, code, fmt.Sprintf(format, args...)}
}

// refuse answers with an error as the authority writes it.
func (a *Authority) refuse(w http.ResponseWriter, r *http.Request, e *signInError) {
	trace := newTrace()
	correlation := r.Header.Get("client-request-id")
	if correlation == "" {
		correlation = trace
	}
	now := a.opts.Now().UTC().Format("2006-01-02 15:04:05Z")
	answerJSON(w, e.status, object{
		"error": e.kind,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
			e.code, e.message, trace, correlation, now),
		"error_codes":    []int{e.code},
		"timestamp":      now,
		"trace_id":       trace,
		"correlation_id": correlation,
		"error_uri":      fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", e.code),
	})
}

// newTrace returns a new GUID, by which an answer can be asked about.
func newTrace() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
