package attribution

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// incomplete is the attribute by which an entry says that it does not tell everything: it was cut
// into pieces of which one is missing.
const incomplete = "Incomplete"

// joined puts the entries together that Microsoft cut into pieces: a large entry comes as several
// without attributes, with additional details "id" of the whole, "seq" of the piece, the count
// "c" and a fragment "b" of a JSON document.
func joined(entries []*entry) []*entry {
	byID := map[string][]*entry{}
	for _, e := range entries {
		if id := e.split(); id != "" {
			byID[id] = append(byID[id], e)
		}
	}
	if len(byID) == 0 {
		return entries
	}
	return slices.DeleteFunc(entries, func(e *entry) bool {
		id := e.split()
		if id == "" {
			return false
		}
		pieces := byID[id]
		if pieces[0] != e {
			return true // it is a piece of the first
		}
		e.join(pieces)
		return false
	})
}

// split is what the pieces of one entry have in common, "" for an entry that is whole.
func (e *entry) split() string {
	id, count := e.detail("id"), e.detail("c")
	if id == "" || count == "" || len(e.Targets) == 0 {
		return ""
	}
	return strings.Join([]string{id, count, string(e.Correlation), e.act, identity(string(e.Targets[0].ID))}, "\x00")
}

// join makes of the first piece the whole entry.
func (e *entry) join(pieces []*entry) {
	e.pieces = pieces[1:]
	count, err := strconv.Atoi(e.detail("c"))
	byNumber := map[int]*entry{}
	for _, p := range pieces {
		if n, err := strconv.Atoi(p.detail("seq")); err == nil {
			byNumber[n] = p
		}
	}
	e.Targets[0].Modified = []modified{{Name: incomplete}}
	if err != nil || len(byNumber) != count || len(pieces) != count {
		return
	}
	numbers := make([]int, 0, count)
	for n := range byNumber {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	if numbers[count-1]-numbers[0] != count-1 {
		return
	}
	var document strings.Builder
	for _, n := range numbers {
		document.WriteString(byNumber[n].detail("b"))
	}
	var whole struct {
		Updated []struct {
			Name     text
			OldValue json.RawMessage
			NewValue json.RawMessage
		} `json:"targetUpdatedProperties"`
	}
	if json.Unmarshal([]byte(document.String()), &whole) != nil {
		return
	}
	e.Targets[0].Modified = nil
	for _, u := range whole.Updated {
		e.Targets[0].Modified = append(e.Targets[0].Modified, modified{Name: u.Name, Old: u.OldValue, New: u.NewValue})
	}
}
