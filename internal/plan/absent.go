package plan

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// Absent says of an object that something refers to that it is not there but can be taken
// back: it is among the deleted items. It wraps [entra.ErrNotFound]; an object that is gone
// for good is that error alone.
type Absent struct {
	entra.Key
	// Name is what the deleted item is called; empty where it has no name.
	Name string
	// Until is when the item is gone for good; zero where that was not told.
	Until time.Time
}

// Error completes the sentence "it names …, which …".
func (a *Absent) Error() string {
	if a.Until.IsZero() {
		return "was deleted and can be restored"
	}
	return "was deleted and can be restored until " + a.Until.UTC().Format("2006-01-02 15:04 UTC")
}

// Unwrap is [entra.ErrNotFound].
func (a *Absent) Unwrap() error { return entra.ErrNotFound }

// dangling is a reference that leads nowhere, as far as is known.
type dangling struct {
	Reference
	// name is what the snapshot or the deleted item calls the object; may be empty.
	name string
	err  error
}

// String completes the sentence "left alone: …".
func (d dangling) String() string {
	by := d.By
	if by == "" {
		by = "id"
	}
	text := fmt.Sprintf("%s names %s with %s %s", d.Path, strings.Join(d.Targets, " or "), by, d.Value)
	if d.name != "" {
		text += " (" + d.name + ")"
	}
	var absent *Absent
	switch {
	case errors.As(d.err, &absent):
		return text + ", which " + absent.Error()
	case errors.Is(d.err, entra.ErrNotFound):
		return text + ", which does not exist"
	case errors.Is(d.err, ErrUnusable):
		return text + ", which " + d.Unusable
	}
	return text + ", which could not be looked up: " + d.err.Error()
}

// hint is what a person can do: take a deleted object back first, or else what the caller
// advises.
func (d dangling) hint(from entra.Point, otherwise string) string {
	var absent *Absent
	if !errors.As(d.err, &absent) {
		return otherwise
	}
	return "entragit reconcile --from " + revision(from) + " " + absent.String() + " takes it back; selected together, it comes back first"
}

// revision names a point as a command takes it.
func revision(p entra.Point) string {
	if p.Seq > 0 {
		return "seq:" + pointNumber(p)
	}
	return p.Commit
}
