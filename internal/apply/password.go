package apply

import (
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Passwords keeps the one-time passwords of accounts that are created again. A password
// that Keep took outlives the process.
type Passwords interface {
	Keep(key entra.Key, account, password string) error
}

// NeedsPasswords lists the accounts to which a plan gives a one-time password.
func NeedsPasswords(p *entra.Plan) []entra.Key {
	var keys []entra.Key
	for _, s := range p.Steps {
		if k := kind.ByName(s.Kind); s.Action == entra.ActionCreate && k.Password != "" {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// unspoken stands for a password where nothing is sent.
const unspoken = "(a one-time password)"

// password is what an account that is created signs in with once. It is kept before it is
// sent, and nowhere else than where the caller keeps it.
func (r *rendering) password() (map[string]any, error) {
	word := unspoken
	if r.Passwords != nil {
		word = oneTime()
		if err := r.Passwords.Keep(r.step.Key, r.planned.Text("userPrincipalName"), word); err != nil {
			return nil, fmt.Errorf("keep its one-time password: %w", err)
		}
	}
	return map[string]any{"password": word, "forceChangePasswordNextSignIn": true}, nil
}

// oneTime is a random password of upper and lower case and a sign, which is complex enough
// for every tenant: 130 bits of randomness.
func oneTime() string {
	return rand.Text()[:13] + "-" + strings.ToLower(rand.Text()[:13])
}
