package emulator

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
)

// SignIn says how one signs in to a tenant.
type SignIn struct {
	// Lifetime is how long an access token is good for; 0 means an hour.
	Lifetime time.Duration
	// Secrets are client secrets by appId. The tenant's objects describe secrets and
	// hold none, so they are given here.
	Secrets map[string]string
	// Workflow, when not empty, adds a stand-in for the token endpoint of GitHub Actions
	// (see [Actions]); it is the subject of the tokens, such as
	// "repo:contoso/entra-backup:ref:refs/heads/main".
	Workflow string
	// Now is the clock by which tokens expire; nil means [time.Now]. Clients compare
	// with their own clock, so it is not the tenant's.
	Now func() time.Time
}

// Authority is a tenant that one has to sign in to. It is an [http.Handler] for Graph, behind a
// bearer token, and for what https://login.microsoftonline.com answers:
//
//	/common/discovery/instance                        instance discovery
//	/{tenant}/v2.0/.well-known/openid-configuration   endpoints
//	/{tenant}/discovery/v2.0/keys                     the key that tokens are signed with
//	/{tenant}/oauth2/v2.0/token                       client credentials: secret, certificate, federated
//	/_actions/…                                       GitHub Actions' endpoint, when there is a workflow
//
// {tenant} is the tenant's id or one of its domains. It must be served over TLS: clients of
// an authority accept nothing else.
type Authority struct {
	server *Server
	opts   SignIn
	key    *ecdsa.PrivateKey
	// Actions is the stand-in for GitHub's endpoint, or nil.
	Actions *Actions
}

// NewAuthority puts sign-in before a server.
func NewAuthority(s *Server, opts SignIn) (*Authority, error) {
	if opts.Lifetime == 0 {
		opts.Lifetime = time.Hour
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	secrets := make(map[string]string, len(opts.Secrets))
	for appID, secret := range opts.Secrets {
		secrets[fold(appID)] = secret
	}
	opts.Secrets = secrets
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	a := &Authority{server: s, opts: opts, key: key}
	if opts.Workflow != "" {
		if a.Actions, err = newActions(opts.Workflow, opts.Now); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// ServeHTTP answers one request.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, servicePrefix) || strings.HasPrefix(path, adminPrefix):
		a.serveGraph(w, r)
	case path == "/common/discovery/instance":
		a.discoverInstance(w, r)
	case a.Actions != nil && strings.HasPrefix(path, actionsPrefix):
		a.Actions.ServeHTTP(w, r)
	default:
		tenant, endpoint, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		a.serveTenant(w, r, tenant, endpoint)
	}
}

func (a *Authority) serveTenant(w http.ResponseWriter, r *http.Request, tenant, endpoint string) {
	known := a.isTenant(tenant)
	switch endpoint {
	case "v2.0/.well-known/openid-configuration":
		if !known {
			a.refuse(w, r, noTenant("invalid_tenant", tenant))
			return
		}
		a.discoverEndpoints(w, r, tenant)
	case "discovery/v2.0/keys":
		answerJSON(w, http.StatusOK, keySet(a.key))
	case "oauth2/v2.0/token":
		if !known {
			a.refuse(w, r, noTenant("invalid_request", tenant))
			return
		}
		a.issue(w, r)
	default:
		http.NotFound(w, r)
	}
}

// isTenant reports whether name is the tenant's id or one of its domains.
func (a *Authority) isTenant(name string) bool {
	s := a.server.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	if strings.EqualFold(name, s.tenantID) {
		return true
	}
	for _, e := range s.list(tenantPath) {
		domains, _ := e.body["verifiedDomains"].([]any)
		for _, d := range domains {
			domain, _ := d.(object)
			if own, _ := domain["name"].(string); strings.EqualFold(name, own) {
				return true
			}
		}
	}
	return false
}

// discoverInstance says whether a host is an authority. This one vouches for itself alone.
func (a *Authority) discoverInstance(w http.ResponseWriter, r *http.Request) {
	endpoint := r.URL.Query().Get("authorization_endpoint")
	rest, ok := strings.CutPrefix(endpoint, "https://")
	host, path, _ := strings.Cut(rest, "/")
	tenant, _, _ := strings.Cut(path, "/")
	if !ok || tenant == "" || host != r.Host && !isLoopback(host) {
		a.refuse(w, r, &signInError{http.StatusBadRequest, "invalid_instance", 50049, "Unknown or invalid instance."})
		return
	}
	answerJSON(w, http.StatusOK, object{
		"tenant_discovery_endpoint": "https://" + host + "/" + tenant + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": list(object{
			"preferred_network": host, "preferred_cache": host, "aliases": list(host),
		}),
	})
}

// discoverEndpoints is the tenant's OpenID configuration.
func (a *Authority) discoverEndpoints(w http.ResponseWriter, r *http.Request, tenant string) {
	base := "https://" + r.Host + "/" + tenant
	answerJSON(w, http.StatusOK, object{
		"issuer":                                base + "/v2.0",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"device_authorization_endpoint":         base + "/oauth2/v2.0/devicecode",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"token_endpoint_auth_methods_supported": list("client_secret_post", "private_key_jwt"),
		"response_types_supported":              list("code", "id_token"),
		"subject_types_supported":               list("pairwise"),
		"id_token_signing_alg_values_supported": list("ES256"),
		"scopes_supported":                      list("openid", "profile", "email", "offline_access"),
		"tenant_region_scope":                   "NA",
	})
}

// AddCertificate registers a certificate with the application that has the appId, so that
// it can sign in with the certificate's key.
func (a *Authority) AddCertificate(appID string, certificate *x509.Certificate) error {
	s := a.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	app := s.findBy("/applications", "appId", appID)
	if app == nil {
		return fmt.Errorf("register a certificate: there is no application with the appId %s", appID)
	}
	body := maps.Clone(app.body)
	credentials, _ := body["keyCredentials"].([]any)
	thumbprint := sha1Of(certificate)
	body["keyCredentials"] = append(append([]any{}, credentials...), object{
		"keyId": s.newID("keyCredentials", string(thumbprint)), "displayName": certificate.Subject.String(),
		"customKeyIdentifier": base64.StdEncoding.EncodeToString(thumbprint),
		"type":                "AsymmetricX509Cert", "usage": "Verify", "key": base64.StdEncoding.EncodeToString(certificate.Raw),
		"startDateTime": certificate.NotBefore.UTC().Format(time.RFC3339), "endDateTime": certificate.NotAfter.UTC().Format(time.RFC3339),
	})
	_, err := s.put("/applications", body)
	return err
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that has gone away is its own affair
}
