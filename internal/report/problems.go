package report

import (
	"fmt"
	"io"

	"github.com/entragit/entragit/internal/github"
	"github.com/entragit/entragit/internal/ui"
)

// Problem is what is wrong with a file.
type Problem struct {
	// Rule is the name of what is broken: syntax, schema, unknown, reference or file.
	Rule string `json:"rule"`
	// File is relative to the repository's root; Line counts from 1.
	File string `json:"file"`
	Line int    `json:"line"`
	// Pointer is a JSON pointer (RFC 6901) from the file's root; empty for the file.
	Pointer string `json:"pointer,omitempty"`
	// Message is one sentence without the place.
	Message string `json:"message"`
	// Warning marks what is unusual and allowed.
	Warning bool `json:"warning,omitempty"`
}

// The rules of a backup repository's files.
const (
	RuleSyntax    = "syntax"
	RuleSchema    = "schema"
	RuleUnknown   = "unknown"
	RuleReference = "reference"
	RuleFile      = "file"
)

// rules lists each rule with what it asks for.
var rules = []struct{ id, text string }{
	{RuleSyntax, "A file is YAML of the strict profile, with each part where it belongs."},
	{RuleSchema, "A property is of the type that Microsoft Graph takes."},
	{RuleUnknown, "A property or value is one that Microsoft has published."},
	{RuleReference, "What an object refers to exists in the same revision."},
	{RuleFile, "A file is named by what it holds, and each object has one file."},
}

// ProblemsText writes one line per problem, as compilers do.
func ProblemsText(out io.Writer, problems []Problem, p ui.Palette) error {
	for _, problem := range problems {
		level := p.Alarm("error")
		if problem.Warning {
			level = p.Changed("warning")
		}
		at := ""
		if problem.Pointer != "" {
			at = problem.Pointer + ": "
		}
		_, err := fmt.Fprintf(out, "%s:%d: %s: %s\n", ui.Safe(problem.File), problem.Line, level, ui.Safe(at+problem.Message))
		if err != nil {
			return err
		}
	}
	return nil
}

// ProblemsJSON writes the problems as one JSON document.
func ProblemsJSON(out io.Writer, problems []Problem) error {
	errors := 0
	for _, p := range problems {
		if !p.Warning {
			errors++
		}
	}
	return JSON(out, struct {
		FormatVersion int       `json:"formatVersion"`
		Errors        int       `json:"errors"`
		Warnings      int       `json:"warnings"`
		Problems      []Problem `json:"problems"`
	}{FormatVersion, errors, len(problems) - errors, append([]Problem{}, problems...)})
}

// ProblemsGitHub writes the problems as annotations of a GitHub Actions job.
func ProblemsGitHub(out io.Writer, problems []Problem) error {
	annotations := make([]github.Annotation, len(problems))
	for i, p := range problems {
		a := github.Annotation{Level: github.Alarm, Title: p.Rule, File: p.File, Line: p.Line, Message: p.Message}
		if p.Warning {
			a.Level = github.Warning
		}
		if p.Pointer != "" {
			a.Message = p.Pointer + ": " + p.Message
		}
		annotations[i] = a
	}
	return github.Annotate(out, annotations)
}
