// Package risk owns the rules by which a change is more than a difference: what an
// attacker, or a mistake, can do with it. A rule is one literal in the file of its family,
// and [Judge] asks all of them about a change set.
//
// What is privileged, who is exempt and what enforces anything is what the table of kinds
// says ([kind.Guarding]), which the guards of a plan follow too: what a guard fears and
// what a report shouts are the same thing.
//
// The package is pure. It must not know where changes come from, nor how a risk is shown.
package risk
