package signin

import (
	"crypto/ecdsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// checkAssertion checks a client's signed assertion: by a certificate that the
// application has, or by an issuer that one of its federated credentials trusts.
func (a *Authority) checkAssertion(r *http.Request, clientID, assertion string) *signInError {
	app := a.find("/applications", clientID)
	if app == nil {
		return badClient(700027, "The certificate with identifier used to sign the client assertion is not registered on application.")
	}
	claims := jwt.MapClaims{}
	token, _, err := jwt.NewParser().ParseUnverified(assertion, claims)
	if err != nil {
		return badClient(50027, "JWT token is invalid or malformed.")
	}
	if token.Header["x5t"] != nil || token.Header["x5t#S256"] != nil {
		return a.checkCertificate(r, app, clientID, token.Header, assertion)
	}
	return a.checkFederated(app, claims, assertion)
}

// checkCertificate checks an assertion that the application signed itself.
func (a *Authority) checkCertificate(r *http.Request, app object, clientID string, header map[string]any, assertion string) *signInError {
	certificate := registered(app, header)
	if certificate == nil {
		return badClient(700027, "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]")
	}
	base := "https://" + r.Host + strings.TrimSuffix(r.URL.Path, "/"+tokenEndpoint)
	claims := jwt.MapClaims{}
	_, err := a.parser("PS256", "RS256", "ES256").ParseWithClaims(assertion, claims, func(*jwt.Token) (any, error) { return certificate.PublicKey, nil })
	if refusal := refuseAssertion(err); refusal != nil {
		return refusal
	}
	audiences, _ := claims.GetAudience()
	if !slices.Contains(audiences, base+"/"+tokenEndpoint) && !slices.Contains(audiences, base+"/v2.0") {
		return badClient(700023, "Client assertion audience claim does not match Realm issuer.")
	}
	if issuer, _ := claims.GetIssuer(); issuer != clientID {
		return badClient(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
	}
	return nil
}

// registered returns the application's certificate that the header of an assertion names
// by thumbprint.
func registered(app object, header map[string]any) *x509.Certificate {
	credentials, _ := app["keyCredentials"].([]any)
	for _, c := range credentials {
		credential, _ := c.(object)
		key, _ := credential["key"].(string)
		der, err := base64.StdEncoding.DecodeString(key)
		if err != nil {
			continue
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			continue
		}
		strong := sha256.Sum256(certificate.Raw)
		if sameThumbprint(header["x5t#S256"], strong[:]) || sameThumbprint(header["x5t"], sha1Of(certificate)) {
			return certificate
		}
	}
	return nil
}

// sameThumbprint compares a thumbprint with one in a header. RFC 7515 wants base64url there;
// MSAL writes the other alphabet.
func sameThumbprint(claimed any, thumbprint []byte) bool {
	s, _ := claimed.(string)
	s = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "=")
	return s != "" && s == base64.RawURLEncoding.EncodeToString(thumbprint)
}

func sha1Of(certificate *x509.Certificate) []byte {
	sum := sha1.Sum(certificate.Raw)
	return sum[:]
}

// checkFederated checks another issuer's token against the application's federated
// credentials. Issuer, audience and subject must all be equal, case included
// (learn.microsoft.com/entra/workload-id/workload-identity-federation).
func (a *Authority) checkFederated(app object, claims jwt.MapClaims, assertion string) *signInError {
	issuer, _ := claims.GetIssuer()
	subject, _ := claims.GetSubject()
	audiences, _ := claims.GetAudience()
	if refusal := a.matchFederated(app, issuer, subject, audiences); refusal != nil {
		return refusal
	}
	if a.Actions == nil || issuer != a.Actions.issuer {
		return badClient(501661, "Request to External OIDC endpoint failed.")
	}
	_, err := a.parser("ES256").Parse(assertion, func(*jwt.Token) (any, error) { return &a.Actions.key.PublicKey, nil })
	return refuseAssertion(err)
}

func (a *Authority) matchFederated(app object, issuer, subject string, audiences []string) *signInError {
	const advice = "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
	refusal := badClient(700211, "No matching federated identity record found for presented assertion issuer '%s'. %s", issuer, advice)
	// What matched furthest is what the refusal is about.
	furthest := 0
	id, _ := app["id"].(string)
	for _, credential := range a.tenant.Objects("/applications/" + id + "/federatedIdentityCredentials") {
		trusted, _ := credential["audiences"].([]any)
		wanted, _ := credential["subject"].(string)
		switch {
		case credential["issuer"] != issuer:
		case !slices.ContainsFunc(audiences, func(audience string) bool { return slices.Contains(trusted, any(audience)) }):
			if furthest < 1 {
				furthest = 1
				refusal = badClient(700212, "No matching federated identity record found for presented assertion audience '%s'. %s", strings.Join(audiences, ","), advice)
			}
		case wanted == subject:
			return nil
		case strings.EqualFold(wanted, subject):
			furthest = 3
			refusal = badClient(7002138, "No matching federated identity record found for presented assertion subject '%s'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. %s", subject, advice)
		case furthest < 2:
			furthest = 2
			refusal = badClient(700213, "No matching federated identity record found for presented assertion subject '%s'. %s", subject, advice)
		}
	}
	return refusal
}

// parser checks signatures by the given algorithms, and times.
func (a *Authority) parser(algorithms ...string) *jwt.Parser {
	return jwt.NewParser(jwt.WithValidMethods(algorithms), jwt.WithTimeFunc(a.opts.Now), jwt.WithExpirationRequired())
}

// refuseAssertion says what was wrong with an assertion.
func refuseAssertion(err error) *signInError {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jwt.ErrTokenExpired), errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return badClient(700024, "Client assertion is not within its valid time range.")
	}
	return badClient(700027, "Client assertion failed signature validation.")
}

// keyID identifies a key in a key set.
func keyID(key *ecdsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(sum[:20])
}

// keySet publishes a key as RFC 7517 says.
func keySet(key *ecdsa.PrivateKey) object {
	point, err := key.PublicKey.Bytes()
	if err != nil || len(point) != 65 {
		return object{"keys": []any{}}
	}
	encode := base64.RawURLEncoding.EncodeToString
	return object{"keys": []object{{
		"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": keyID(&key.PublicKey),
		"x": encode(point[1:33]), "y": encode(point[33:]),
	}}}
}
