package graph

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/entragit/entragit/internal/entra"
)

// Identity is who signed in.
type Identity struct {
	// ObjectID is the user or the service principal.
	ObjectID string `json:"oid"`
	// AppID is the application, which acts for itself or for the user.
	AppID string `json:"appid"`
	// Roles are the application permissions, Scopes those of a user's sign-in, separated by
	// blanks.
	Roles  []string `json:"roles"`
	Scopes string   `json:"scp"`
}

// Permissions returns what the application may do by itself. They are not known where nobody
// signed in, and where a user did: what he may do follows from his roles as well
// (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
func (i Identity) Permissions() (granted []string, known bool) {
	return i.Roles, i.ObjectID != "" && i.Scopes == ""
}

// Identity returns who signed in, as the token says; nobody where none is sent. It asks
// nothing of Graph. A token that cannot be read wraps [entra.ErrUnauthenticated].
func (c *Client) Identity(ctx context.Context) (Identity, error) {
	var who Identity
	if !c.endpoint.secure() {
		return who, nil
	}
	token, err := c.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.scope}, EnableCAE: true})
	if err != nil {
		return who, fmt.Errorf("who signed in: %w: %w", entra.ErrUnauthenticated, &signInError{cause: err})
	}
	if err := tokenClaims(token.Token, &who); err != nil {
		return who, fmt.Errorf("who signed in: access token: %w: %w", entra.ErrUnauthenticated, err)
	}
	return who, nil
}

// tokenClaims decodes what a JSON Web Token says. Nobody's signature is checked.
func tokenClaims(token string, claims any) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return fmt.Errorf("not a JSON Web Token")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(payload, claims)
	}
	return err
}

// Permissions are the application permissions of whoever signed in. They are not known where
// nobody did, for a user, and where the token cannot be read. Microsoft asks clients not to look into tokens for Graph, whose form may change
// (the page "Access tokens"); there is no other answer that needs no permission itself, and
// one that cannot be read is no failure: what was granted is unknown then.
func (c *Client) Permissions(ctx context.Context) (granted []string, known bool) {
	who, err := c.Identity(ctx)
	if err != nil {
		return nil, false
	}
	return who.Permissions()
}
