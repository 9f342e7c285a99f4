package cli

import (
	"fmt"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/plan"
)

// withoutEither adds to what a run ended with that the tenant is without either of two that exclude
// each other, and how to put the first back.
func withoutEither(o entra.Outcome, err error) error {
	gave := plan.Neither(&o)
	if gave == "" {
		return err
	}
	err = fmt.Errorf("%w; %s gave way, and nothing that was to take its place came into force", err, gave)
	if o.Operation == "" {
		return err
	}
	return withHint(err, "entragit reconcile --undo %s puts it back", o.Operation)
}
