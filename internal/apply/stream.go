package apply

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// streams are the requests that write those of the named properties that are pictures or
// style sheets, each below the address of the object. A request holds the bytes in base64,
// as a file does; [content] is what is sent.
func streams(s *kind.Shape, names []string, planned map[string]any) []entra.Request {
	var requests []entra.Request
	for _, name := range names {
		if text, ok := planned[name].(string); ok && s.Streams[name] != "" {
			body, _ := json.Marshal(text) // a string
			requests = append(requests, entra.Request{Method: http.MethodPut, Path: "/" + name, Body: body})
		}
	}
	return requests
}

// content is the body of a request as it is sent: the bytes where it is a stream, whose
// request holds a text, and JSON otherwise.
func content(q entra.Request) ([]byte, error) {
	var text string
	if q.Method != http.MethodPut || json.Unmarshal(q.Body, &text) != nil {
		return q.Body, nil
	}
	return base64.StdEncoding.DecodeString(text)
}
