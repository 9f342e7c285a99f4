package emulator

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

const (
	servicePrefix = "/v1.0"
	// betaPrefix leads to the same resources, with the types of v1.0, for clients that know no
	// other version; what differs there is what Microsoft documents of v1.0 alone.
	betaPrefix  = "/beta"
	adminPrefix = "/_emulator/"
	contentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
	// maxBody is the largest request body that Graph takes.
	maxBody = 4 << 20
)

// Server is a Graph tenant. It is an [http.Handler] for everything below the service
// root: "/v1.0/…" or "/beta/…", and its own "/_emulator/…".
type Server struct {
	store    *store
	opts     Options
	granted  granted // guarded by the store's lock
	faults   faultList
	throttle *throttle
	log      requestLog
	// answered numbers answers, for their request-ids.
	answered atomic.Uint64
	warning  string
}

// New makes the tenant that opts describe: its records and its seed, then the files of
// opts.Load.
func New(opts Options) (*Server, error) {
	opts.Seed = cmp.Or(opts.Seed, "contoso")
	opts.TenantID = cmp.Or(opts.TenantID, seed.ID("tenant", opts.Seed))
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if err := checkLicence(opts.Licence); err != nil {
		return nil, err
	}
	if opts.Lag < 0 {
		return nil, fmt.Errorf("lag %s: no write shows before it is made", opts.Lag)
	}
	if opts.AuditDelay < 0 {
		return nil, fmt.Errorf("audit delay %s: no entry shows before it is made", opts.AuditDelay)
	}
	if opts.Save != "" {
		if err := checkSave(opts.Save); err != nil {
			return nil, fmt.Errorf("save %s: %w", opts.Save, err)
		}
	}
	meta, err := loadMetadata(opts.Cloud)
	if err != nil {
		return nil, err
	}
	s := &Server{store: newStore(meta, opts.TenantID, opts.Now), opts: opts}
	s.store.mergeComplex, s.store.noAudit = opts.MergeComplex, opts.NoAudit
	s.store.auditDelay, s.store.keepsAudit = opts.AuditDelay, s.auditRetention
	s.granted = newGranted(opts.Permissions)
	var of stated
	if opts.Records != nil {
		if of, err = s.store.fillRecords(opts.Records); err != nil {
			return nil, fmt.Errorf("records: %w", err)
		}
	}
	if err := s.store.fillSeed(opts, of); err != nil {
		return nil, fmt.Errorf("seed %s: %w", opts.Seed, err)
	}
	if opts.Load != "" {
		if s.warning, err = load(s.store, opts.Load); err != nil {
			return nil, fmt.Errorf("load %s: %w", opts.Load, err)
		}
	}
	for _, f := range opts.Faults {
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("fault %s %s: %w", f.Method, f.Path, err)
		}
	}
	s.faults.add(opts.Faults...)
	s.store.lag = opts.Lag
	if opts.Throttle {
		s.throttle = newThrottle(len(s.store.list("/users")), opts.Now)
	}
	s.store.journal.begun = time.Now().UnixNano()
	return s, nil
}

// Save writes the tenant to the folder that the options named, if they did.
func (s *Server) Save() error {
	if s.opts.Save == "" {
		return nil
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	if err := save(s.store, s.opts.Save); err != nil {
		return fmt.Errorf("save %s: %w", s.opts.Save, err)
	}
	return nil
}

// TenantID returns the id of the tenant that is served.
func (s *Server) TenantID() string { return s.store.tenantID }

// Objects returns the bodies of the live objects of a collection, such as "/applications", in
// order of creation. They hold what Graph does not return, and must not be modified.
func (s *Server) Objects(path string) []map[string]any {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	var bodies []map[string]any
	for _, e := range s.store.list(path) {
		bodies = append(bodies, e.body)
	}
	return bodies
}

// NeedsToken reports whether a request for a path is one to Graph, which takes a token where
// there is a sign-in. What the emulator answers about itself needs none.
func (s *Server) NeedsToken(path string) bool { return !strings.HasPrefix(path, adminPrefix) }

// AddFaults makes later requests fail, after the faults that are already waiting.
func (s *Server) AddFaults(faults ...Fault) error {
	for _, f := range faults {
		if err := f.check(); err != nil {
			return err
		}
	}
	s.faults.add(faults...)
	return nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.respond(w, r, false) }

// Unlimited answers requests as the server does, but without the limits of
// [Options.Throttle] and without taking from them: it is for whoever looks at a tenant from
// outside of what is measured.
func (s *Server) Unlimited() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.respond(w, r, true) })
}

func (s *Server) respond(w http.ResponseWriter, r *http.Request, unlimited bool) {
	if strings.HasPrefix(r.URL.Path, adminPrefix) {
		s.admin(w, r)
		return
	}
	req, err := receive(r)
	if err != nil {
		req = &request{header: r.Header}
		s.send(w, req, s.failure(req, err))
		return
	}
	req.unlimited = unlimited
	s.log.http.Add(1)
	s.send(w, req, s.answer(req))
}

// answer answers a request or an item of a batch: faults first, then limits, then the
// tenant.
func (s *Server) answer(req *request) *response {
	answer := s.faulty(req)
	if !req.prefersLater() && !req.isBatch() { // its items say for themselves
		hideLater(answer.body)
	}
	s.log.add(req, answer.status)
	return answer
}

func (s *Server) faulty(req *request) *response {
	f := s.faults.take(req)
	if f == nil {
		return s.limited(req)
	}
	if wait, _ := time.ParseDuration(f.Delay); wait > 0 {
		select {
		case <-time.After(wait):
		case <-req.done:
		}
	}
	var answer *response
	switch {
	case f.List != "":
		answer = s.limited(req)
		listFaults[f.List](req, answer)
	case f.Status == 0 && f.Body == "" && f.Unknown == "":
		answer = s.limited(req)
	default:
		if f.After {
			s.limited(req)
		}
		answer = f.answer(s, req)
	}
	answer.drop = f.Drop
	return answer
}

// limited answers a request within the tenant's limits.
func (s *Server) limited(req *request) *response {
	if s.throttle == nil || req.unlimited {
		return s.serve(req)
	}
	refusal, header := s.throttle.admit(req)
	if refusal != nil {
		answer := s.failure(req, refusal)
		answer.header = header
		return answer
	}
	answer := s.serve(req)
	for name := range header {
		answer.header.Set(name, header.Get(name))
	}
	return answer
}

// serve answers a request from the tenant.
func (s *Server) serve(req *request) *response {
	if req.isBatch() {
		return s.batch(req)
	}
	path, err := parsePath(req.path)
	if err != nil {
		return s.failure(req, err)
	}
	if req.method == http.MethodGet || req.method == http.MethodHead {
		s.store.mu.RLock()
		defer s.store.mu.RUnlock()
	} else {
		s.store.mu.Lock()
		defer s.store.mu.Unlock()
		req.caller.correlation = s.store.newCorrelation()
	}
	if err := s.permit(req, path); err != nil {
		return s.failure(req, err)
	}
	t, err := s.store.resolve(path, !req.isWrite())
	if err != nil && req.isWrite() && s.store.unreplicated(path) {
		err = errUnreplicated
	}
	if err != nil {
		return s.failure(req, err)
	}
	if t.resource != nil && t.resource.delegatedOnly && req.caller.userName == "" {
		return s.failure(req, workloadOf(req.unescapedPath()).forbidden(nil))
	}
	if err := s.permitReport(req, t); err != nil {
		return s.failure(req, err)
	}
	if err := s.unlicensed(req); err != nil {
		return s.failure(req, err)
	}
	if err := s.speak(req, t); err != nil {
		return s.failure(req, err)
	}
	answer, err := s.dispatch(req, t)
	if err != nil {
		return s.failure(req, err)
	}
	s.withhold(req, t, answer)
	return answer
}

// dispatch answers a request for a target. The caller holds the store's lock.
func (s *Server) dispatch(req *request, t *target) (*response, *apiError) {
	if t.action != nil {
		return t.action(s, req, t)
	}
	if t.stream != "" {
		return s.stream(req, t)
	}
	switch req.method {
	case http.MethodGet, http.MethodHead:
		return s.get(req, t)
	case http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete:
	default:
		return nil, methodNotAllowed(req.method)
	}
	switch {
	case t.ref:
		return s.writeReference(req, t)
	case t.link != nil:
		return nil, badRequest("Write requests are only supported on contained entities")
	case req.method == http.MethodDelete:
		return s.delete(req, t)
	case req.method != http.MethodPost:
		return s.update(req, t)
	case !t.isList():
		return nil, methodNotAllowed(req.method)
	case t.view != nil:
		return s.createByView(req, t)
	}
	return s.create(req, t)
}
