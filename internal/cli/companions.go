package cli

import (
	"context"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// companions adds the objects that were deleted together with a selected one: taking
// back the one alone would leave it without them.
func (in *planInput) companions(ctx context.Context, src capture.Source, rev *history.Point) error {
	wanted := map[kind.Companion]map[string]bool{}
	for key := range in.Deleted {
		for _, c := range kind.ByName(key.Kind).CascadesTo {
			if wanted[c] == nil {
				wanted[c] = map[string]bool{}
			}
			wanted[c][in.Want[key].Text(c.Property)] = true
		}
	}
	for c, values := range wanted {
		more := map[entra.Key]*entra.Object{}
		for f, err := range rev.Files(c.Kind) {
			if err != nil {
				return err
			}
			o, err := rev.Object(kind.ByName(c.Kind), f.Path)
			if err != nil {
				return err
			}
			if in.Want[o.Key] == nil && values[o.Text(c.Property)] {
				more[o.Key] = o
			}
		}
		if err := in.compareLive(ctx, src, more); err != nil {
			return err
		}
	}
	return nil
}
