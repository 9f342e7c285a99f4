package graph

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// maxAttempts bounds how often one request is sent.
	maxAttempts = 8
	// damagedAttempts bounds it where the answer is a success that cannot be read. What
	// sends such an answer five times sends it always.
	damagedAttempts = 5
	// strangerAttempts bounds it for a host that has not answered yet: more likely a
	// wrong name than a bad moment.
	strangerAttempts = 2
	// firstWait and longestWait bound the backoff where Retry-After is missing, as it
	// always is on the Conditional Access endpoints (one request per second for the
	// whole tenant, https://learn.microsoft.com/graph/throttling-limits).
	firstWait   = time.Second
	longestWait = 30 * time.Second
	// longestRetryAfter caps what a server can ask for.
	longestRetryAfter = 5 * time.Minute
	// patience bounds the time that one request may take before its last attempt, and
	// longPatience where the server itself says when to come back.
	patience     = 2 * time.Minute
	longPatience = 15 * time.Minute
)

// effort is what one request has cost so far; the time it waited for its turn does not
// count.
type effort struct {
	attempts int
	time     time.Duration
}

// attempt counts one attempt that took some time.
func (e *effort) attempt(took time.Duration) {
	e.attempts++
	e.time += took
}

// allows reports whether one more attempt may be made after a wait. asked says that the
// server asked for the wait.
func (e *effort) allows(limit int, wait time.Duration, asked bool) bool {
	bound := patience
	if asked {
		bound = longPatience
	}
	return e.attempts < limit && e.time+wait <= bound
}

// backoff returns the wait before the attempt after the given one (1 is the first):
// doubling, with half of it at random so that clients that were throttled together
// do not come back together.
func backoff(attempt int) time.Duration {
	d := longestWait
	if shift := attempt - 1; shift < 6 {
		d = min(firstWait<<shift, longestWait)
	}
	return d/2 + rand.N(d/2+1)
}

// retryAfter parses the Retry-After header: seconds, also decimal ones as Graph has
// sent them, or an HTTP date (RFC 9110, 10.2.3). It reports false for anything
// else.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		// Written so that NaN fails too.
		if !(seconds >= 0) {
			return 0, false
		}
		if seconds >= longestRetryAfter.Seconds() {
			return longestRetryAfter, true
		}
		return time.Duration(seconds * float64(time.Second)), true
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0, false
	}
	return min(max(date.Sub(now), 0), longestRetryAfter), true
}
