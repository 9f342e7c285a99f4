package emulator

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
)

// receive reads an HTTP request.
func receive(r *http.Request) (*request, *apiError) {
	prefix := servicePrefix
	if strings.HasPrefix(r.URL.EscapedPath(), betaPrefix) {
		prefix = betaPrefix
	}
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), prefix)
	if !ok || path != "" && path[0] != '/' {
		version, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		return nil, badRequest("Invalid version: %s", version)
	}
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return &request{
		method: r.Method, path: path, query: r.URL.Query(), rawQuery: r.URL.RawQuery,
		header: r.Header, body: body, base: scheme + "://" + r.Host + prefix, beta: prefix == betaPrefix,
		caller: callerOf(r), done: r.Context().Done(),
	}, nil
}

// readBody reads a body, compressed or not.
func readBody(r *http.Request) ([]byte, *apiError) {
	reader := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, badRequest("The request body is not compressed as its Content-Encoding says.")
		}
		reader = unzipped
	}
	body, err := io.ReadAll(io.LimitReader(reader, maxBody+1))
	switch {
	case err != nil:
		return nil, badRequest("Unable to read the request body.")
	case len(body) > maxBody:
		return nil, &apiError{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLarge", message: "The request body is larger than 4 MB."}
	}
	return body, nil
}
