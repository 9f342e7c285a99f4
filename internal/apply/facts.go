package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Protected is what the guards go by that no tenant says.
type Protected struct {
	// BreakGlass are the ids of users and groups that must always be able to sign in.
	BreakGlass []string
	// Lines say which of them were created again: they are known by the ids they have now.
	Lines  entra.Lines
	Limits plan.Limits
	// Sizes is how many objects of each kind there are.
	Sizes map[string]int
	// Self is who runs this, or SelfErr why nobody knows.
	Self    plan.Self
	SelfErr error
}

// Facts reads what the guards need to know for a plan, and no more. What cannot be read
// is noted for the rules that need it; the error is for what ends the run itself.
func Facts(ctx context.Context, src capture.Source, p entra.Plan, protected Protected) (plan.Facts, error) {
	r := &factReader{src: src, plan: p, protected: protected, facts: plan.Facts{
		Limits: protected.Limits, Sizes: protected.Sizes, Self: protected.Self,
		Enforcing: map[entra.Key]*entra.Object{}, Live: map[entra.Key]*entra.Object{},
		MemberOf: map[string][]string{}, Members: map[string][]string{}, Blocked: map[string]bool{}, Unknown: map[string]error{},
	}}
	if len(p.Steps) > 0 && protected.SelfErr != nil {
		r.unknown(protected.SelfErr, plan.RuleIdentity)
	}
	for _, read := range []func(context.Context){r.planned, r.accounts, r.policies, r.assignments, r.memberships, r.admins} {
		read(ctx)
		if err := ctx.Err(); err != nil {
			return r.facts, fmt.Errorf("read what the guards need: %w", context.Cause(ctx))
		}
	}
	return r.facts, nil
}

// factReader gathers facts.
type factReader struct {
	src       capture.Source
	plan      entra.Plan
	protected Protected
	facts     plan.Facts
	address   kind.Addresses
	// groups are the ids of those among the accounts and role holders that are groups.
	groups map[string]bool
}

// unknown notes that some rules lack a fact; the first cause stays.
func (r *factReader) unknown(err error, rules ...string) {
	for _, rule := range rules {
		if r.facts.Unknown[rule] == nil {
			r.facts.Unknown[rule] = err
		}
	}
}

// touches reports whether a step of the plan is about a kind that meets a test.
func (r *factReader) touches(test func(*kind.Kind) bool) bool {
	return slices.ContainsFunc(r.plan.Steps, func(s entra.Step) bool {
		k := kind.ByName(s.Kind)
		return k != nil && test(k)
	})
}

// access reports whether the plan may change who can sign in.
func (r *factReader) access() bool {
	depended := dependedOn()
	return r.touches(func(k *kind.Kind) bool { return decidesAccess(k) || slices.Contains(depended, k.Name) })
}

// decidesAccess reports whether objects of the kind decide by themselves who can sign in.
func decidesAccess(k *kind.Kind) bool {
	return k.Enforcement != nil || k.Membership != nil || k.Privilege != nil || k.SignIn != ""
}

// GuardPermissions are the application permissions that the guards take to learn what they must know of a
// plan about the kinds: which accounts there are, what is enforced on them, and who holds a role.
func GuardPermissions(kinds []*kind.Kind) []string {
	depended := dependedOn()
	if !slices.ContainsFunc(kinds, func(k *kind.Kind) bool { return decidesAccess(k) || slices.Contains(depended, k.Name) }) {
		return nil
	}
	permissions := []string{"Directory.Read.All"} // the page "directoryObject: getByIds"
	for _, k := range kind.All() {
		if k.Enforcement != nil || k.Privilege != nil {
			permissions = append(permissions, k.Permissions.Read...)
		}
	}
	slices.Sort(permissions)
	return slices.Compact(permissions)
}

// dependedOn are the kinds that what is enforced depends on.
func dependedOn() []string {
	var depended []string
	for _, k := range kind.All() {
		if k.Enforcement != nil {
			depended = append(depended, k.Enforcement.DependsOn...)
		}
	}
	return depended
}

// planned reads the planned objects of which a rule must know more than the plan says.
func (r *factReader) planned(ctx context.Context) {
	wanted := map[entra.Key]bool{}
	for _, s := range r.plan.Steps {
		k := kind.ByName(s.Kind)
		named := slices.ContainsFunc(k.References, func(ref kind.Reference) bool { return ref.Path == k.NameFrom })
		if k.Enforcement != nil || r.facts.Self != (plan.Self{}) && (named || k.Restorable("appId") || slices.Contains(k.Status, "appId")) {
			wanted[s.Key] = true
		}
	}
	if len(wanted) == 0 {
		return
	}
	live, err := capture.Objects(ctx, r.src, slices.SortedFunc(maps.Keys(wanted), plan.CompareKeys))
	if err != nil {
		r.unknown(err, plan.RuleBreakGlass, plan.RuleIdentity)
		return
	}
	maps.Copy(r.facts.Live, live.Deleted)
	maps.Copy(r.facts.Live, live.Objects)
	for _, err := range live.Failed {
		r.unknown(err, plan.RuleBreakGlass, plan.RuleIdentity)
	}
}

// directoryObject is as much of one as the guards need.
type directoryObject struct {
	ID             string `json:"id"`
	Type           string `json:"@odata.type"`
	DisplayName    string `json:"displayName"`
	UserType       string `json:"userType"`
	AccountEnabled *bool  `json:"accountEnabled"`
}

// kindOf returns the kind of a directory object, or nil.
func (o directoryObject) kindOf() *kind.Kind {
	for _, k := range kind.All() {
		if strings.EqualFold(o.Type, "#"+k.Type) {
			return k
		}
	}
	return nil
}

// byID reads directory objects of whichever kind. One that does not exist is missing.
func (r *factReader) byID(ctx context.Context, ids []string) (map[string]directoryObject, error) {
	found := map[string]directoryObject{}
	for chunk := range slices.Chunk(ids, 1000) {
		body, err := json.Marshal(map[string]any{"ids": chunk})
		if err != nil {
			return nil, err
		}
		resps, err := r.src.Batch(ctx, []graph.BatchRequest{{Method: "POST", Path: "/directoryObjects/getByIds", Body: body}})
		if err == nil {
			err = resps[0].Err
		}
		if err != nil {
			return nil, err
		}
		objects, err := r.items(ctx, resps[0].Body)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			found[o.ID] = o
		}
	}
	return found, nil
}

// items decodes a list answer and the pages after it.
func (r *factReader) items(ctx context.Context, answer []byte) ([]directoryObject, error) {
	var objects []directoryObject
	for body, err := range r.src.Items(ctx, answer) {
		if err != nil {
			return nil, err
		}
		var o directoryObject
		if err := json.Unmarshal(body, &o); err != nil {
			return nil, fmt.Errorf("%w: %w", entra.ErrUnavailable, err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}

// policies reads everything that enforces anything at sign-in.
func (r *factReader) policies(ctx context.Context) {
	if len(r.facts.Accounts) == 0 {
		return
	}
	for _, k := range kind.All() {
		if k.Enforcement == nil {
			continue
		}
		objects, err := r.all(ctx, k)
		if err != nil {
			r.unknown(err, plan.RuleBreakGlass, plan.RuleIdentity)
		}
		for _, o := range objects {
			r.facts.Enforcing[o.Key] = o
		}
	}
}

// all reads every object of a kind that has no parts of its own.
func (r *factReader) all(ctx context.Context, k *kind.Kind) ([]*entra.Object, error) {
	var encoder canon.Encoder
	var objects []*entra.Object
	query := map[string][]string{}
	if k.Filter != "" {
		query["$filter"] = []string{k.Filter}
	}
	for body, err := range r.src.List(ctx, r.address.Collection(k), query) {
		var o *entra.Object
		if err == nil {
			o, err = encoder.Object(k, canon.Raw{Body: slices.Clone(body)})
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k.Name, err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}

// assignments reads who has which role.
func (r *factReader) assignments(ctx context.Context) {
	if len(r.facts.Accounts) == 0 && !r.losesMembers() {
		return
	}
	for _, k := range kind.All() {
		if k.Privilege == nil {
			continue
		}
		objects, err := r.all(ctx, k)
		switch {
		case err == nil:
			r.facts.Assignments = append(r.facts.Assignments, objects...)
		case len(r.facts.Accounts) > 0:
			r.unknown(err, plan.RuleBreakGlass, plan.RuleIdentity, plan.RuleAdmins)
		default:
			r.unknown(err, plan.RuleAdmins)
		}
	}
}

// losesMembers reports whether the plan may take a role from somebody.
func (r *factReader) losesMembers() bool {
	return slices.ContainsFunc(r.plan.Steps, func(s entra.Step) bool {
		k := kind.ByName(s.Kind)
		gone := s.Action == entra.ActionDelete && (k.Membership != nil || k.Privilege != nil)
		return gone || k.Membership != nil && s.Action == entra.ActionRemoveLink && s.Target == k.Membership.Link || plan.BlocksSignIn(s)
	})
}

// errNobody is why a guard protects nothing.
var errNobody = errors.New("no user or group of the tenant has that id")
