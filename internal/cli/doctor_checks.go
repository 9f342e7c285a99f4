package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/history"
)

// lookAtRepository opens it and looks at how old the newest snapshot is.
func (e *examination) lookAtRepository(ctx context.Context) {
	e.config = config.Config{}.With(config.Overrides{Kinds: e.kinds})
	repo, err := e.open(ctx)
	if err != nil {
		e.add(finding{About: "repository", err: err})
		return
	}
	e.repo, e.config = repo, repo.config
	head, err := repo.At("", e.Now())
	if err != nil {
		e.add(finding{About: "repository", err: err})
		return
	}
	e.head, e.recorded = head, head.Manifest().Tenant
	f := finding{About: "repository", OK: true, Answer: fmt.Sprintf("the newest snapshot, %d, is %s old", head.Point().Seq, duration(e.Now().Sub(head.Point().Time)))}
	switch age := e.Now().Sub(head.Point().Time); {
	case len(head.Manifest().Kinds) == 0:
		f.Answer = "there is no backup yet"
	case age > usualAge:
		f.OK, f.Advice = false, "entragit backup takes one; a daily job is usual"
	}
	e.add(f)
	e.lookAtTrust(ctx)
	if len(head.Manifest().Kinds) > 0 {
		e.lookAtDecisions(head)
	}
}

// lookAtTrust looks whether what writes would go on from the newest snapshot.
func (e *examination) lookAtTrust(ctx context.Context) {
	head, err := e.repo.Newest()
	if err == nil {
		_, err = e.repo.verified(ctx, head, e.Now())
	}
	f := finding{About: "trust", OK: err == nil, err: e.repo.explain(err)}
	if err == nil {
		pin := e.repo.Chain.Pin()
		f.Answer = fmt.Sprintf("the snapshots up to %d verify from the pinned commit %s on", pin.Head.Seq, pin.Root.Short())
	}
	e.add(f)
}

// lookAtDecisions looks whether what entragit.yaml decides is about something in the
// newest snapshot.
func (e *examination) lookAtDecisions(head *history.Point) {
	for _, id := range e.config.Guards.BreakGlass {
		missing, err := head.Missing(id, "users", "groups")
		if missing || err != nil {
			e.add(finding{About: "break-glass", Answer: fmt.Sprintf("no user or group has the id %q, so it guards nobody", id), err: err,
				Advice: "guards.breakGlass in entragit.yaml takes ids of users and groups"})
		}
	}
	ignore, err := e.repo.ignore(e.Now())
	if err != nil {
		e.add(finding{About: "ignore rules", err: err})
		return
	}
	for _, rule := range ignore.Unexplained() {
		e.add(finding{About: "ignore rules", Answer: fmt.Sprintf("%q gives no reason", rule.Rule), Advice: "say in entragit.yaml why nobody wants to hear of it: reason"})
	}
	for _, rule := range ignore.Expired() {
		e.add(finding{About: "ignore rules", OK: true, Answer: fmt.Sprintf("%q ended on %s", rule.Rule, rule.Rule.Until), Advice: "take the rule out of entragit.yaml, or give it another end"})
	}
	idle, err := ignore.Idle(head)
	if err != nil {
		e.add(finding{About: "ignore rules", err: err})
	}
	for _, rule := range idle {
		e.add(finding{About: "ignore rules", OK: true, Answer: fmt.Sprintf("%q selects no object", rule.Rule.Path), Advice: "take the rule out of entragit.yaml, or correct its path"})
	}
}

// lookAtSigner loads the key and looks whether its signatures would count.
func (e *examination) lookAtSigner() {
	path, err := e.path(e.Environment)
	if err != nil {
		e.add(finding{About: "signing key", err: err})
		return
	}
	signer, err := e.signer(e.Environment)
	if err == nil && e.repo != nil {
		err = e.repo.maySign(signer, e.Now())
	}
	answer := path
	if key, ok := signer.(*gitstore.SSHSigner); ok && err == nil {
		answer = key.Fingerprint() + " at " + path
	}
	e.add(finding{About: "signing key", OK: err == nil, Answer: answer, err: err})
}

// lookAtGitHub shows what the job's token calls the job: a federated credential has to
// name exactly that.
func (e *examination) lookAtGitHub(ctx context.Context) {
	cloud, err := e.cloudOf(e.config)
	if err != nil || e.Getenv("GITHUB_ACTIONS") != "true" {
		return // the tenant's finding has the error
	}
	oidc := graph.SignInFromEnvironment(e.Getenv, cloud).GitHub
	if oidc.URL == "" {
		e.add(finding{About: "GitHub token", OK: e.Getenv("AZURE_CLIENT_SECRET") != "" || e.Getenv("AZURE_CLIENT_CERTIFICATE_PATH") != "",
			Answer: "the job cannot get one", Advice: "give the job the permission id-token: write to sign in without a secret"})
		return
	}
	claims, err := oidc.Claims(ctx)
	e.add(finding{About: "GitHub token", OK: err == nil, err: err,
		Answer: fmt.Sprintf("issuer %s, subject %s, audience %s", claims.Issuer, claims.Subject, claims.Audience)})
}

// lookAtTenant signs in.
func (e *examination) lookAtTenant(ctx context.Context) {
	cloud, err := e.cloudOf(e.config)
	if err != nil {
		e.add(finding{About: "cloud", err: err})
		return
	}
	where := cloud.Graph
	if e.graph != "" {
		where = e.graph
	}
	e.add(finding{About: "cloud", OK: true, Answer: cloud.Name + ", " + where})
	t, err := e.connect(ctx, e.Environment, e.config, e.recorded)
	switch {
	case errors.Is(err, entra.ErrRefused):
		e.add(finding{About: "sign-in", OK: true, Answer: "done"})
		e.add(finding{About: "tenant", err: err})
	case err != nil:
		e.add(finding{About: "sign-in", err: err})
	default:
		e.tenant = t
		e.add(finding{About: "sign-in", OK: true, Answer: "done"})
		e.add(finding{About: "tenant", OK: true, Answer: t.name + ", " + t.id})
	}
}

// usualSkew is what clocks may differ by: tokens are not accepted beyond five minutes.
const usualSkew = time.Minute

// lookAtClock compares this machine's clock with Graph's.
func (e *examination) lookAtClock() {
	skew, ok := e.tenant.skew()
	if !ok {
		return
	}
	f := finding{About: "clock", OK: skew.Abs() <= usualSkew, Answer: "as Microsoft Graph's"}
	if skew.Abs() > 2*time.Second {
		f.Answer = duration(skew.Abs()) + " ahead of Microsoft Graph's"
		if skew < 0 {
			f.Answer = duration(skew.Abs()) + " behind Microsoft Graph's"
		}
	}
	if !f.OK {
		f.Advice = "set the clock: a token counts for a span of time, and snapshots are ordered by it"
	}
	e.add(f)
}

// probed is what asking for a kind, or a part of one, showed.
func probed(p capture.Probe) finding {
	f := finding{About: p.Kind.Name}
	if p.Part != "" {
		f.About, f.part = f.About+" "+p.Part, true
	}
	f.State, f.Answer = p.State()
	f.OK = p.Err == nil
	switch {
	case p.Untried:
		f.Answer = "there is none to ask for"
	case f.State == entra.Absent:
		f.OK = true
	case f.OK && len(p.Without) > 0:
		f.OK, f.State = false, entra.Partial
		f.Answer = "can be read but for " + strings.Join(p.Without, ", ") + ", which this tenant's Graph does not know"
		f.Advice = "where the tenant is in a national cloud, name the cloud with --cloud or in entragit.yaml"
	case f.State == entra.Forbidden:
		f.Advice = grantAdvice(p.Permissions)
	case f.State == entra.Unlicensed && p.Kind.Licence != "":
		f.Advice = "it takes " + p.Kind.Licence + "; leave the kind out in entragit.yaml, or license it"
	case f.State == entra.Unlicensed:
		f.Advice = hint(entra.ErrUnlicensed)
	case p.Unknown:
		f.Answer = "can be read; whether " + strings.Join(p.Permissions, ", ") + " was granted, nobody can say here, and without it some is left out"
	case f.OK:
		f.Answer = "can be read"
	}
	return f
}
