// Package apply carries plans out: [Renderer.Render] turns a step, the object as it is, and
// the ids known so far into requests; [Run] renders step by step, sends, and reads back.
//
// It owns the forms of Graph's writes: which method, address and body makes a change.
// Only the properties that differ are written, each with its whole value, and what is to
// be absent is cleared by name, so that Graph does the same whether it merges a complex
// value or replaces it. Where Graph takes an object only as a whole, the rest is sent as
// the tenant has it.
//
// An object that is not as it was when the plan was made is refused, and what is already
// as planned is not written again.
//
// The package must not know why a step is in a plan, how a plan or an outcome is shown, and
// no kind by its name: what differs between kinds is a field of [kind.Kind].
package apply
