package validate

import (
	"errors"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// Problem is what is wrong with a file.
type Problem struct {
	// Rule is the name of what is broken, one of [Rules].
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
	RuleIdle      = "idle"
	RuleReason    = "reason"
)

// Rule is a rule by its name, with what it asks for.
type Rule struct{ Name, Text string }

// Rules returns the rules in the order of their weight.
func Rules() []Rule {
	return []Rule{
		{RuleSyntax, "A file is YAML of the strict profile, with each part where it belongs."},
		{RuleSchema, "A property is of the type that Microsoft Graph takes."},
		{RuleUnknown, "A property or value is one that Microsoft has published."},
		{RuleReference, "What an object or entragit.yaml refers to exists in the same revision."},
		{RuleFile, "A file is named by what it holds, and each object has one file."},
		{RuleIdle, "A rule of entragit.yaml is about objects that exist."},
		{RuleReason, "A rule of entragit.yaml that ignores something says why, and its time is not over."},
	}
}

// problems gathers what is wrong.
type problems struct{ list []Problem }

func (p *problems) add(problem Problem) { p.list = append(p.list, problem) }

// note turns an error about a file's content into a problem, and returns any other.
func (p *problems) note(path string, err error) error {
	switch {
	case errors.Is(err, entra.ErrNotFound):
		p.add(Problem{Rule: RuleFile, File: path, Line: 1, Message: "the file is missing"})
		return nil
	case errors.Is(err, entra.ErrInvalid):
		line, message := 1, strings.ReplaceAll(err.Error(), ": "+entra.ErrInvalid.Error(), "")
		if rest, ok := strings.CutPrefix(message, path+":"); ok {
			if number, text, ok := strings.Cut(rest, ":"); ok {
				if n, err := strconv.Atoi(number); err == nil {
					line, rest = n, text
				}
			}
			message = strings.TrimSpace(rest)
		}
		p.add(Problem{Rule: RuleSyntax, File: path, Line: line, Message: message})
		return nil
	}
	return err
}
