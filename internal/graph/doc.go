// Package graph speaks to Microsoft Graph v1.0: list, get, batch and write of raw
// JSON, with sign-in, throttling and retry.
//
// It owns the connection: which host may be spoken to, which token is sent where,
// how long to wait, at which rate a path may be asked, when a request may be sent
// again and when to give it up, and what an answer means as an [entra] sentinel. Requests go through the request adapter and middleware
// pipeline of msgraph-sdk-go-core, errors through its OData error model, sign-in
// through azidentity; it is the sole importer of the Microsoft SDKs. Bodies stay
// raw JSON, so a property that Microsoft adds tomorrow is neither lost nor an
// error.
//
// It must not know what a kind is, nor what the JSON means beyond the envelope of a
// list, a batch and an error.
package graph
