package capture

import (
	"slices"

	"github.com/entragit/entragit/internal/kind"
)

// missed reports whether a part of the object was not read.
func (it *item) missed(part string) bool {
	return slices.ContainsFunc(it.unread, func(u unread) bool { return u.part == part })
}

// joined returns the targets of a link with those that its list leaves out, each once. Graph may
// list them one day.
func (it *item) joined(c call, ids []string) []string {
	if c.unlisted == "" {
		return ids
	}
	all := slices.Clone(it.raw.Links[c.name])
	for _, id := range ids {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// halve drops a link of which one of the questions was not answered: half of a link is none. One
// of which only those for a time are not told apart stays, for who has no older snapshot.
func (it *item) halve(c call) {
	if slices.ContainsFunc(it.unread, func(u unread) bool { return u.part == c.part() && !u.listed }) {
		delete(it.raw.Links, c.name)
	}
}

// unlistedError is why those targets of a link were not read that its list leaves out.
type unlistedError struct {
	plural string
	err    error
}

func (e *unlistedError) Error() string { return e.plural + ": " + e.err.Error() }
func (e *unlistedError) Unwrap() error { return e.err }

// of says of an error what the call asked for, where its part does not say it.
func (c call) of(err error) error {
	if c.timed != nil {
		return &unlistedError{c.timed.What, err}
	}
	if c.unlisted == "" {
		return err
	}
	return &unlistedError{c.unlisted, err}
}

// asksForUnlisted lists what a snapshot says that it read of a link beside its list, as
// "members/microsoft.graph.servicePrincipal".
func asksForUnlisted(l *kind.Link) []string {
	var asked []string
	for _, u := range l.Unlisted {
		asked = append(asked, l.Name+"/"+u.Type)
	}
	return asked
}
