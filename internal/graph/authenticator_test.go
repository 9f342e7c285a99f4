package graph

import (
	"errors"
	"testing"
)

// What ends a sign-in is told with its cause and without the HTTP exchange that azidentity
// puts behind it. An untrusted certificate once ended at "server response error:".
func TestSignInErrorTellsTheCause(t *testing.T) {
	for text, want := range map[string]string{
		"CertificateCredential: no such file": "get a token: CertificateCredential: no such file",
		"unable to resolve an endpoint: server response error:\n Get \"https://x/\": tls: unknown authority\nTo troubleshoot": "get a token: unable to resolve an endpoint: server response error: Get \"https://x/\": tls: unknown authority",
		"authentication failed.\nPOST https://x/token\nAADSTS7000215: Invalid client secret provided. Trace":                  "get a token: authentication failed: AADSTS7000215: Invalid client secret provided",
		"nothing follows:": "get a token: nothing follows:",
	} {
		if got := (&signInError{cause: errors.New(text)}).Error(); got != want {
			t.Errorf("%q\ngot  %s\nwant %s", text, got, want)
		}
	}
}
