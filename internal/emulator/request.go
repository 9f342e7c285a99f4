package emulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// request is one Graph request: of its own, or an item of a batch.
type request struct {
	method string
	// path is what follows the version, still escaped: "/users/3f2b…".
	path  string
	query url.Values
	// rawQuery is the query as it was sent, for next links.
	rawQuery string
	header   http.Header
	body     []byte
	// base is the service root that links are made with: "http://127.0.0.1:4000/v1.0".
	base string
	// beta marks a request to that version.
	beta bool
	// batched marks an item of a batch.
	batched bool
	caller  caller
	// unlimited marks a request that the documented limits are not applied to.
	unlimited bool
	// done is closed when the client goes away.
	done <-chan struct{}
}

// response is the answer to a request. The body is encoded after the store is
// unlocked, so it must not be modified.
type response struct {
	status int
	header http.Header
	body   any // nil for none
	// drop closes the connection in the middle of the body.
	drop bool
}

// textBody is a body that is not JSON, as the answer to $count.
type textBody string

// rawBody is a body that is sent as it is, JSON or not.
type rawBody string

func reply(status int, body any) *response {
	return &response{status: status, header: make(http.Header), body: body}
}

func noContent() *response { return reply(http.StatusNoContent, nil) }

// object decodes the request's body.
func (r *request) object() (object, *apiError) {
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.UseNumber()
	var body object
	if err := d.Decode(&body); err != nil || body == nil || d.More() {
		return nil, badRequest("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	return body, nil
}

// eventual reports whether the client accepted eventual consistency, without which the
// directory refuses advanced queries.
func (r *request) eventual() bool {
	return strings.EqualFold(r.header.Get("ConsistencyLevel"), "eventual")
}

// option returns a system query option. OData lets the "$" be left out.
func (r *request) option(name string) (string, bool) {
	for key, values := range r.query {
		if strings.EqualFold(strings.TrimPrefix(key, "$"), name) {
			return values[0], true
		}
	}
	return "", false
}

// isBatch reports whether the request holds others.
func (r *request) isBatch() bool { return strings.EqualFold(r.path, "/$batch") }

// unescapedPath returns the path as a person writes it.
func (r *request) unescapedPath() string {
	if path, err := url.PathUnescape(r.path); err == nil {
		return path
	}
	return r.path
}

// unescapeQuery returns a query as a person writes it.
func unescapeQuery(rawQuery string) string {
	if query, err := url.QueryUnescape(rawQuery); err == nil {
		return query
	}
	return rawQuery
}

// readActions are the operations that are called by POST and change nothing.
var readActions = []string{"$batch", "getavailableextensionproperties", "getbyids", "checkmembergroups", "checkmemberobjects", "getmembergroups", "getmemberobjects", "ismemberof"}

// isWrite reports whether the request asks for a change.
func (r *request) isWrite() bool {
	switch r.method {
	case http.MethodGet, http.MethodHead:
		return false
	case http.MethodPost:
		return !slices.Contains(readActions, fold(bareName(lastSegment(r.path))))
	}
	return true
}
