package drill

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// latency is what a request takes in simulated time, beside what Graph's limits make it
// wait: a plain round trip, of which Microsoft documents nothing.
const latency = 200 * time.Millisecond

// tenant is a snapshot brought to life: an emulated tenant on this machine, and the
// connections to it.
type tenant struct {
	// Client is how it is recovered: within Graph's limits, in simulated time.
	*graph.Client
	// free is how it is hit and looked at: without limits and in no time.
	free   *graph.Client
	server *emulator.Server
	clock  *clock.Simulated
	from   *history.Point
	kinds  []*kind.Kind
	id     string
	base   string // "http://127.0.0.1:49152/v1.0"
	webs   []*http.Server
}

// newTenant loads a snapshot of a tenant in a cloud and serves it on loopback, from a moment on. The caller closes
// it.
func newTenant(from *history.Point, now time.Time, agent, cloud string) (*tenant, error) {
	manifest := from.Manifest()
	t := &tenant{from: from, clock: clock.NewSimulated(now), id: manifest.Tenant}
	for _, k := range kind.All() {
		if manifest.Kinds[k.Name].Read() {
			t.kinds = append(t.kinds, k)
		}
	}
	var err error
	t.server, err = emulator.New(emulator.Options{
		Seed: "empty", TenantID: manifest.Tenant, Records: records(from), Now: t.clock.Now, Throttle: true, NoAudit: true, Cloud: cloud,
	})
	if err != nil {
		return nil, fmt.Errorf("load %s into the emulator: %w", from.Point(), err)
	}
	url, err := t.serve(t.server)
	if err == nil {
		t.base = url + "/v1.0"
		t.Client, err = graph.New(graph.Config{
			BaseURL: url, Cloud: cloud, UserAgent: agent, KeepRates: true, Clock: t.clock, Transport: t.clock.Transport(nil, latency),
		})
	}
	if err == nil {
		url, err = t.serve(t.server.Unlimited())
	}
	if err == nil {
		t.free, err = graph.New(graph.Config{BaseURL: url, Cloud: cloud, UserAgent: agent, Clock: clock.NewSimulated(now)})
	}
	if err != nil {
		t.Close()
		return nil, fmt.Errorf("serve the emulator: %w", err)
	}
	return t, nil
}

// serve answers requests on loopback, and returns where.
func (t *tenant) serve(handler http.Handler) (url string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	web := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	t.webs = append(t.webs, web)
	go func() { _ = web.Serve(listener) }() // ends with Close; what fails before is seen by the requests
	return "http://" + listener.Addr().String(), nil
}

// Close ends the serving.
func (t *tenant) Close() {
	for _, web := range t.webs {
		_ = web.Close()
	}
}

// state is a tenant at one time, and how it differs from the snapshot.
type state struct {
	live    *history.Live
	point   *history.Point
	changes map[entra.Key]entra.Change
	unread  []entra.Unread
}

// Close frees the state.
func (s *state) Close() { _ = s.live.Close() }

// look captures the tenant as it is now and compares it with the snapshot. An object that
// was created again goes by the key that the snapshot has; what is observed of it, such as
// its date of creation, is the new object's, and no difference.
func (t *tenant) look(ctx context.Context, lineage entra.Lineage) (*state, error) {
	live, err := history.NewLive(t.from)
	if err != nil {
		return nil, err
	}
	summary, err := capture.Run(ctx, t.free, t.from.Tree(), live, capture.Options{Kinds: t.kinds, Manifest: t.from.Manifest()})
	if err != nil {
		_ = live.Close()
		return nil, fmt.Errorf("read the tenant: %w", err)
	}
	s := &state{live: live, point: live.Point(summary.Manifest, t.clock.Now()), changes: map[entra.Key]entra.Change{}}
	set, err := diff.Compare(t.from, s.point, diff.Options{Lineage: lineage.Lines()})
	if err != nil {
		s.Close()
		return nil, err
	}
	for _, c := range set.Changes {
		if c.OldID != "" {
			c.ID = c.OldID
			c.Properties = slices.DeleteFunc(c.Properties, func(p entra.PropertyChange) bool { return p.Observed })
			if len(c.Properties)+len(c.Links) == 0 {
				continue
			}
		}
		s.changes[c.Key] = c
	}
	s.unread = set.Unread
	return s, nil
}
