package graph

import (
	"context"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	kiota "github.com/microsoft/kiota-abstractions-go"
)

// authenticator puts the token on requests. That they go to the endpoint and
// nowhere else is pin's business, and wire's. The credential caches the token and
// renews it before it ends.
type authenticator struct {
	credential azcore.TokenCredential
	scope      string
	secure     bool // false: no token at all
}

type claimsContextKey struct{}

// withClaims returns a context in which the next token is asked for afresh, with
// the claims that Graph's challenge named.
func withClaims(ctx context.Context, claims string) context.Context {
	return context.WithValue(ctx, claimsContextKey{}, claims)
}

// AuthenticateRequest implements the SDK's authentication provider.
func (a *authenticator) AuthenticateRequest(ctx context.Context, req *kiota.RequestInformation, _ map[string]any) error {
	if !a.secure {
		return nil
	}
	claims, _ := ctx.Value(claimsContextKey{}).(string)
	token, err := a.credential.GetToken(ctx, policy.TokenRequestOptions{
		Scopes:    []string{a.scope},
		EnableCAE: true,
		Claims:    claims,
	})
	if err != nil {
		return &signInError{cause: err}
	}
	req.Headers.Add("Authorization", "Bearer "+token.Token)
	return nil
}

// signInError tells a token that could not be had from a request that failed.
type signInError struct{ cause error }

func (e *signInError) Error() string {
	text := e.cause.Error()
	line := firstLine(text)
	if reason := authoritySays(text); reason != "" && !strings.Contains(line, reason) {
		line = strings.TrimSuffix(line, ".") + ": " + reason
	}
	return "get a token: " + line
}

func (e *signInError) Unwrap() error { return e.cause }

// firstLine cuts azidentity's errors, which go on with the whole HTTP exchange. A line that
// only announces its cause goes on with the line that tells it.
func firstLine(s string) string {
	line, rest, _ := strings.Cut(strings.TrimSpace(s), "\n")
	if line = strings.TrimSpace(line); strings.HasSuffix(line, ":") && strings.TrimSpace(rest) != "" {
		return line + " " + firstLine(rest)
	}
	return line
}

var authoritySentence = regexp.MustCompile(`(AADSTS\d+: [^"\n]*?)\.(?:\s|\\|"|$)`)

// authoritySays returns the sentence with which the authority refused, out of the exchange
// that azidentity's errors go on with; "" when there is none.
func authoritySays(s string) string {
	if m := authoritySentence.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

var claimsParameter = regexp.MustCompile(`(?i)\bclaims="([A-Za-z0-9+/_=-]+)"`)

// challenge returns the claims that a 401 asks for, decoded, or "" when it names
// none (https://learn.microsoft.com/entra/identity-platform/claims-challenge).
func challenge(headers []string) string {
	for _, h := range headers {
		m := claimsParameter.FindStringSubmatch(h)
		if m == nil {
			continue
		}
		raw := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(m[1]), "=")
		if claims, err := base64.RawStdEncoding.DecodeString(raw); err == nil {
			return string(claims)
		}
	}
	return ""
}

// freshToken is the challenge that Graph sends for a revoked token: one that was
// issued from now on. It makes a credential leave its cache alone when a 401 came
// without a challenge.
func freshToken(now time.Time) string {
	return `{"access_token":{"nbf":{"essential":true,"value":"` + strconv.FormatInt(now.Unix(), 10) + `"}}}`
}
