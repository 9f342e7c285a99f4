package signin

import (
	"crypto/ecdsa"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"
)

// object is a JSON object, of Graph or of an answer.
type object = map[string]any

// Tenant is what one signs in to. Its handler is Graph.
type Tenant interface {
	http.Handler
	// NeedsToken reports whether a request for a path of the handler needs an access token.
	NeedsToken(path string) bool
	// Permissions are the application permissions that clients have of Graph, where they are
	// other than those that the tenant's objects assign.
	Permissions() (permissions []string, known bool)
	// TenantID is the tenant's id.
	TenantID() string
	// Objects returns the bodies of a collection's objects, such as "/applications", as Graph
	// writes them and with what Graph does not return. They must not be modified.
	Objects(path string) []map[string]any
}

// Options say how one signs in to a tenant.
type Options struct {
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
	tenant Tenant
	opts   Options
	key    *ecdsa.PrivateKey
	// Actions is the stand-in for GitHub's endpoint, or nil.
	Actions *Actions
}

// New puts sign-in before a tenant.
func New(tenant Tenant, opts Options) (*Authority, error) {
	if opts.Lifetime == 0 {
		opts.Lifetime = time.Hour
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	secrets := make(map[string]string, len(opts.Secrets))
	for appID, secret := range opts.Secrets {
		secrets[strings.ToLower(appID)] = secret
	}
	opts.Secrets = secrets
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	a := &Authority{tenant: tenant, opts: opts, key: key}
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
	tenant, endpoint, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	answer := a.endpoint(endpoint)
	switch {
	case path == "/common/discovery/instance":
		a.discoverInstance(w, r)
	case a.Actions != nil && strings.HasPrefix(path, actionsPrefix):
		a.Actions.ServeHTTP(w, r)
	case answer == nil:
		a.serveGraph(w, r)
	case !a.isTenant(tenant) && endpoint == tokenEndpoint:
		a.refuse(w, r, noTenant("invalid_request", tenant))
	case !a.isTenant(tenant):
		a.refuse(w, r, noTenant("invalid_tenant", tenant))
	default:
		answer(w, r, tenant)
	}
}

// The endpoints that each tenant has of the authority, without the tenant.
const (
	configurationEndpoint = "v2.0/.well-known/openid-configuration"
	keysEndpoint          = "discovery/v2.0/keys"
	tokenEndpoint         = "oauth2/v2.0/token"
)

// endpoint returns what answers a path below a tenant's name, or nil if it is not the
// authority.
func (a *Authority) endpoint(path string) func(w http.ResponseWriter, r *http.Request, tenant string) {
	switch path {
	case configurationEndpoint:
		return a.discoverEndpoints
	case keysEndpoint:
		return func(w http.ResponseWriter, _ *http.Request, _ string) { answerJSON(w, http.StatusOK, keySet(a.key)) }
	case tokenEndpoint:
		return func(w http.ResponseWriter, r *http.Request, _ string) { a.issue(w, r) }
	}
	return nil
}

// isTenant reports whether name is the tenant's id or one of its domains.
func (a *Authority) isTenant(name string) bool {
	if strings.EqualFold(name, a.tenant.TenantID()) {
		return true
	}
	for _, organization := range a.tenant.Objects("/organization") {
		domains, _ := organization["verifiedDomains"].([]any)
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
		"tenant_discovery_endpoint": "https://" + host + "/" + tenant + "/" + configurationEndpoint,
		"api-version":               "1.1",
		"metadata": []object{{
			"preferred_network": host, "preferred_cache": host, "aliases": []string{host},
		}},
	})
}

// discoverEndpoints is the tenant's OpenID configuration.
func (a *Authority) discoverEndpoints(w http.ResponseWriter, r *http.Request, tenant string) {
	base := "https://" + r.Host + "/" + tenant
	answerJSON(w, http.StatusOK, object{
		"issuer":                                base + "/v2.0",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"token_endpoint":                        base + "/" + tokenEndpoint,
		"device_authorization_endpoint":         base + "/oauth2/v2.0/devicecode",
		"jwks_uri":                              base + "/" + keysEndpoint,
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"},
		"response_types_supported":              []string{"code", "id_token"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"tenant_region_scope":                   "NA",
	})
}

// find returns the object of a collection that belongs to the application with the appId, or
// nil.
func (a *Authority) find(collection, appID string) object {
	for _, body := range a.tenant.Objects(collection) {
		if own, _ := body["appId"].(string); strings.EqualFold(own, appID) {
			return body
		}
	}
	return nil
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that has gone away is its own affair
}

// isLoopback reports whether host, with or without a port, is this machine.
func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
