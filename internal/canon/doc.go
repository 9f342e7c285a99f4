// Package canon owns the canonical form: an object as Graph answered it, raw JSON,
// becomes one value and one sequence of bytes, and a file becomes that value again. The
// same tenant state always gives the same bytes.
//
//	raw JSON ──Encode──▶ YAML ──Decode──▶ entra.Object ──EncodeObject──▶ the same YAML
//
// The way of one policy from HTTP answer to commit:
//
//  1. Package capture asks for a page of the kind's list, at the address that package
//     kind gives; package graph answers the JSON of each policy, as it came.
//  2. Capture reads the policy's links and contained collections by batch, and takes from
//     the snapshot before what could not be read. This is a [Raw]; still no byte of the
//     policy has been looked at.
//  3. [Encoder.Encode] parses the JSON once, into an arena of nodes.
//  4. The rules of the kind, compiled into a tree, drop, reduce, normalize and sort the
//     nodes in place (clean.go).
//  5. Each property goes into its section: spec or status, links, contained (encode.go).
//  6. The sections are written as YAML, with names as comments; package yaml says which
//     text needs quotes (write.go).
//  7. [Path] names the file, and capture puts the bytes into its sink, with the coverage
//     of the kind: which parts of which objects were read.
//  8. The sink is a gitstore writer: bytes that the snapshot before has already cost a
//     hash, all others become a blob of one pack.
//  9. The command backup judges how much vanished, signs the commit, moves the branch to
//     it and pushes.
//
// The properties that are dropped and the order of each list are data in [kind.Kind]; the
// rest of the canonical form holds for every kind:
//
//   - The members of an object are sorted by the bytes of their names; a declared set
//     is sorted by its elements, any other list keeps its order.
//   - A member that is null, an empty list, or an object without members is not
//     written, from the leaves up. An element of a list is always written, even null
//     or empty: a list never gets shorter.
//   - OData annotations and bound actions are not written, except "@odata.type" inside
//     the body, and the body's own where the kind is polymorphic.
//   - Numbers keep their text: 1.0 stays 1.0, and no digit is lost. Ids keep their case.
//   - A date is in UTC, with a "Z" and no zeros at the end of its fraction. Text that
//     is no date stays as it is.
//
// The package is pure: values in, values out. It must not know where a body comes
// from, where a file is kept, what changed, or any kind by its name.
package canon

import (
	"fmt"

	"github.com/entragit/entragit/internal/entra"
)

// APIVersion is the first line of every object's file.
const APIVersion = "entragit/v1"

// Limits on input, far above what a tenant holds and low enough for a hostile answer
// or file to cost neither the stack nor the machine's memory.
const (
	maxBody  = 32 << 20 // bytes of one JSON body
	maxDepth = 64       // nested lists and objects of one JSON value
)

// invalid returns an error that wraps [entra.ErrInvalid] and says where.
func invalid(where, format string, args ...any) error {
	return fmt.Errorf("%s: %s: %w", where, fmt.Sprintf(format, args...), entra.ErrInvalid)
}
