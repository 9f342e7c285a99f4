package signin

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// assertionType is RFC 7523's type of a client assertion.
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// graphAppID is the appId of Microsoft Graph.
const graphAppID = "00000003-0000-0000-c000-000000000000"

const principalsPath = "/servicePrincipals"

// maxForm is the largest request for a token.
const maxForm = 1 << 20

// issue answers a request for a token by client credentials, as
// learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow describes.
func (a *Authority) issue(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		a.refuse(w, r, badTokenRequest("invalid_request", 900561, "The endpoint only accepts POST requests. Received a %s request.", r.Method))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		a.refuse(w, r, badTokenRequest("invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'."))
		return
	}
	token, refusal := a.grant(r)
	if refusal != nil {
		a.refuse(w, r, refusal)
		return
	}
	seconds := int(a.opts.Lifetime.Seconds())
	answerJSON(w, http.StatusOK, object{
		"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token,
	})
}

// grant checks the client and its request.
func (a *Authority) grant(r *http.Request) (string, *signInError) {
	if kind := r.PostForm.Get("grant_type"); kind != "client_credentials" {
		return "", badTokenRequest("unsupported_grant_type", 70003, "The app requested an unsupported grant type '%s'.", kind)
	}
	clientID := r.PostForm.Get("client_id")
	if clientID == "" {
		return "", badTokenRequest("invalid_request", 900144, "The request body must contain the following parameter: 'client_id'.")
	}
	client := a.find(principalsPath, clientID)
	if client == nil {
		return "", badTokenRequest("unauthorized_client", 700016,
			"Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", clientID, a.tenant.TenantID())
	}
	strength, refusal := a.authenticate(r, clientID)
	if refusal != nil {
		return "", refusal
	}
	if client["accountEnabled"] == false {
		return "", badTokenRequest("unauthorized_client", 7000112, "Application '%s'(%v) is disabled.", clientID, client["appDisplayName"])
	}
	scope := r.PostForm.Get("scope")
	// Clients add OpenID's scopes to the one that names the resource.
	first, _, _ := strings.Cut(strings.TrimSpace(scope), " ")
	name, ok := strings.CutSuffix(first, "/.default")
	if !ok {
		return "", badTokenRequest("invalid_scope", 1002012,
			"The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).", scope)
	}
	resource := a.resource(name, r.Host)
	if resource == nil {
		return "", badTokenRequest("invalid_resource", 500011,
			"The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", name, a.tenant.TenantID())
	}
	return a.sign(client, clientID, resource, name, strength)
}

// authenticate checks how a client proves who it is. It returns the claim appidacr: "1" for a
// secret, "2" for a key.
func (a *Authority) authenticate(r *http.Request, clientID string) (string, *signInError) {
	secret, assertion := r.PostForm.Get("client_secret"), r.PostForm.Get("client_assertion")
	switch {
	case assertion != "":
		if kind := r.PostForm.Get("client_assertion_type"); kind != assertionType {
			return "", badTokenRequest("invalid_request", 900144, "The request body must contain the following parameter: 'client_assertion_type'.")
		}
		return "2", a.checkAssertion(r, clientID, assertion)
	case secret == "":
		return "", badClient(7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	}
	right, ok := a.opts.Secrets[strings.ToLower(clientID)]
	if !ok || subtle.ConstantTimeCompare([]byte(secret), []byte(right)) == 0 {
		return "", badClient(7000215,
			"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", clientID)
	}
	return "1", nil
}

// resource returns the service principal that a scope names. The tenant's own address stands for
// Microsoft Graph.
func (a *Authority) resource(name, host string) object {
	if strings.TrimSuffix(name, "/") == "https://"+host {
		name = graphAppID
	}
	if e := a.find(principalsPath, name); e != nil {
		return e
	}
	for _, e := range a.tenant.Objects(principalsPath) {
		names, _ := e["servicePrincipalNames"].([]any)
		for _, n := range names {
			if own, _ := n.(string); strings.EqualFold(strings.TrimSuffix(own, "/"), strings.TrimSuffix(name, "/")) {
				return e
			}
		}
	}
	return nil
}

// sign makes an access token for a resource, with the application permissions that the client
// has been assigned there.
func (a *Authority) sign(client object, clientID string, resource object, audience, strength string) (string, *signInError) {
	now := a.opts.Now()
	claims := jwt.MapClaims{
		"aud": audience, "iss": "https://sts.windows.net/" + a.tenant.TenantID() + "/", "tid": a.tenant.TenantID(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(a.opts.Lifetime).Unix(),
		"appid": clientID, "app_displayname": client["displayName"], "appidacr": strength, "idtyp": "app",
		"oid": client["id"], "sub": client["id"], "ver": "1.0", "roles": a.roles(client, resource),
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = keyID(&a.key.PublicKey)
	signed, err := token.SignedString(a.key)
	if err != nil {
		return "", &signInError{http.StatusInternalServerError, "server_error", 90033, "A transient error has occurred. Please try again."}
	}
	return signed, nil
}

// roles returns the values of the resource's roles that the client is assigned, sorted.
func (a *Authority) roles(client, resource object) []string {
	if permissions, known := a.tenant.Permissions(); known && resource["appId"] == graphAppID {
		return permissions
	}
	values := make(map[string]string)
	defined, _ := resource["appRoles"].([]any)
	for _, r := range defined {
		if role, ok := r.(object); ok {
			id, _ := role["id"].(string)
			values[strings.ToLower(id)], _ = role["value"].(string)
		}
	}
	assigned := []string{}
	id, _ := resource["id"].(string)
	own, _ := client["id"].(string)
	for _, e := range a.tenant.Objects(principalsPath + "/" + id + "/appRoleAssignedTo") {
		principal, _ := e["principalId"].(string)
		role, _ := e["appRoleId"].(string)
		if value := values[strings.ToLower(role)]; value != "" && strings.EqualFold(principal, own) {
			assigned = append(assigned, value)
		}
	}
	slices.Sort(assigned)
	return assigned
}
