package apply

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/nearest"
	"github.com/entragit/entragit/internal/plan"
)

// BreakGlass is an account that guards are to protect: a user, or a group of users.
type BreakGlass struct {
	entra.Key
	Name string
	// Exempt is how many enforced policies exempt the account; 0 where somebody named it.
	Exempt int
}

// String names the account: "user Emergency Access 1 (3f2b…)".
func (b BreakGlass) String() string {
	return kind.ByName(b.Kind).Title + " " + b.Name + " (" + b.ID + ")"
}

// Proposal is whom a tenant treats as break-glass accounts.
type Proposal struct {
	// Enforced is how many policies are enforced at sign-in.
	Enforced int
	// Accounts are exempt from most of them, those exempt from more first.
	Accounts []BreakGlass
	// Large are groups that are exempt as well and hold too many for a break-glass group.
	Large []BreakGlass
}

// ManyMembers is how many members a break-glass group may have. It is a small group, or
// no break-glass group.
const ManyMembers = 100

// fewPolicies is how many policies say nothing about who is left out of most.
const fewPolicies = 1

// ProposeBreakGlass reads which accounts the tenant exempts from most of what it enforces
// at sign-in. Nobody is proposed by fewer than two policies.
func ProposeBreakGlass(ctx context.Context, src capture.Source) (Proposal, error) {
	r := &factReader{src: src}
	var policies []*entra.Object
	for _, k := range kind.All() {
		if k.Enforcement == nil {
			continue
		}
		objects, err := r.all(ctx, k)
		if err != nil {
			return Proposal{}, err
		}
		policies = append(policies, objects...)
	}
	var p Proposal
	enforced, by := plan.Exempted(policies)
	p.Enforced = enforced
	if enforced <= fewPolicies {
		return p, nil
	}
	var ids []string
	for id, n := range by {
		if 2*n > enforced && guid.MatchString(id) {
			ids = append(ids, id)
		}
	}
	found, err := r.byID(ctx, ids)
	if err != nil {
		return p, fmt.Errorf("read the accounts that policies exempt: %w", err)
	}
	for id, o := range found {
		if err := p.propose(ctx, r, o, by[id]); err != nil {
			return p, err
		}
	}
	slices.SortFunc(p.Accounts, compareBreakGlass)
	slices.SortFunc(p.Large, compareBreakGlass)
	return p, nil
}

// compareBreakGlass orders those exempt from more first, and users before the groups that
// they are in, so that a guard speaks of them as users.
func compareBreakGlass(a, b BreakGlass) int {
	return cmp.Or(cmp.Compare(b.Exempt, a.Exempt), cmp.Compare(b.Kind, a.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

// propose adds an account, unless it is one that the guards do not take.
func (p *Proposal) propose(ctx context.Context, r *factReader, o directoryObject, exempt int) error {
	k := o.kindOf()
	if !takesBreakGlass(k) {
		return nil
	}
	account := BreakGlass{entra.Key{Kind: k.Name, ID: o.ID}, o.DisplayName, exempt}
	large := false
	if k.Membership != nil {
		var err error
		if large, err = r.large(ctx, k, o.ID); err != nil {
			return fmt.Errorf("read the members of %s: %w", account, err)
		}
	}
	if large {
		p.Large = append(p.Large, account)
	} else {
		p.Accounts = append(p.Accounts, account)
	}
	return nil
}

// takesBreakGlass reports whether objects of a kind can be break-glass accounts; nil is
// the kind of what is not in the table.
func takesBreakGlass(k *kind.Kind) bool { return k != nil && (k.Person || k.Membership != nil) }

// large reports whether a group holds more than a break-glass group may, directly or not.
func (r *factReader) large(ctx context.Context, k *kind.Kind, id string) (bool, error) {
	members := 0
	for _, err := range r.src.List(ctx, r.address.Object(k, id, "transitiveMembers"), url.Values{"$select": {"id"}, "$top": {"999"}}) {
		if members++; err != nil || members > ManyMembers {
			return err == nil, err
		}
	}
	return false, nil
}

// FindBreakGlass finds the users and groups that go by some ids and names, each once. A
// user goes by the display name and by the sign-in name. A name that nobody has wraps
// [entra.ErrNotFound] and comes with the nearest, one that several have wraps
// [entra.ErrInvalid].
func FindBreakGlass(ctx context.Context, src capture.Source, names []string) ([]BreakGlass, error) {
	r := &factReader{src: src}
	var accounts []BreakGlass
	for _, name := range names {
		if strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("a name is empty: %w", entra.ErrInvalid)
		}
		find := r.named
		if guid.MatchString(name) {
			find = r.identified
		}
		account, err := find(ctx, name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
		}
	}
	return accounts, nil
}

// identified finds the account with an id.
func (r *factReader) identified(ctx context.Context, id string) (BreakGlass, error) {
	found, err := r.byID(ctx, []string{id})
	if err != nil {
		return BreakGlass{}, fmt.Errorf("find %s: %w", id, err)
	}
	for _, o := range found {
		if k := o.kindOf(); takesBreakGlass(k) {
			return BreakGlass{Key: entra.Key{Kind: k.Name, ID: o.ID}, Name: o.DisplayName}, nil
		}
	}
	return BreakGlass{}, fmt.Errorf("%s: %w: %w", id, errNobody, entra.ErrNotFound)
}

// accountNames are the properties that name an account.
var accountNames = []string{"displayName", "userPrincipalName"}

// named finds the account with a name.
func (r *factReader) named(ctx context.Context, name string) (BreakGlass, error) {
	var matches []string
	var account BreakGlass
	for found, err := range r.filtered(ctx, "%s eq '%s'", name) {
		if err != nil {
			return account, fmt.Errorf("find %q: %w", name, err)
		}
		account = found.BreakGlass
		matches = append(matches, account.String())
	}
	switch len(matches) {
	case 0:
		return account, r.unknownName(ctx, name)
	case 1:
		return account, nil
	}
	return account, fmt.Errorf("%q is ambiguous: %s: %w", name, strings.Join(matches, ", "), entra.ErrInvalid)
}

// alike is how many letters a name must have in common with what was typed for it to be
// read as one that may have been meant.
const alike = 3

// unknownName says that nobody has a name, and who has one like it.
func (r *factReader) unknownName(ctx context.Context, name string) error {
	unknown := fmt.Errorf("no user or group is called %q", name)
	near := nearest.To(name)
	start := []rune(name)
	for found, err := range r.filtered(ctx, "startswith(%s,'%s')", string(start[:min(alike, len(start))])) {
		if err != nil {
			return fmt.Errorf("%w: %w", unknown, err)
		}
		for _, known := range found.names {
			near.AddAs(known, known)
		}
	}
	if found := near.Found(); len(found) > 0 {
		return fmt.Errorf("%w, did you mean %q: %w", unknown, found[0], entra.ErrNotFound)
	}
	return fmt.Errorf("%w: %w", unknown, entra.ErrNotFound)
}

// namedAccount is an account with everything that it is called.
type namedAccount struct {
	BreakGlass
	names []string
}

// filtered yields the accounts that meet a filter with one of their names. The filter is
// a format of the property and the quoted text.
func (r *factReader) filtered(ctx context.Context, filter, text string) iter.Seq2[namedAccount, error] {
	return func(yield func(namedAccount, error) bool) {
		for _, k := range kind.All() {
			if !takesBreakGlass(k) {
				continue
			}
			for account, err := range r.filteredOf(ctx, k, filter, strings.ReplaceAll(text, "'", "''")) {
				if !yield(account, err) || err != nil {
					return
				}
			}
		}
	}
}

func (r *factReader) filteredOf(ctx context.Context, k *kind.Kind, filter, quoted string) iter.Seq2[namedAccount, error] {
	properties := slices.DeleteFunc(slices.Clone(accountNames), func(p string) bool { return !k.Restorable(p) })
	var filters []string
	for _, p := range properties {
		filters = append(filters, fmt.Sprintf(filter, p, quoted))
	}
	query := url.Values{"$filter": {strings.Join(filters, " or ")}, "$select": {strings.Join(append(properties, "id"), ",")}}
	return func(yield func(namedAccount, error) bool) {
		for body, err := range r.src.List(ctx, r.address.Collection(k), query) {
			var values map[string]any
			if err == nil {
				err = json.Unmarshal(body, &values)
			}
			account := namedAccount{BreakGlass: BreakGlass{Key: entra.Key{Kind: k.Name}}}
			account.ID, _ = values["id"].(string)
			account.Name, _ = values["displayName"].(string)
			for _, p := range properties {
				if name, ok := values[p].(string); ok {
					account.names = append(account.names, name)
				}
			}
			if !yield(account, err) || err != nil {
				return
			}
		}
	}
}
