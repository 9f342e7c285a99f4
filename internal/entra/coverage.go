package entra

import (
	"cmp"
	"slices"
	"strings"
)

// FormatVersion is the version of the backup repository's format, written to
// .entragit/manifest.yaml.
const FormatVersion = 1

// CoverageState says how much of a kind a snapshot read.
type CoverageState string

// The states of coverage. Only a Complete or Partial kind was listed to its end;
// every other state keeps the files of the snapshot before.
const (
	Complete   CoverageState = "complete"   // every object, property and link
	Partial    CoverageState = "partial"    // some objects or links could not be read
	Forbidden  CoverageState = "forbidden"  // the identity lacks a permission
	Unlicensed CoverageState = "unlicensed" // the tenant has not bought what it takes
	Skipped    CoverageState = "skipped"    // not asked for, or failed; see the cause
	Absent     CoverageState = "absent"     // this cloud, or this tenant, has no such thing
)

// Whole reports whether nothing is missing: all that there is was read, or there is
// nothing that could be. A feature that the tenant has not bought is no failure; one that it
// has no longer is [Skipped], since an older snapshot holds what was read of it.
func (s CoverageState) Whole() bool { return s == Complete || s == Absent || s == Unlicensed }

// Coverage says what a snapshot read of one kind.
type Coverage struct {
	State CoverageState `json:"state"`
	// Cause is one sentence for a person; empty when complete.
	Cause string `json:"cause,omitempty"`
	// Properties are the top-level properties that were asked for, sorted. Empty means
	// the endpoint's whole answer was kept.
	Properties []string `json:"properties,omitempty"`
	// Links and Contained are the links and contained collections that were read,
	// sorted.
	Links     []string `json:"links,omitempty"`
	Contained []string `json:"contained,omitempty"`
	// Absent are the properties, links and contained collections that this cloud does not
	// have, as [Exception.Part] names them, sorted: nothing of them is missing.
	Absent []string `json:"absent,omitempty"`
	// Exceptions are the objects of which less was read than of the others, sorted by id
	// and part. Their files hold in that place what an older snapshot read.
	Exceptions []Exception `json:"exceptions,omitempty"`
	// Unknown lists what objects of the kind hold and Microsoft's v1.0 metadata does not name,
	// sorted: places below the file's root, with the value where that is what is not named, such
	// as "spec/@odata.type: #microsoft.graph.newLocation". It was read and kept like the rest.
	Unknown []string `json:"unknown,omitempty"`
	// InPreview lists the ids, sorted, of the objects of which Graph v1.0 shows only a part, because
	// they use preview features. They are kept as they are shown, and nothing is restored of them.
	InPreview []string `json:"inPreview,omitempty"`
	// Shard is the number of hex digits of an object's shard folder: 0, 2 or 3.
	Shard int `json:"shard,omitempty"`
}

// Exception is a part of one object that could not be read.
type Exception struct {
	ID string `json:"id"`
	// Part is a link ("links/members"), a contained collection
	// ("contained/federatedIdentityCredentials") or a property ("spec/keyCredentials");
	// empty for the whole object.
	Part string `json:"part,omitempty"`
	// Cause is one sentence for a person, the same for the same reason.
	Cause string `json:"cause,omitempty"`
}

// Read reports whether the kind's collection was read to its end, so that an
// object that is not among its files does not exist.
func (c Coverage) Read() bool { return c.State == Complete || c.State == Partial }

// ReadProperty reports whether the top-level property was read.
func (c Coverage) ReadProperty(name string) bool {
	return len(c.Properties) == 0 || slices.Contains(c.Properties, name)
}

// ReadLink reports whether the link was read.
func (c Coverage) ReadLink(name string) bool { return slices.Contains(c.Links, name) }

// ReadContained reports whether the contained collection was read.
func (c Coverage) ReadContained(name string) bool { return slices.Contains(c.Contained, name) }

// Extent is what was read of one object. The zero value says that nothing was.
type Extent struct {
	cover      Coverage
	exceptions []Exception // of the object
	preview    bool
}

// Of returns what was read of the object with the id. It is the one way by which a
// comparison, a plan, a reading back or a report learns what a snapshot can vouch for:
// nothing of a kind that was not listed, and of an object among the exceptions all but
// what they name.
func (c Coverage) Of(id string) Extent {
	if !c.Read() {
		return Extent{cover: c}
	}
	first, _ := slices.BinarySearchFunc(c.Exceptions, id, func(e Exception, id string) int { return strings.Compare(e.ID, id) })
	last := first
	for last < len(c.Exceptions) && c.Exceptions[last].ID == id {
		last++
	}
	_, preview := slices.BinarySearch(c.InPreview, id)
	return Extent{cover: c, exceptions: c.Exceptions[first:last], preview: preview}
}

// InPreview reports whether Graph showed only a part of the object.
func (e Extent) InPreview() bool { return e.preview }

// Object reports whether anything was read of the object.
func (e Extent) Object() bool { return e.cover.Read() && e.except("") }

// Property reports whether the object's top-level property was read.
func (e Extent) Property(name string) bool {
	return e.Object() && e.cover.ReadProperty(name) && e.except(SectionSpec+"/"+name)
}

// Link reports whether the object's link was read.
func (e Extent) Link(name string) bool {
	return e.Object() && e.cover.ReadLink(name) && e.except(SectionLinks+"/"+name)
}

// Contained reports whether the object's contained collection was read.
func (e Extent) Contained(name string) bool {
	return e.Object() && e.cover.ReadContained(name) && e.except(SectionContained+"/"+name)
}

// Lack says why something was not read.
type Lack struct {
	State CoverageState
	// Cause is one sentence for a person; may be empty.
	Cause string
	// Own marks what was not read of this one object, where it was of others of the kind.
	Own bool
}

// Lack returns why a part of the object was not read, as [Exception.Part] names it, or nil
// where the part was read.
func (e Extent) Lack(part string) *Lack {
	for _, x := range e.exceptions {
		if x.Part == "" || x.Part == part {
			return &Lack{State: Partial, Cause: x.Cause, Own: true}
		}
	}
	section, name, _ := strings.Cut(part, "/")
	read := e.cover.Read()
	switch section {
	case SectionLinks:
		read = read && e.cover.ReadLink(name)
	case SectionContained:
		read = read && e.cover.ReadContained(name)
	case SectionSpec, SectionStatus:
		read = read && e.cover.ReadProperty(name)
	}
	switch {
	case read, e.Absent(part):
		return nil
	case e.cover.State == "":
		return &Lack{State: Skipped, Cause: "not part of the snapshot"}
	}
	return &Lack{State: e.cover.State, Cause: e.cover.Cause}
}

// Absent reports whether a part of the object, as [Exception.Part] names it, is not there
// in this cloud.
func (e Extent) Absent(part string) bool {
	return e.cover.Read() && slices.Contains(e.cover.Absent, part)
}

// Exceptions are what was not read of the object where it was of others of its kind.
func (e Extent) Exceptions() []Exception { return e.exceptions }

func (e Extent) except(part string) bool {
	return !slices.ContainsFunc(e.exceptions, func(x Exception) bool { return x.Part == part })
}

// Except returns the coverage with more exceptions, in their order. Of two for one part
// the later one stays; a whole object that was not read needs no other.
func (c Coverage) Except(more ...Exception) Coverage {
	if len(more) == 0 {
		return c
	}
	all := slices.Concat(c.Exceptions, more)
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b Exception) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Part, b.Part))
	})
	c.State, c.Exceptions = Partial, nil
	for _, e := range all {
		if n := len(c.Exceptions); n > 0 && c.Exceptions[n-1].ID == e.ID && (c.Exceptions[n-1].Part == "" || c.Exceptions[n-1].Part == e.Part) {
			continue
		}
		c.Exceptions = append(c.Exceptions, e)
	}
	return c
}

// Join returns the coverage of objects of one kind that were read in two goes: what both
// asked for, with the exceptions of both. The zero value says nothing and changes nothing.
func (c Coverage) Join(other Coverage) Coverage {
	switch {
	case c.State == "", other.State != "" && !other.Read():
		return other
	case other.State == "", !c.Read():
		return c
	}
	if len(c.Properties) == 0 || len(other.Properties) == 0 {
		c.Properties = slices.Concat(c.Properties, other.Properties)
	} else {
		c.Properties = both(c.Properties, other.Properties)
	}
	c.Links, c.Contained = both(c.Links, other.Links), both(c.Contained, other.Contained)
	if other.State == Partial {
		c.State, c.Cause = Partial, cmp.Or(c.Cause, other.Cause)
	}
	return c.Except(other.Exceptions...)
}

// both returns the words of a that b has, too.
func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(word string) bool { return !slices.Contains(b, word) })
}

// Manifest is .entragit/manifest.yaml: the format version and the coverage of each
// kind. It says nothing of the run itself.
type Manifest struct {
	Format int                 `json:"formatVersion"`
	Tenant string              `json:"tenant"`
	Kinds  map[string]Coverage `json:"kinds"`
}
