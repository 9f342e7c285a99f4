package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// glass is what init found out about break-glass accounts.
type glass struct {
	accounts []apply.BreakGlass
	proposal apply.Proposal
	// named is set where a person named them, kept where the repository had its list.
	named, kept bool
	// unread is why the tenant could not be asked.
	unread error
}

// labels are what the accounts are called, by id.
func (g *glass) labels() map[string]string {
	labels := map[string]string{}
	for _, a := range g.accounts {
		labels[a.ID] = a.Kind + ": " + a.Name
	}
	return labels
}

// lookFor is how long init looks for a tenant that it was not told to ask.
const lookFor = time.Minute

// look reads of the tenant what init goes by: which it is, where nobody said so, and who
// must always be able to sign in. Only what a person asked for must be readable.
func (o *initOptions) look(ctx context.Context, cfg *config.Config) (*glass, error) {
	if o.graph == "" && o.signIn.value == "" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, lookFor, pastDeadline{lookFor})
		defer cancel()
	}
	g := &glass{named: len(o.breakGlass) > 0}
	client, err := o.reach(ctx, cfg)
	switch {
	case err != nil && g.named:
		return nil, withHint(fmt.Errorf("--break-glass: %w", err), "leave --break-glass out until the tenant can be read: entragit.yaml takes ids later")
	case err != nil && (cfg.Tenant == "" || errors.Is(err, context.Canceled) || errors.Is(err, entra.ErrRefused)):
		return nil, err
	case err != nil:
		g.unread = err
	case g.named:
		if g.accounts, err = apply.FindBreakGlass(ctx, client, o.breakGlass); err != nil {
			return nil, namedWrongly(err)
		}
	default:
		g.proposal, g.unread = apply.ProposeBreakGlass(ctx, client)
		g.accounts = g.proposal.Accounts
		if errors.Is(g.unread, context.Canceled) {
			return nil, g.unread
		}
	}
	for _, a := range g.accounts {
		cfg.Guards.BreakGlass = append(cfg.Guards.BreakGlass, a.ID)
	}
	return g, nil
}

// namedWrongly explains why nobody was found by a name or an id.
func namedWrongly(err error) error {
	wrong := errors.Is(err, entra.ErrNotFound) || errors.Is(err, entra.ErrInvalid)
	if err = fmt.Errorf("--break-glass: %w", err); !wrong {
		return err
	}
	return withHint(err, "--break-glass takes ids, display names and sign-in names of users and groups")
}

// reach makes a connection to the tenant and fills in which it is.
func (o *initOptions) reach(ctx context.Context, cfg *config.Config) (*graph.Client, error) {
	client, _, err := o.client(o.Environment, *cfg)
	if err != nil {
		return nil, err
	}
	org, err := capture.Tenant(ctx, client)
	if err != nil {
		return nil, err
	}
	if isID(cfg.Tenant) && !strings.EqualFold(cfg.Tenant, org.ID) {
		return nil, withHint(fmt.Errorf("--tenant is %s and the sign-in reached %s (%s): %w", cfg.Tenant, org.ID, org.Name, entra.ErrRefused),
			"sign in to the tenant that is to be kept")
	}
	cfg.Tenant = cmp.Or(cfg.Tenant, org.ID)
	return client, nil
}

// told says whom the guards protect from now on and why, or why nobody.
func (g *glass) told() string {
	if g.kept {
		return ""
	}
	var b strings.Builder
	if len(g.accounts) > 0 {
		fmt.Fprintf(&b, "\nNo restore may lock these break-glass accounts out (guards.breakGlass in entragit.yaml):\n\n%s", columns(func(row func(left, right string)) {
			for _, a := range g.accounts {
				row(a.String(), g.why(a))
			}
		}))
	} else {
		fmt.Fprintf(&b, "\nNo break-glass account is protected yet: %s.\nPut the ids of your emergency accounts into guards.breakGlass of entragit.yaml (entragit help config).\n", g.whyNone())
	}
	for _, a := range g.proposal.Large {
		fmt.Fprintf(&b, "\nLeft out: %s, %s, but with more members than the %d that a break-glass group may have.\n", a, g.why(a), apply.ManyMembers)
	}
	return b.String()
}

// why says why an account is on the list.
func (g *glass) why(a apply.BreakGlass) string {
	if g.named {
		return "named by --break-glass"
	}
	return fmt.Sprintf("excluded from %d of %d enabled Conditional Access policies", a.Exempt, g.proposal.Enforced)
}

// whyNone says why no account is on the list.
func (g *glass) whyNone() string {
	switch n := g.proposal.Enforced; {
	case g.unread != nil:
		return "the tenant could not be asked (" + g.unread.Error() + ")"
	case n < 2:
		return "fewer than 2 Conditional Access policies are enabled"
	default:
		return fmt.Sprintf("nobody is excluded from most of the %d enabled Conditional Access policies", n)
	}
}
