package apply

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// guid is the form of the ids of directory objects.
var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// accounts finds out who must be able to sign in: the break-glass accounts, those in the
// break-glass groups, and who runs this.
func (r *factReader) accounts(ctx context.Context) {
	// A name is no id; Graph would refuse the whole question because of it.
	ids := slices.DeleteFunc(slices.Clone(r.protected.BreakGlass), func(id string) bool { return !guid.MatchString(id) })
	for _, id := range ids {
		if now := r.protected.now(id); now != id {
			ids = append(ids, now)
		}
	}
	if r.facts.Self.ID != "" {
		ids = append(ids, r.facts.Self.ID)
	}
	if len(ids)+len(r.protected.BreakGlass) == 0 || !r.access() {
		return
	}
	found, err := r.byID(ctx, ids)
	if err != nil {
		r.unknown(fmt.Errorf("read the break-glass accounts: %w", err), plan.RuleBreakGlass, plan.RuleIdentity, plan.RuleAdmins)
		return
	}
	r.groups = map[string]bool{}
	for _, id := range r.protected.BreakGlass {
		o, ok := found[id]
		if !ok {
			id = r.protected.now(id)
			o, ok = found[id]
		}
		k := o.kindOf()
		if !ok || k == nil {
			r.unknown(fmt.Errorf("guards.breakGlass %s: %w", id, errNobody), plan.RuleBreakGlass)
			continue
		}
		r.account(plan.Account{Key: entra.Key{Kind: k.Name, ID: id}, Name: o.DisplayName, Role: "the break-glass " + k.Title})
		if k.Membership == nil {
			continue
		}
		r.groups[id] = true
		r.membersOf(ctx, k, o)
	}
	if o, ok := found[r.facts.Self.ID]; ok && o.kindOf() != nil {
		r.account(plan.Account{
			Key: entra.Key{Kind: o.kindOf().Name, ID: o.ID}, Name: o.DisplayName, Role: "the identity that runs, " + o.kindOf().Title, Self: true,
		})
	}
	r.guests(ctx)
}

// now is the id by which a break-glass account goes since it was created again.
func (p Protected) now(id string) string {
	for _, k := range kind.All() {
		if now := p.Lines.Newest(entra.Name{Kind: k.Name, Value: id}); takesBreakGlass(k) && now != id {
			return now
		}
	}
	return id
}

// account adds an account once. Who runs this may be a break-glass account besides.
func (r *factReader) account(a plan.Account) {
	if !slices.ContainsFunc(r.facts.Accounts, func(b plan.Account) bool { return a.Key == b.Key && a.Self == b.Self }) {
		r.facts.Accounts = append(r.facts.Accounts, a)
	}
}

// membersOf adds the accounts that are in a break-glass group.
func (r *factReader) membersOf(ctx context.Context, k *kind.Kind, group directoryObject) {
	members, err := r.everyMember(ctx, k, group.ID, "id,displayName")
	if err != nil {
		r.unknown(fmt.Errorf("read the members of the break-glass group %s: %w", group.ID, err), plan.RuleBreakGlass, plan.RuleAdmins)
		return
	}
	if len(members) > ManyMembers {
		r.unknown(fmt.Errorf("the break-glass group %s has more than %d members", group.ID, ManyMembers), plan.RuleBreakGlass)
	}
	for _, o := range members {
		if m := o.kindOf(); m != nil && m.SignIn != "" {
			r.account(plan.Account{
				Key: entra.Key{Kind: m.Name, ID: o.ID}, Name: o.DisplayName, Role: "the break-glass " + m.Title + " (in group " + group.DisplayName + ")",
			})
		}
	}
}

// everyMember lists who is in a group, directly or not, with those that its list leaves out. The
// answer of a type says nothing of it.
func (r *factReader) everyMember(ctx context.Context, k *kind.Kind, id, names string) ([]directoryObject, error) {
	paths, types := []string{r.address.Object(k, id, "transitiveMembers")}, []string{""}
	for _, l := range k.Links {
		for _, u := range l.Unlisted {
			if l.Name == k.Membership.Link {
				paths, types = append(paths, r.address.Object(k, id, "transitiveMembers", u.Type)), append(types, "#"+u.Type)
			}
		}
	}
	for i := range paths {
		paths[i] += "?$select=" + names
	}
	lists, err := r.each(ctx, paths)
	if err != nil {
		return nil, err
	}
	var members []directoryObject
	for i, list := range lists {
		for _, o := range list {
			o.Type = cmp.Or(o.Type, types[i])
			members = append(members, o)
		}
	}
	return members, nil
}

// guests marks the users of other tenants.
func (r *factReader) guests(ctx context.Context) {
	var at []int
	var paths []string
	for i, a := range r.facts.Accounts {
		if k := kind.ByName(a.Kind); k.Person {
			at = append(at, i)
			paths = append(paths, r.address.Object(k, a.ID)+"?$select=id,userType")
		}
	}
	objects, err := r.single(ctx, paths)
	if err != nil {
		r.unknown(fmt.Errorf("read the break-glass accounts: %w", err), plan.RuleBreakGlass)
		return
	}
	for n, i := range at {
		r.facts.Accounts[i].Guest = objects[n].UserType == "Guest"
	}
}

// single reads one object at each path.
func (r *factReader) single(ctx context.Context, paths []string) ([]directoryObject, error) {
	objects := make([]directoryObject, len(paths))
	resps, err := r.batch(ctx, paths)
	if err != nil {
		return nil, err
	}
	for i, resp := range resps {
		if err := json.Unmarshal(resp.Body, &objects[i]); err != nil {
			return nil, fmt.Errorf("%w: %w", entra.ErrUnavailable, err)
		}
	}
	return objects, nil
}

// each reads the list at each path.
func (r *factReader) each(ctx context.Context, paths []string) ([][]directoryObject, error) {
	lists := make([][]directoryObject, len(paths))
	resps, err := r.batch(ctx, paths)
	if err != nil {
		return nil, err
	}
	for i, resp := range resps {
		if lists[i], err = r.items(ctx, resp.Body); err != nil {
			return nil, err
		}
	}
	return lists, nil
}

func (r *factReader) batch(ctx context.Context, paths []string) ([]graph.BatchResponse, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	reqs := make([]graph.BatchRequest, len(paths))
	for i, path := range paths {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: path}
	}
	resps, err := r.src.Batch(ctx, reqs)
	if err != nil {
		return nil, err
	}
	for _, resp := range resps {
		if resp.Err != nil {
			return nil, resp.Err
		}
	}
	return resps, nil
}

// memberships reads in which groups the accounts are, directly or not, and would be.
func (r *factReader) memberships(ctx context.Context) {
	open := map[string]*kind.Kind{}
	for _, a := range r.facts.Accounts {
		open[a.ID] = kind.ByName(a.Kind)
	}
	for len(open) > 0 {
		var ids, paths []string
		for id, k := range open {
			ids = append(ids, id)
			paths = append(paths, r.address.Object(k, id, "memberOf")+"?$select=id")
		}
		lists, err := r.each(ctx, paths)
		if err != nil {
			r.unknown(fmt.Errorf("read the groups of the break-glass accounts: %w", err), plan.RuleBreakGlass, plan.RuleIdentity)
			return
		}
		clear(open)
		for i, id := range ids {
			r.facts.MemberOf[id] = []string{}
			for _, o := range lists[i] {
				if k := o.kindOf(); k != nil && k.Membership != nil {
					r.facts.MemberOf[id] = append(r.facts.MemberOf[id], o.ID)
					open[o.ID] = k
				}
			}
		}
		r.joined(open)
		for id := range r.facts.MemberOf {
			delete(open, id)
		}
	}
}

// joined adds the groups that the plan lets an account, or a group of one, into.
func (r *factReader) joined(open map[string]*kind.Kind) {
	for _, s := range r.plan.Steps {
		k := kind.ByName(s.Kind)
		if k.Membership == nil {
			continue
		}
		for _, l := range s.Links {
			for _, id := range l.Added {
				if _, of := r.facts.MemberOf[id]; of {
					open[s.Key.ID] = k
				}
			}
		}
	}
}

// admins reads who has the role of which somebody must be left, where the plan may take
// it from somebody.
func (r *factReader) admins(ctx context.Context) {
	if !r.losesMembers() {
		return
	}
	var holders []string
	for _, o := range r.facts.Assignments {
		if p := kind.ByName(o.Kind).Privilege; o.Text(p.Role) == p.Supreme && o.Text(p.Scope) == p.Everywhere {
			holders = append(holders, o.Text(p.Principal))
		}
	}
	if len(holders) == 0 {
		return
	}
	found, err := r.byID(ctx, holders)
	if err == nil {
		err = r.whoCanSignIn(ctx, found)
	}
	if err != nil {
		r.unknown(fmt.Errorf("read the Global Administrators: %w", err), plan.RuleAdmins)
	}
}

// whoCanSignIn reads the members of the groups among the holders, and which of all can
// sign in. Service principals are not counted: nobody signs in as them.
func (r *factReader) whoCanSignIn(ctx context.Context, holders map[string]directoryObject) error {
	users := map[string]*kind.Kind{}
	for id, o := range holders {
		k := o.kindOf()
		switch {
		case k == nil:
			r.facts.Blocked[id] = true
		case k.Membership != nil:
			members, err := r.everyMember(ctx, k, id, "id")
			if err != nil {
				return err
			}
			r.facts.Members[id] = []string{}
			for _, m := range members {
				r.facts.Members[id] = append(r.facts.Members[id], m.ID)
				users[m.ID] = m.kindOf()
			}
		default:
			users[id] = k
		}
	}
	var ids, paths []string
	for id, k := range users {
		if k == nil || !k.Person {
			r.facts.Blocked[id] = true
			continue
		}
		ids = append(ids, id)
		paths = append(paths, r.address.Object(k, id)+"?$select=id,"+k.SignIn)
	}
	objects, err := r.single(ctx, paths)
	if err != nil {
		return err
	}
	for i, o := range objects {
		r.facts.Blocked[ids[i]] = o.AccountEnabled != nil && !*o.AccountEnabled
	}
	return nil
}
