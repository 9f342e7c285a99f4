package emulator

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// streamBody is a body of bytes, as a picture's. In a batch it is a text in base64 (the page
// "Combine multiple HTTP requests using JSON batching").
type streamBody []byte

// stream answers a request for a picture or style sheet of an object, as the pages "Get
// organizationalBranding" and "Update organizationalBrandingLocalization" have it: it is
// read and replaced as a whole, by itself, and nothing says how it would be taken away.
func (s *Server) stream(req *request, t *target) (*response, *apiError) {
	body := s.store.singletons[t.path]
	if t.item != nil {
		body = t.item.body
	}
	switch {
	case body == nil:
		return nil, notFound(lastSegment(t.path))
	case req.method == http.MethodGet:
		data, err := base64.StdEncoding.DecodeString(textOf(body[t.stream]))
		if err != nil || len(data) == 0 {
			return nil, notFound(t.stream)
		}
		return reply(http.StatusOK, streamBody(data)), nil
	case req.method != http.MethodPut:
		return nil, methodNotAllowed(req.method)
	}
	kind := req.header.Get("Content-Type")
	if wanted := streamTypes[t.stream == "customCSS"]; !strings.HasPrefix(kind, wanted) || len(req.body) == 0 {
		return nil, badRequest("The content of '%s' must be of a type that begins with '%s'.", t.stream, wanted)
	}
	w := &write{store: s.store, caller: req.caller, resource: t.resource, path: t.path, typ: t.resource.typ, before: body}
	if t.item != nil {
		w.id = t.item.id
	}
	w.setStream(t.stream, base64.StdEncoding.EncodeToString(req.body))
	return s.updated(t, w)
}

// streamTypes is what the content of a style sheet must be, and of a picture.
var streamTypes = map[bool]string{true: "text/css", false: "image/"}

// setStream gives an object a stream, and an address on the content network.
func (w *write) setStream(name, content string) {
	if w.after == nil {
		w.after = maps.Clone(w.before)
	}
	w.after[name] = content
	w.after[name+"RelativeUrl"] = fmt.Sprintf("c1c6b6c8-hr/logintenantbranding/0/%s?ts=%d", strings.ToLower(name), w.store.now().UnixNano())
}
