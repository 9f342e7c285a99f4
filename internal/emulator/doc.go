// Package emulator is a Microsoft Graph tenant that runs here: it answers the
// requests that a directory backup tool and common Graph clients make, over real
// HTTP, as Microsoft documents that Graph answers them.
//
// It owns a tenant in memory (the store), the routes to it (the resources table), the OData
// rules by which Graph reads and writes (paging, $select, $filter, $batch, references,
// soft deletion, validation, error bodies), and the ways a request can be made
// to fail (throttling, faults).
//
// It is the witness that the rest of the program is tested against, so it must not
// know what that program believes: it imports none of its packages but its own two, seed (the
// objects a tenant begins with) and signin, which stands before it. Types,
// properties, nullability and navigation come from Microsoft's metadata
// (metadata.json, derived from the v1.0 CSDL); what the metadata does not say (which
// properties are read-only, what is returned by default, what deletion means) is in
// the resources table, written from the reference pages of Microsoft Graph.
package emulator
