package signin

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// serveGraph answers a Graph request that carries a good token, or needs none.
func (a *Authority) serveGraph(w http.ResponseWriter, r *http.Request) {
	if a.tenant.NeedsToken(r.URL.Path) {
		if reason := a.badToken(r); reason != "" {
			a.refuseToken(w, r, reason)
			return
		}
	}
	a.tenant.ServeHTTP(w, r)
}

// badToken says what Graph finds wrong with a request's token, or "".
func (a *Authority) badToken(r *http.Request) string {
	raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || raw == "" {
		return "Access token is empty."
	}
	var claims jwt.RegisteredClaims
	_, err := a.parser("ES256").ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return &a.key.PublicKey, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return "CompactToken parsing failed with error code: 80049217"
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return "Access token validation failure. Invalid signature."
	case errors.Is(err, jwt.ErrTokenExpired):
		return "Lifetime validation failed, the token is expired."
	case err != nil:
		return "Access token validation failure."
	case !slices.ContainsFunc(claims.Audience, func(audience string) bool { return isGraph(audience, r.Host) }):
		return "Access token validation failure. Invalid audience."
	}
	return ""
}

// refuseToken answers as Graph does to a token that is no good.
func (a *Authority) refuseToken(w http.ResponseWriter, r *http.Request, message string) {
	id := newTrace()
	w.Header().Set("request-id", id)
	w.Header().Set("WWW-Authenticate",
		`Bearer realm="", authorization_uri="https://`+r.Host+`/common/oauth2/authorize", client_id="`+graphAppID+`"`)
	answerJSON(w, http.StatusUnauthorized, object{"error": object{
		"code": "InvalidAuthenticationToken", "message": message,
		"innerError": object{
			"date":       a.opts.Now().UTC().Format("2006-01-02T15:04:05"),
			"request-id": id, "client-request-id": cmp.Or(r.Header.Get("client-request-id"), id),
		},
	}})
}

// isGraph reports whether an audience is Microsoft Graph, which is at host here.
func isGraph(audience, host string) bool {
	audience = strings.TrimSuffix(audience, "/")
	return audience == "https://graph.microsoft.com" || audience == graphAppID || audience == "https://"+host
}
