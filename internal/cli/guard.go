package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// ruleNames are the words that --accept takes.
func ruleNames() []string {
	var names []string
	for _, r := range plan.Rules() {
		names = append(names, r.ID)
	}
	return names
}

// checkAccepted refuses a word that names no guard.
func (o *reconcileOptions) checkAccepted() error {
	for _, name := range o.accept {
		if err := config.CheckWord("guard", name, ruleNames()); err != nil {
			return withHint(fmt.Errorf("--accept: %w", err), "entragit help reconcile lists the guards")
		}
	}
	return nil
}

// guard has a plan judged, wherever it came from.
func (o *reconcileOptions) guard(ctx context.Context, repo *repository, to *tenant, p entra.Plan) (plan.Judged, error) {
	if len(p.Steps) == 0 {
		return plan.Judge(p, plan.Facts{}), nil
	}
	newest, err := repo.At("", o.Now())
	if err != nil {
		return plan.Judged{}, err
	}
	sizes, err := sizes(newest, &p)
	if err != nil {
		return plan.Judged{}, err
	}
	lineage, err := repo.Lineage(ctx)
	if err != nil {
		return plan.Judged{}, err
	}
	protected := apply.Protected{BreakGlass: repo.config.Guards.BreakGlass, Lines: lineage.Lines(), Limits: limits(repo.config.Guards), Sizes: sizes}
	who, err := to.who(ctx)
	protected.Self, protected.SelfErr = plan.Self{ID: who.ObjectID, AppID: who.AppID}, err
	o.tellLacks(&p, who)
	o.tellAdministrators(ctx, to, newest, &p, who)
	facts, err := apply.Facts(ctx, to, p, protected)
	if err != nil {
		return plan.Judged{}, fmt.Errorf("reconcile: %w", err)
	}
	return plan.Judge(p, facts, o.accept...), nil
}

// verdictOn tells what the guards found, and whether that was accepted. The error is why
// the plan must not be applied; nil where nothing speaks against it.
func (o *reconcileOptions) verdictOn(judged plan.Judged) error {
	var open []string
	for _, f := range judged.Findings() {
		if slices.Contains(o.accept, f.Rule) {
			o.Say("accepted by --accept %s: %s", f.Rule, f.Sentence)
			continue
		}
		o.Say("held back by the guard %s: %s", f.Rule, f.Sentence)
		if !slices.Contains(open, f.Rule) {
			open = append(open, f.Rule)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return withHint(fmt.Errorf("the guards hold the plan back, nothing was written: %w", entra.ErrRefused),
		"--accept %s applies it all the same", strings.Join(append(slices.Clone(o.accept), open...), ","))
}

// sizes counts the objects of the plan's kinds as the newest snapshot has them.
func sizes(newest *history.Point, p *entra.Plan) (map[string]int, error) {
	sizes := map[string]int{}
	for _, s := range p.Steps {
		if _, counted := sizes[s.Kind]; counted || kind.ByName(s.Kind) == nil {
			continue
		}
		sizes[s.Kind] = 0
		for _, err := range newest.Files(s.Kind) {
			if err != nil {
				return nil, err
			}
			sizes[s.Kind]++
		}
	}
	return sizes, nil
}

func limits(g config.Guards) plan.Limits {
	return plan.Limits{Writes: plan.Limit(g.Writes), Deletions: plan.Limit(g.Deletions)}
}
