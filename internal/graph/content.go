package graph

import (
	"encoding/json"
	"net/http"
	"strings"
)

// contentType is the type of a body: JSON, or what Graph keeps beside its objects, which is
// a picture or a style sheet.
func contentType(body []byte) string {
	if len(body) == 0 || json.Valid(body) {
		return "application/json"
	}
	kind := http.DetectContentType(body)
	if strings.HasPrefix(kind, "text/") {
		return "text/css"
	}
	return kind
}
