package graph

import (
	"fmt"
	"strconv"
	"strings"

	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
)

// Error is a request that Graph, or the way to it, failed. It unwraps to one of the
// [entra] sentinels and, where there is one, to the cause underneath.
type Error struct {
	Method string
	Path   string // without the query: page tokens are nobody's business
	// Status is the HTTP status; 0 when there was no answer.
	Status int
	// Code and Message are Graph's own; both may be empty.
	Code    string
	Message string
	// Holder names the object that has a value of which there can be one, as Graph writes
	// it: "User_3f2b…"; empty where the failure is another.
	Holder string
	// RequestID is what Microsoft's support asks for; empty when there was no answer.
	RequestID string
	// Sentinel is the kind of failure.
	Sentinel error
	// Cause is what broke underneath; nil when Graph itself answered.
	Cause error
}

// Error returns one sentence: the kind of failure, the request, and what Graph said.
func (e *Error) Error() string {
	var detail []string
	if e.Status != 0 {
		detail = append(detail, strings.TrimSpace(strconv.Itoa(e.Status)+" "+e.Code))
	}
	if e.Message != "" {
		detail = append(detail, e.Message)
	}
	if kind, id, ok := strings.Cut(e.Holder, "_"); ok {
		detail = append(detail, "it is that of "+strings.ToLower(kind)+" "+id)
	}
	if e.Cause != nil {
		detail = append(detail, e.Cause.Error())
	}
	text := fmt.Sprintf("%s: %s %s", e.Sentinel, e.Method, e.Path)
	if len(detail) > 0 {
		text += ": " + strings.Join(detail, ": ")
	}
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	return text
}

// Unwrap returns the sentinel and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Sentinel}
	}
	return []error{e.Sentinel, e.Cause}
}

// maxMessage bounds what is kept of a message, in bytes.
const maxMessage = 500

// describe fills code, message and request id from an OData error.
func (e *Error) describe(odata *odataerrors.ODataError) {
	main := odata.GetErrorEscaped()
	if main == nil {
		return
	}
	code, message := unwrap(deref(main.GetCode()), deref(main.GetMessage()))
	e.Code, e.Message = code, shorten(message)
	for _, d := range main.GetDetails() {
		if deref(d.GetCode()) == codeConflicting {
			e.Holder = deref(d.GetTarget())
		}
	}
	inner := main.GetInnerError()
	if inner == nil {
		return
	}
	if e.RequestID == "" {
		e.RequestID = deref(inner.GetRequestId())
	}
	// Some services say what matters one level down, below an empty or a general code.
	if code, ok := inner.GetAdditionalData()["code"].(*string); ok && code != nil && (general(e.Code) || tells(*code)) {
		e.Code = *code
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// shorten makes one line of bounded length out of a message.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxMessage {
		s = strings.ToValidUTF8(s[:maxMessage], "") + "…"
	}
	return strings.TrimSuffix(s, ".")
}

// parseOData reads an error body. A body that is not one is no error: the status
// then has to speak for itself.
func parseOData(body []byte) *odataerrors.ODataError {
	node, err := kiotajson.NewJsonParseNode(body)
	if err != nil {
		return odataerrors.NewODataError()
	}
	value, err := node.GetObjectValue(odataerrors.CreateODataErrorFromDiscriminatorValue)
	odata, ok := value.(*odataerrors.ODataError)
	if err != nil || !ok {
		return odataerrors.NewODataError()
	}
	return odata
}

// Codes that decide about more than what a refusal is: whether a write is sent again, and who
// holds a value of which there can be one.
const (
	codeConcurrency = "Directory_ConcurrencyViolation"
	codeConflicting = "ConflictingObjects" // among the details
)
