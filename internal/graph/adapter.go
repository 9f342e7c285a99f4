package graph

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"

	kiota "github.com/microsoft/kiota-abstractions-go"
	kiotahttp "github.com/microsoft/kiota-http-go"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	msgraphcore "github.com/microsoftgraph/msgraph-sdk-go-core"

	"github.com/entragit/entragit/internal/entra"
)

// newAdapter builds the SDK's request adapter over a pipeline of its telemetry
// handler and our wire. Left out of the SDK's pipeline, on purpose: compression (a
// retried PATCH goes out uncompressed but labelled gzip), redirects (no other host
// is trusted) and retry (it knows neither idempotence nor the tenant's governor;
// see send).
func newAdapter(cfg Config, ep endpoint, requests *atomic.Int64) (kiota.RequestAdapter, error) {
	client := &http.Client{
		Transport: kiotahttp.NewCustomTransportWithParentTransport(cfg.Transport,
			msgraphcore.NewGraphTelemetryHandler(&msgraphcore.GraphClientOptions{}),
			&wire{endpoint: ep, userAgent: cfg.UserAgent, maxBody: cfg.MaxBody, requests: requests},
		),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return msgraphcore.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authenticator{credential: cfg.Credential, scope: cfg.Scope, secure: ep.secure()},
		msgraphcore.GraphClientOptions{},
		kiotajson.NewJsonParseNodeFactory(),
		kiotajson.NewJsonSerializationWriterFactory(),
		client)
}

// maxErrorBody bounds an error answer, in bytes; the SDK builds a tree of it.
const maxErrorBody = 64 << 10

// wire is the last middleware: it is what really goes out and comes in.
type wire struct {
	endpoint  endpoint
	userAgent string
	maxBody   int64
	requests  *atomic.Int64
}

// exchange is what one attempt saw on the wire. The adapter keeps neither the
// headers of a success nor the status of an answer that it cannot parse.
type exchange struct {
	status int
	header http.Header
	claims string // of a challenge, see authenticator
}

type exchangeKey struct{}

// Intercept implements the SDK's middleware.
func (w *wire) Intercept(pipeline kiotahttp.Pipeline, index int, req *http.Request) (*http.Response, error) {
	// pin saw to this already. It is checked again where it can no longer be undone,
	// because a token is at stake.
	if endpointOf(req.URL) != w.endpoint {
		return nil, fmt.Errorf("request to %s instead of %s: %w", req.URL.Host, w.endpoint, entra.ErrUnsafe)
	}
	req.Header.Set("User-Agent", w.userAgent)
	if err := fixLength(req); err != nil {
		return nil, err
	}
	w.requests.Add(1)
	resp, err := pipeline.Next(req, index)
	if err != nil {
		return nil, err
	}
	limit := w.maxBody
	if resp.StatusCode >= http.StatusMultipleChoices {
		limit = min(limit, maxErrorBody)
	}
	resp.Body = &cappedBody{ReadCloser: resp.Body, left: limit, limit: limit}
	if x, ok := req.Context().Value(exchangeKey{}).(*exchange); ok {
		x.status, x.header = resp.StatusCode, resp.Header.Clone()
		x.claims = challenge(resp.Header.Values("WWW-Authenticate"))
	}
	// The adapter would answer a challenge by itself, once, outside of our count of
	// attempts, and panics on a claims parameter without quotes.
	resp.Header.Del("WWW-Authenticate")
	return resp, nil
}

// fixLength gives a request body the length that the adapter leaves out, so that it
// is neither chunked nor lost when the transport has to take another connection.
func fixLength(req *http.Request) error {
	if req.Body == nil {
		return nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return err
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Length", strconv.Itoa(len(body)))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, err = req.GetBody()
	return err
}

// errTooLarge ends the reading of an endless answer.
type errTooLarge struct{ limit int64 }

func (e errTooLarge) Error() string { return fmt.Sprintf("answer larger than %d bytes", e.limit) }

// cappedBody fails when more than limit bytes are read, and keeps failing: the
// adapter drains what it did not want.
type cappedBody struct {
	io.ReadCloser
	left, limit int64
}

// Read implements [io.Reader].
func (b *cappedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge{b.limit}
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, errTooLarge{b.limit}
	}
	return n, err
}

// withExchange returns a context in which wire notes what it sees.
func withExchange(ctx context.Context) (context.Context, *exchange) {
	x := new(exchange)
	return context.WithValue(ctx, exchangeKey{}, x), x
}
