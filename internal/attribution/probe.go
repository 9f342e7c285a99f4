package attribution

import (
	"context"
	"net/url"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// Answer is how the audit log answers whoever asks.
type Answer struct {
	// Oldest is the time of the oldest entry that there is; zero where there is none.
	Oldest time.Time
	// State is complete where the log can be read, and else why not, as for [Read]; Cause says it in
	// words.
	State entra.CoverageState
	Cause string
}

// Probe asks for one entry of the log, the oldest.
func Probe(ctx context.Context, source Source) Answer {
	for raw, err := range source.List(ctx, logPath, url.Values{"$orderby": {"activityDateTime asc"}, "$top": {"1"}}) {
		var h head
		if err == nil {
			h, err = headOf(raw)
		}
		if err != nil {
			state, cause := judged(err)
			return Answer{State: state, Cause: cause}
		}
		return Answer{Oldest: h.When, State: entra.Complete}
	}
	return Answer{State: entra.Complete}
}
