package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// String completes the sentence "left alone: …".
func (c conflict) String() string {
	text := fmt.Sprintf("its %s %s is that of %s", c.unique.Property, strings.TrimPrefix(c.value, c.unique.Prefix), title(c.holder.Key, c.holder.Name))
	if c.unique.As != "" {
		text += ", among its " + c.unique.As
	}
	if !c.holder.Created.IsZero() {
		text += ", created " + minute(c.holder.Created)
	}
	if c.mutual {
		text += ", which is to have what this one has: neither can go first"
	}
	return text
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// hint is what a person can do about a value that is taken.
func (c conflict) hint() string {
	if c.mutual {
		return "give one of the two another " + c.unique.Property + " by hand, then reconcile again"
	}
	return fmt.Sprintf("change the %s of %s, or delete it, then reconcile again", c.unique.Held(), c.holder.Key)
}

// free reports whether nobody else has what a deleted object comes back with, or else
// refuses it. A person may have chosen another name for it, or to leave out addresses.
func (d *objectPlan) free(restore *entra.Step) bool {
	var held []conflict
	for i := range d.kind.Unique {
		if u := &d.kind.Unique[i]; u.As == "" {
			held = append(held, d.unsettled(restore, u)...)
		}
	}
	if len(held) == 0 {
		return true
	}
	var reasons, hints []string
	for _, c := range held {
		reasons, hints = append(reasons, c.String()), append(hints, d.offer(c))
	}
	reason := strings.Join(reasons, "; ")
	if at := d.in.DeletedAt[d.key]; !at.IsZero() {
		reason += fmt.Sprintf("; this one was deleted %s and can be restored until %s", minute(at), minute(at.Add(kind.Retention)))
	}
	d.steps, d.refusals = nil, nil
	d.refuse("", reason, strings.Join(slices.Compact(hints), "; "))
	return false
}

// unsettled are the values of a deleted object that somebody else has and about which nobody
// chose anything.
func (d *objectPlan) unsettled(restore *entra.Step, u *kind.Unique) []conflict {
	found := d.conflicts(u, u.Values(d.live))
	switch deletion := d.kind.Deletion; {
	case len(found) == 0:
	case u.Property == deletion.Prefixed && d.in.newName(d.kind, d.live) != "":
		name := d.in.newName(d.kind, d.live)
		if again := d.conflicts(u, []string{name}); len(again) > 0 {
			return append(found, again...)
		}
		restore.As = name
		d.rename(u.Property, name, found[0])
		return nil
	case u.Property == deletion.Droppable && d.in.DropTaken:
		for _, c := range found {
			restore.Without = append(restore.Without, c.value)
			d.refuse(jsonpointer.Join(entra.SectionStatus, u.Property), c.String()+"; it comes back without", "")
		}
		return nil
	}
	return found
}

// offer is what a person can do about a value that a deleted object had and another one has.
func (d *objectPlan) offer(c conflict) string {
	switch deletion := d.kind.Deletion; c.unique.Property {
	case deletion.Prefixed:
		return fmt.Sprintf("--new-upn %s=NAME takes it back under another name; or %s", c.value, c.hint())
	case deletion.Droppable:
		return "--reconcile-proxy-conflicts takes it back without the addresses that others have; or " + c.hint()
	}
	return c.hint()
}

// rename plans for an object that comes back under another name: it is what the snapshot
// says but for the name, which is told.
func (d *objectPlan) rename(property, name string, c conflict) {
	renamed := func(o *entra.Object) *entra.Object {
		if !strings.EqualFold(o.Text(property), c.value) {
			return o
		}
		other := *o
		other.Spec = copied(o.Spec)
		other.Spec[property] = name
		return &other
	}
	d.live, d.want = renamed(d.live), renamed(d.want)
	d.refuse(jsonpointer.Join(entra.SectionSpec, property), c.String()+"; it comes back as "+name, "")
}

// taken reports whether a property is to have a value that another object has, and which.
func (d *objectPlan) taken(property string) (conflict, bool) {
	for i := range d.kind.Unique {
		u := &d.kind.Unique[i]
		if u.Property != property {
			continue
		}
		values := slices.DeleteFunc(u.Values(d.desired), func(v string) bool { return has(u.Values(d.live), v) })
		if found := d.conflicts(u, values); len(found) > 0 {
			return found[0], true
		}
	}
	return conflict{}, false
}

// withoutOwner reports whether the object was deleted together with a selected one that the
// plan does not take back, and which that is: a service principal is of no use without its
// application.
func (d *objectPlan) withoutOwner() (entra.Key, bool) {
	for _, k := range kind.All() {
		for _, c := range k.CascadesTo {
			if c.Kind != d.kind.Name {
				continue
			}
			owner, selected := d.wanted(k.Name, c.Property)[d.want.Text(c.Property)]
			if selected && d.in.Deleted[owner] && d.incoming[owner] == "" {
				return owner, true
			}
		}
	}
	return entra.Key{}, false
}
