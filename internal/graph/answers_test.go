package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// refused sends one request to a server that answers with the error, and returns what the
// client makes of it.
func refused(t *testing.T, status int, code, message string) *Error {
	t.Helper()
	body, err := json.Marshal(map[string]any{"error": map[string]any{"code": code, "message": message, "innerError": map[string]any{}}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/organization") {
			_, _ = w.Write([]byte(`{"value":[]}`))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
	defer server.Close()
	c, err := New(Config{BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(context.Background(), "/x", nil)
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("%d %s: %v is no refusal", status, code, err)
	}
	return e
}

// Each row of the table, as a server sends it, means what the row says, is decided by no row
// before it, and a person reads what the service said.
func TestAnswers(t *testing.T) {
	for i, a := range answers {
		status := a.status
		if status == 0 {
			status = http.StatusForbidden
		}
		e := refused(t, status, a.code, a.message)
		if !errors.Is(e, a.means) {
			t.Errorf("row %d, %d %s %q: %v, want %v", i, status, a.code, a.message, e, a.means)
		}
		said := strings.TrimSuffix(a.message, ".")
		if strings.HasPrefix(said, "{") {
			said = ""
		}
		if text := e.Error(); !strings.Contains(text, said) || strings.Contains(text, "{") || !strings.HasPrefix(text, a.means.Error()) {
			t.Errorf("row %d: a person reads %q", i, text)
		}
		if a.source == "" {
			t.Errorf("row %d has no source", i)
		}
		for _, word := range a.words {
			if word != strings.ToLower(word) {
				t.Errorf("row %d: %q would never fit", i, word)
			}
		}
		for j := range answers[:i] {
			// A row of the same meaning may be the more general one.
			if b := &answers[j]; b.fits(status, a.code, strings.ToLower(a.message)) && !errors.Is(b.means, a.means) {
				t.Errorf("row %d is decided by row %d", i, j)
			}
		}
	}
}

// What resembles a known form, and is none of it.
func TestAnswersThatOnlyResemble(t *testing.T) {
	for _, tt := range []struct {
		status        int
		code, message string
		means         error
	}{
		{400, "Request_BadRequest", "User does not have a corresponding license.", entra.ErrRejected},
		{400, "Request_BadRequest", "License assignment cannot be done for user with invalid usage location.", entra.ErrRejected},
		{400, "Request_UnsupportedQuery", "Unsupported Query.", entra.ErrRejected},
		{400, "Request_BadRequest", "The source resource object or one of the objects being referenced don't exist.", entra.ErrRejected},
		{403, "Authentication_ApplicationHasNoDirectoryReadAccess", "Failed to do premium license check from ADGraph", entra.ErrForbidden},
		{403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.", entra.ErrForbidden},
		{403, "AADB2C", "The application does not have any of the required application permissions (IdentityProvider.Read.All) to access the resource. ", entra.ErrForbidden},
		{404, "Request_ResourceNotFound", "Resource '1' does not exist or one of its queried reference-property objects are not present.", entra.ErrNotFound},
		{404, "UnknownError", "", entra.ErrNotFound},
		{409, "Request_MultipleObjectsWithSameKeyValue", "Another object with the same value for property userPrincipalName already exists.", entra.ErrConflict},
		{412, "PreconditionFailed", "The resource has changed.", entra.ErrConflict},
	} {
		if e := refused(t, tt.status, tt.code, tt.message); !errors.Is(e, tt.means) {
			t.Errorf("%d %s %q: %v, want %v", tt.status, tt.code, tt.message, e, tt.means)
		}
	}
}

// What the status says where no row knows better: of these the client would wait and ask again.
func TestAnswersByStatus(t *testing.T) {
	for _, tt := range []struct {
		status int
		code   string
		means  error
	}{
		{429, "TooManyRequests", entra.ErrThrottled},
		{429, "activityLimitReached", entra.ErrThrottled},
		{500, "internalServerError", entra.ErrUnavailable},
		{502, "UnknownError", entra.ErrUnavailable},
		{503, "serviceNotAvailable", entra.ErrUnavailable},
		{504, "UnknownError", entra.ErrUnavailable},
		{408, "", entra.ErrUnavailable},
		{424, "FailedDependency", entra.ErrUnavailable},
		{409, "Directory_ConcurrencyViolation", entra.ErrConflict},
		{401, "InvalidAuthenticationToken", entra.ErrUnauthenticated},
		{405, "Request_BadRequest", entra.ErrRejected},
		{301, "", entra.ErrUnsafe},
	} {
		if got := sentinel(tt.status, tt.code, ""); !errors.Is(got, tt.means) {
			t.Errorf("%d %s: %v, want %v", tt.status, tt.code, got, tt.means)
		}
	}
}

// An error inside the message of another is read as one; words that only begin like one stay.
func TestErrorInAMessage(t *testing.T) {
	e := refused(t, 400, "UnknownError", `{"errorCode":"RoleAssignmentExists","message":"The Role assignment already exists.","instanceAnnotations":[]}`)
	if e.Code != "RoleAssignmentExists" || e.Message != "The Role assignment already exists" {
		t.Errorf("%q %q", e.Code, e.Message)
	}
	for _, message := range []string{`{"errorCode":"X"`, `{0} is not valid`, `{"errorCode":"X"}`} {
		if e := refused(t, 400, "UnknownError", message); e.Code != "UnknownError" || e.Message != message {
			t.Errorf("%s became %q %q", message, e.Code, e.Message)
		}
	}
}
