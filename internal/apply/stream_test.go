package apply

import (
	"encoding/base64"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// stream takes a picture at the address below its object.
func stream(s *kind.Shape, state map[string]any, method string, segments []string, body []byte) (bool, error) {
	if len(segments) != 1 || s.Streams[segments[0]] == "" {
		return false, nil
	}
	if method != "PUT" || len(body) == 0 {
		return true, rejected("%s is not allowed", method)
	}
	state[segments[0]] = base64.StdEncoding.EncodeToString(body)
	return true, nil
}

// A request of a plan holds a picture as text, and what is sent is the picture.
func TestContent(t *testing.T) {
	for _, tt := range []struct {
		q    entra.Request
		want string
		ok   bool
	}{
		{entra.Request{Method: "PUT", Body: []byte(`"iVBORw=="`)}, "\x89PNG", true},
		{entra.Request{Method: "PUT", Body: []byte(`"no base64"`)}, "", false},
		{entra.Request{Method: "PUT", Body: []byte(`{"a":1}`)}, `{"a":1}`, true},
		{entra.Request{Method: "PATCH", Body: []byte(`{"a":1}`)}, `{"a":1}`, true},
		{entra.Request{Method: "DELETE"}, "", true},
	} {
		got, err := content(tt.q)
		if (err == nil) != tt.ok || tt.ok && string(got) != tt.want {
			t.Errorf("%s %s: %q, %v", tt.q.Method, tt.q.Body, got, err)
		}
	}
}
