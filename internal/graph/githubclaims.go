package graph

import (
	"context"
	"fmt"
)

// GitHubClaims are what a GitHub Actions job's token says about the job, as far as a
// federated credential compares it.
type GitHubClaims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
}

// Claims fetches a token and returns what it says. Nobody's signature is checked: it is
// for showing to the person who set up the federated credential, not for trust.
func (g GitHubOIDC) Claims(ctx context.Context) (GitHubClaims, error) {
	var claims GitHubClaims
	token, err := g.assertion(ctx)
	if err != nil {
		return claims, err
	}
	if err := tokenClaims(token, &claims); err != nil {
		return claims, fmt.Errorf("github OIDC token: %w", err)
	}
	return claims, nil
}
