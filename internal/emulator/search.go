package emulator

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// searchClause is one clause of $search: "displayName:ada".
var searchClause = regexp.MustCompile(`^\(?"(\w+):([^"]*)"\)?$`)

// searchAnd and searchOr join clauses; both are written in capitals.
var (
	searchAnd = regexp.MustCompile(`\s+AND\s+`)
	searchOr  = regexp.MustCompile(`\s+OR\s+`)
)

// parseSearch reads $search of directory objects: clauses joined by OR and AND, which binds more
// tightly (the page "Use the $search query parameter", section on directory objects).
func (s *store) parseSearch(typ, value string) (func(object) bool, *apiError) {
	var any [][]func(object) bool
	for _, alternative := range searchOr.Split(strings.TrimSpace(value), -1) {
		var all []func(object) bool
		for _, part := range searchAnd.Split(alternative, -1) {
			clause := searchClause.FindStringSubmatch(strings.TrimSpace(part))
			if clause == nil {
				return nil, badRequest("Syntax error: character '%s' is not valid in the $search '%s'.", part, value)
			}
			if p, ok := s.meta.Types[typ].properties[clause[1]]; !ok || p.Type != "String" {
				return nil, unsupportedQuery("Unsupported property '%s' in the $search of resource '%s'.", clause[1], capital(typ))
			}
			all = append(all, searched(clause[1], clause[2]))
		}
		any = append(any, all)
	}
	return func(o object) bool {
		return slices.ContainsFunc(any, func(all []func(object) bool) bool {
			return !slices.ContainsFunc(all, func(match func(object) bool) bool { return !match(o) })
		})
	}, nil
}

// searched matches one property: by words of a name or description, by the beginning of any other
// text.
func searched(property, text string) func(object) bool {
	words := searchWords(text)
	return func(o object) bool {
		if property != "displayName" && property != "description" {
			return slices.ContainsFunc(valuesAt(o[property], nil), func(v string) bool { return strings.HasPrefix(fold(v), fold(text)) })
		}
		have := searchWords(textOf(o[property]))
		return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool {
			return !slices.ContainsFunc(have, func(v string) bool { return strings.HasPrefix(v, word) })
		})
	}
}

// searchWords are the words of a text, in lower case: a space, another sign, another case and a
// digit begin one.
func searchWords(text string) []string {
	var words []string
	last := ' '
	for _, r := range text {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		begins := !unicode.IsLetter(last) && !unicode.IsDigit(last) || unicode.IsDigit(r) != unicode.IsDigit(last) || unicode.IsUpper(r) && unicode.IsLower(last)
		if letter && begins {
			words = append(words, "")
		}
		if letter {
			words[len(words)-1] += string(unicode.ToLower(r))
		}
		last = r
	}
	return words
}
