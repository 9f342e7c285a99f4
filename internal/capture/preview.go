package capture

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// met is an object that was read, of a kind that can use preview features.
type met struct {
	id, name string
	// ask says that what the snapshot before says of it does not hold any more.
	ask bool
}

// meet notes an object of a kind that can use preview features.
func (r *result) meet(id, name string, change entra.ChangeType) {
	if r.Kind.Preview != "" {
		r.met = append(r.met, met{id, name, change != "" || r.kept.State != entra.Complete})
	}
}

// recognise finds the objects of which a list shows only a part, because they use preview
// features: each is refused to whoever asks for it alone. Conditional Access answers one request
// a second, so only those are asked for that are new or changed since the snapshot before; what
// it says of the others holds.
func (r *run) recognise(ctx context.Context, res *result) error {
	if res.lost != nil || len(res.met) == 0 {
		return nil
	}
	var reqs []graph.BatchRequest
	for _, m := range res.met {
		if m.ask {
			reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: res.view.object(m.id)})
		}
	}
	var resps []graph.BatchResponse
	if len(reqs) > 0 {
		var err error
		if resps, err = r.src.Batch(ctx, reqs); err != nil {
			return fmt.Errorf("ask for each of %s: %w", res.Kind.Name, err)
		}
	}
	for _, m := range res.met {
		preview := slices.Contains(res.kept.InPreview, m.id)
		if m.ask {
			err := resps[0].Err
			resps = resps[1:]
			if err != nil && fatal(ctx, err) {
				return err
			}
			switch {
			case err == nil || errors.Is(err, entra.ErrNotFound) || previews(res.Kind, err):
				preview = previews(res.Kind, err)
			default:
				res.note("preview features", fmt.Errorf("%s/%s: %w", res.Kind.Name, m.id, err))
			}
		}
		if preview {
			res.previews = append(res.previews, m.id)
			res.Previews = append(res.Previews, fmt.Sprintf("%s (%s)", m.name, m.id))
		}
	}
	slices.Sort(res.previews)
	return nil
}
