// Package attribution owns who did it: it decodes the entries of Microsoft's directory audit log
// and matches what they tell with the changes of a change set.
//
// The log speaks an older language than Graph: old names of attributes, values that are JSON
// within text, the change of a group on its member, one act in several entries and by several
// services. What an activity says, and which property an attribute is, are data: the tables of
// this package. Whatever the tables do not know says at most that somebody touched an object.
//
// Nobody is ever guessed: a person is named where an entry has the value that the change has, or
// where the log was read whole and nobody else wrote the object. Everything else is unknown, with
// the reason.
//
// It reads the log through a [Source], and must not know how entries are kept or shown.
package attribution
