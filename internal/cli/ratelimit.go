package cli

import (
	"context"
	"strings"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// paced is a writer that keeps to the number of requests a second that Graph takes for
// the kind it writes.
type paced struct{ apply.Writer }

// Do sends one write.
func (p paced) Do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	return p.Writer.Do(graph.WithRate(ctx, perSecond(path)), method, path, body)
}

// perSecond is the rate of the kind that a path leads to; 0 for one that has none.
func perSecond(path string) int {
	for _, k := range kind.All() {
		restored := k.Deletion.RestorePath != "" && strings.HasPrefix(path, k.Deletion.RestorePath+"/")
		if k.PerSecond > 0 && (path == k.Path || strings.HasPrefix(path, k.Path+"/") || restored) {
			return k.PerSecond
		}
	}
	return 0
}
