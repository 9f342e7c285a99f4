package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/entra"
)

// concessions are what a person lets a restore depart from the snapshot in, because somebody
// else has a name or an address now.
type concessions struct {
	newUPN    []string
	dropTaken bool
}

func (c *concessions) flags(f *pflag.FlagSet) {
	f.StringSliceVar(&c.newUPN, "new-upn", nil, "take the deleted user `OLD=NEW` back under the name NEW, where somebody else is called OLD now; can be given more than once")
	f.BoolVar(&c.dropTaken, "reconcile-proxy-conflicts", false, "take deleted users back without those of their proxy addresses that somebody else has now")
}

// names are the new names by the old ones, in lower case.
func (c *concessions) names() (map[string]string, error) {
	names := map[string]string{}
	for _, pair := range c.newUPN {
		old, name, ok := strings.Cut(pair, "=")
		if !ok || !strings.Contains(old, "@") || !strings.Contains(name, "@") {
			return nil, withHint(fmt.Errorf("--new-upn %q: not two user principal names: %w", pair, entra.ErrInvalid), "--new-upn alice@contoso.com=alice.old@contoso.com")
		}
		names[strings.ToLower(old)] = name
	}
	return names, nil
}

// conceded refuses a plan file that departs from the snapshot in more than the command line
// names: what a file says is nobody's word.
func (c *concessions) conceded(p *entra.Plan) error {
	names, err := c.names()
	if err != nil {
		return err
	}
	chosen := map[string]bool{}
	for _, name := range names {
		chosen[name] = true
	}
	for _, s := range p.Steps {
		switch {
		case s.As != "" && !chosen[s.As]:
			return withHint(fmt.Errorf("the plan takes back %s as %s, which the snapshot does not say: %w", s.Key, s.As, entra.ErrRefused), "repeat --new-upn OLD=%s if that is meant", s.As)
		case len(s.Without) > 0 && !c.dropTaken:
			return withHint(fmt.Errorf("the plan takes back %s without %s: %w", s.Key, firstOf(s.Without), entra.ErrRefused), "repeat --reconcile-proxy-conflicts if that is meant")
		}
	}
	return nil
}
