package kind

import (
	"slices"
	"strings"
)

// Held are the application permissions that an identity was granted, as far as they are
// known. The zero value knows nothing, and lacks nothing that anybody could know of.
type Held struct {
	Known   bool
	Granted []string
}

// Lacking lists those of some permissions that were not granted, neither themselves nor by a
// wider one.
func (h Held) Lacking(permissions []string) []string {
	if !h.Known {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(permissions), func(name string) bool { return Granted(h.Granted, name) })
}

// any reports whether one of the permissions was granted.
func (h Held) any(permissions []string) bool {
	return slices.ContainsFunc(permissions, func(name string) bool { return slices.Contains(h.Granted, name) })
}

// Basic says how Graph shows some properties of objects alone to who has a lesser permission than
// reading takes: it answers, and leaves the others empty.
type Basic struct {
	// Permissions are the lesser ones, and Unless those that show everything all the same,
	// besides the kind's own.
	Permissions, Unless []string
}

// Curtailed lists the permissions for lack of which Graph shows less of a kind's objects than
// there is, without an error; nil where it shows everything, refuses, or nobody knows.
func (h Held) Curtailed(k *Kind) []string {
	if k.Basic == nil || !h.any(k.Basic.Permissions) || h.any(k.Basic.Unless) {
		return nil
	}
	return h.Lacking(k.Permissions.Read)
}

// ExtensionsPart is what the directory extensions of a kind are called, and
// ExtensionsPermission the permission to ask which there are (the page "directoryObject:
// getAvailableExtensionProperties").
const (
	ExtensionsPart       = "directory extensions"
	ExtensionsPermission = "Directory.Read.All"
)

// ReadPermissions are what reading a part of an object takes: a link, those of its targets that
// are [Timed], a contained collection, a property or [ExtensionsPart]; with "", what reading the object takes.
func (k *Kind) ReadPermissions(part string) []string {
	if part == ExtensionsPart {
		return []string{ExtensionsPermission}
	}
	for _, l := range k.Links {
		switch {
		case l.Name == part && len(l.Permissions.Read) > 0:
			return l.Permissions.Read
		case l.Timed != nil && l.Timed.What == part:
			return l.Timed.Permissions.Read
		}
	}
	for i := range k.Contained {
		if c := &k.Contained[i]; c.Name == part && len(c.Permissions.Read) > 0 {
			return c.Permissions.Read
		}
	}
	for _, e := range k.Extras {
		if slices.Contains(e.Properties, part) {
			return e.Permissions.Read
		}
	}
	return k.Permissions.Read
}

// SilentParts are the properties and links that Graph shows empty, or leaves out of, to whoever
// lacks [Kind.ReadPermissions] of theirs.
func (k *Kind) SilentParts() []string {
	var parts []string
	for _, e := range k.Extras {
		if e.Silent {
			parts = append(parts, e.Properties...)
		}
	}
	for _, l := range k.Links {
		if len(l.Hidden) > 0 {
			parts = append(parts, l.Name)
		}
	}
	return parts
}

// readWrite is the permission that includes a permission to read; the permission itself
// where it is none.
func readWrite(permission string) string {
	return strings.Replace(permission, ".Read.", ".ReadWrite.", 1)
}
