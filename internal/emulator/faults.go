package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Fault makes requests fail. In a script it is one element of a JSON array.
type Fault struct {
	// Method restricts the fault to an HTTP method; empty is any.
	Method string `json:"method,omitempty"`
	// Path is a glob over the path after the version, such as "/users/*" or "/identity/**":
	// "*" is any part of a segment, "**" any number of segments. Empty is any. A batch is
	// "/$batch", and its items are matched on their own.
	Path string `json:"path,omitempty"`
	// Query is text that the query must hold, unescaped; empty is any.
	Query string `json:"query,omitempty"`
	// Skip lets that many matching requests through first.
	Skip int `json:"skip,omitempty"`
	// Count is how many requests fail; 0 is every one.
	Count int `json:"count,omitempty"`

	// Status answers with an error of that HTTP status, Code and Message being Graph's;
	// empty ones are those that Graph sends with the status.
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Body, when not empty, is sent as it is instead of an error body.
	Body string `json:"body,omitempty"`
	// List answers with status 200 and an untrue list: "empty", "half" (about every second item
	// is missing), "endless" (a next link on every page) or "twins" (an item comes twice, with
	// ids that differ in case alone).
	List string `json:"list,omitempty"`
	// Unknown is a property that the service does not know: a $select or a body that names it
	// is refused, and no other request.
	Unknown string `json:"unknown,omitempty"`
	// Headers are added to the answer: {"Retry-After": "2"}.
	Headers map[string]string `json:"headers,omitempty"`
	// Delay is waited before the request is answered, as "250ms".
	Delay string `json:"delay,omitempty"`
	// Drop closes the connection in the middle of the body, or before the answer where that
	// has none. An item of a batch takes the whole batch with it.
	Drop bool `json:"drop,omitempty"`
	// After lets a write happen before the answer fails, as when a gateway times out.
	After bool `json:"after,omitempty"`
}

// LoadFaults reads a fault script: a JSON array of [Fault].
func LoadFaults(path string) ([]Fault, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read fault script: %w", err)
	}
	faults, err := parseFaults(strings.NewReader(string(data)))
	if err != nil {
		return nil, fmt.Errorf("fault script %s: %w", path, err)
	}
	return faults, nil
}

// parseFaults reads a fault or an array of them.
func parseFaults(r io.Reader) ([]Fault, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBody))
	if err != nil {
		return nil, err
	}
	if text := strings.TrimSpace(string(data)); strings.HasPrefix(text, "{") {
		data = []byte("[" + text + "]")
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	var faults []Fault
	if err := d.Decode(&faults); err != nil {
		return nil, err
	}
	for _, f := range faults {
		if err := f.check(); err != nil {
			return nil, err
		}
	}
	return faults, nil
}

func (f *Fault) check() error {
	if f.Delay != "" {
		if _, err := time.ParseDuration(f.Delay); err != nil {
			return fmt.Errorf("delay: %w", err)
		}
	}
	if f.Status == 0 && f.Delay == "" && !f.Drop && f.Body == "" && f.List == "" && f.Unknown == "" {
		return fmt.Errorf("a fault needs a status, a body, a list, an unknown property, a delay or drop")
	}
	if f.List != "" && (f.Status != 0 || f.Body != "") {
		return fmt.Errorf("a fault that answers a list has no status and no body")
	}
	return checkList(f.List)
}

// faultList is the faults that are still to happen.
type faultList struct {
	mu     sync.Mutex
	active []*activeFault
}

type activeFault struct {
	Fault
	pattern *regexp.Regexp
	skipped int
	left    int // -1 is forever
}

func (l *faultList) add(faults ...Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range faults {
		a := &activeFault{Fault: f, pattern: globPattern(f.Path), left: f.Count}
		if f.Count == 0 {
			a.left = -1
		}
		l.active = append(l.active, a)
	}
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = nil
}

// list returns the faults that are still to happen.
func (l *faultList) list() []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	faults := []Fault{}
	for _, a := range l.active {
		faults = append(faults, a.Fault)
	}
	return faults
}

// take returns the fault that this request meets, or nil.
func (l *faultList) take(req *request) *Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, a := range l.active {
		if !a.matches(req) {
			continue
		}
		if a.skipped < a.Skip {
			a.skipped++
			continue
		}
		if a.left > 0 {
			a.left--
		}
		if a.left == 0 {
			l.active = append(l.active[:i:i], l.active[i+1:]...)
		}
		return &a.Fault
	}
	return nil
}

func (a *activeFault) matches(req *request) bool {
	return (a.Method == "" || strings.EqualFold(a.Method, req.method)) &&
		a.pattern.MatchString(req.unescapedPath()) &&
		(a.Query == "" || strings.Contains(unescapeQuery(req.rawQuery), a.Query)) &&
		(a.Unknown == "" || req.names(a.Unknown))
}

// globPattern compiles a glob over paths. A leading version is not part of it.
func globPattern(glob string) *regexp.Regexp {
	glob = strings.TrimPrefix(glob, servicePrefix)
	if glob == "" {
		return regexp.MustCompile(``)
	}
	var b strings.Builder
	b.WriteString(`(?i)^`)
	for i := 0; i < len(glob); i++ {
		switch {
		case strings.HasPrefix(glob[i:], "**"):
			b.WriteString(`.*`)
			i++
		case glob[i] == '*':
			b.WriteString(`[^/]*`)
		default:
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		}
	}
	b.WriteString(`$`)
	return regexp.MustCompile(b.String())
}

// answer returns the response that the fault gives.
func (f *Fault) answer(s *Server, req *request) *response {
	if f.Unknown != "" {
		return s.failure(req, s.unknownProperty(req, f.Unknown))
	}
	code, message := defaultError(f.Status)
	if f.Code != "" {
		code = f.Code
	}
	if f.Message != "" {
		message = f.Message
	}
	status := f.Status
	if status == 0 {
		status = http.StatusOK
	}
	answer := s.failure(req, &apiError{status: status, code: code, message: message})
	if f.Body != "" {
		answer.body = rawBody(f.Body)
	}
	for name, value := range f.Headers {
		answer.header.Set(name, value)
	}
	return answer
}

// defaultError returns the code and text that Graph sends with a status.
func defaultError(status int) (code, message string) {
	switch status {
	case http.StatusUnauthorized:
		return "InvalidAuthenticationToken", "Access token has expired or is not yet valid."
	case http.StatusForbidden:
		return "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
	case http.StatusNotFound:
		return "Request_ResourceNotFound", "Resource does not exist or one of its queried reference-property objects are not present."
	case http.StatusConflict:
		return "Directory_ConcurrencyViolation", "Unable to complete the request due to data concurrency error."
	case http.StatusGone:
		return "syncStateNotFound", "The sync state generation is not found; continue with a full read."
	case http.StatusTooManyRequests:
		return "TooManyRequests", "Too many requests."
	case http.StatusServiceUnavailable:
		return "ServiceUnavailable", "The service is temporarily unavailable."
	case http.StatusGatewayTimeout:
		return "GatewayTimeout", "The server did not respond in time."
	case http.StatusInternalServerError:
		return "InternalServerError", "An internal server error occurred."
	}
	return "UnknownError", http.StatusText(status)
}
