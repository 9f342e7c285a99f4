package emulator

import (
	"fmt"
	"net/http"
)

// apiError is an answer that Graph gives instead of a result. The texts are those of
// Graph, which public client code matches against.
type apiError struct {
	status  int
	code    string
	message string
	// details say more of some errors; nil for none.
	details []any
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

// badRequest is the answer of Graph's gateway and of services outside the directory.
func badRequest(format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, code: "BadRequest", message: fmt.Sprintf(format, args...)}
}

// directoryError is the directory's answer to a request it understands and refuses.
func directoryError(format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, code: "Request_BadRequest", message: fmt.Sprintf(format, args...)}
}

// unsupportedQuery is the answer to a combination of query options.
func unsupportedQuery(format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, code: "Request_UnsupportedQuery", message: fmt.Sprintf(format, args...)}
}

// notFound is the answer when no object has the key, or none is linked.
func notFound(key string) *apiError {
	return &apiError{status: http.StatusNotFound, code: "Request_ResourceNotFound", message: fmt.Sprintf(
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", key)}

}

// inConflict says that an object has a value of which there can be one: what Graph says of it
// names the property and the object (microsoft-graph-docs-contrib issue 8421).
func inConflict(status int, code string, u unique, holder *entry) *apiError {
	return &apiError{status: status, code: code, message: u.message, details: []any{
		object{"code": "ObjectConflict", "message": u.message, "target": u.property},
		object{"code": "ConflictingObjects", "message": u.message, "target": capital(holder.typ) + "_" + holder.id},
	}}
}

func badSegment(name string) *apiError {
	return badRequest("Resource not found for the segment '%s'.", name)
}

func methodNotAllowed(method string) *apiError {
	return &apiError{status: http.StatusMethodNotAllowed, code: "Request_BadRequest", message: fmt.Sprintf("Specified HTTP method is not allowed for the request target: %s.", method)}

}
