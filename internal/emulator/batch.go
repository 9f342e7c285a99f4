package emulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// batchLimit is the largest number of requests in a batch.
const batchLimit = 20

type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// batch answers "$batch": each item on its own, in order, those after a failed
// dependency with 424. The answer is 200 whatever became of the items.
func (s *Server) batch(req *request) *response {
	var sent struct {
		Requests []batchItem `json:"requests"`
	}
	if req.method != http.MethodPost {
		return s.failure(req, methodNotAllowed(req.method))
	}
	if err := json.Unmarshal(req.body, &sent); err != nil {
		return s.failure(req, badRequest("Invalid batch payload format."))
	}
	if err := checkBatch(sent.Requests); err != nil {
		return s.failure(req, err)
	}
	answers := make([]any, 0, len(sent.Requests))
	dropped := false
	statuses := make(map[string]int, len(sent.Requests))
	for _, item := range sent.Requests {
		answer := s.batchAnswer(req, item, statuses)
		statuses[fold(item.ID)] = answer.status
		answers = append(answers, item.encode(answer))
		dropped = dropped || answer.drop
	}
	all := reply(http.StatusOK, object{"responses": answers})
	all.drop = dropped
	return all
}

func checkBatch(items []batchItem) *apiError {
	if len(items) == 0 {
		return badRequest("Invalid batch payload format.")
	}
	if len(items) > batchLimit {
		return badRequest("Number of batch request steps exceeds the maximum value of %d.", batchLimit)
	}
	seen := make(map[string]bool, len(items))
	for _, item := range items {
		switch {
		case item.ID == "" || item.Method == "" || item.URL == "":
			return badRequest("Each batch request step needs an id, a method and a url.")
		case seen[fold(item.ID)]:
			return badRequest("Request id '%s' is not unique in the batch.", item.ID)
		}
		for _, id := range item.DependsOn {
			if !seen[fold(id)] {
				return badRequest("Request '%s' depends on '%s', which is not an earlier request of the batch.", item.ID, id)
			}
		}
		seen[fold(item.ID)] = true
	}
	return nil
}

// batchAnswer answers one item.
func (s *Server) batchAnswer(req *request, item batchItem, statuses map[string]int) *response {
	inner, err := item.request(req)
	if err != nil {
		return s.failure(req, err)
	}
	for _, id := range item.DependsOn {
		if statuses[fold(id)] >= 400 {
			return s.failure(inner, &apiError{status: http.StatusFailedDependency, code: "FailedDependency", message: fmt.Sprintf("The request did not run because the request '%s' that it depends on failed.", id)})
		}
	}
	return s.answer(inner)
}

// request makes the request that an item stands for. Its URL is relative to the version.
func (i batchItem) request(outer *request) (*request, *apiError) {
	u, err := url.Parse(i.URL)
	if err != nil || u.IsAbs() || u.Host != "" {
		return nil, badRequest("The url '%s' of request '%s' must be relative to the version.", i.URL, i.ID)
	}
	header := make(http.Header)
	for name, value := range i.Headers {
		header.Set(name, value)
	}
	if string(i.Body) == "null" {
		i.Body = nil // Microsoft's SDK for Go writes a request without a body so
	}
	if len(i.Body) > 0 && header.Get("Content-Type") == "" {
		return nil, badRequest("Request '%s' has a body and no Content-Type header.", i.ID)
	}
	path := "/" + strings.TrimPrefix(u.EscapedPath(), "/")
	if strings.EqualFold(path, "/$batch") {
		return nil, badRequest("Batches cannot be nested.")
	}
	return &request{
		method: strings.ToUpper(i.Method), path: path, query: u.Query(), rawQuery: u.RawQuery,
		header: header, body: i.Body, base: outer.base, beta: outer.beta, batched: true, caller: outer.caller, unlimited: outer.unlimited,
	}, nil
}

func (i batchItem) encode(answer *response) object {
	headers := make(object)
	for name := range answer.header {
		headers[name] = answer.header.Get(name)
	}
	encoded := object{"id": i.ID, "status": answer.status, "headers": headers}
	switch body := answer.body.(type) {
	case nil:
	case textBody:
		headers["Content-Type"] = "text/plain"
		encoded["body"] = string(body)
	case streamBody:
		headers["Content-Type"] = http.DetectContentType(body)
		encoded["body"] = base64.StdEncoding.EncodeToString(body)
	case rawBody:
		headers["Content-Type"] = contentType
		encoded["body"] = string(body)
		if json.Valid([]byte(body)) {
			encoded["body"] = json.RawMessage(body)
		}
	default:
		headers["Content-Type"] = contentType
		encoded["body"] = body
	}
	return encoded
}
