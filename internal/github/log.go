package github

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Level is how loud an annotation is.
type Level string

// The levels of an annotation.
const (
	Notice  Level = "notice"
	Warning Level = "warning"
	Alarm   Level = "error"
)

// Annotation is a message that GitHub shows on the run's page, and beside the file
// when there is one.
type Annotation struct {
	Level Level
	Title string
	// File is relative to the repository's root, Line counts from 1; both may be empty.
	File    string
	Line    int
	Message string
}

// maxAnnotations is what GitHub shows of each level for one step; it drops the rest
// without a word.
const maxAnnotations = 10

// Annotate writes annotations to a job's log, in order. Of a level with more than
// ten, the tenth says how many were left out.
func Annotate(w io.Writer, annotations []Annotation) error {
	total := map[Level]int{}
	for _, a := range annotations {
		total[a.Level]++
	}
	written := map[Level]int{}
	for _, a := range annotations {
		if written[a.Level]++; written[a.Level] > maxAnnotations {
			continue
		}
		if rest := total[a.Level] - maxAnnotations; rest > 0 && written[a.Level] == maxAnnotations {
			a = Annotation{Level: a.Level, Message: fmt.Sprintf("and %d more", rest+1)}
		}
		if _, err := io.WriteString(w, a.command()); err != nil {
			return err
		}
	}
	return nil
}

// command is the annotation as a workflow command
// (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
func (a Annotation) command() string {
	var properties []string
	add := func(name, value string) {
		if value != "" {
			properties = append(properties, name+"="+escapeProperty(value))
		}
	}
	add("title", a.Title)
	add("file", a.File)
	if a.Line > 0 {
		add("line", strconv.Itoa(a.Line))
	}
	head := "::" + string(a.Level)
	if len(properties) > 0 {
		head += " " + strings.Join(properties, ",")
	}
	return head + "::" + escapeData(a.Message) + "\n"
}

// escapeData and escapeProperty follow the runner's own toolkit
// (https://github.com/actions/toolkit, packages/core/src/command.ts).
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}
