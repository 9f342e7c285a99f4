package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

const (
	idAnnotation   = "@odata.id"
	bindAnnotation = "@odata.bind"
)

// bound puts requests that add a target each together, as many into one update of the
// object as the link allows. One alone stays what it is.
func (r *rendering) bound(l *kind.Link, requests []entra.Request) []entra.Request {
	var together []entra.Request
	for some := range slices.Chunk(requests, l.Bind) {
		if len(some) == 1 {
			together = append(together, some[0])
			continue
		}
		ends := make([]string, len(some))
		for i, q := range some {
			ends[i] = endOf(q)
		}
		together = append(together, entra.Request{
			Method: "PATCH", Path: r.object(), Body: encode(map[string]any{l.Name + bindAnnotation: ends}),
		})
	}
	return together
}

// endOf is the target that a request adds to a link.
func endOf(q entra.Request) string {
	var body map[string]string
	_ = json.Unmarshal(q.Body, &body) // rendered here
	return body[idAnnotation]
}

// separate takes a request that adds several targets of a link apart into requests that add
// one each; nil for any other.
func separate(s entra.Step, q entra.Request) []entra.Request {
	if s.Action != entra.ActionAddLink || q.Method != "PATCH" {
		return nil
	}
	var body map[string][]string
	if json.Unmarshal(q.Body, &body) != nil {
		return nil
	}
	var apart []entra.Request
	for name, ends := range body {
		for _, end := range ends {
			apart = append(apart, entra.Request{
				Method: "POST", Path: q.Path + "/" + strings.TrimSuffix(name, bindAnnotation) + "/$ref",
				Body: encode(map[string]any{idAnnotation: end}),
			})
		}
	}
	return apart
}

// links makes the requests of a step about a link. They are independent of each other, so
// that one that fails does not hold up the rest. Graph adds several targets together or
// none: where it refuses, for one that is there already or that cannot be added, each is
// added by itself.
func (r *run) links(ctx context.Context, s entra.Step, requests []entra.Request) error {
	var first error
	asked, failed := 0, 0
	note := func(err error) {
		asked++
		if err != nil {
			failed++
		}
		if first == nil {
			first = err
		}
	}
	for _, q := range requests {
		apart := separate(s, q)
		if apart == nil {
			note(r.request(ctx, s, q))
			continue
		}
		answer, err := r.do(ctx, s, q)
		if err == nil {
			r.subjects[s.Key].touched = true
			note(r.learn(s, answer))
			continue
		}
		for _, one := range apart {
			note(r.request(ctx, s, one))
		}
	}
	if failed > 1 {
		return fmt.Errorf("%d of %d requests failed, the first with: %w", failed, asked, first)
	}
	return first
}
