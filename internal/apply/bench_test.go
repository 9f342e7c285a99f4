package apply

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"runtime"
	"runtime/metrics"
	"slices"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// goal prints a figure beside the one that is wanted of it.
func goal(name string, value any, goal string, ok bool) {
	verdict := "short"
	if ok {
		verdict = "ok"
	}
	fmt.Printf("\nbench: %s\t%v\t%s\t%s\n", name, value, goal, verdict)
}

// memory watches how much memory is in use, from now until it is asked.
func memory() (peak func() (megabytes float64)) {
	live := func() float64 {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		return float64(sample[0].Value.Uint64()) / (1 << 20)
	}
	runtime.GC()
	before, most := live(), 0.0
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				most = max(most, live()-before)
			}
		}
	}()
	return func() float64 {
		close(stop)
		<-done
		return most
	}
}

// BenchmarkGoalWrites puts back a property of 20,000 users under Graph's documented limits,
// in simulated time: it is to use what Microsoft lets an application write, and to be turned
// away seldom.
func BenchmarkGoalWrites(b *testing.B) {
	const users = 20_000
	c := clock.NewSimulated(time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC))
	server, err := emulator.New(emulator.Options{Scale: emulator.Scale{Users: 2 * users}, Now: c.Now, Throttle: true})
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(server)
	defer web.Close()
	client, err := graph.New(graph.Config{BaseURL: web.URL, Clock: c, Transport: c.Transport(nil, 100*time.Millisecond), KeepRates: true})
	if err != nil {
		b.Fatal(err)
	}
	peak := memory()
	p := manyUsers(b, client, server.TenantID(), users)
	planning := peak()
	peak = memory() // what the emulator notes of each write is in it, some 120 MB
	server.ClearLog()
	begun, last, real := c.Now(), c.Now(), time.Now()
	outcome, err := Run(context.Background(), client, Live{Source: client}, judged(p), Options{
		Base: web.URL + "/v1.0", Clock: c, Together: 320, Batcher: client,
		Done: func(entra.Step, entra.StepOutcome) { last = c.Now() },
	})
	if err != nil || !outcome.Complete() || len(p.Steps) != users {
		b.Fatalf("%v, %d of %d steps, %d remain", err, len(outcome.Steps), len(p.Steps), len(outcome.Remaining))
	}
	stats, applying := server.Stats(), peak()
	megabytes := max(planning, applying)
	b.Logf("%.0f MB to plan, %.0f MB to apply", planning, applying)
	b.Logf("%d writes in %s, %s with reading back, %s here; %+v", len(p.Steps), last.Sub(begun), c.Now().Sub(begun), time.Since(real).Round(time.Second), stats)
	used := 100 * float64(len(p.Steps)) / (3000 + 20*last.Sub(begun).Seconds())
	goal("apply: 20,000 user changes: % of the documented write quota", fmt.Sprintf("%.0f", used), ">= 90", used >= 90)
	throttled := 100 * float64(stats.Throttled) / float64(stats.Graph)
	goal("apply: 20,000 user changes: % of requests throttled", fmt.Sprintf("%.2f", throttled), "<= 1", throttled <= 1)
	goal("apply: 20,000 user changes: live heap, MB", fmt.Sprintf("%.0f", megabytes), "< 300", megabytes < 300)
}

// manyUsers plans to change a property of that many users, none of them synchronised.
func manyUsers(b *testing.B, client *graph.Client, tenant string, many int) entra.Plan {
	b.Helper()
	ctx, k := context.Background(), kind.ByName("users")
	in := plan.Input{Tenant: tenant, Now: map[string]entra.Coverage{}}
	var keys []entra.Key
	for body, err := range client.List(ctx, k.Path, url.Values{"$select": {"id,onPremisesSyncEnabled"}, "$top": {"999"}}) {
		if err != nil {
			b.Fatal(err)
		}
		id, _ := identitiesIn(body)
		if bytes.Contains(body, []byte(`"onPremisesSyncEnabled":true`)) {
			continue
		}
		if keys = append(keys, entra.Key{Kind: k.Name, ID: id}); len(keys) == many {
			break
		}
	}
	for some := range slices.Chunk(keys, 500) {
		live, err := capture.Objects(ctx, client, some)
		if err != nil {
			b.Fatal(err)
		}
		in.Now[k.Name] = in.Now[k.Name].Join(live.Coverage[k.Name])
		for key, now := range live.Objects {
			want := *now
			want.Spec = maps.Clone(now.Spec)
			want.Spec["city"] = "Reykjavik"
			in.Add(plan.Selected{Want: &want, Read: capture.Extent(k).Of(key.ID), Now: now})
		}
	}
	p, err := plan.New(in)
	if err != nil {
		b.Fatal(err)
	}
	return p
}
