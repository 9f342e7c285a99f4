package graph

import (
	"net/http"
	"time"
)

// Skew returns how far this machine's clock is ahead of the host's, by the Date of the
// newest answer; negative when it is behind. The header counts whole seconds and is
// older than its arrival, so a second or two mean nothing. It reports false while
// there was no answer.
func (c *Client) Skew() (time.Duration, bool) {
	skew := c.skew.Load()
	if skew == nil {
		return 0, false
	}
	return *skew, true
}

// noteDate compares the clocks.
func (c *Client) noteDate(header http.Header) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	skew := c.clock.Now().Sub(date)
	c.skew.Store(&skew)
}
