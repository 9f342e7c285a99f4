package kind

import (
	"net/url"
	"slices"
	"strings"
)

// Addresses are where one tenant's objects are in Graph: paths below the versioned base
// URL, with the tenant's id in its place.
type Addresses struct {
	// Tenant is the tenant's id. Only kinds with [Kind.InTenant] need it.
	Tenant string
}

const (
	// tenantMark stands for the tenant's id in a path of the table.
	tenantMark = "{tenant}"
	// directoryObjects is the collection by which Graph names the target of a link,
	// whatever its kind.
	directoryObjects = "/directoryObjects"
	// refSuffix leads from a link to its targets as references.
	refSuffix = "/$ref"
)

// InTenant reports whether the kind's paths hold the tenant's id.
func (k *Kind) InTenant() bool { return strings.Contains(k.Path, tenantMark) }

// Object is where an object is; more leads on to a part of the object, a segment each.
// Of a singleton, the id does not matter.
func (a Addresses) Object(k *Kind, id string, more ...string) string {
	var b strings.Builder
	b.WriteString(a.fill(k.Path))
	if !k.Singleton || k.Listed {
		b.WriteString("/" + url.PathEscape(id))
	}
	for _, segment := range more {
		b.WriteString("/" + url.PathEscape(segment))
	}
	return b.String()
}

// Collection is where the objects of a kind are listed and created.
func (a Addresses) Collection(k *Kind) string {
	return a.fill(k.Path)
}

func (a Addresses) fill(path string) string {
	return strings.ReplaceAll(path, tenantMark, url.PathEscape(a.Tenant))
}

// SingleLink reports whether a link of the kind has at most one target, so that adding one
// replaces the other.
func (k *Kind) SingleLink(name string) bool {
	return slices.ContainsFunc(k.Links, func(l Link) bool { return l.Name == name && l.Single })
}

// Part is where the collection of contained objects is below their owner.
func (a Addresses) Part(k *Kind, c *Contained, id string) string {
	return a.Object(k, id, c.Name)
}

// Element is where one contained object is: of a collection of at most one, at the
// collection itself.
func (a Addresses) Element(k *Kind, c *Contained, id, element string) string {
	if c.Single {
		return a.Part(k, c, id)
	}
	return a.Part(k, c, id) + "/" + url.PathEscape(element)
}

// LinkTargets is where targets are added to a link of an object, and where the one
// target of a single link is removed.
func (a Addresses) LinkTargets(k *Kind, id, link string) string {
	return a.Object(k, id, link) + refSuffix
}

// LinkTarget is where one target is removed from a link of an object.
func (a Addresses) LinkTarget(k *Kind, id, link, target string) string {
	return a.Object(k, id, link, target) + refSuffix
}

// DirectoryObject is how a link names its target, whatever the target's kind, where
// [Link.TargetByCollection] does not ask for the kind's own path.
func DirectoryObject(id string) string {
	return directoryObjects + "/" + url.PathEscape(id)
}

// Deleted is where a soft-deleted object is. The objects of the directory share one
// collection.
func (a Addresses) Deleted(k *Kind, id string) string {
	return k.Deletion.RestorePath + "/" + url.PathEscape(id)
}

// DeletedAsType is where a soft-deleted object is with the properties of its own type:
// the collection that types share gives them only after a cast.
func (a Addresses) DeletedAsType(k *Kind, id string) string {
	if strings.HasSuffix(k.Deletion.DeletedPath, "/"+k.Type) {
		return a.Deleted(k, id) + "/" + k.Type
	}
	return a.Deleted(k, id)
}

// Restore is the action that takes a soft-deleted object back.
func (a Addresses) Restore(k *Kind, id string) string {
	return a.Deleted(k, id) + "/restore"
}

// Referred is where a reference to an object of a kind leads, by the property and the
// value that the reference holds: an alternate key where the property is not the id.
func (a Addresses) Referred(k *Kind, by, value string) string {
	if by == "" {
		return a.Object(k, value)
	}
	return a.fill(k.Path) + "(" + by + "='" + url.PathEscape(doubled(value)) + "')"
}

// FilterFor is the $filter that lists the objects of the kind that belong to one object
// of the parent's kind.
func (p *Parent) FilterFor(id string) string {
	return strings.ReplaceAll(p.Filter, "{id}", doubled(id))
}

// doubled is text as OData writes it between the quotes of a filter or key.
func doubled(s string) string { return strings.ReplaceAll(s, "'", "''") }
