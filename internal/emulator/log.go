package emulator

import (
	"net/http"
	"sync"
	"sync/atomic"
)

// logLimit bounds the log of requests; the oldest go first.
const logLimit = 10_000

// LoggedRequest is one request that was made: of its own, or an item of a batch.
type LoggedRequest struct {
	Method string `json:"method"`
	// Path is what follows the version, unescaped, and Query the unescaped query.
	Path   string `json:"path"`
	Query  string `json:"query,omitempty"`
	Status int    `json:"status"`
	// Batched marks an item of a batch.
	Batched bool `json:"batched,omitempty"`
	// Write marks a request for a change, whether or not it was granted.
	Write bool `json:"write,omitempty"`
}

// Stats counts requests since the server was made or its log was cleared.
type Stats struct {
	// HTTP is the number of HTTP requests, a batch being one.
	HTTP int64 `json:"http"`
	// Graph is the number of Graph requests: those of their own and the items of batches.
	Graph int64 `json:"graph"`
	// Writes is how many of these asked for a change.
	Writes int64 `json:"writes"`
	// Throttled is how many were turned away because there were too many.
	Throttled int64 `json:"throttled"`
}

// requestLog is the last requests and the count of all.
type requestLog struct {
	http, graph, writes, throttled atomic.Int64

	mu   sync.Mutex
	last []LoggedRequest
	next int // where the next goes once last is full
}

func (l *requestLog) add(req *request, status int) {
	entry := LoggedRequest{
		Method: req.method, Path: req.unescapedPath(), Query: unescapeQuery(req.rawQuery),
		Status: status, Batched: req.batched, Write: req.isWrite(),
	}
	if entry.Path != "/$batch" {
		l.graph.Add(1)
	}
	if entry.Write {
		l.writes.Add(1)
	}
	if status == http.StatusTooManyRequests {
		l.throttled.Add(1)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) < logLimit {
		l.last = append(l.last, entry)
		return
	}
	l.last[l.next] = entry
	l.next = (l.next + 1) % logLimit
}

// Requests returns the last requests, at most 10,000, oldest first. The items of a batch
// come before the batch.
func (s *Server) Requests() []LoggedRequest {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	requests := make([]LoggedRequest, 0, len(s.log.last))
	requests = append(requests, s.log.last[s.log.next:]...)
	return append(requests, s.log.last[:s.log.next]...)
}

// Stats returns the counts of requests.
func (s *Server) Stats() Stats {
	return Stats{HTTP: s.log.http.Load(), Graph: s.log.graph.Load(), Writes: s.log.writes.Load(), Throttled: s.log.throttled.Load()}
}

// ClearLog forgets the requests made so far and starts counting again.
func (s *Server) ClearLog() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.last, s.log.next = nil, 0
	s.log.http.Store(0)
	s.log.graph.Store(0)
	s.log.writes.Store(0)
	s.log.throttled.Store(0)
}
