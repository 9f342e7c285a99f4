package diff

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// coverage notes what cannot be compared of the whole kind and reports whether anything
// can. What no application can read is nobody's lack.
func (c *comparison) coverage(set *entra.ChangeSet) bool {
	var oka, okb bool
	c.before, oka = c.a.Manifest().Kinds[c.kind.Name]
	c.after, okb = c.b.Manifest().Kinds[c.kind.Name]
	if !oka && !okb || c.kind.Unavailable != "" {
		return false
	}
	for _, cover := range []entra.Coverage{c.before, c.after} {
		if !cover.Read() {
			set.Unread = append(set.Unread, unread(c.kind.Name, "", cover))
			return false
		}
	}
	for _, l := range c.kind.Links {
		c.closed(set, entra.SectionLinks, l.Name, entra.Coverage.ReadLink)
	}
	for _, l := range c.kind.Contained {
		c.closed(set, entra.SectionContained, l.Name, entra.Coverage.ReadContained)
	}
	return true
}

// closed notes a link or contained collection that a side read of no object.
func (c *comparison) closed(set *entra.ChangeSet, section, name string, read func(entra.Coverage, string) bool) {
	for _, cover := range []entra.Coverage{c.before, c.after} {
		if !read(cover, name) && c.selection.Part(jsonpointer.Join(section, name)) {
			set.Unread = append(set.Unread, unread(c.kind.Name, name, cover))
			return
		}
	}
}

func unread(kindName, link string, c entra.Coverage) entra.Unread {
	u := entra.Unread{Kind: kindName, Link: link, State: c.State, Cause: c.Cause}
	if u.State == "" {
		u.State, u.Cause = entra.Skipped, "not part of the snapshot"
	}
	return u
}

// exceptions lists what a side did not read of single objects, as far as it is selected
// and nothing else says it: of the whole kind, or by the object's being gone.
func (c *comparison) exceptions() ([]entra.Unread, error) {
	both := c.before.Except(c.after.Exceptions...).Exceptions
	both = slices.DeleteFunc(both, func(e entra.Exception) bool {
		section, name, _ := strings.Cut(e.Part, "/")
		return e.Part != "" && (!c.selection.Part(jsonpointer.Join(section, name)) ||
			section == entra.SectionLinks && !(c.before.ReadLink(name) && c.after.ReadLink(name)) ||
			section == entra.SectionContained && !(c.before.ReadContained(name) && c.after.ReadContained(name)))
	})
	if len(both) == 0 {
		return nil, nil
	}
	before, err := c.paths(c.a, both)
	if err != nil {
		return nil, err
	}
	after, err := c.paths(c.b, both)
	if err != nil {
		return nil, err
	}
	var list []entra.Unread
	for _, e := range both {
		if e.Part != "" && (before[e.ID] == "" || after[e.ID] == "") {
			continue
		}
		nameless := c.selection.Object("", entra.Key{Kind: c.kind.Name, ID: e.ID})
		if !nameless && !c.selects(before[e.ID]) && !c.selects(after[e.ID]) {
			continue
		}
		u, err := c.exception(e, before[e.ID], after[e.ID])
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, nil
}

// exception names one exception.
func (c *comparison) exception(e entra.Exception, before, after string) (entra.Unread, error) {
	_, link, _ := strings.Cut(e.Part, "/")
	u := entra.Unread{Kind: c.kind.Name, ID: e.ID, Link: link, State: entra.Partial, Cause: e.Cause}
	o, err := c.object(c.b, after)
	if o == nil && err == nil {
		o, err = c.object(c.a, before)
	}
	if o != nil {
		u.Name = o.Name
	}
	return u, err
}

// paths finds the files of the objects that exceptions name, by id.
func (c *comparison) paths(s Side, list []entra.Exception) (map[string]string, error) {
	wanted := make(map[string]string, len(list))
	for _, e := range list {
		wanted[e.ID] = ""
	}
	for f, err := range s.Files(c.kind.Name) {
		if err != nil {
			return nil, err
		}
		if _, id, ok := canon.ParsePath(f.Path); ok {
			if _, is := wanted[id]; is {
				wanted[id] = f.Path
			}
		}
	}
	return wanted, nil
}
