package diff

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// coverage notes what cannot be compared of the whole kind and reports whether anything
// can. What no application can read is nobody's lack, nor is what neither side has or has bought.
func (c *comparison) coverage(set *entra.ChangeSet) bool {
	var oka, okb bool
	c.before, oka = c.a.Manifest().Kinds[c.kind.Name]
	c.after, okb = c.b.Manifest().Kinds[c.kind.Name]
	if !oka && !okb || c.kind.Unavailable != "" {
		return false
	}
	switch {
	case c.before.State == entra.Absent && c.after.State == entra.Absent:
		return false
	case c.before.State == entra.Unlicensed && c.after.State == entra.Unlicensed:
		set.Unlicensed = append(set.Unlicensed, c.kind.Name)
		return false
	}
	for _, cover := range []entra.Coverage{c.before, c.after} {
		if !cover.Read() {
			set.Unread = append(set.Unread, unread(c.kind.Name, "", cover))
			return false
		}
	}
	for _, name := range c.kind.Update {
		// What neither side was asked for is not missing.
		if c.before.ReadProperty(name) || c.after.ReadProperty(name) || c.before.State == entra.Partial || c.after.State == entra.Partial {
			c.closed(set, entra.SectionSpec, name, entra.Coverage.ReadProperty)
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

// closed notes a property, link or contained collection that a side read of no object, and
// that this cloud has.
func (c *comparison) closed(set *entra.ChangeSet, section, name string, read func(entra.Coverage, string) bool) {
	part := section + "/" + name
	if slices.Contains(c.before.Absent, part) && slices.Contains(c.after.Absent, part) {
		return
	}
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

// exceptions notes what the manifest of a side says was not read of single objects.
func (c *comparison) exceptions() error {
	both := c.before.Except(c.after.Exceptions...).Exceptions
	if len(both) == 0 {
		return nil
	}
	before, err := c.paths(c.a, both)
	if err != nil {
		return err
	}
	after, err := c.paths(c.b, both)
	if err != nil {
		return err
	}
	for _, e := range both {
		if err := c.exception(e, pair{before[e.ID], after[e.ID]}); err != nil {
			return err
		}
	}
	return nil
}

// note notes what a side did not read of one object that differs. Files of a commit that
// is no snapshot come from several, whose manifests each say what they lack.
func (c *comparison) note(p pair, read Read) error {
	for _, e := range slices.Concat(read.Before.Exceptions(), read.After.Exceptions()) {
		if err := c.exception(e, p); err != nil {
			return err
		}
	}
	return nil
}

// exception notes one exception, as far as it is selected and nothing else says it: of
// the whole kind, or of the same object before.
func (c *comparison) exception(e entra.Exception, p pair) error {
	if e.Part != "" && (p.before == "" || p.after == "") {
		return nil // that the object came or went says more
	}
	section, name, _ := strings.Cut(e.Part, "/")
	if e.Part != "" && (!c.selection.Part(jsonpointer.Join(section, name)) || !c.bothRead(section, name)) {
		return nil
	}
	nameless := c.selection.Object("", entra.Key{Kind: c.kind.Name, ID: e.ID})
	if !nameless && !c.selects(p.before) && !c.selects(p.after) {
		return nil
	}
	u := entra.Unread{Kind: c.kind.Name, ID: e.ID, Link: name, State: entra.Partial, Cause: e.Cause}
	if slices.ContainsFunc(c.unread, func(known entra.Unread) bool { return known.ID == u.ID && known.Link == u.Link }) {
		return nil
	}
	lacking, err := c.lacks(e, p)
	if err != nil || !lacking {
		return err
	}
	o, err := c.object(c.b, p.after)
	if o == nil && err == nil {
		o, err = c.object(c.a, p.before)
	}
	if o != nil {
		u.Name = o.Name
	}
	c.unread = append(c.unread, u)
	return err
}

// bothRead reports whether both sides read a part of the kind's objects.
func (c *comparison) bothRead(section, name string) bool {
	switch section {
	case entra.SectionLinks:
		return c.before.ReadLink(name) && c.after.ReadLink(name)
	case entra.SectionContained:
		return c.before.ReadContained(name) && c.after.ReadContained(name)
	}
	return true
}

// lacks reports whether a side really did not read what an exception names: the file may
// come from another snapshot than the manifest.
func (c *comparison) lacks(e entra.Exception, p pair) (bool, error) {
	key := entra.Key{Kind: c.kind.Name, ID: e.ID}
	read, err := c.read(key, key, p)
	same := func(x entra.Exception) bool { return x.ID == e.ID && (x.Part == e.Part || x.Part == "") }
	return slices.ContainsFunc(read.Before.Exceptions(), same) || slices.ContainsFunc(read.After.Exceptions(), same), err
}

// paths finds the files of the objects that exceptions name, by id.
func (c *comparison) paths(s view, list []entra.Exception) (map[string]string, error) {
	wanted := make(map[string]bool, len(list))
	for _, e := range list {
		wanted[e.ID] = true
	}
	return find(s, c.kind, s.top.of(c.kind), wanted)
}
