// Package schemas holds one JSON Schema (2020-12) per kind, for the kind's files in a
// backup repository. The files are generated from Microsoft's metadata and the table of
// kinds by "make generate" and are not edited by hand.
//
// Beyond the standard keywords:
//
//   - x-entragit-class says what a property holds: public-config, personal (data about
//     a person) or volatile (never written to a file);
//   - x-entragit-closed asks for a warning on a property that the schema does not name;
//   - x-entragit-known lists the values of an enumeration that Microsoft has published:
//     another value is worth a warning, since enumerations grow; those of an @odata.type are
//     the types that an object may be of;
//   - x-entragit-base, beside them, lists the properties that an object has whatever its
//     type: of one whose type Microsoft has not published, nothing else is known.
package schemas

import "embed"

//go:generate go run ../cmd/schemagen -metadata ../internal/emulator/metadata.json -out .

// Files holds <kind>.schema.json for every kind.
//
//go:embed *.schema.json
var Files embed.FS
