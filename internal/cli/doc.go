// Package cli is the command line: one file per command, the wiring of the
// packages below, exit codes, hints and help.
//
// A command is three things: newDiffCmd builds it and binds its flags, diffOptions
// holds what was asked, runDiff does it. Only this package knows concrete types on
// both sides of a small interface (capture's Sink and gitstore's Writer), maps the
// sentinels of one vocabulary to another, and turns an error into an exit code: one
// switch, in exit.go. Advice is not part of an error; hint.go adds it.
package cli

//go:generate go test . -run ^(TestReadme|TestHelpOfRisks)$ -update
