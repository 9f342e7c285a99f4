// Package entra is the vocabulary of entragit: keys, objects, coverage, changes,
// plans, outcomes, and the error sentinels that every floor above agrees on.
//
// It owns words and their shapes, and nothing else: it imports the standard
// library only, does no I/O, and knows neither Microsoft Graph's HTTP interface,
// nor YAML, nor Git. A word means one thing in the whole code base; it is
// defined here when more than one package needs it.
//
// JSON values inside objects are held as bool, string, [json.Number], []any and
// map[string]any. A nil or empty collection is never stored: absent means null or
// empty.
package entra
