package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// Administrators are those who hold a role, or come by one through a group.
type Administrators struct {
	// Roles are the ids of the roles of each, by the principal's id.
	Roles map[string][]string
	// Assignable are the ids of the groups that can hold a role, and Belonging those of whoever is
	// linked to one.
	Assignable, Belonging map[string]bool
	// higher are the roles whose holders may change the others.
	higher []string
}

// Higher reports whether somebody may change those who hold a role.
func (a *Administrators) Higher(principal string) bool {
	return slices.ContainsFunc(a.Roles[principal], func(role string) bool { return slices.Contains(a.higher, role) })
}

// Account reports whether an account is an administrator's.
func (a *Administrators) Account(id string) bool { return len(a.Roles[id]) > 0 || a.Belonging[id] }

// Group reports whether a group gives its members a role, or can.
func (a *Administrators) Group(id string) bool { return len(a.Roles[id]) > 0 || a.Assignable[id] }

// ReadAdministrators lists who is one now.
func ReadAdministrators(ctx context.Context, src capture.Source, tenant string) (*Administrators, error) {
	found := &Administrators{Roles: map[string][]string{}, Assignable: map[string]bool{}, Belonging: map[string]bool{}}
	addresses := kind.Addresses{Tenant: tenant}
	for _, k := range kind.All() {
		query := url.Values{}
		switch {
		case k.Privilege != nil:
			found.higher = append(found.higher, k.Privilege.Higher...)
		case k.Membership != nil && k.Membership.Assignable != "":
			query.Set("$filter", k.Membership.Assignable+" eq true")
			query.Set("$select", "id,"+k.Membership.Assignable)
		default:
			continue
		}
		var groups []string
		for body, err := range src.List(ctx, addresses.Collection(k), query) {
			o := &entra.Object{}
			if err == nil {
				err = json.Unmarshal(body, &o.Spec)
			}
			if err != nil {
				return found, fmt.Errorf("read who holds a role: %w", err)
			}
			o.ID, _ = o.Spec["id"].(string)
			if found.Recall(k, o); found.Assignable[o.ID] {
				groups = append(groups, o.ID)
			}
		}
		if err := found.readLinked(ctx, src, addresses, k, groups); err != nil {
			return found, fmt.Errorf("read who belongs to what can hold a role: %w", err)
		}
	}
	return found, nil
}

// readLinked notes who is linked to groups.
func (a *Administrators) readLinked(ctx context.Context, src capture.Source, addresses kind.Addresses, k *kind.Kind, groups []string) error {
	var reqs []graph.BatchRequest
	for _, id := range groups {
		for i := range k.Links {
			reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: addresses.Object(k, id, k.Links[i].Name) + "?$select=id"})
		}
	}
	if len(reqs) == 0 {
		return nil
	}
	resps, err := src.Batch(ctx, reqs)
	if err != nil {
		return err
	}
	for _, resp := range resps {
		if resp.Err != nil {
			return resp.Err
		}
		for body, err := range src.Items(ctx, resp.Body) {
			var linked struct{ ID string }
			if err == nil {
				err = json.Unmarshal(body, &linked)
			}
			if err != nil {
				return err
			}
			a.Belonging[linked.ID] = true
		}
	}
	return nil
}

// Recall adds what an object says, also one of a snapshot: what is deleted shows no roles, and
// has those again that it had.
func (a *Administrators) Recall(k *kind.Kind, o *entra.Object) {
	if p := k.Privilege; p != nil {
		principal, _ := o.Spec[p.Principal].(string)
		role, _ := o.Spec[p.Role].(string)
		a.Roles[principal] = append(a.Roles[principal], role)
	}
	if m := k.Membership; m != nil && o.Spec[m.Assignable] == true {
		a.Assignable[o.ID] = true
		for _, targets := range o.Links {
			for _, id := range targets {
				a.Belonging[id] = true
			}
		}
	}
}
