package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/yaml"
)

// Exclude returns the file with more kinds left out, sorted after those that it leaves out
// already, and the names that are new. Everything else stays as it stands, comments and all.
// A file whose list of kinds is written in a form that cannot be added to line by line is an
// error that wraps [entra.ErrInvalid].
func Exclude(file string, data []byte, names []string, words Words) (changed []byte, more []string, err error) {
	before, err := Decode(file, data, words)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if !slices.Contains(before.Kinds.Exclude, name) {
			more = append(more, name)
		}
	}
	if len(more) == 0 {
		return data, nil, nil
	}
	want := slices.Concat(before.Kinds.Exclude, more)
	for _, form := range []func([]string, []string) []string{exclusionsBelow, exclusionsInLine, exclusionsAnew} {
		changed := join(form(lines(data), more))
		after, err := Decode(file, changed, words)
		if err == nil && slices.Equal(after.Kinds.Exclude, want) && sameBut(before, after) {
			return changed, more, nil
		}
	}
	return nil, nil, fmt.Errorf("%s:%d: the kinds stand in a form that is not edited here: write %s under exclude: %w",
		file, yaml.LineOf(data, "/kinds/exclude"), strings.Join(more, ", "), entra.ErrInvalid)
}

// sameBut reports whether two configurations differ in what they leave out alone.
func sameBut(a, b Config) bool {
	a.Kinds.Exclude, b.Kinds.Exclude = nil, nil
	return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b)
}

func lines(data []byte) []string {
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func join(lines []string) []byte {
	var b bytes.Buffer
	for _, line := range lines {
		b.WriteString(line + "\n")
	}
	return b.Bytes()
}

// keyLine finds a line that begins with a key, at a depth of its own, from some line on; -1 where
// there is none before the part of the file ends.
func keyLine(text []string, from int, key string) (at int, indent string) {
	for i := from; i < len(text); i++ {
		line := text[i]
		trimmed := strings.TrimLeft(line, " ")
		if from > 0 && trimmed == line && trimmed != "" && trimmed[0] != '#' && trimmed[0] != '-' {
			break
		}
		if strings.HasPrefix(trimmed, key+":") {
			return i, line[:len(line)-len(trimmed)]
		}
	}
	return -1, ""
}

// exclusionsBelow adds to a list of one kind a line.
func exclusionsBelow(text, names []string) []string {
	kinds, _ := keyLine(text, 0, "kinds")
	at, indent := keyLine(text, kinds+1, "exclude")
	if kinds < 0 || at < 0 {
		return text
	}
	last := at
	for i := at + 1; i < len(text); i++ {
		trimmed := strings.TrimLeft(text[i], " ")
		if strings.HasPrefix(trimmed, "- ") {
			last, indent = i, text[i][:len(text[i])-len(trimmed)]
		} else if trimmed != "" && trimmed[0] != '#' {
			break
		}
	}
	return slices.Insert(text, last+1, items(indent, names)...)
}

// exclusionsInLine makes a list in brackets one of lines.
func exclusionsInLine(text, names []string) []string {
	kinds, _ := keyLine(text, 0, "kinds")
	at, indent := keyLine(text, kinds+1, "exclude")
	if kinds < 0 || at < 0 {
		return text
	}
	head, rest, opens := strings.Cut(text[at], "[")
	within, tail, closes := strings.Cut(rest, "]")
	if !opens || !closes {
		return text
	}
	var had []string
	for name := range strings.SplitSeq(within, ",") {
		if name = strings.TrimSpace(name); name != "" {
			had = append(had, name)
		}
	}
	text[at] = strings.TrimRight(strings.TrimRight(head, " ")+tail, " ")
	return slices.Insert(text, at+1, items(indent, slices.Concat(had, names))...)
}

// exclusionsAnew adds the list where there is none.
func exclusionsAnew(text, names []string) []string {
	at, _ := keyLine(text, 0, "kinds")
	if at < 0 {
		return slices.Concat(text, []string{"kinds:", "  exclude:"}, items("  ", names))
	}
	return slices.Insert(text, at+1, slices.Concat([]string{"  exclude:"}, items("  ", names))...)
}

func items(indent string, names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = indent + "- " + name
	}
	return list
}
