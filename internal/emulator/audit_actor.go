package emulator

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"
)

// caller is who makes a request, as its token and its connection say.
type caller struct {
	appID, appName     string
	userID, userName   string // a signed-in user's id and userPrincipalName; empty for an app
	servicePrincipalID string
	// address is where the request came from, and agent its User-Agent.
	address, agent string
	// service is the service of Microsoft's that acts for the user, where the log has its name in
	// place of his.
	service string
	// later is by how much what the log tells is later than now.
	later time.Duration
	// nobody marks a job of Microsoft's that the log names nobody for.
	nobody bool
	// correlation is the id that the audit entries of the request share.
	correlation string
}

// callerOf reads the claims of a bearer token. It does not verify the token: a
// [Server] without sign-in lets anyone in, and the claims only name them in the audit log. The
// address is the one in X-Forwarded-For, where a client gives one.
func callerOf(r *http.Request) caller {
	c := caller{appName: "Graph client", agent: r.UserAgent()}
	c.address, _, _ = net.SplitHostPort(r.RemoteAddr)
	if forwarded, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); strings.TrimSpace(forwarded) != "" {
		c.address = strings.TrimSpace(forwarded)
	}
	parts := strings.Split(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), ".")
	if len(parts) != 3 {
		return c
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c
	}
	var claims struct {
		AppID          string
		AppDisplayName string `json:"app_displayname"`
		OID, UPN       string
	}
	if json.Unmarshal(payload, &claims) != nil {
		return c
	}
	c.appID = claims.AppID
	if claims.UPN != "" {
		c.userID, c.userName, c.appName = claims.OID, claims.UPN, claims.AppDisplayName
	} else {
		c.servicePrincipalID, c.appName = claims.OID, cmp.Or(claims.AppDisplayName, c.appName)
	}
	return c
}

// initiatedBy is the caller as Core Directory writes it: a user without the name of the application,
// or an application without its appId ("audit log schema", seen in every captured entry).
func (c caller) initiatedBy() object {
	switch {
	case c.nobody:
		return object{"app": nil, "user": nil}
	case c.userName != "" || c.service != "":
		return object{"app": nil, "user": c.user()}
	}
	return byApplication(c.appName, c.servicePrincipalID)
}

// onBehalf is the caller as the service of Conditional Access writes it: where a user acts through
// an application that the token names, both.
func (c caller) onBehalf() object {
	by := c.initiatedBy()
	if c.userName != "" && c.appName != "" {
		by["app"] = byApplication(c.appName, "")["app"]
	}
	return by
}

func (c caller) user() object {
	return object{
		"id": optional(c.userID), "displayName": optional(c.service), "userPrincipalName": optional(c.userName), "ipAddress": optional(c.address),
		"userType": nil, "homeTenantId": nil, "homeTenantName": nil,
	}
}

// byApplication is an application as the log writes it: what identifies it is its service
// principal.
func byApplication(name, servicePrincipalID string) object {
	return object{"user": nil, "app": object{
		"appId": nil, "displayName": optional(name), "servicePrincipalId": optional(servicePrincipalID), "servicePrincipalName": nil,
	}}
}

// The names under which Microsoft's own jobs act.
const (
	pimJob        = "MS-PIM"
	licenceJob    = "Microsoft Azure AD Group-Based Licensing"
	pimEnd        = "Azure AD PIM"
	membershipJob = "Microsoft Approval Management"
	tokenIssuer   = "Azure ESTS Service"
)

// names are the lines by which entries about members say which application acted.
func (c caller) names() []any {
	if c.appID == "" || c.userName != "" {
		return nil
	}
	return []any{contextLine("SPN", c.appID), contextLine("ActorId.ServicePrincipalNames", c.appID)}
}

// job is one of Microsoft's own jobs, as a caller.
func (s *store) job(name string) caller {
	return caller{appName: name, servicePrincipalID: s.newID("servicePrincipal", name)}
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}
