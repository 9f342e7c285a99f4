package emulator

import (
	"fmt"
	"net/http"
	"time"
)

// Server is a Graph tenant. It is an [http.Handler] for everything below the service
// root: "/v1.0/…", and its own "/_emulator/…".
type Server struct {
	store *store
	opts  Options
}

// New makes the tenant that opts describe: its seed, then the files of opts.Load.
func New(opts Options) (*Server, error) {
	if opts.Seed == "" {
		opts.Seed = "contoso"
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.TenantID == "" {
		opts.TenantID = deriveID("tenant", opts.Seed)
	}
	meta, err := loadMetadata()
	if err != nil {
		return nil, err
	}
	s := &Server{store: newStore(meta, opts.TenantID, opts.Now), opts: opts}
	if err := seed(s.store, opts); err != nil {
		return nil, fmt.Errorf("seed %s: %w", opts.Seed, err)
	}
	if opts.Load != "" {
		if err := load(s.store, opts.Load); err != nil {
			return nil, fmt.Errorf("load %s: %w", opts.Load, err)
		}
	}
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	http.NotFound(w, req)
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
