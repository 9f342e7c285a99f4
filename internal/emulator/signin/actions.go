package signin

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// actionsPrefix is where the stand-in for GitHub's endpoint answers.
const actionsPrefix = "/_actions/"

// actionsLifetime is how long GitHub's identity tokens are good for.
const actionsLifetime = 5 * time.Minute

// Actions stands in for the endpoint from which a GitHub Actions job gets its identity
// token (docs.github.com, "OpenID Connect reference"). It is an [http.Handler]:
//
//	GET /_actions/token?audience=…   {"count":1,"value":"<JWT>"}, for the bearer of RequestToken
//	GET /_actions/.well-known/openid-configuration
//	GET /_actions/.well-known/jwks
type Actions struct {
	// RequestToken is what a job has in ACTIONS_ID_TOKEN_REQUEST_TOKEN.
	RequestToken string

	issuer  string
	subject string
	key     *ecdsa.PrivateKey
	now     func() time.Time
}

func newActions(subject string, now func() time.Time) (*Actions, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	return &Actions{
		RequestToken: rand.Text(), issuer: "https://token.actions.githubusercontent.com",
		subject: subject, key: key, now: now,
	}, nil
}

// RequestURL returns what a job has in ACTIONS_ID_TOKEN_REQUEST_URL when the stand-in is
// served at base, such as "https://127.0.0.1:4000". As GitHub's, it has a query already.
func (a *Actions) RequestURL(base string) string {
	return strings.TrimSuffix(base, "/") + actionsPrefix + "token?api-version=2.0"
}

// ServeHTTP answers one request.
func (a *Actions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch strings.TrimPrefix(r.URL.Path, actionsPrefix) {
	case "token":
		a.issue(w, r)
	case ".well-known/openid-configuration":
		answerJSON(w, http.StatusOK, object{
			"issuer": a.issuer, "jwks_uri": a.issuer + "/.well-known/jwks",
			"id_token_signing_alg_values_supported": []string{"ES256"}, "response_types_supported": []string{"id_token"},
			"subject_types_supported": []string{"public", "pairwise"}, "scopes_supported": []string{"openid"},
		})
	case ".well-known/jwks":
		answerJSON(w, http.StatusOK, keySet(a.key))
	default:
		http.NotFound(w, r)
	}
}

func (a *Actions) issue(w http.ResponseWriter, r *http.Request) {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if subtle.ConstantTimeCompare([]byte(bearer), []byte(a.RequestToken)) == 0 {
		http.Error(w, "Unauthorized", http.StatusUnauthorized)
		return
	}
	token, err := a.token(r.URL.Query().Get("audience"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answerJSON(w, http.StatusOK, object{"count": 1, "value": token})
}

// token signs an identity token. Without an audience it is GitHub's own: the address of
// the repository's owner.
func (a *Actions) token(audience string) (string, error) {
	repository := strings.TrimPrefix(a.subject, "repo:")
	repository, context, _ := strings.Cut(repository, ":")
	owner, _, _ := strings.Cut(repository, "/")
	if audience == "" {
		audience = "https://github.com/" + owner
	}
	now := a.now()
	claims := jwt.MapClaims{
		"iss": a.issuer, "sub": a.subject, "aud": audience, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(actionsLifetime).Unix(),
		"repository": repository, "repository_owner": owner, "runner_environment": "github-hosted",
	}
	if ref, ok := strings.CutPrefix(context, "ref:"); ok {
		claims["ref"] = ref
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = keyID(&a.key.PublicKey)
	signed, err := token.SignedString(a.key)
	if err != nil {
		return "", fmt.Errorf("sign an identity token: %w", err)
	}
	return signed, nil
}
