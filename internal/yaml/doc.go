// Package yaml owns the strict profile of YAML in which every file of a backup
// repository is written and read: one document; no anchors, aliases, tags, directives or
// merge keys; no name twice; no tabs or carriage returns between values; only plain
// values that every parser reads alike; valid UTF-8 without control characters.
//
// The profile is enforced by a scanner that runs over a file before the YAML library
// does, in time and memory linear in its size: a value that could blow up, or means
// different things to different parsers, never reaches the library. The scanner also
// takes from the library every decision about plain values. It hands over
//
//   - a plain string in quotes, so that the library does not look for a meaning in it;
//   - a number as the string "\x01n" and its digits, because the library would make it
//     a float64;
//   - a string in double quotes that starts with an escape with "\x01s" before it,
//     so that no text of a file can pass for a number.
//
// Comments are left out; lines keep their numbers.
//
// For writing, the package owns when a string needs quotes and how it is quoted. It must
// not know any kind of object, what a file is called, or what the canonical form of an
// object is.
package yaml

import (
	"fmt"
	"strconv"

	"github.com/entragit/entragit/internal/entra"
)

// Limits on a file, far above what a repository holds and low enough for a hostile file
// to cost neither the stack nor the machine's memory.
const (
	MaxFile = 100 << 20 // bytes of a file: GitHub takes no larger one
	MaxKey  = 1000      // bytes of a name as written: YAML's simple keys end at 1,024 characters

	maxLevels = 67 // nested lists and mappings: a JSON value of 64, in an element of a section's list
)

// Error says what is wrong with a file, in one sentence. It wraps [entra.ErrInvalid].
type Error struct {
	File string
	// Line is where the fault is, from 1; 0 where the fault is the file as a whole.
	Line int
	Text string
	// Unknown is set where the fault is a key that does not belong there, and Known lists
	// the keys that do.
	Unknown string
	Known   []string
}

// Faultf returns an error about the value at a JSON pointer of a file: an [*Error] with the
// line of the value.
func Faultf(file string, data []byte, pointer, format string, args ...any) error {
	return &Error{File: file, Line: LineOf(data, pointer), Text: fmt.Sprintf(format, args...)}
}

// Error returns "file:line: text".
func (e *Error) Error() string {
	where := e.File
	if e.Line > 0 {
		where += ":" + strconv.Itoa(e.Line)
	}
	return where + ": " + e.Text + ": " + entra.ErrInvalid.Error()
}

// Unwrap returns [entra.ErrInvalid].
func (e *Error) Unwrap() error { return entra.ErrInvalid }
