package cli

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// connection are the flags of every command that talks to a tenant.
type connection struct {
	graph  string
	cloud  choice
	signIn choice
	deadline
}

// flags binds the flags, and bounds the runs of the command.
func (c *connection) flags(cmd *cobra.Command) {
	c.cloud = choice{what: "cloud", of: words().Clouds}
	c.signIn = choice{what: "sign-in method", of: []string{"secret", "certificate", "github", "cli", "device"}}
	f := cmd.Flags()
	f.StringVar(&c.graph, "graph", "", "Microsoft Graph is at `URL`; a loopback URL needs no sign-in")
	f.Var(&c.cloud, "cloud", "the tenant is in the national cloud `NAME`: "+strings.Join(c.cloud.of, ", "))
	f.Var(&c.signIn, "sign-in", "sign in by `METHOD`: "+strings.Join(c.signIn.of, ", ")+"; by default what the environment is prepared for")
	c.flag(f)
	c.bound(cmd)
}

// tenant is a connection to the tenant, as far as it is known whose it is. It can
// only read: what compares and what plans is given nothing to write with.
type tenant struct {
	capture.Source
	// id, name and domain are the tenant's own; the last two may be empty.
	id, name, domain string
	base             string // "https://graph.microsoft.com/v1.0"
	// skew is how far this machine's clock is ahead of Graph's, once there was an answer.
	skew func() (time.Duration, bool)
	// who says who signed in.
	who func(context.Context) (graph.Identity, error)
}

// connect signs in and finds out which tenant it reached. The identifiers that are
// known beforehand are those of the configuration and of the newest snapshot; another
// tenant is refused, because its objects would look like a tenant that changed
// altogether.
func (c *connection) connect(ctx context.Context, env Environment, cfg config.Config, recorded string) (*tenant, error) {
	t, _, err := c.connectToWrite(ctx, env, cfg, recorded)
	return t, err
}

// connectToWrite is connect for the one command that writes.
func (c *connection) connectToWrite(ctx context.Context, env Environment, cfg config.Config, recorded string) (*tenant, *graph.Client, error) {
	client, base, err := c.client(env, cfg)
	if err != nil {
		return nil, nil, err
	}
	t := &tenant{Source: client, base: base + "/v1.0", skew: client.Skew, who: client.Identity}
	org, err := capture.Tenant(ctx, client)
	if err != nil {
		return nil, nil, err
	}
	t.id, t.name, t.domain = org.ID, org.Name, org.Domain
	for _, known := range []string{recorded, cfg.Tenant} {
		if isID(known) && !strings.EqualFold(known, t.id) {
			return nil, nil, withHint(fmt.Errorf("the repository is of tenant %s and the sign-in reached %s (%s): %w",
				known, t.id, t.name, entra.ErrRefused), "sign in to the other tenant, or give --repo another repository")
		}
	}
	return t, client, nil
}

// client makes the connection without sending anything.
func (c *connection) client(env Environment, cfg config.Config) (*graph.Client, string, error) {
	cloud, err := c.cloudOf(cfg)
	if err != nil {
		return nil, "", err
	}
	settings := graph.Config{BaseURL: cloud.Graph, Cloud: cloud.Name, UserAgent: "entragit/" + version()}
	if c.graph != "" {
		settings.BaseURL = strings.TrimSuffix(c.graph, "/")
	}
	if !strings.HasPrefix(settings.BaseURL, "http://") { // graph.New refuses http to other machines
		if settings.Credential, err = graph.NewCredential(c.identity(env, cfg, cloud)); err != nil {
			return nil, "", withHint(err, "entragit help sign-in lists the ways to sign in")
		}
	}
	client, err := graph.New(settings)
	if err != nil {
		err = withHint(err, "Graph is at https://HOST, or at http://127.0.0.1:PORT where entragit emulate listens")
	}
	return client, settings.BaseURL, err
}

// cloudOf is the cloud that the tenant lives in.
func (c *connection) cloudOf(cfg config.Config) (graph.Cloud, error) {
	return graph.CloudByName(cmp.Or(c.cloud.value, cfg.Cloud))
}

// identity is who signs in and how.
func (c *connection) identity(env Environment, cfg config.Config, cloud graph.Cloud) graph.SignIn {
	s := graph.SignInFromEnvironment(env.Getenv, cloud)
	if c.signIn.value != "" {
		s.Method = graph.Method(c.signIn.value)
	}
	if s.Tenant == "" {
		s.Tenant = cfg.Tenant
	}
	s.Prompt = func(message string) { env.Say("%s", message) }
	return s
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// isID reports whether a tenant is named by its id and not by a domain.
func isID(tenant string) bool { return guid.MatchString(tenant) }
