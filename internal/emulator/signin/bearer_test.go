package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/entragit/entragit/internal/emulator/signin"
)

func TestGraphRefusesBadTokens(t *testing.T) {
	clock := time.Now()
	s := serveSignIn(t, signin.Options{Lifetime: time.Minute, Now: func() time.Time { return clock }})
	good := s.token(url.Values{})
	other := s.token(url.Values{"scope": {exchangeID + "/.default"}})
	for name, test := range map[string]struct{ token, want string }{
		"none":           {"", "Access token is empty."},
		"not a token":    {"abc", "80049217"},
		"wrong audience": {other, "Invalid audience."},
		"forged":         {good[:len(good)-8] + "AAAAAAAA", "Invalid signature."},
	} {
		answer, text := s.get("/v1.0/users", test.token)
		if answer.StatusCode != http.StatusUnauthorized || !strings.Contains(text, `"InvalidAuthenticationToken"`) || !strings.Contains(text, test.want) {
			t.Errorf("%s: %d %s", name, answer.StatusCode, text)
		}
		if challenge := answer.Header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, "Bearer ") {
			t.Errorf("%s: challenge %q", name, challenge)
		}
	}
	if answer, text := s.get("/v1.0/users", good); answer.StatusCode != http.StatusOK {
		t.Errorf("a good token: %d %s", answer.StatusCode, text)
	}
	clock = clock.Add(2 * time.Minute)
	if _, text := s.get("/v1.0/users", good); !strings.Contains(text, "the token is expired") {
		t.Errorf("an expired token: %s", text)
	}
}

func TestActionsTokens(t *testing.T) {
	s := serveSignIn(t, signin.Options{})
	for audience, want := range map[string]string{"": "https://github.com/contoso", "api://AzureADTokenExchange": "api://AzureADTokenExchange"} {
		token, err := s.githubToken(audience)
		if err != nil {
			t.Fatal(err)
		}
		claims := jwt.MapClaims{}
		if _, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return &s.authority.Actions.Key().PublicKey, nil }); err != nil {
			t.Fatal(err)
		}
		if claims["aud"] != want || claims["sub"] != workflow || claims["ref"] != "refs/heads/main" {
			t.Errorf("claims %v", claims)
		}
	}
	if answer, _ := s.get("/_actions/token?audience=x", "stolen"); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong request token gets %d", answer.StatusCode)
	}
	for _, path := range []string{"/_actions/.well-known/jwks", "/" + s.tenant + "/discovery/v2.0/keys"} {
		if _, text := s.get(path, ""); !strings.Contains(text, `"kty":"EC"`) {
			t.Errorf("%s: %s", path, text)
		}
	}
}

func TestDiscoveryVouchesForNobodyElse(t *testing.T) {
	s := serveSignIn(t, signin.Options{})
	for path, want := range map[string]string{
		"/common/discovery/instance?authorization_endpoint=" + url.QueryEscape("https://evil.example/t/oauth2/v2.0/authorize"): "invalid_instance",
		"/fabrikam.com/v2.0/.well-known/openid-configuration":                                                                  "AADSTS90002",
		"/contoso.com/v2.0/.well-known/openid-configuration":                                                                   s.url + "/contoso.com/oauth2/v2.0/token",
	} {
		if _, text := s.get(path, ""); !strings.Contains(text, want) {
			t.Errorf("%s: %s", path, text)
		}
	}
}
