package emulator

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// serveGraph answers a Graph request that carries a good token.
func (a *Authority) serveGraph(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, adminPrefix) {
		a.server.ServeHTTP(w, r)
		return
	}
	if _, _, err := a.authorize(r); err != nil {
		w.Header().Set("WWW-Authenticate",
			`Bearer realm="", authorization_uri="https://`+r.Host+`/common/oauth2/authorize", client_id="`+appGraph+`"`)
		req := &request{header: r.Header}
		a.server.send(w, req, a.server.failure(req, err))
		return
	}
	a.server.ServeHTTP(w, r)
}

// authorize returns who makes a request and the application permissions of its token, or the
// answer that Graph gives to a token that is no good.
func (a *Authority) authorize(r *http.Request) (caller, []string, *apiError) {
	raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || raw == "" {
		return caller{}, nil, badToken("Access token is empty.")
	}
	var claims struct {
		jwt.RegisteredClaims
		Roles []string `json:"roles"`
	}
	_, err := a.parser("ES256").ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return &a.key.PublicKey, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return caller{}, nil, badToken("CompactToken parsing failed with error code: 80049217")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return caller{}, nil, badToken("Access token validation failure. Invalid signature.")
	case errors.Is(err, jwt.ErrTokenExpired):
		return caller{}, nil, badToken("Lifetime validation failed, the token is expired.")
	case err != nil:
		return caller{}, nil, badToken("Access token validation failure.")
	case !slices.ContainsFunc(claims.Audience, func(audience string) bool { return isGraph(audience, r.Host) }):
		return caller{}, nil, badToken("Access token validation failure. Invalid audience.")
	}
	return callerOf(r.Header), claims.Roles, nil
}

// isGraph reports whether an audience is Microsoft Graph, which is at host here.
func isGraph(audience, host string) bool {
	audience = strings.TrimSuffix(audience, "/")
	return audience == "https://graph.microsoft.com" || audience == appGraph || audience == "https://"+host
}

func badToken(message string) *apiError {
	return &apiError{http.StatusUnauthorized, "InvalidAuthenticationToken", message}
}
