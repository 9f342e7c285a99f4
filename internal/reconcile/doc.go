// Package reconcile puts objects of a tenant back to the state of a snapshot: [Plan]
// works out every write beforehand, [Apply] makes them and reads back.
//
// It owns the rules of writing: what may be written and how, in which order, and what
// is left alone with which reason. Planning is pure, and it is given no way to write:
// a dry run is a plan that nobody applies. Applying sends what the plan holds and
// nothing else; it refuses an object that moved on since.
//
// Three rules come before everything else:
//
//   - What was not read on either side is neither compared nor written.
//   - A body that names an object that no longer exists is not sent, and never with
//     that name left out: no list is shortened to make a write pass.
//   - Only the properties that differ are written, each with its whole value, and what
//     the snapshot does not have is cleared by name, so that Graph does the same
//     whether it merges a complex value or replaces it. Where Graph takes an object
//     only as a whole, the rest is sent as the tenant has it.
//
// An object that is gone is created only where it will be the same one: under the id
// it had, which whoever creates it chooses, or known by its natural key.
//
// The package must not know how Graph is reached, how a plan is shown or confirmed,
// and no kind by its name: what differs between kinds is a field of [kind.Kind].
package reconcile
