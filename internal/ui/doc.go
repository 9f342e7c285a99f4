// Package ui owns the terminal: where a command reads and writes, whether it may
// use colour, the progress line, the question before a write, and how text that
// nobody vouches for is made safe to print.
//
// The rules of the terminal are these. Standard output is the result and nothing
// else. Standard error is the conversation: one sentence a line, lower case, no
// period, "entragit: " in front, and advice on a line of its own that starts with
// "hint: ". A terminal changes decoration, never content: colour and the redrawn
// progress line appear only there, and NO_COLOR (https://no-color.org) and
// TERM=dumb turn colour off. Whatever came from outside goes through [Safe] first.
//
// It must not know what the tool is about: no tenant, no Git, no exit code.
package ui
