package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// item is one object as the source answered it, with what could not be read of it.
type item struct {
	id  string
	raw canon.Raw
	// unread are the links and contained collections that the snapshot before must fill
	// in.
	unread []unread
	// err is why the object itself could not be read.
	err error
	// gone is set when the object was listed, and deleted before its parts were read.
	gone bool
}

// unread is a part of one object that was not read, and why.
type unread struct {
	part  string // as an exception names it
	err   error
	asked bool
	// listed is set where the targets of a link are known, but not which are there for a time.
	listed bool
}

// miss notes that the object did not give what was asked for.
func (it *item) miss(c call, err error) {
	if it.missed(c.part()) {
		return
	}
	it.unread = append(it.unread, unread{part: c.part(), err: err, asked: true, listed: c.timed != nil})
}

// read yields every object of a kind with its links and contained objects. After an
// error it ends; the error means that the listing is not complete. The failure of a
// single object or link is not an error: it is in the item and in the result.
func (r *reader) read(ctx context.Context, res *result) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		if err := r.readTo(ctx, res, yield); err != nil {
			r.owners(res.Kind, nil, err)
			yield(item{}, err)
		}
	}
}

// readTo is read, until the caller has enough.
func (r *reader) readTo(ctx context.Context, res *result, yield func(item, error) bool) error {
	v, err := r.view(ctx, res.Kind)
	if err != nil {
		return err
	}
	res.view = v
	res.noteLacking()
	if err := v.missed[kind.ExtensionPrefix]; err != nil {
		res.notes[kind.ExtensionsPart] = &failures{first: err}
	}
	used, err := r.transient(ctx, res)
	if err != nil {
		return err
	}
	c := newChildren(r.src, res)
	flush := func() (more bool, err error) {
		items, err := c.flush(ctx)
		if err != nil {
			return false, err
		}
		for _, it := range items {
			if !it.gone && !yield(it, nil) {
				return false, nil
			}
		}
		return true, nil
	}
	for body, err := range r.list(ctx, v) {
		if err != nil {
			return err
		}
		it := newItem(v.Kind, body)
		if used[it.id] {
			continue
		}
		r.owners(v.Kind, body, nil)
		c.add(it)
		if !c.full() {
			continue
		}
		if more, err := flush(); !more {
			return err
		}
	}
	for _, id := range sortedKeys(v.silent) {
		res.note("all for "+v.Parent.Kind, v.silent[id])
	}
	if len(v.unknown) > 0 {
		res.note(strings.Join(v.unknown, ", "), errUnknown)
	}
	_, err = flush()
	return err
}

// newItem takes one object of a list.
func newItem(k *kind.Kind, body []byte) item {
	it := item{id: stringProperty(body, cmp.Or(k.IDFrom, "id")), raw: canon.Raw{Body: slices.Clone(body)}}
	switch {
	case k.Singleton:
	case it.id == "":
		name := stringProperty(body, cmp.Or(k.NameFrom, "displayName"))
		it.err = fmt.Errorf("%s/? (%.80q): object without %s: %w", k.Name, name, cmp.Or(k.IDFrom, "an id"), entra.ErrInvalid)
	case redacted(body):
		it.err = fmt.Errorf("%s/%s: %w", k.Name, it.id, errRedacted)
	}
	return it
}

// errRedacted is why an object of which Graph shows the id alone is not read: the
// identity may not see objects of that type or in that place.
var errRedacted = fmt.Errorf("nothing but its id is shown: %w", entra.ErrForbidden)

// restarts bounds how often a listing begins anew because Graph forgot its page
// token.
const restarts = 3

// list yields the raw objects of a kind; a singleton is a list of one. A listing
// that begins anew yields objects again.
func (r *reader) list(ctx context.Context, v *view) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for attempt := 0; ; {
			again := false
			for body, err := range r.once(ctx, v) {
				switch {
				case errors.Is(err, entra.ErrExpired) && attempt < restarts:
					attempt, again = attempt+1, true
				case entra.Denied(err) && len(v.extras) > 0:
					v.withoutExtras(err)
					again = true
				}
				if again {
					break
				}
				v.answered(r.src)
				if err == nil && v.leavesOut(body) {
					continue
				}
				if !yield(body, err) {
					return
				}
			}
			if !again {
				v.answered(r.src)
				return
			}
		}
	}
}

// once yields the raw objects of a kind as one listing answers them.
func (r *reader) once(ctx context.Context, v *view) iter.Seq2[[]byte, error] {
	a, ahead := r.takePrefetched(v.Name)
	switch {
	case v.Parent != nil:
		return r.byParent(ctx, v)
	case v.Singleton && !v.Listed:
	case !ahead:
		return r.src.List(ctx, v.list(), v.listQuery())
	case a.err == nil:
		return r.src.Items(ctx, a.body)
	}
	return func(yield func([]byte, error) bool) {
		if !ahead {
			a.body, a.err = r.src.Get(ctx, v.object(""), v.query())
		}
		if !v.Optional || !errors.Is(a.err, entra.ErrNotFound) {
			yield(a.body, a.err)
		}
	}
}

// transient returns the ids of the kind's objects that come and go with use. A tenant
// without the feature has none.
func (r *reader) transient(ctx context.Context, res *result) (map[string]bool, error) {
	t := res.Kind.Transient
	if t == nil {
		return nil, nil
	}
	used := map[string]bool{}
	for body, err := range r.src.List(ctx, t.Path, map[string][]string{"$filter": {t.Filter}}) {
		switch {
		case err == nil:
			if id := stringProperty(body, t.Property); id != "" {
				used[id] = true
			}
		case fatal(ctx, err):
			return nil, err
		case errors.Is(err, entra.ErrUnlicensed), errors.Is(err, entra.ErrAbsent), errors.Is(err, entra.ErrNotFound):
			return nil, nil
		default:
			res.note(t.Path[1:], err)
		}
	}
	return used, nil
}

// Extent is the coverage of a kind that was read completely. An identity may see more
// than its properties: extras and directory extensions.
func Extent(k *kind.Kind) entra.Coverage {
	c := entra.Coverage{State: entra.Complete}
	if byName(k) {
		c.Properties = selected(k)
	}
	for i := range k.Links {
		c.Links = append(c.Links, k.Links[i].Name)
		c.Links = append(c.Links, asksForUnlisted(&k.Links[i])...)
	}
	for _, con := range k.Contained {
		c.Contained = append(c.Contained, con.Name)
	}
	slices.Sort(c.Links)
	slices.Sort(c.Contained)
	return c
}
