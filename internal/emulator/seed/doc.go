// Package seed makes the objects of a tenant out of nothing: what Microsoft provisions on the
// first day, and Contoso, a company of any size whose objects are the same each time.
//
// It yields [Record] values, a collection's path with a Graph body, and owns every name, number and
// relationship in them. It must not know how a tenant keeps objects or answers for
// them, and imports no package of ours.
package seed
