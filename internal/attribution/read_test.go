package attribution

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

var readAt = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// listing answers each request for the log by the next of its answers.
type listing struct {
	asked   []string
	answers []func(yield func([]byte, error) bool)
}

func (l *listing) List(_ context.Context, path string, query url.Values) iter.Seq2[[]byte, error] {
	l.asked = append(l.asked, path+"?"+query.Get("$filter"))
	if len(l.asked) > len(l.answers) {
		return func(func([]byte, error) bool) {}
	}
	return l.answers[len(l.asked)-1]
}

// answer yields entries, each "ID MINUTES" before the reading, and then an error.
func answer(err error, entries ...string) func(yield func([]byte, error) bool) {
	return func(yield func([]byte, error) bool) {
		for _, text := range entries {
			if !yield([]byte(entryAgo(text)), nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func entryAgo(text string) string {
	var id string
	var minutes int
	_, _ = fmt.Sscan(text, &id, &minutes)
	return fmt.Sprintf(`{"id": %q, "activityDateTime": %q}`, id, ago(minutes).Format(time.RFC3339Nano))
}

func ago(minutes int) time.Time { return readAt.Add(-time.Duration(minutes) * time.Minute) }

func readLog(t *testing.T, from time.Time, answers ...func(yield func([]byte, error) bool)) (Log, *listing) {
	t.Helper()
	source := &listing{answers: answers}
	log, err := Read(t.Context(), source, Reading{From: from, To: readAt, Now: func() time.Time { return readAt }})
	if err != nil {
		t.Fatal(err)
	}
	return log, source
}

func ids(l Log) string {
	var all []string
	for _, raw := range l.Entries {
		h, _ := headOf(raw)
		all = append(all, h.ID)
	}
	return strings.Join(all, " ")
}

// said are the windows as "minutes ago..minutes ago state".
func said(l Log) string {
	var all []string
	for _, w := range l.Windows {
		all = append(all, fmt.Sprintf("%d..%d %s", int(readAt.Sub(w.From).Minutes()), int(readAt.Sub(w.To).Minutes()), w.State))
	}
	return strings.Join(all, ", ")
}

func TestRead(t *testing.T) {
	refused := &graph.Error{Status: 403, Code: "x", Sentinel: entra.ErrForbidden}
	role := &graph.Error{Status: 403, Code: "Authentication_RequestFromUnsupportedUserRole", Sentinel: entra.ErrForbidden}
	down := &graph.Error{Status: 503, Code: "busy", Sentinel: entra.ErrUnavailable}
	const day = 24 * 60
	for _, c := range []struct {
		name    string
		from    int // minutes
		answers []func(yield func([]byte, error) bool)
		ids     string
		windows string
		cause   string
	}{
		{"to its end", 60, []func(func([]byte, error) bool){answer(nil, "a 50", "b 40")}, "a b", "60..0 complete", ""},
		{"nothing in it", 60, nil, "", "60..0 complete", ""},
		{"an entry twice", 60, []func(func([]byte, error) bool){answer(nil, "a 50", "a 50", "b 40")}, "a b", "60..0 complete", ""},
		{"newest first", 60, []func(func([]byte, error) bool){answer(nil, "b 40", "a 50")}, "a b", "60..0 complete", ""},
		{"no permission", 60, []func(func([]byte, error) bool){answer(refused)}, "", "60..0 forbidden", "the permission AuditLog.Read.All was not granted"},
		{"no role", 60, []func(func([]byte, error) bool){answer(role)}, "", "60..0 forbidden", "the user has no role that may read the audit log, such as Reports Reader"},
		{"no licence", 60, []func(func([]byte, error) bool){answer(entra.ErrUnlicensed)}, "", "60..0 unlicensed", "the tenant has no licence to read the audit log"},
		{"no log", 60, []func(func([]byte, error) bool){answer(entra.ErrAbsent)}, "", "60..0 skipped", "this tenant's Graph has no audit log"},
		{"ends midway", 60, []func(func([]byte, error) bool){answer(down, "a 50", "b 40")}, "a b", "60..40 complete, 40..0 skipped", "service unavailable: 503 busy"},
		{"ends midway, newest first", 60, []func(func([]byte, error) bool){answer(down, "b 40", "a 50")}, "a b", "60..0 skipped", "service unavailable: 503 busy"},
		{"an expired page", 60, []func(func([]byte, error) bool){answer(entra.ErrExpired, "a 50", "b 40"), answer(nil, "b 40", "c 30")}, "a b c", "60..0 complete", ""},
		{"pages that expire for ever", 60, slices.Repeat([]func(func([]byte, error) bool){answer(entra.ErrExpired, "a 50")}, 9), "a", "60..50 complete, 50..0 skipped", "token expired"},
		{"not an entry", 60, []func(func([]byte, error) bool){func(yield func([]byte, error) bool) { yield([]byte(`{}`), nil) }}, "", "60..0 skipped", "an entry of it has no id or no time: unsafe answer"},
		{"older than Microsoft keeps", 40 * day, []func(func([]byte, error) bool){answer(nil, fmt.Sprintf("a %d", 20*day))}, "a", "57600..43200 absent, 43200..0 complete", "Microsoft keeps the audit log for 30 days"},
		{"older than Microsoft may keep", 20 * day, []func(func([]byte, error) bool){answer(nil, "a 50")}, "a", "28800..10080 absent, 10080..0 complete", "no entry as old as that came: without Entra ID P1 Microsoft keeps the audit log for 7 days"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log, _ := readLog(t, ago(c.from), c.answers...)
			if ids(log) != c.ids || said(log) != c.windows {
				t.Errorf("entries %q, windows %q", ids(log), said(log))
			}
			cause := ""
			for _, w := range log.Windows {
				if !w.Read.Equal(readAt) {
					t.Errorf("%+v was read at no time", w)
				}
				cause += w.Cause
			}
			if cause != c.cause {
				t.Errorf("cause %q", cause)
			}
		})
	}
}

// A reading that goes on after an expired page asks for nothing older than what it has.
func TestReadGoesOn(t *testing.T) {
	_, source := readLog(t, ago(60), answer(entra.ErrExpired, "a 50", "b 40"), answer(nil))
	want := []string{
		"/auditLogs/directoryAudits?activityDateTime ge 2026-10-01T11:00:00Z and activityDateTime le 2026-10-01T12:00:00Z",
		"/auditLogs/directoryAudits?activityDateTime ge 2026-10-01T11:20:00Z and activityDateTime le 2026-10-01T12:00:00Z",
	}
	if !slices.Equal(source.asked, want) {
		t.Errorf("asked %q", source.asked)
	}
}

func TestReadNothingThatMicrosoftForgot(t *testing.T) {
	source := &listing{}
	log, err := Read(t.Context(), source, Reading{From: readAt.AddDate(0, -3, 0), To: readAt.AddDate(0, -2, 0), Now: func() time.Time { return readAt }})
	if err != nil || len(source.asked) > 0 || len(log.Windows) != 1 || log.Windows[0].State != entra.Absent {
		t.Errorf("%+v, asked %q: %v", log, source.asked, err)
	}
}

func TestReadPatience(t *testing.T) {
	slow := listingFunc(func(ctx context.Context, yield func([]byte, error) bool) {
		<-ctx.Done()
		yield(nil, ctx.Err())
	})
	r := Reading{From: ago(60), To: readAt, Patience: time.Millisecond, Now: func() time.Time { return readAt }}
	log, err := Read(t.Context(), slow, r)
	if err != nil || said(log) != "60..0 skipped" || log.Windows[0].Cause != "reading it took longer than 1ms" {
		t.Errorf("%+v: %v", log, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, slow, r); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

type listingFunc func(ctx context.Context, yield func([]byte, error) bool)

func (f listingFunc) List(ctx context.Context, _ string, _ url.Values) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) { f(ctx, yield) }
}

// The log of a tenant, page by page, over HTTP.
func TestReadOverHTTP(t *testing.T) {
	server, err := emulator.New(emulator.Options{Seed: "empty", PageSize: 2})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	defer web.Close()
	client, err := graph.New(graph.Config{BaseURL: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if _, err := client.Do(t.Context(), "POST", "/groups", fmt.Appendf(nil, `{"displayName":"g%d","mailNickname":"g%d","mailEnabled":false,"securityEnabled":true}`, i, i)); err != nil {
			t.Fatal(err)
		}
	}
	if a := Probe(t.Context(), client); a.State != entra.Complete || time.Since(a.Oldest) > time.Minute {
		t.Errorf("the oldest entry: %+v", a)
	}
	now, heard := time.Now(), 0
	log, err := Read(t.Context(), client, Reading{From: now.Add(-Margin), To: now.Add(Margin), Now: time.Now, Progress: func(n int) { heard = n }})
	if err != nil || len(log.Entries) < 5 || heard != len(log.Entries) || len(log.Windows) != 1 || log.Windows[0].State != entra.Complete {
		t.Fatalf("%d entries, heard of %d, windows %+v: %v", len(log.Entries), heard, log.Windows, err)
	}
	if err := server.AddFaults(emulator.Fault{Method: "GET", Path: logPath, Status: 403, Code: "Authentication_MSGraphPermissionMissing"}); err != nil {
		t.Fatal(err)
	}
	log, err = Read(t.Context(), client, Reading{From: now.Add(-Margin), To: now, Now: time.Now})
	if err != nil || len(log.Windows) != 1 || log.Windows[0].State != entra.Forbidden {
		t.Errorf("%+v: %v", log, err)
	}
	if a := Probe(t.Context(), client); a.State != entra.Forbidden || a.Cause != log.Windows[0].Cause {
		t.Errorf("refused: %+v", a)
	}
}

func TestWithoutSecrets(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{`{ "id": "1", "z": 1.50 }`, `{"id":"1","z":1.50}`},
		{`{"targetResources":[{"modifiedProperties":[{"displayName":"Credential","oldValue":"[]","newValue":"[\"S\"]"},{"displayName":"DisplayName","newValue":"\"x\""}]}]}`,
			`{"targetResources":[{"modifiedProperties":[{"displayName":"Credential","newValue":null,"oldValue":null},{"displayName":"DisplayName","newValue":"\"x\""}]}]}`},
		{`{"targetResources":[{"displayName":"Credential","modifiedProperties":[{"displayName":"Other","newValue":"\"Password\""}]}]}`,
			`{"targetResources":[{"displayName":"Credential","modifiedProperties":[{"displayName":"Other","newValue":"\"Password\""}]}]}`},
		{`{"targetResources":[{"modifiedProperties":[{"displayName":"StrongAuthenticationPhoneAppDetail","newValue":"DEVICETOKEN"}]}]}`,
			`{"targetResources":[{"modifiedProperties":[{"displayName":"StrongAuthenticationPhoneAppDetail","newValue":null,"oldValue":null}]}]}`},
		{`{"activityDisplayName":"Add service principal","additionalDetails":[{"key":"b","value":"S"},{"key":"id","value":"1"}]}`,
			`{"activityDisplayName":"Add service principal","additionalDetails":[{"key":"b","value":""},{"key":"id","value":"1"}]}`},
		{`{"activityDisplayName":"Change user license","additionalDetails":[{"key":"b","value":"L"}]}`,
			`{"activityDisplayName":"Change user license","additionalDetails":[{"key":"b","value":"L"}]}`},
		{`{"targetResources":"Credential","additionalDetails":[1,null,"Credential"]}`, `{"targetResources":"Credential","additionalDetails":[1,null,"Credential"]}`},
	} {
		got, err := withoutSecrets([]byte(c.raw))
		if err != nil || !sameJSON(t, string(got), c.want) {
			t.Errorf("%s became %s: %v", c.raw, got, err)
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Fatal(err)
	}
	one, _ := json.Marshal(x)
	two, _ := json.Marshal(y)
	return string(one) == string(two)
}

func TestJoin(t *testing.T) {
	read := func(from, to, at int, state entra.CoverageState) entra.AuditWindow {
		return entra.AuditWindow{From: ago(from), To: ago(to), Read: ago(at), State: state}
	}
	one := Log{Entries: []json.RawMessage{json.RawMessage(entryAgo("b 40")), json.RawMessage(entryAgo("a 50"))}, Windows: []entra.AuditWindow{read(60, 30, 30, entra.Complete)}}
	two := Log{Entries: []json.RawMessage{json.RawMessage(entryAgo("b 40")), json.RawMessage(entryAgo("c 10"))}, Windows: []entra.AuditWindow{read(35, 0, 0, entra.Complete), read(70, 50, 0, entra.Skipped)}}
	all := Join(two, one)
	if ids(all) != "a b c" || said(all) != "70..60 skipped, 60..35 complete, 35..0 complete" {
		t.Errorf("%q %q", ids(all), said(all))
	}
	if w := all.Windows; !w[1].Read.Equal(ago(30)) || !w[2].Read.Equal(ago(0)) {
		t.Errorf("%+v", w)
	}
	if some := all.Within(ago(40), ago(20)); ids(some) != "b" || said(some) != "40..35 complete, 35..20 complete" {
		t.Errorf("within: %q %q", ids(some), said(some))
	}
	if rest := all.Without(one); ids(rest) != "c" || said(rest) != said(all) {
		t.Errorf("without: %q %q", ids(rest), said(rest))
	}
	apart := Flat([]entra.AuditWindow{read(20, 10, 0, entra.Forbidden), read(60, 50, 0, entra.Complete)})
	if got := said(Log{Windows: apart}); got != "60..50 complete, 20..10 forbidden" {
		t.Errorf("apart: %q", got)
	}
}
