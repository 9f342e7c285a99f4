package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/entragit/entragit/internal/clock"
)

// GitHubOIDC is the token service that a GitHub Actions job with the permission
// "id-token: write" can ask for a token about itself
// (https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect).
type GitHubOIDC struct {
	URL      string // ACTIONS_ID_TOKEN_REQUEST_URL, with a query already
	Token    string // ACTIONS_ID_TOKEN_REQUEST_TOKEN, which lives as long as the job
	Audience string // see [Cloud]; GitHub's own default is refused by Entra
	// HTTP carries the request; nil means [http.DefaultClient].
	HTTP *http.Client
	// Clock waits between attempts; nil means the real one.
	Clock clock.Clock
}

const (
	oidcTimeout  = 30 * time.Second // of one attempt
	oidcAttempts = 3
	maxOIDCBody  = 64 << 10
)

// assertion fetches a token. It lives for minutes, so a new one is fetched for each
// exchange; azidentity calls it then, from any goroutine.
func (g GitHubOIDC) assertion(ctx context.Context) (string, error) {
	for attempt := 1; ; attempt++ {
		token, err := g.fetch(ctx)
		if err == nil {
			return token, nil
		}
		if attempt < oidcAttempts && g.clock().Sleep(ctx, backoff(attempt)) == nil {
			continue
		}
		return "", fmt.Errorf("github OIDC token: %w", err)
	}
}

func (g GitHubOIDC) clock() clock.Clock {
	if g.Clock == nil {
		return clock.System{}
	}
	return g.Clock
}

func (g GitHubOIDC) fetch(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, oidcTimeout)
	defer cancel()
	u, err := url.Parse(g.URL)
	if err != nil {
		return "", err
	}
	query := u.Query()
	query.Set("audience", g.Audience)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+g.Token)
	req.Header.Set("Accept", "application/json")
	client := g.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answered %s", u.Host, resp.Status)
	}
	var answer struct {
		Value string `json:"value"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxOIDCBody)).Decode(&answer); err != nil {
		return "", err
	}
	if answer.Value == "" {
		return "", fmt.Errorf("%s answered without a token", u.Host)
	}
	return answer.Value, nil
}
