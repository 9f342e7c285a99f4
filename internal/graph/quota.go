package graph

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/entragit/entragit/internal/clock"
)

// quota keeps to a number of requests in a period unasked: a bucket that is full at first
// and fills steadily. Whoever asked too often is told so only after it counted against him.
type quota struct {
	mu        sync.Mutex
	size      float64
	perSecond float64
	left      float64 // below zero: promised to those who wait
	at        time.Time
}

// The directory takes 3,000 writes in two and a half minutes from an application in a tenant
// (https://learn.microsoft.com/graph/throttling-limits, "Identity and access service
// limits"). A little is left for clocks that differ and for answers that got lost.
const (
	writesInPeriod = 3000
	writePeriod    = 150 * time.Second
	ofQuota        = 0.97
)

func newWriteQuota(now time.Time) *quota {
	size := writesInPeriod * ofQuota
	return &quota{size: size, perSecond: size / writePeriod.Seconds(), left: size, at: now}
}

// take waits until n requests may be sent.
func (q *quota) take(ctx context.Context, c clock.Clock, n int) error {
	if n == 0 {
		return nil
	}
	q.mu.Lock()
	q.fill(c.Now())
	q.left -= float64(n)
	wait := time.Duration(-q.left / q.perSecond * float64(time.Second))
	q.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	return c.Sleep(ctx, wait)
}

// exhausted notes that Graph took no more, and takes none for a while: somebody else writes
// as the same application.
func (q *quota) exhausted(now time.Time, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fill(now)
	q.left = min(q.left, -q.perSecond*wait.Seconds())
}

// fill adds what time has brought; the caller holds the lock.
func (q *quota) fill(now time.Time) {
	q.left = min(q.size, q.left+q.perSecond*now.Sub(q.at).Seconds())
	q.at = now
}

// writes counts what a call takes out of the quota of writes.
func (k call) writes() int {
	if k.items == nil {
		return k.write()
	}
	n := 0
	for _, it := range k.items {
		n += it.call.write()
	}
	return n
}

// write is 1 for a request that counts as a write of the directory: not for a POST that
// only asks, nor for what has a rate of its own.
func (k call) write() int {
	if k.method == http.MethodGet || k.rate != nil {
		return 0
	}
	last := k.url.Path[strings.LastIndexByte(k.url.Path, '/')+1:]
	for _, asks := range []string{"getByIds", "getAvailableExtensionProperties", "checkMemberGroups", "checkMemberObjects", "getMemberGroups", "getMemberObjects", "$batch"} {
		if strings.HasSuffix(last, asks) {
			return 0
		}
	}
	return 1
}

// spend waits until a call may be sent, as far as the quota of writes goes.
func (c *Client) spend(ctx context.Context, k call) error {
	if !c.paces {
		return nil
	}
	return c.quota.take(ctx, c.clock, k.writes())
}

// overspent learns from a write that was turned away.
func (c *Client) overspent(k call, status int, header string) {
	if status != http.StatusTooManyRequests || k.write() == 0 {
		return
	}
	now := c.clock.Now()
	wait, asked := retryAfter(header, now)
	if !asked {
		wait = firstWait
	}
	c.quota.exhausted(now, wait)
}
