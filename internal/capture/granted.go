package capture

import (
	"context"
	"errors"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// notGranted is why something was not asked for that Graph shows empty, without an error, to
// whoever lacks the permissions: what came would be taken for the truth.
type notGranted []string

func (e notGranted) Error() string {
	if len(e) == 1 {
		return e[0] + " is not granted"
	}
	return strings.Join(e, ", ") + " are not granted"
}

// Unwrap says that it is a matter of permission.
func (notGranted) Unwrap() error { return entra.ErrForbidden }

// heldBy asks the source once what its identity was granted.
func (r *reader) heldBy(ctx context.Context) kind.Held {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held == nil {
		granted, known := r.src.Permissions(ctx)
		r.held = &kind.Held{Known: known, Granted: granted}
	}
	return *r.held
}

// curtail leaves out of the view what Graph would show empty for lack of a permission. Its
// error means that nothing of the kind is shown whole.
func (v *view) curtail(held kind.Held) error {
	if lacking := held.Curtailed(v.Kind); len(lacking) > 0 {
		return notGranted(lacking)
	}
	v.held = held
	for _, e := range v.Extras {
		lacking := held.Lacking(e.Permissions.Read)
		for _, name := range e.Properties {
			switch {
			case len(lacking) > 0:
				v.missed[name] = notGranted(lacking)
				v.properties = without(v.properties, name)
			case !e.Silent:
				v.extras = append(v.extras, name)
			}
		}
	}
	return nil
}

// noteLacking says of every property that was left out for lack of a permission that it was
// not read, whether or not an object ever had a value of it.
func (r *result) noteLacking() {
	for _, name := range sortedKeys(r.view.missed) {
		if lack, ok := errors.AsType[notGranted](r.view.missed[name]); ok {
			r.notes[name] = &failures{first: lack}
		}
	}
}

// hides reports for lack of which permissions Graph would leave out the targets that a call
// asks an object for; nil where it shows them.
func (v *view) hides(it *item, c call) []string {
	if len(c.hidden) == 0 || !meets(it.raw.Body, c.hidden) {
		return nil
	}
	return v.held.Lacking(v.ReadPermissions(c.name))
}

// lacking names behind a cause the permissions that were not granted, as far as they are known, and keeps
// them for the summary. What is read of the kind is named as [kind.Kind.ReadPermissions] takes it.
func (r *result) lacking(what, cause string, err error) string {
	if !errors.Is(err, entra.ErrForbidden) {
		return cause
	}
	if beside, ok := errors.AsType[*unlistedError](err); ok {
		what = beside.plural
	}
	lack, silent := errors.AsType[notGranted](err)
	if !silent {
		lack = r.held.Lacking(r.Kind.ReadPermissions(what))
	}
	for _, name := range lack {
		r.Lacking = append(without(r.Lacking, name), name)
	}
	if silent || len(lack) == 0 {
		return cause
	}
	return cause + ": " + lack.Error()
}
