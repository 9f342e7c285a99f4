package signin_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/golang-jwt/jwt/v5"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/emulator/signin"
)

const (
	// ids and names of the contoso seed
	mainDomain = "contoso.com"
	exchangeID = "00000002-0000-0ff1-ce00-000000000000"
	nobody     = "11111111-1111-4111-8111-111111111111"

	workflow   = "repo:contoso/entra-backup:ref:refs/heads/main"
	graphScope = "https://graph.microsoft.com/.default"
)

// signInServer is a tenant with sign-in, served over TLS.
type signInServer struct {
	t         *testing.T
	authority *signin.Authority
	url       string
	client    *http.Client
	clientID  string // of the seed's own application
	tenant    string
}

func serveSignIn(t *testing.T, opts signin.Options) *signInServer {
	t.Helper()
	s, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	clientID := ownAppID(t, s)
	opts.Secrets = map[string]string{clientID: "right secret"}
	opts.Workflow = workflow
	authority, err := signin.New(s, opts)
	if err != nil {
		t.Fatal(err)
	}
	certificates, err := signin.NewTLS("login.microsoftonline.com")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(authority)
	server.TLS = certificates.Config
	server.StartTLS()
	t.Cleanup(server.Close)
	// MSAL asks Microsoft's authority whether another one can be trusted; that question
	// comes here too.
	transport := &http.Transport{TLSClientConfig: certificates.Client(), DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == "login.microsoftonline.com:443" {
			addr = server.Listener.Addr().String()
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &signInServer{
		t: t, authority: authority, url: server.URL, client: &http.Client{Transport: transport}, clientID: clientID, tenant: s.TenantID(),
	}
}

// ownAppID returns the appId of the seed's own application.
func ownAppID(t *testing.T, s *emulator.Server) string {
	t.Helper()
	for _, app := range s.Objects("/applications") {
		if app["displayName"] == "entragit" {
			return app["appId"].(string)
		}
	}
	t.Fatal("the seed has no application called entragit")
	return ""
}

// register adds a certificate to the application through Graph.
func (s *signInServer) register(certificate *x509.Certificate) {
	s.t.Helper()
	body := `{"keyCredentials":[{"type":"AsymmetricX509Cert","usage":"Verify","key":"` + base64.StdEncoding.EncodeToString(certificate.Raw) + `"}]}`
	req, err := http.NewRequest(http.MethodPatch, s.url+"/v1.0/applications(appId='"+s.clientID+"')", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token(url.Values{}))
	req.Header.Set("Content-Type", "application/json")
	if answer, text := s.send(req); answer.StatusCode != http.StatusNoContent {
		s.t.Fatalf("register the certificate: %d %s", answer.StatusCode, text)
	}
}

// options point azidentity at the server.
func (s *signInServer) options() azcore.ClientOptions {
	return azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: s.url},
		Transport: s.client,
		Retry:     policy.RetryOptions{MaxRetries: -1},
	}
}

// get makes a Graph request with a token, "" for none.
func (s *signInServer) get(path, token string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return s.send(req)
}

func (s *signInServer) send(req *http.Request) (*http.Response, string) {
	s.t.Helper()
	answer, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer, string(text)
}

// githubToken gets an identity token as a workflow does.
func (s *signInServer) githubToken(audience string) (string, error) {
	address := s.authority.Actions.RequestURL(s.url)
	if audience != "" {
		address += "&audience=" + url.QueryEscape(audience)
	}
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+s.authority.Actions.RequestToken)
	_, text := s.send(req)
	var answer struct {
		Count int
		Value string
	}
	err = json.Unmarshal([]byte(text), &answer)
	return answer.Value, err
}

// selfSigned makes an RSA key, which is what azidentity signs with, and its certificate.
func selfSigned(t *testing.T) ([]*x509.Certificate, crypto.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "entragit"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return []*x509.Certificate{certificate}, key
}

func TestSignInThroughAzidentity(t *testing.T) {
	s := serveSignIn(t, signin.Options{})
	certificate, key := selfSigned(t)
	s.register(certificate[0])
	assertion := func(context.Context) (string, error) { return s.githubToken("api://AzureADTokenExchange") }
	for _, discovery := range []bool{true, false} {
		secret, err := azidentity.NewClientSecretCredential(s.tenant, s.clientID, "right secret",
			&azidentity.ClientSecretCredentialOptions{ClientOptions: s.options(), DisableInstanceDiscovery: !discovery})
		if err != nil {
			t.Fatal(err)
		}
		proof, err := azidentity.NewClientCertificateCredential(s.tenant, s.clientID, certificate, key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: s.options(), DisableInstanceDiscovery: !discovery})
		if err != nil {
			t.Fatal(err)
		}
		federated, err := azidentity.NewClientAssertionCredential(mainDomain, s.clientID, assertion,
			&azidentity.ClientAssertionCredentialOptions{ClientOptions: s.options(), DisableInstanceDiscovery: !discovery})
		if err != nil {
			t.Fatal(err)
		}
		for name, credential := range map[string]azcore.TokenCredential{"secret": secret, "certificate": proof, "GitHub": federated} {
			token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{graphScope}})
			if err != nil {
				t.Errorf("%s, discovery %v: %v", name, discovery, err)
				continue
			}
			answer, text := s.get("/v1.0/organization", token.Token)
			if answer.StatusCode != http.StatusOK || !strings.Contains(text, s.tenant) {
				t.Errorf("%s: organization answers %d %s", name, answer.StatusCode, text)
			}
		}
	}
}

func TestTokenCarriesItsApplicationPermissions(t *testing.T) {
	s := serveSignIn(t, signin.Options{})
	token := s.token(url.Values{})
	var claims struct {
		jwt.RegisteredClaims
		AppID string   `json:"appid"`
		Name  string   `json:"app_displayname"`
		Roles []string `json:"roles"`
	}
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil {
		t.Fatal(err)
	}
	if claims.AppID != s.clientID || claims.Name != "entragit" {
		t.Errorf("claims %+v", claims)
	}
	if !slices.Contains(claims.Roles, "Policy.Read.All") || !slices.Contains(claims.Roles, "Directory.Read.All") || !slices.IsSorted(claims.Roles) {
		t.Errorf("roles %v", claims.Roles)
	}
}

// token asks for a token with a secret; form overrides the request.
func (s *signInServer) token(form url.Values) string {
	s.t.Helper()
	answer, text := s.ask(s.tenant, form)
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%d %s", answer.StatusCode, text)
	}
	return body.AccessToken
}

func (s *signInServer) ask(tenant string, form url.Values) (*http.Response, string) {
	s.t.Helper()
	all := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.clientID}, "client_secret": {"right secret"}, "scope": {graphScope}}
	for name, values := range form {
		all[name] = values
	}
	req, err := http.NewRequest(http.MethodPost, s.url+"/"+tenant+"/oauth2/v2.0/token", strings.NewReader(all.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(req)
}

func TestTokenEndpointRefuses(t *testing.T) {
	s := serveSignIn(t, signin.Options{})
	federated := func(change func(jwt.MapClaims)) url.Values {
		claims := jwt.MapClaims{
			"iss": "https://token.actions.githubusercontent.com", "sub": workflow, "aud": "api://AzureADTokenExchange",
			"exp": time.Now().Add(time.Minute).Unix(),
		}
		change(claims)
		signed, err := jwt.NewWithClaims(jwt.SigningMethodES256, claims).SignedString(s.authority.Actions.Key())
		if err != nil {
			t.Fatal(err)
		}
		return url.Values{"client_secret": {""}, "client_assertion_type": {signin.AssertionType}, "client_assertion": {signed}}
	}
	set := func(name string, value any) url.Values {
		return federated(func(c jwt.MapClaims) { c[name] = value })
	}
	forged := federated(func(jwt.MapClaims) {})
	forged.Set("client_assertion", forged.Get("client_assertion")[:len(forged.Get("client_assertion"))-8]+"AAAAAAAA")
	for name, test := range map[string]struct {
		tenant string
		form   url.Values
		status int
		kind   string
		code   string
	}{
		"wrong secret":     {s.tenant, url.Values{"client_secret": {"wrong"}}, 401, "invalid_client", "AADSTS7000215"},
		"no proof":         {s.tenant, url.Values{"client_secret": {""}}, 401, "invalid_client", "AADSTS7000218"},
		"unknown client":   {s.tenant, url.Values{"client_id": {nobody}}, 400, "unauthorized_client", "AADSTS700016"},
		"unknown tenant":   {"fabrikam.com", nil, 400, "invalid_request", "AADSTS90002"},
		"unknown resource": {s.tenant, url.Values{"scope": {"https://vault.azure.net/.default"}}, 400, "invalid_resource", "AADSTS500011"},
		"delegated scope":  {s.tenant, url.Values{"scope": {"https://graph.microsoft.com/User.Read"}}, 400, "invalid_scope", "AADSTS1002012"},
		"grant type":       {s.tenant, url.Values{"grant_type": {"password"}}, 400, "unsupported_grant_type", "AADSTS70003"},
		"wrong issuer":     {s.tenant, set("iss", "https://example.com"), 401, "invalid_client", "AADSTS700211"},
		"wrong audience":   {s.tenant, set("aud", "https://github.com/contoso"), 401, "invalid_client", "AADSTS700212"},
		"wrong subject":    {s.tenant, set("sub", "repo:contoso/entra-backup:pull_request"), 401, "invalid_client", "AADSTS700213"},
		"subject's case":   {s.tenant, set("sub", strings.ToUpper(workflow)), 401, "invalid_client", "AADSTS7002138"},
		"expired":          {s.tenant, set("exp", time.Now().Add(-time.Hour).Unix()), 401, "invalid_client", "AADSTS700024"},
		"forged":           {s.tenant, forged, 401, "invalid_client", "AADSTS700027"},
	} {
		t.Run(name, func(t *testing.T) {
			answer, text := s.ask(test.tenant, test.form)
			var body struct {
				Error       string `json:"error"`
				Description string `json:"error_description"`
			}
			if err := json.Unmarshal([]byte(text), &body); err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != test.status || body.Error != test.kind || !strings.HasPrefix(body.Description, test.code+":") {
				t.Errorf("%d %s", answer.StatusCode, text)
			}
		})
	}
	if _, text := s.ask(s.tenant, federated(func(jwt.MapClaims) {})); !strings.Contains(text, "access_token") {
		t.Errorf("the unchanged assertion is refused too: %s", text)
	}
}

func TestUnregisteredCertificateIsRefused(t *testing.T) {
	s := serveSignIn(t, signin.Options{})
	certificate, key := selfSigned(t)
	credential, err := azidentity.NewClientCertificateCredential(s.tenant, s.clientID, certificate, key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: s.options(), DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{graphScope}}); err == nil || !strings.Contains(err.Error(), "AADSTS700027") {
		t.Error(err)
	}
}
