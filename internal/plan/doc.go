// Package plan works out how objects of a tenant are put back to the state of a
// snapshot: [New] turns points and a selection into steps in order, and into refusals with
// their reasons. It is pure, and it is given no way to write: a dry run is a plan that
// nobody applies.
//
// The way of one policy from commit to PATCH:
//
//  1. The snapshot's file is decoded by package canon; the tenant's object is read and
//     decoded the same way. From here on both are an [entra.Object].
//  2. The selected parts of the snapshot's object are laid over the tenant's: what is
//     desired (desired.go).
//  3. Package diff compares the tenant's object with the desired one: changes, by pointer.
//  4. An object plan (objectplan.go) sorts the changes into steps and refusals, by what the
//     table of kinds says of each.
//  5. All steps are put in order, by reference (order.go).
//  6. Guards judge the plan. A plan that is read from a file joins here.
//  7. Package apply lays a step's changes over the object as it is ([After]) and renders
//     the requests that make the difference; a preview does the same.
//  8. The requests are sent, and what became of the object is read, decoded and compared
//     with the step.
//
// Three rules come before everything else:
//
//   - What was not read on either side is neither compared nor written.
//   - A body that names an object that no longer exists is not sent, and never with
//     that name left out: no list is shortened to make a write pass.
//   - A step holds what is to be and no request, so that a plan cannot do more than it
//     shows, whoever wrote it.
//
// An object that is gone is created only where it will be the same one: under the id
// it had, which whoever creates it chooses, or known by its natural key.
//
// The package must not know how Graph is reached, what a request looks like, how a plan is
// shown or confirmed, and no kind by its name: what differs between kinds is a field of
// [kind.Kind].
package plan
