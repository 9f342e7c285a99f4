package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// failure returns an error as Graph writes it.
func (s *Server) failure(req *request, err *apiError) *response {
	id := s.requestID()
	body := object{
		"code":    err.code,
		"message": err.message,
		"innerError": object{
			"date":              s.opts.Now().UTC().Format("2006-01-02T15:04:05"),
			"request-id":        id,
			"client-request-id": cmp.Or(req.header.Get("client-request-id"), id),
		},
	}
	if err.details != nil {
		body["details"] = err.details
	}
	answer := reply(err.status, object{"error": body})
	answer.header.Set("request-id", id)
	return answer
}

func (s *Server) requestID() string {
	return s.store.newID("request", strconv.FormatUint(s.answered.Add(1), 10))
}

// send writes an answer with the headers that Graph sends.
func (s *Server) send(w http.ResponseWriter, req *request, answer *response) {
	data, kind := answer.encode()
	header := w.Header()
	for name := range answer.header {
		header.Set(name, answer.header.Get(name))
	}
	if header.Get("request-id") == "" {
		header.Set("request-id", s.requestID())
	}
	header.Set("client-request-id", cmp.Or(req.header.Get("client-request-id"), header.Get("request-id")))
	header.Set("Cache-Control", "no-cache")
	header.Set("OData-Version", "4.0")
	if data != nil {
		header.Set("Content-Type", cmp.Or(header.Get("Content-Type"), kind))
		header.Set("Content-Length", strconv.Itoa(len(data)))
	}
	if answer.drop && data == nil {
		panic(http.ErrAbortHandler) // there is no body to break off in
	}
	w.WriteHeader(answer.status)
	if answer.drop {
		_, _ = w.Write(data[:len(data)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // net/http's way to close the connection
	}
	if req.method != http.MethodHead {
		_, _ = w.Write(data) // a client that has gone away is its own affair
	}
}

// encode returns the body's bytes, nil for none, and its content type.
func (r *response) encode() (data []byte, kind string) {
	switch body := r.body.(type) {
	case nil:
		return nil, ""
	case textBody:
		return []byte(body), "text/plain"
	case rawBody:
		return []byte(body), contentType
	case streamBody:
		return body, http.DetectContentType(body)
	default:
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(body); err != nil {
			panic(errors.New("emulator: a body that is not JSON: " + err.Error()))
		}
		return bytes.TrimRight(b.Bytes(), "\n"), contentType
	}
}
