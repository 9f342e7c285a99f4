// Package diff compares two points of a tenant: two canonical objects with
// [Objects], two whole points with [Compare], where the live tenant is a point like
// any other.
//
// It owns the rules of what counts as a difference (coverage, sets, natural keys,
// renames) and the selection of objects and of parts of objects that both
// comparing and reconciling understand. It is pure: values in, values out. It must
// not know where the files of a point come from, nor how a difference is shown or
// undone, and it names no kind: every rule follows a field of [kind.Kind].
package diff
