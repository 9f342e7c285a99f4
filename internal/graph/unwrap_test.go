package graph

import "testing"

// A service's own error in another's message speaks where the outer code says nothing.
func TestUnwrap(t *testing.T) {
	for _, tt := range []struct{ code, message, wantCode, wantMessage string }{
		{"UnknownError", `{"errorCode":"PermissionScopeNotGranted","message":"missing scope"}`, "PermissionScopeNotGranted", "missing scope"},
		{"", `{"code":"Forbidden","message":"no"}`, "Forbidden", "no"},
		{"BadRequest", `{"errorCode":"Other","message":"no"}`, "BadRequest", "no"},
		{"unknownerror", `{"errorCode":"First","code":"Second","message":"no"}`, "First", "no"},
		{"UnknownError", `{"message":"no code"}`, "UnknownError", "no code"},
		{"UnknownError", `{"errorCode":"NoMessage"}`, "UnknownError", `{"errorCode":"NoMessage"}`},
		{"UnknownError", `{not JSON`, "UnknownError", `{not JSON`},
		{"AccessDenied", "plain", "AccessDenied", "plain"},
	} {
		if code, message := unwrap(tt.code, tt.message); code != tt.wantCode || message != tt.wantMessage {
			t.Errorf("%s %s: %s %s", tt.code, tt.message, code, message)
		}
	}
}

// A code decides alone only where a row has nothing but the code.
func TestTells(t *testing.T) {
	for code, want := range map[string]bool{"aadpremiumlicenserequired": true, "NoLicense": true, "BadRequest": false, "AccessDenied": false, "": false} {
		if tells(code) != want {
			t.Errorf("%q alone decides: %t", code, !want)
		}
	}
}
