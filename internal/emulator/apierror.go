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
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

// badRequest is the answer of Graph's gateway and of services outside the directory.
func badRequest(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, "BadRequest", fmt.Sprintf(format, args...)}
}

// directoryError is the directory's answer to a request it understands and refuses.
func directoryError(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, "Request_BadRequest", fmt.Sprintf(format, args...)}
}

// unsupportedQuery is the answer to a combination of query options.
func unsupportedQuery(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, "Request_UnsupportedQuery", fmt.Sprintf(format, args...)}
}

// notFound is the answer when no object has the key, or none is linked.
func notFound(key string) *apiError {
	return &apiError{http.StatusNotFound, "Request_ResourceNotFound", fmt.Sprintf(
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", key)}
}

func badSegment(name string) *apiError {
	return badRequest("Resource not found for the segment '%s'.", name)
}

func methodNotAllowed(method string) *apiError {
	return &apiError{http.StatusMethodNotAllowed, "Request_BadRequest",
		fmt.Sprintf("Specified HTTP method is not allowed for the request target: %s.", method)}
}
