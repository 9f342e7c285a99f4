package graph_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// authority is a stand-in for the sign-in host: it notes the forms that it is sent
// and answers each exchange with a token of its own.
type authority struct {
	mu    sync.Mutex
	forms []map[string][]string
}

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		base := "https://" + r.Host + "/t"
		answer(200, fmt.Sprintf(`{"token_endpoint":%q,"authorization_endpoint":%q,"issuer":%q}`,
			base+"/oauth2/v2.0/token", base+"/oauth2/v2.0/authorize", base))(w, r)
		return
	}
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.forms = append(a.forms, r.PostForm)
	answer(200, fmt.Sprintf(`{"token_type":"Bearer","expires_in":3600,"access_token":"access-%d"}`, len(a.forms)))(w, r)
}

func (a *authority) form(i int, key string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i >= len(a.forms) || len(a.forms[i][key]) == 0 {
		return ""
	}
	return a.forms[i][key][0]
}

func token(t *testing.T, s graph.SignIn, claims string) (string, error) {
	t.Helper()
	cred, err := graph.NewCredential(s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cred.GetToken(context.Background(),
		policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}, EnableCAE: true, Claims: claims})
	return got.Token, err
}

func TestSignInByGitHub(t *testing.T) {
	auth := new(authority)
	login := httptest.NewTLSServer(auth)
	defer login.Close()
	runner := &steps{handlers: []http.HandlerFunc{
		answer(503, ""),
		func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer runner" || r.URL.Query().Get("audience") != "api://AzureADTokenExchange" ||
				r.URL.Query().Get("api-version") != "2.0" {
				t.Errorf("asked %s with %v", r.URL, r.Header)
			}
			answer(200, `{"count":1,"value":"the-jwt"}`)(w, r)
		},
	}}
	oidc := httptest.NewServer(runner)
	defer oidc.Close()
	env := map[string]string{
		"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_AUTHORITY_HOST": login.URL,
		"ACTIONS_ID_TOKEN_REQUEST_URL": oidc.URL + "/token?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "runner",
	}
	cloud, err := graph.CloudByName("")
	if err != nil {
		t.Fatal(err)
	}
	s := graph.SignInFromEnvironment(func(k string) string { return env[k] }, cloud)
	s.HTTP, s.GitHub.Clock = login.Client(), newClock()
	got, err := token(t, s, "")
	if err != nil || got != "access-1" || s.Method != graph.MethodGitHub {
		t.Fatalf("%s: token %q, %v", s.Method, got, err)
	}
	for key, want := range map[string]string{
		"client_assertion": "the-jwt", "client_id": "c", "grant_type": "client_credentials",
		"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
	} {
		if auth.form(0, key) != want {
			t.Errorf("%s is %q, want %q", key, auth.form(0, key), want)
		}
	}
	if scope := auth.form(0, "scope"); !strings.Contains(scope, "https://graph.microsoft.com/.default") {
		t.Errorf("scope %q", scope)
	}
	if runner.count() != 2 {
		t.Errorf("asked the runner %d times, want 2", runner.count())
	}
}

func TestSignInByGitHubFails(t *testing.T) {
	login := httptest.NewTLSServer(new(authority))
	defer login.Close()
	for name, fault := range map[string]http.HandlerFunc{
		"refused": answer(403, ""), "no token": answer(200, `{}`), "not JSON": answer(200, `<html>`),
	} {
		runner := &steps{handlers: []http.HandlerFunc{fault}}
		oidc := httptest.NewServer(runner)
		_, err := token(t, graph.SignIn{
			Method: graph.MethodGitHub, Tenant: "t", Client: "c", Authority: login.URL, HTTP: login.Client(),
			GitHub: graph.GitHubOIDC{URL: oidc.URL, Token: "x", Audience: "a", Clock: newClock()},
		}, "")
		oidc.Close()
		if err == nil || !strings.Contains(err.Error(), "github OIDC token") || runner.count() != 3 {
			t.Errorf("%s: got %v after %d requests", name, err, runner.count())
		}
	}
}

// The cache answers until a challenge says that its token is worth nothing.
func TestSignInBySecret(t *testing.T) {
	auth := new(authority)
	login := httptest.NewTLSServer(auth)
	defer login.Close()
	cred, err := graph.NewCredential(graph.SignIn{Method: graph.MethodSecret, Tenant: "t", Client: "c", Secret: "s",
		Authority: login.URL, HTTP: login.Client()})
	if err != nil {
		t.Fatal(err)
	}
	srv := &steps{handlers: []http.HandlerFunc{guard("access-1", ""), guard("access-1", ""), guard("access-2", "")}}
	client, _ := connectTLS(t, srv, cred)
	for range 3 {
		if _, err := client.Get(context.Background(), "/users", nil); err != nil {
			t.Fatal(err)
		}
	}
	if auth.form(0, "client_secret") != "s" || !strings.Contains(auth.form(1, "claims"), `"nbf"`) || len(auth.forms) != 2 {
		t.Errorf("%d exchanges, the second with claims %q", len(auth.forms), auth.form(1, "claims"))
	}
}

func TestSignInByCertificate(t *testing.T) {
	auth := new(authority)
	login := httptest.NewTLSServer(auth)
	defer login.Close()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "entragit"},
		NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "client.pem")
	both := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})...)
	if err := os.WriteFile(path, both, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := token(t, graph.SignIn{Method: graph.MethodCertificate, Tenant: "t", Client: "c", CertificatePath: path,
		Authority: login.URL, HTTP: login.Client()}, "")
	if err != nil || got != "access-1" || strings.Count(auth.form(0, "client_assertion"), ".") != 2 {
		t.Errorf("token %q, %v", got, err)
	}
}

func TestSignInIsChecked(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.pem")
	if err := os.WriteFile(bad, []byte("not a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]graph.SignIn{
		"no method":       {Tenant: "t", Client: "c"},
		"no tenant":       {Method: graph.MethodSecret, Client: "c", Secret: "s"},
		"no client":       {Method: graph.MethodSecret, Tenant: "t", Secret: "s"},
		"no secret":       {Method: graph.MethodSecret, Tenant: "t", Client: "c"},
		"no certificate":  {Method: graph.MethodCertificate, Tenant: "t", Client: "c"},
		"missing file":    {Method: graph.MethodCertificate, Tenant: "t", Client: "c", CertificatePath: bad + "x"},
		"bad file":        {Method: graph.MethodCertificate, Tenant: "t", Client: "c", CertificatePath: bad},
		"no runner":       {Method: graph.MethodGitHub, Tenant: "t", Client: "c"},
		"no runner token": {Method: graph.MethodGitHub, Tenant: "t", Client: "c", GitHub: graph.GitHubOIDC{URL: "https://x"}},
		"nobody to ask":   {Method: graph.MethodDevice},
		"clear authority": {Method: graph.MethodSecret, Tenant: "t", Client: "c", Secret: "s", Authority: "http://login"},
	}
	for name, s := range cases {
		if _, err := graph.NewCredential(s); !errors.Is(err, entra.ErrInvalid) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	for _, s := range []graph.SignIn{{Method: graph.MethodCLI}, {Method: graph.MethodDevice, Prompt: func(string) {}}} {
		if _, err := graph.NewCredential(s); err != nil {
			t.Errorf("%s: %v", s.Method, err)
		}
	}
}

func TestSignInFromEnvironment(t *testing.T) {
	cases := []struct {
		env  string
		want graph.Method
	}{
		{"", graph.MethodCLI},
		{"AZURE_CLIENT_SECRET ACTIONS_ID_TOKEN_REQUEST_URL AZURE_CLIENT_ID", graph.MethodSecret},
		{"AZURE_CLIENT_CERTIFICATE_PATH ACTIONS_ID_TOKEN_REQUEST_URL", graph.MethodCertificate},
		{"ACTIONS_ID_TOKEN_REQUEST_URL AZURE_CLIENT_ID", graph.MethodGitHub},
		{"ACTIONS_ID_TOKEN_REQUEST_URL", graph.MethodCLI}, // azure/login signed in before
	}
	for _, tc := range cases {
		set := strings.Fields(tc.env)
		s := graph.SignInFromEnvironment(func(name string) string {
			for _, n := range set {
				if n == name {
					return "x"
				}
			}
			return ""
		}, graph.Clouds()[3])
		if s.Method != tc.want || s.Authority != "https://login.chinacloudapi.cn" || s.GitHub.Audience != "api://AzureADTokenExchangeChina" {
			t.Errorf("%q: got %+v", tc.env, s)
		}
	}
	if _, err := graph.CloudByName("mars"); !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), "usgov-dod") {
		t.Errorf("got %v", err)
	}
}
