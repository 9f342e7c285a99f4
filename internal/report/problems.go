package report

import (
	"fmt"
	"io"

	"github.com/entragit/entragit/internal/github"
	"github.com/entragit/entragit/internal/ui"
	"github.com/entragit/entragit/internal/validate"
)

// ProblemsText writes one line per problem, as compilers do.
func ProblemsText(out io.Writer, problems []validate.Problem, p ui.Palette) error {
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
func ProblemsJSON(out io.Writer, problems []validate.Problem) error {
	errors := 0
	for _, p := range problems {
		if !p.Warning {
			errors++
		}
	}
	return JSON(out, struct {
		FormatVersion int                `json:"formatVersion"`
		Errors        int                `json:"errors"`
		Warnings      int                `json:"warnings"`
		Problems      []validate.Problem `json:"problems"`
	}{FormatVersion, errors, len(problems) - errors, append([]validate.Problem{}, problems...)})
}

// ProblemsGitHub writes the problems as annotations of a GitHub Actions job.
func ProblemsGitHub(out io.Writer, problems []validate.Problem) error {
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
